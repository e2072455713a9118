import ND2

@testable import ND2Remote

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A small server of HTTP/1.1 on this machine, which does whatever a test wants: also what no server
/// should.
final class TestServer: Sendable {
  struct Request: Sendable {
    /// Counted from 0 over all connections.
    var ordinal: Int
    var method: String
    /// Path and query.
    var target: String
    var headers: [(name: String, value: String)]

    func header(_ name: String) -> String? {
      headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
  }

  struct Response: Sendable {
    enum Ending: Sendable { case keepAlive, close, reset }

    var status = 200
    var headers: [(name: String, value: String)] = []
    var body: ArraySlice<UInt8> = []
    /// Bytes of the body after which the answer breaks off.
    var cutAfter: Int?
    var ending = Ending.keepAlive
    /// Seconds before the answer begins.
    var delay = 0.0
    /// The answer begins when so many requests are here, or after ten seconds.
    var companions = 1
    /// Seconds without any byte after so many of the body.
    var pause: (after: Int, seconds: Double)?
    /// Whether no length is told, and the connection's end is the body's.
    var hidesLength = false
  }

  enum Action: Sendable {
    case respond(Response)
    /// Breaks the connection without an answer.
    case reset
    case close
    /// Never answers.
    case hang
    /// As a proxy, lets the client talk to a port of this machine.
    case tunnel(UInt16)
  }

  private struct State {
    var requests: [Request] = []
    var now = 0
    var most = 0
    var connectionCount = 0
    var open: Set<Int32> = []
    var isStopped = false
  }

  let port: UInt16
  private let listener: Int32
  private let handler: @Sendable (Request) -> Action
  private let state = Lock(State())

  init(_ handler: @escaping @Sendable (Request) -> Action) throws {
    self.handler = handler
    (listener, port) = try LoopbackSocket.listen()
    guard LastingThread.start({ [self] in accept() }) else {
      throw ServerFailure()
    }
  }

  struct ServerFailure: Error {}

  /// The address of a path on this server.
  func url(_ path: String = "/file.nd2") -> String { "http://127.0.0.1:\(port)\(path)" }
  /// The same under another name, which is another host for whoever compares.
  func otherURL(_ path: String = "/file.nd2") -> String { "http://localhost:\(port)\(path)" }

  var requests: [Request] { state.withLock { $0.requests } }
  /// Most requests that were answered at once.
  var mostAtOnce: Int { state.withLock { $0.most } }
  var connectionCount: Int { state.withLock { $0.connectionCount } }
  /// Connections that are open now.
  var openCount: Int { state.withLock { $0.open.count } }

  func forget() { state.withLock { $0.requests = [] } }

  /// Ends all connections and takes no more.
  func stop() {
    // Whoever closes one of them has the lock as well: its number may then be another's.
    state.withLock { state in
      guard !state.isStopped else { return }
      state.isStopped = true
      shutdown(listener, Int32(SHUT_RDWR))
      for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }

  // MARK: - Connections

  private func accept() {
    while let descriptor = LoopbackSocket.accept(listener) {
      let isStopped = state.withLock { state in
        state.connectionCount += 1
        state.open.insert(descriptor)
        return state.isStopped
      }
      if isStopped || !LastingThread.start({ [self] in serve(descriptor) }) { end(descriptor) }
    }
    close(listener)
  }

  private func end(_ descriptor: Int32) {
    state.withLock { state in
      state.open.remove(descriptor)
      close(descriptor)
    }
  }

  private func serve(_ descriptor: Int32) {
    var pending: [UInt8] = []
    while let head = readHead(descriptor, &pending) {
      guard let request = parse(head) else { break }
      let action = handler(request)
      let goesOn = answer(action, to: request, descriptor)
      state.withLock { $0.now -= 1 }
      if !goesOn { break }
    }
    end(descriptor)
  }

  private func readHead(_ descriptor: Int32, _ pending: inout [UInt8]) -> [UInt8]? {
    while true {
      if pending.count >= 4 {
        for index in 0...(pending.count - 4)
        where pending[index..<(index + 4)].elementsEqual([13, 10, 13, 10]) {
          let head = Array(pending[..<index])
          pending.removeFirst(index + 4)
          return head
        }
      }
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0, pending.count < 65536 else { return nil }
      pending += buffer[..<count]
    }
  }

  private func parse(_ head: [UInt8]) -> Request? {
    let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count == 3 else { return nil }
    let headers = lines.dropFirst().map { line in
      let colon = line.firstIndex(of: ":") ?? line.endIndex
      let value = line[colon...].dropFirst().drop { $0 == " " }
      return (name: String(line[..<colon]), value: String(value))
    }
    return state.withLock { state in
      let request = Request(
        ordinal: state.requests.count, method: String(words[0]), target: String(words[1]),
        headers: headers)
      state.requests.append(request)
      state.now += 1
      state.most = max(state.most, state.now)
      return request
    }
  }

  /// Answers; false when the connection ends.
  private func answer(_ action: Action, to request: Request, _ descriptor: Int32) -> Bool {
    switch action {
    case .close: return false
    case .reset:
      lingerNot(descriptor)
      return false
    case .hang:
      var byte: UInt8 = 0
      // Until the client gives up, or the server is stopped.
      while recv(descriptor, &byte, 1, 0) > 0 {}
      return false
    case .tunnel(let port):
      guard let far = LoopbackSocket.connect(to: port) else { return false }
      defer { close(far) }
      let isEnded = Lock(false)
      let head = Array("HTTP/1.1 200 Connected\r\n\r\n".utf8)
      guard write(head[...], descriptor),
        LastingThread.start({
          LoopbackSocket.copy(from: descriptor, to: far)
          isEnded.withLock { $0 = true }
        })
      else { return false }
      LoopbackSocket.copy(from: far, to: descriptor)
      while !isEnded.withLock({ $0 }) { usleep(1000) }
      return false
    case .respond(let response):
      if response.delay > 0 { usleep(UInt32(response.delay * 1e6)) }
      var waited = 0
      while waited < 10_000, mostAtOnce < response.companions {
        usleep(1000)
        waited += 1
      }
      return send(response, to: request, descriptor)
    }
  }

  private func lingerNot(_ descriptor: Int32) {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  private func send(_ response: Response, to request: Request, _ descriptor: Int32) -> Bool {
    var head = "HTTP/1.1 \(response.status) X\r\n"
    for (name, value) in response.headers { head += "\(name): \(value)\r\n" }
    if !response.hidesLength { head += "Content-Length: \(response.body.count)\r\n" }
    if response.ending != .keepAlive || response.hidesLength { head += "Connection: close\r\n" }
    guard write(Array(head.utf8)[...] + [13, 10], descriptor) else { return false }
    var body = request.method == "HEAD" ? [] : response.body
    if let cut = response.cutAfter { body = body.prefix(cut) }
    if let pause = response.pause {
      guard write(body.prefix(pause.after), descriptor) else { return false }
      body = body.dropFirst(pause.after)
      usleep(UInt32(pause.seconds * 1e6))
    }
    guard write(body, descriptor) else { return false }
    if response.ending == .reset { lingerNot(descriptor) }
    return response.ending == .keepAlive && response.cutAfter == nil && !response.hidesLength
  }

  private func write(_ bytes: ArraySlice<UInt8>, _ descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { LoopbackSocket.send($0, to: descriptor) }
  }
}

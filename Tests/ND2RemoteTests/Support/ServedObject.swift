import ND2Remote

/// Bytes as a well-behaved server gives them, by ranges.
struct ServedObject: Sendable {
  var bytes: [UInt8]
  var entityTag: String? = "\"v1\""
  var lastModified: String?

  /// Bytes that look like nothing else, the same every time.
  static func pattern(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      var index = 0
      while index < count {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        buffer.initializeElement(at: index, to: UInt8(truncatingIfNeeded: state >> 56))
        index += 1
      }
      initialized = count
    }
  }

  init(_ count: Int, seed: UInt64 = 1) { bytes = Self.pattern(count, seed: seed) }

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// The range that a request asks for; nil for the whole.
  func range(_ request: TestServer.Request) -> Range<Int>? {
    guard let text = request.header("range"), text.hasPrefix("bytes=") else { return nil }
    let ends = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2 else { return nil }
    if ends[0].isEmpty {
      return max(0, bytes.count - (Int(ends[1]) ?? 0))..<bytes.count
    }
    guard let first = Int(ends[0]) else { return nil }
    let last = Int(ends[1]) ?? (bytes.count - 1)
    return first..<max(first, min(bytes.count, last + 1))
  }

  private var tags: [(name: String, value: String)] {
    var headers: [(name: String, value: String)] = []
    if let entityTag { headers.append(("ETag", entityTag)) }
    if let lastModified { headers.append(("Last-Modified", lastModified)) }
    return headers
  }

  /// The answer of a good server.
  func response(_ request: TestServer.Request) -> TestServer.Response {
    if let wanted = request.header("if-match"), wanted != entityTag {
      return TestServer.Response(status: 412, headers: tags)
    }
    guard let range = range(request) else { return whole }
    guard !range.isEmpty, range.lowerBound < bytes.count else {
      return TestServer.Response(
        status: 416, headers: [("Content-Range", "bytes */\(bytes.count)")])
    }
    let content = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(bytes.count)"
    return TestServer.Response(
      status: 206, headers: tags + [("Content-Range", content)], body: bytes[range])
  }

  /// The answer of a server that knows no ranges.
  var whole: TestServer.Response {
    TestServer.Response(status: 200, headers: tags, body: bytes[...])
  }

  /// A server of these bytes.
  func server() throws -> TestServer {
    try TestServer { .respond(response($0)) }
  }
}

extension RemoteOptions {
  /// Times that do not run out when many tests share the machine, and none of it is waited for.
  static var quick: RemoteOptions {
    var options = RemoteOptions()
    options.connectSeconds = 30
    options.firstByteSeconds = 30
    options.stallSeconds = 30
    return options
  }
}

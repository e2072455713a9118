import ND2

/// One request under way, and its answer.
///
/// After it is handed to the engine only the engine's thread touches what varies.
final class Transfer: @unchecked Sendable {
  enum Stage { case new, waiting, running, ended }

  let request: RemoteRequest
  let options: RemoteOptions
  let sink: any TransferSink
  let lane: RequestLane?

  var continuation: CheckedContinuation<TransferOutcome, Never>?
  var stage = Stage.new
  var isCancelled = false
  var isStopped = false
  /// Nanoseconds of the engine's clock.
  var startTime: UInt64 = 0
  var progressTime: UInt64 = 0
  /// What the last look at the progress saw.
  var watchedByteCount = 0
  var hasProgressed = false
  private(set) var head: ResponseHead?
  private(set) var byteCount = 0
  private var status = 0
  private var lines: [(name: String, value: String)] = []
  private static let mostHeaderLines = 300

  init(
    _ request: RemoteRequest, options: RemoteOptions, sink: any TransferSink, lane: RequestLane?
  ) {
    self.request = request
    self.options = options
    self.sink = sink
    self.lane = lane
  }

  /// Takes a line of the headers.
  func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var line = bytes[...]
    while let last = line.last, last == 0x0A || last == 0x0D || last == 0x20 {
      line = line.dropLast()
    }
    if line.isEmpty { return endHeaders() }
    if line.starts(with: Array("HTTP/".utf8)) {
      status = Self.status(line)
      lines = []
      head = nil
      return true
    }
    guard let colon = line.firstIndex(of: 0x3A), lines.count < Self.mostHeaderLines else {
      return true
    }
    let value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
    lines.append(
      (String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self)))
    return true
  }

  private func endHeaders() -> Bool {
    // Interim answers, and trailers behind the body.
    guard status >= 200, head == nil else { return true }
    let head = ResponseHead(status: status, headers: lines)
    self.head = head
    guard sink.begin(head) else {
      isStopped = true
      return false
    }
    return true
  }

  private static func status(_ line: Slice<UnsafeRawBufferPointer>) -> Int {
    guard let space = line.firstIndex(of: 0x20) else { return 0 }
    var value = 0
    for byte in line[(space + 1)...].prefix(3) {
      guard (0x30...0x39).contains(byte) else { return 0 }
      value = value * 10 + Int(byte - 0x30)
    }
    return value
  }

  /// Takes bytes of the body.
  func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    byteCount += bytes.count
    guard sink.take(bytes) else {
      isStopped = true
      return false
    }
    return true
  }
}

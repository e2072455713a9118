import ND2
import ND2Remote

/// How one talks to a server.
enum NginxWay: String, Sendable, CaseIterable {
  case http1, tls, http2

  /// Those that can be had here.
  static var present: [NginxWay] { Certificates.arePresent ? allCases : [.http1] }

  /// What the server's notes call it.
  var version: String { self == .http2 ? "HTTP/2.0" : "HTTP/1.1" }

  func server(
    _ site: String = "", http: String = "", files: [String: [UInt8]] = [:]
  ) async throws -> NginxServer {
    try await NginxServer.start(
      site, http: http, certificate: self == .http1 ? nil : .valid, http2: self == .http2,
      files: files)
  }
}

extension NginxServer {
  /// Options that trust the server, reach it straight, and wait for it.
  var options: RemoteOptions {
    var options = RemoteOptions.quick
    options.proxy = ""
    if configuration.certificate != nil { options.certificateFile = authority }
    if configuration.speaksHTTP2 { options.httpVersion = .http2 }
    return options
  }

  /// A source of a file.
  func source(
    _ path: String = "/file.nd2", _ change: (inout RemoteOptions) -> Void = { _ in }
  ) throws -> RemoteSource {
    var options = options
    change(&options)
    return try RemoteSource(url(path), options: options)
  }

  /// Reads ranges of a file that has these bytes; the source, for what it took.
  @discardableResult
  func expect(
    _ bytes: [UInt8], at path: String = "/file.nd2", ranges: [Range<Int>]? = nil,
    _ change: (inout RemoteOptions) -> Void = { _ in }
  ) async throws -> (isRight: Bool, source: RemoteSource) {
    let source = try source(path, change)
    let ranges = ranges ?? [bytes.count / 3..<bytes.count / 3 + 1000]
    let read = try await source.place(ranges)
    return (read == ranges.map { Array(bytes[$0]) }, source)
  }
}

extension Sequence where Element == NginxRequest {
  /// Most requests that the server had at once.
  var mostAtOnce: Int {
    var changes: [(time: Double, step: Int)] = []
    for request in self {
      changes.append((request.start, 1))
      changes.append((request.end, -1))
    }
    changes.sort { ($0.time, $0.step) < ($1.time, $1.step) }
    var now = 0
    return changes.reduce(0) { most, change in
      now += change.step
      return Swift.max(most, now)
    }
  }
}

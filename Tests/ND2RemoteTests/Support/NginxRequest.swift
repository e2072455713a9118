/// A request as nginx took note of it.
struct NginxRequest: Sendable {
  var method: String
  /// Path and query, as they were sent.
  var target: String
  var status: Int
  /// `HTTP/1.1` or `HTTP/2.0`.
  var version: String
  var host: String
  var range: String
  var condition: String
  var authorization: String
  var sentByteCount: Int
  /// Number of the connection.
  var connection: Int
  /// Milliseconds of the server's clock.
  var start: Double
  var end: Double

  static let logFormat = [
    "request_method", "request_uri", "status", "server_protocol", "http_host", "http_range",
    "http_if_match", "http_authorization", "body_bytes_sent", "connection", "request_time", "msec",
  ].map { "$" + $0 }.joined(separator: "\t")

  /// The requests of a log, in the order in which they ended.
  static func parse(_ log: [UInt8]) -> [NginxRequest] {
    let text = String(decoding: log, as: UTF8.self)
    // The last line may be under way.
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().compactMap {
      let words = $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard words.count == 12, let status = Int(words[2]), let sent = Int(words[8]),
        let connection = Int(words[9]), let seconds = Double(words[10]),
        let end = Double(words[11])
      else { return nil }
      return NginxRequest(
        method: words[0], target: words[1], status: status, version: words[3], host: words[4],
        range: words[5], condition: words[6], authorization: words[7], sentByteCount: sent,
        connection: connection, start: (end - seconds) * 1000, end: end * 1000)
    }
  }
}

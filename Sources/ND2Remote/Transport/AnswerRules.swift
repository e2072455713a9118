import ND2

/// What is known of an object after its first answer; later answers must agree.
struct ObjectFacts: Sendable {
  var byteCount: UInt64
  /// Strong or weak, as the server writes it.
  var entityTag: String?
  var lastModified: String?

  /// Headers that make the server refuse a request when the object has changed.
  var conditions: [(name: String, value: String)] {
    if let entityTag, entityTag.hasPrefix("\"") { return [("If-Match", entityTag)] }
    if let lastModified, HTTPDate.secondsSince1970(lastModified) != nil {
      return [("If-Unmodified-Since", lastModified)]
    }
    return []
  }

  /// Whether an answer tells of the same object.
  func agrees(with head: ResponseHead, total: UInt64?) -> Bool {
    if let total, total != byteCount { return false }
    if let entityTag, let other = head.header("etag"), other != entityTag { return false }
    if entityTag == nil, let lastModified, let other = head.header("last-modified"),
      other != lastModified
    {
      return false
    }
    return true
  }
}

/// Why an answer is of no use.
enum AnswerProblem: Error {
  /// The object is another than before.
  case changed
  /// The server sends the whole; with its size, when it says it.
  case isWhole(UInt64?)
  /// The request cannot succeed.
  case unusable(String)
  /// The connection or the server does what it should not; another attempt may help.
  case odd(String)
}

/// What statuses mean.
enum AnswerRules {
  /// Statuses after which the same request may succeed.
  static let passing: Set<Int> = [408, 425, 429, 500, 502, 503, 504]

  /// Whether the body is as it is stored.
  static func isIdentity(_ head: ResponseHead) -> Bool {
    guard let coding = head.header("content-encoding")?.lowercased() else { return true }
    return coding.isEmpty || coding == "identity"
  }

  /// The failure that a status stands for, in words.
  static func reason(_ status: Int) -> String {
    switch status {
    case 300..<400: "the server redirects without saying where (HTTP \(status))"
    case 401: "the server wants credentials (HTTP 401)"
    case 403: "access is denied (HTTP 403)"
    case 404, 410: "there is no such file (HTTP \(status))"
    case 407: "the proxy wants credentials (HTTP 407)"
    case 416: "the server does not have that range (HTTP 416)"
    case 429: "the server has too many requests (HTTP 429)"
    case 500..<600: "the server failed (HTTP \(status))"
    default: "the server refused the request (HTTP \(status))"
    }
  }
}

/// A request of HTTP.
package struct RemoteRequest: Sendable {
  /// What is asked for.
  package enum Method: String, Sendable {
    case get = "GET"
    case head = "HEAD"
    case put = "PUT"
    case post = "POST"
  }

  /// Which bytes of an object are asked for.
  package enum ByteRange: Hashable, Sendable {
    /// These, which are at least one.
    case span(Range<UInt64>)
    /// The last so many.
    case suffix(UInt64)

    /// The value of the header `Range`.
    package var headerValue: String {
      switch self {
      case .span(let range):
        "bytes=\(range.lowerBound)-\(max(range.lowerBound, range.upperBound &- 1))"
      case .suffix(let count): "bytes=-\(count)"
      }
    }
  }

  /// What is asked for.
  package var method: Method
  /// The whole URL, percent-encoded.
  package var url: String
  /// Headers, in their order. `Range` is not among them: see ``range``. None of them is sent to
  /// another host when the request is redirected, except those of ``publicHeaders``.
  package var headers: [(name: String, value: String)]
  /// The body, for `PUT` and `POST`.
  package var body: [UInt8]
  /// Which bytes are asked for; nil for all.
  package var range: ByteRange?
  /// Whether a netrc file may say who asks; not after a redirect to another host.
  package var mayUseNetrc = true

  /// A request.
  package init(
    _ method: Method = .get, _ url: String, headers: [(name: String, value: String)] = [],
    body: [UInt8] = [], range: ByteRange? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.range = range
  }

  /// Names of headers, in lower case, that hold no secret and go along to other hosts.
  package static let publicHeaders: Set<String> = [
    "accept", "accept-encoding", "if-match", "if-unmodified-since", "if-range", "user-agent",
  ]

  /// The first header of a name, in whatever case it is written.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// Sets a header, replacing those of the same name.
  package mutating func setHeader(_ name: String, _ value: String) {
    headers.removeAll { $0.name.lowercased() == name.lowercased() }
    headers.append((name, value))
  }
}

/// An answer to a request, with its whole body.
package struct RemoteResponse: Sendable {
  /// The status, such as 206.
  package var status: Int
  /// Headers of the last answer, in their order.
  package var headers: [(name: String, value: String)]
  /// The body; cut off at a bound for answers that tell of a failure.
  package var body: [UInt8]

  /// An answer.
  package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first header of a name, in whatever case it is written.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

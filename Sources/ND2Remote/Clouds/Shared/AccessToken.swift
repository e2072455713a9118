#if Remote
  import ND2

  /// A token that is shown in the header `Authorization` (RFC 6750).
  package struct AccessToken: Hashable, Sendable, CustomStringConvertible {
    package var text: String

    package init(_ text: String) { self.text = text }

    /// Shows nothing.
    package var description: String { "an access token" }

    /// Checks a token that a person or a file gives: it must fit into a header.
    package static func checked(_ text: String, from source: String) throws -> AccessToken {
      let trimmed = String(text.trimmingSpace)
      guard !trimmed.isEmpty, trimmed.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
        throw ND2Error.invalidRequest("\(source) is no access token")
      }
      return AccessToken(trimmed)
    }

    package typealias Fetched = ExpiringValue<AccessToken?>.Fetched

    /// Asks an OAuth token endpoint.
    ///
    /// - Parameter fields: the form, not encoded.
    static func request(
      from url: String, fields: [(String, String)], by sender: any RequestSender, service: String
    ) async throws -> Fetched {
      let web = try WebLocation(parsing: url)
      guard web.scheme == "https" || web.isLoopback else {
        throw ND2Error.invalidRequest("\(service) is asked for tokens by https only")
      }
      let body = fields.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
      let request = RemoteRequest(
        .post, web.url, headers: [("Content-Type", "application/x-www-form-urlencoded")],
        body: Array(body.utf8))
      return try fetched(try await sender.sendPatiently(request), service: service)
    }

    /// Takes the token out of an answer.
    static func fetched(_ response: RemoteResponse, service: String) throws -> Fetched {
      guard response.status == 200 else { throw CredentialFailure.refused(service, response) }
      guard let document = ServiceAnswer.json(response.body),
        let text = document["access_token"]?.string,
        let token = try? checked(text, from: service)
      else { throw CredentialFailure.notUnderstood(service) }
      // Azure's machines give the number as text.
      let lifetime =
        document["expires_in"]?.double ?? document["expires_in"]?.string.flatMap(Double.init)
        ?? 3600
      return (token, UTCTime.now + min(max(lifetime, 0), 31_536_000))
    }
  }
#endif

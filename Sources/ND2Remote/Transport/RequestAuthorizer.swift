/// Proves to a server that a request is allowed, for instance by signing it.
package protocol RequestAuthorizer: Sendable {
  /// Adds what the server wants to see; may change the URL. Called for each attempt anew, also for
  /// repetitions, with all other headers and the range in place.
  func authorize(_ request: inout RemoteRequest) async throws

  /// Whether the request is worth another attempt after an answer that refused it (a status of 300 or
  /// more that is neither a redirect with `Location` nor a passing failure), because something
  /// was learnt from it: another region, the clock of the server, that a token has expired. Asked at
  /// most twice for a request.
  ///
  /// - Parameter request: the request as it was sent, signed.
  func shouldRetry(_ request: RemoteRequest, after response: RemoteResponse) async throws -> Bool

  /// What the body of a failure says, in one sentence without secrets; nil to leave it out.
  func explanation(of response: RemoteResponse) -> String?
}

extension RequestAuthorizer {
  /// No.
  package func shouldRetry(
    _ request: RemoteRequest, after response: RemoteResponse
  ) async throws -> Bool { false }

  /// Nothing.
  package func explanation(of response: RemoteResponse) -> String? { nil }
}

/// Sends requests whose answers are small, such as those for tokens.
package protocol RequestSender: Sendable {
  /// Sends a request once and gives the answer, whatever its status is; throws when there is none.
  /// Redirects are followed for `GET` and `HEAD`.
  func send(_ request: RemoteRequest) async throws -> RemoteResponse
}

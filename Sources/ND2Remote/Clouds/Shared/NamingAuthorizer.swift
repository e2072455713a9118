import ND2

/// Lets the errors of another authorizer name the file that was to be read.
struct NamingAuthorizer: RequestAuthorizer {
  let base: any RequestAuthorizer
  let name: String

  func authorize(_ request: inout RemoteRequest) async throws {
    do {
      try await base.authorize(&request)
    } catch let error as ND2Error {
      throw error.inFile(name)
    }
  }

  func shouldRetry(
    _ request: RemoteRequest, after response: RemoteResponse
  ) async throws -> Bool {
    try await base.shouldRetry(request, after: response)
  }

  func explanation(of response: RemoteResponse) -> String? { base.explanation(of: response) }
}

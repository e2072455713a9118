import ND2

/// Errors of fetching credentials.
enum CredentialFailure {
  /// An error for an answer that holds no credentials.
  static func refused(_ what: String, _ response: RemoteResponse) -> ND2Error {
    let reason = ServiceAnswer.failure(response).map { ": \($0)" } ?? ""
    return ND2Error(.io, "\(what) answered with status \(response.status)\(reason)")
  }

  /// An error for an answer that cannot be understood.
  static func notUnderstood(_ what: String) -> ND2Error {
    ND2Error(.io, "the answer of \(what) holds no credentials")
  }

  /// An error for a file of credentials.
  static func file(_ path: String, _ reason: String) -> ND2Error {
    .invalidRequest("the file of credentials '\(path)' \(reason)")
  }
}

extension RequestSender {
  /// Sends a request; repeats it twice when there is no answer or the server is busy.
  func sendPatiently(_ request: RemoteRequest) async throws -> RemoteResponse {
    var attempt = 0
    while true {
      attempt += 1
      do {
        let response = try await send(request)
        guard response.status >= 500 || response.status == 429, attempt < 3 else {
          return response
        }
      } catch let error as CancellationError {
        throw error
      } catch {
        guard attempt < 3 else { throw error }
      }
      try await Task.sleep(for: .milliseconds(200 * attempt))
    }
  }
}

extension RequestSender {
  /// Asks a service that only some machines have: nil when there is no answer in time.
  func probe(_ request: RemoteRequest, seconds: Double = 1) async throws -> RemoteResponse? {
    let answer: RemoteResponse? = await withTaskGroup(of: RemoteResponse?.self) { group in
      group.addTask { try? await self.send(request) }
      group.addTask {
        try? await Task.sleep(for: .milliseconds(Int((seconds * 1000).rounded())))
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
    try Task.checkCancellation()
    return answer
  }
}

import ND2
import ND2Remote

/// Answers requests from a function, and remembers them: no network.
final class StubSender: RequestSender {
  private let answer: @Sendable (RemoteRequest) throws -> RemoteResponse
  private let log = Lock<[RemoteRequest]>([])

  init(_ answer: @escaping @Sendable (RemoteRequest) throws -> RemoteResponse) {
    self.answer = answer
  }

  /// Whatever was asked for so far.
  var requests: [RemoteRequest] { log.withLock { $0 } }

  func send(_ request: RemoteRequest) async throws -> RemoteResponse {
    log.withLock { $0.append(request) }
    return try answer(request)
  }

  /// One that must not be asked at all.
  static let none = StubSender { _ in RemoteResponse(status: 599) }
}

extension RemoteResponse {
  /// An answer with a text.
  init(_ status: Int, _ text: String, headers: [(name: String, value: String)] = []) {
    self.init(status: status, headers: headers, body: Array(text.utf8))
  }
}

extension RemoteRequest {
  var bodyText: String { String(decoding: body, as: UTF8.self) }
}

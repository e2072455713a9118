#if Remote
  import ND2

  /// Sends small requests, such as those for tokens, by the engine.
  package struct WebSender: RequestSender {
    private let options: RemoteOptions
    private let engine: CurlEngine
    private static let mostBytes = 4 << 20

    /// A sender with the time-outs and the proxy of the options; their headers are not sent.
    package init(_ options: RemoteOptions, engine: CurlEngine = .shared) {
      self.options = options
      self.engine = engine
    }

    /// Sends a request once.
    ///
    /// - Throws: `ND2Error.Code.io` when there is no answer, `CancellationError`.
    package func send(_ request: RemoteRequest) async throws -> RemoteResponse {
      var request = request
      for _ in 0...max(0, options.maxRedirects) {
        let sink = CollectingSink(most: Self.mostBytes)
        let outcome = await engine.perform(request, options: options, sink: sink, lane: nil)
        switch outcome.end {
        case .complete: break
        case .cancelled: throw CancellationError()
        case .stopped: throw error("the answer is too large", request)
        case .timedOut: throw error("the server does not answer", request)
        case .failed(let reason, _): throw error(reason, request)
        }
        guard let head = outcome.head else { throw error("there is no answer", request) }
        switch Redirect.follow(request, head) {
        case .success(let next)?: request = next
        case .failure(let refusal)?: throw error(refusal.reason, request)
        case nil:
          return RemoteResponse(status: head.status, headers: head.headers, body: sink.bytes)
        }
      }
      throw error("the server redirects too often", request)
    }

    private func error(_ message: String, _ request: RemoteRequest) -> ND2Error {
      ND2Error(.io, message, at: .init(file: RemoteTarget.redacted(request.url)))
    }
  }
#endif

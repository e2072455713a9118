import ND2

#if Remote
  import ND2
  import Synchronization

  /// An object on a server of HTTP: its size, and reads of any of its bytes.
  ///
  /// The first use learns size and tag of the object, and fetches its head and its tail in the same
  /// moment. All later answers must be of the same object.
  final class HTTPObject: Sendable {
    /// What is known and kept.
    struct State {
      var facts: ObjectFacts?
      var opening: Task<ObjectFacts, any Error>?
      /// All bytes, when the server cannot give parts.
      var whole: [UInt8]?
      var wholeTask: Task<[UInt8], any Error>?
      /// Whether it cannot, and all bytes are too many to be kept.
      var comesOnlyWhole = false
      var cache: SpanCache
      /// Where the server redirected to, for the next requests.
      var redirected: String?
    }

    let target: RemoteTarget
    let options: RemoteOptions
    let engine: CurlEngine
    let lane: RequestLane
    let state: Lock<State>
    /// What was sent and received.
    let counts: Lock<RemoteStatistics>
    /// Useful answers so far.
    let servedCount: Lock<Int>

    init(_ target: RemoteTarget, options: RemoteOptions, engine: CurlEngine = .shared) {
      self.target = target
      self.options = options
      self.engine = engine
      lane = RequestLane(most: options.maxConcurrency)
      counts = Lock(RemoteStatistics())
      servedCount = Lock(0)
      state = Lock(State(cache: SpanCache(most: options.cacheByteCount)))
    }

    /// The same object, of which something is known.
    private init(_ object: HTTPObject, _ known: sending State) {
      target = object.target
      options = object.options
      engine = object.engine
      lane = object.lane
      counts = object.counts
      servedCount = object.servedCount
      state = Lock(known)
    }

    /// The same object as it was when it had an identity, without asking for that again. What was read
    /// of that very object is kept.
    func expecting(_ identity: SourceIdentity) -> HTTPObject {
      let known = state.withLock { state -> State? in
        guard let facts = state.facts, facts.byteCount == identity.byteCount,
          facts.entityTag == identity.entityTag
        else { return nil }
        return State(facts: facts, whole: state.whole, cache: state.cache)
      }
      if let known { return HTTPObject(self, known) }
      let facts = ObjectFacts(byteCount: identity.byteCount, entityTag: identity.entityTag)
      return HTTPObject(
        self, State(facts: facts, cache: SpanCache(most: options.cacheByteCount)))
    }

    var name: String { target.name }

    var statistics: RemoteStatistics { counts.withLock { $0 } }

    func error(
      _ message: String, _ code: ND2Error.Code = .io, offset: UInt64? = nil
    ) -> ND2Error {
      ND2Error(code, message, at: .init(file: name, offset: offset))
    }

    // MARK: - Requests

    /// What came of sending a request: how it ended, and the request as it was sent last.
    struct Sent {
      var outcome: TransferOutcome
      var request: RemoteRequest
    }

    /// Sends a request, signed, and follows redirects.
    func send(
      _ range: RemoteRequest.ByteRange?, conditions: [(name: String, value: String)],
      _ sink: ObjectSink
    ) async throws -> Sent {
      var refusals = 0
      while true {
        var request = RemoteRequest(.get, target.url, headers: options.headers, range: range)
        for (name, value) in conditions { request.setHeader(name, value) }
        let shortcut = target.authorizer == nil ? state.withLock { $0.redirected } : nil
        if let shortcut {
          request = redirected(request, to: shortcut)
        } else {
          try await target.authorizer?.authorize(&request)
        }
        let sent = try await sendFollowing(request, sink)
        guard let head = sent.outcome.head, case .complete = sent.outcome.end, head.status >= 300,
          !AnswerRules.passing.contains(head.status), head.status != 416, head.status != 412
        else { return sent }
        if shortcut != nil {
          // Such addresses are often valid for some minutes only.
          state.withLock { $0.redirected = nil }
          continue
        }
        let response = RemoteResponse(
          status: head.status, headers: head.headers, body: sink.failureBody)
        guard let authorizer = target.authorizer, refusals < 2,
          try await authorizer.shouldRetry(sent.request, after: response)
        else { return sent }
        refusals += 1
      }
    }

    /// The request for a place that the server redirected to before.
    private func redirected(_ request: RemoteRequest, to url: String) -> RemoteRequest {
      var request = request
      guard let from = WebAddress(request.url), let to = WebAddress(url) else { return request }
      request.url = url
      request.mayUseNetrc = from.sharesNetrc(with: to)
      if !from.isSameOrigin(to) {
        request.headers.removeAll {
          !RemoteRequest.publicHeaders.contains($0.name.lowercased())
        }
      }
      return request
    }

    private func sendFollowing(
      _ original: RemoteRequest, _ sink: ObjectSink
    ) async throws -> Sent {
      var request = original
      for _ in 0...max(0, options.maxRedirects) {
        let outcome = await engine.perform(request, options: options, sink: sink, lane: lane)
        counts.withLock { counts in
          if outcome.isBegun { counts.requests += 1 }
          counts.bytes += UInt64(outcome.byteCount)
        }
        if case .cancelled = outcome.end { throw CancellationError() }
        if case .complete = outcome.end, let status = outcome.head?.status, status < 300 {
          servedCount.withLock { $0 += 1 }
        }
        guard let head = outcome.head, head.status >= 300, case .complete = outcome.end,
          let next = Redirect.follow(request, head)
        else {
          if request.url != original.url, let status = outcome.head?.status, status < 300,
            target.authorizer == nil
          {
            state.withLock { $0.redirected = request.url }
          }
          return Sent(outcome: outcome, request: request)
        }
        // Whoever signs knows better where objects moved to.
        if target.authorizer != nil, let authorizer = target.authorizer,
          try await authorizer.shouldRetry(
            request,
            after: RemoteResponse(
              status: head.status, headers: head.headers, body: sink.failureBody))
        {
          var again = RemoteRequest(.get, target.url, headers: options.headers)
          again.range = original.range
          for (name, value) in original.headers
          where RemoteRequest.publicHeaders.contains(name.lowercased()) {
            again.setHeader(name, value)
          }
          try await authorizer.authorize(&again)
          request = again
          continue
        }
        switch next {
        case .success(let next): request = next
        case .failure(let refusal): throw error(refusal.reason)
        }
      }
      throw error("the server redirects more than \(options.maxRedirects) times")
    }

    // MARK: - Judging

    /// Throws what an end of a transfer means, unless it may be of use.
    ///
    /// - Throws: ``PassingFailure``, ``AnswerProblem``, `ND2Error`, `CancellationError`.
    func judge(_ sent: Sent, _ sink: ObjectSink) throws {
      switch sent.outcome.end {
      case .cancelled: throw CancellationError()
      case .timedOut(let phase): throw Self.timeout(phase, options)
      case .failed(let reason, let mayPass):
        if mayPass { throw PassingFailure(reason: reason) }
        throw error(reason)
      case .stopped:
        switch sink.problem {
        case .odd(let reason): throw PassingFailure(reason: reason)
        case .unusable(let reason): throw error(reason, .unsupported)
        case .some(let problem): throw problem
        case nil: try judgeStatus(sent.outcome.head, sink)
        }
      case .complete: try judgeStatus(sent.outcome.head, sink)
      }
    }

    private func judgeStatus(_ head: ResponseHead?, _ sink: ObjectSink) throws {
      guard let head else { throw PassingFailure(reason: "the server sent no answer") }
      if head.status == 200 || head.status == 206 { return }
      if head.status == 412 { throw AnswerProblem.changed }
      var reason = AnswerRules.reason(head.status)
      let response = RemoteResponse(
        status: head.status, headers: head.headers, body: sink.failureBody)
      if let more = target.authorizer?.explanation(of: response) { reason += ": \(more)" }
      if AnswerRules.passing.contains(head.status) {
        throw PassingFailure(
          reason: reason, isOverload: head.status == 429 || head.status == 503,
          retryAfter: RetryAfter.seconds(head))
      }
      throw error(reason)
    }

    private static func timeout(
      _ phase: TransferOutcome.Phase, _ options: RemoteOptions
    ) -> PassingFailure {
      func text(_ seconds: Double) -> String {
        let rounded = (min(max(seconds, 0), 1e9) * 10).rounded() / 10
        return rounded == rounded.rounded() ? "\(Int(rounded)) s" : "\(rounded) s"
      }
      return switch phase {
      case .connection:
        PassingFailure(
          reason: "no connection within \(text(options.connectSeconds))", isTimeout: true)
      case .firstByte:
        PassingFailure(
          reason: "no answer within \(text(options.firstByteSeconds))", isTimeout: true)
      case .progress:
        PassingFailure(
          reason: "nothing arrived for \(text(options.stallSeconds))", isTimeout: true)
      }
    }

    /// The error for an object that is not the one whose reading began.
    var changedError: ND2Error {
      error("the file has changed since it was opened; open it again", .changedWhileReading)
    }

    /// Waits before a repetition, or gives the error when there shall be none.
    ///
    /// - Parameter received: bytes that the attempt did fetch.
    func pause(
      after failure: PassingFailure, received: Int, _ budget: inout RetryBudget
    ) async throws {
      guard
        let delay = budget.delay(
          after: failure, received: received, servedCount: servedCount.withLock { $0 })
      else {
        let attempts = budget.attemptCount
        throw error(attempts > 1 ? "\(failure.reason) (\(attempts) attempts)" : failure.reason)
      }
      counts.withLock { $0.retries += 1 }
      try await Task.sleep(for: .nanoseconds(Int64(delay * 1e9)))
    }
  }
#endif

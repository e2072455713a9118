#if Remote
  import ND2
  import Synchronization

  extension HTTPObject {
    /// Bytes of the head and of the tail that are fetched with the first wave of requests: what
    /// opening an ND2 file asks for first.
    private var headByteCount: UInt64 { UInt64(max(1, options.headByteCount)) }
    private var tailByteCount: UInt64 { UInt64(max(0, options.tailByteCount)) }

    /// Size and tag of the object; the first call asks the server.
    func facts() async throws -> ObjectFacts {
      while true {
        let (known, task): (ObjectFacts?, Task<ObjectFacts, any Error>?) = state.withLock { state in
          if let facts = state.facts { return (facts, nil) }
          if let task = state.opening { return (nil, task) }
          let task = Task.detached { try await self.open() }
          state.opening = task
          return (nil, task)
        }
        if let known { return known }
        guard let task else { continue }
        do {
          return try await withTaskCancellationHandler {
            try await task.value
          } onCancel: {
            task.cancel()
          }
        } catch {
          state.withLock { if $0.opening == task { $0.opening = nil } }
          // Another task was cancelled that waited for the same.
          if error is CancellationError, !Task.isCancelled { continue }
          throw error
        }
      }
    }

    /// What one of the first requests came to.
    private enum End: Sendable {
      case some(EndSink)
      /// The server does not give the end of an object without its size.
      case none
      case empty
    }

    private func open() async throws -> ObjectFacts {
      async let tail =
        target.givesSuffixes && tailByteCount > 0 ? fetchEnd(.suffix(tailByteCount)) : .none
      let head = try await fetchEnd(.span(0..<headByteCount))
      if case .some(let sink) = head, sink.isWhole, let facts = sink.wholeFacts {
        state.withLock { state in
          state.whole = sink.bytes
          state.facts = facts
        }
        return facts
      }
      guard case .some(let first) = head, let facts = first.facts else {
        if case .empty = head {
          let facts = ObjectFacts(byteCount: 0)
          state.withLock { $0.facts = facts }
          return facts
        }
        throw error("the server does not give the beginning of the file")
      }
      var last: EndSink?
      // Whatever is wrong with the tail alone shows again when its bytes are needed.
      if facts.byteCount > headByteCount, case .some(let sink) = try await tail { last = sink }
      if let last, let other = last.facts,
        other.byteCount != facts.byteCount || other.entityTag != facts.entityTag
      {
        throw changedError
      }
      state.withLock { state in
        state.facts = facts
        state.cache.insert(first.bytes[...], at: first.start)
        if let last { state.cache.insert(last.bytes[...], at: last.start) }
      }
      return facts
    }

    /// Fetches the head or the tail, with repetitions.
    private func fetchEnd(_ range: RemoteRequest.ByteRange) async throws -> End {
      var budget = RetryBudget(options)
      var isHead = false
      if case .span = range { isHead = true }
      while true {
        let sink = EndSink(range, mostWhole: isHead ? options.maxWholeByteCount : nil)
        do {
          let sent = try await send(range, conditions: [], sink)
          if sent.outcome.head?.status == 416, case .complete = sent.outcome.end {
            let text = sent.outcome.head?.header("content-range")
            let total = text.flatMap { ContentRange($0)?.total }
            if isHead, total == 0 || total == nil { return .empty }
            if !isHead { return .none }
          }
          try judge(sent, sink)
          guard sink.isComplete, sink.facts != nil else {
            throw PassingFailure(reason: "the answer was cut short")
          }
          return .some(sink)
        } catch let failure as PassingFailure {
          // A server that does not know such ranges may send the wrong ones.
          if !isHead, case .odd = sink.problem { return .none }
          try await pause(after: failure, received: 0, &budget)
        } catch let problem as AnswerProblem {
          guard isHead else { return .none }
          if case .isWhole(let count) = problem {
            state.withLock { $0.comesOnlyWhole = true }
            throw wholeError(count)
          }
          throw changedError
        } catch let error as ND2Error where !isHead && sinkWasRefused(error) {
          return .none
        }
      }
    }

    /// Whether the tail can do without: the head tells the same failure, or none.
    private func sinkWasRefused(_ error: ND2Error) -> Bool { error.code == .io }

    // MARK: - Whole

    func wholeError(_ count: UInt64?) -> ND2Error {
      let size = count.map { "\($0) bytes" } ?? "of unknown size"
      return error(
        "the server cannot send parts of a file, and this one (\(size)) is larger than "
          + "the \(options.maxWholeByteCount) bytes that are read whole; copy it first (nd2 cp)",
        .unsupported)
    }

    /// All bytes, from a server that suddenly does not give parts.
    func loadWhole(_ facts: ObjectFacts) async throws -> [UInt8] {
      guard facts.byteCount <= UInt64(max(0, options.maxWholeByteCount)) else {
        throw wholeError(facts.byteCount)
      }
      while true {
        let (known, task): ([UInt8]?, Task<[UInt8], any Error>?) = state.withLock { state in
          if let whole = state.whole { return (whole, nil) }
          if let task = state.wholeTask { return (nil, task) }
          let task = Task.detached { try await self.fetchWhole(facts) }
          state.wholeTask = task
          return (nil, task)
        }
        if let known { return known }
        guard let task else { continue }
        do {
          let bytes = try await withTaskCancellationHandler {
            try await task.value
          } onCancel: {
            task.cancel()
          }
          state.withLock { state in
            state.whole = bytes
            state.wholeTask = nil
          }
          return bytes
        } catch {
          state.withLock { if $0.wholeTask == task { $0.wholeTask = nil } }
          if error is CancellationError, !Task.isCancelled { continue }
          throw error
        }
      }
    }

    private func fetchWhole(_ facts: ObjectFacts) async throws -> [UInt8] {
      var budget = RetryBudget(options)
      while true {
        let sink = EndSink(.span(0..<max(1, facts.byteCount)), mostWhole: options.maxWholeByteCount)
        do {
          let sent = try await send(nil, conditions: facts.conditions, sink)
          try judge(sent, sink)
          guard let head = sent.outcome.head, facts.agrees(with: head, total: nil) else {
            throw changedError
          }
          guard sink.isComplete, UInt64(sink.bytes.count) == facts.byteCount else {
            throw PassingFailure(reason: "the answer was cut short")
          }
          return sink.bytes
        } catch let failure as PassingFailure {
          try await pause(after: failure, received: 0, &budget)
        } catch is AnswerProblem {
          throw changedError
        }
      }
    }
  }
#endif

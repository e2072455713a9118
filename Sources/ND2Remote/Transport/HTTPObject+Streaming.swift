#if Remote
  import ND2

  extension HTTPObject {
    /// Whether the server turned out to give whole objects only, and this one is too large to be kept.
    var comesOnlyWhole: Bool { state.withLock { $0.comesOnlyWhole } }

    /// Takes all bytes in their order with one request, which is begun anew when it fails.
    ///
    /// - Parameters:
    ///   - begin: called before the first bytes of each attempt with the size, when the server says it.
    ///   - take: given the bytes; both are called on the engine's thread and must not wait for long.
    func stream(
      begin: @escaping (UInt64?) throws -> Void,
      take: @escaping (UnsafeRawBufferPointer) throws -> Void
    ) async throws -> UInt64 {
      var budget = RetryBudget(options)
      while true {
        let sink = StreamSink(begin: begin, take: take)
        do {
          let sent = try await send(nil, conditions: [], sink)
          if let failure = sink.failure { throw failure }
          try judge(sent, sink)
          guard sink.isComplete else { throw PassingFailure(reason: "the answer was cut short") }
          return sink.byteCount
        } catch let failure as PassingFailure {
          try await pause(after: failure, received: 0, &budget)
        } catch is AnswerProblem {
          throw error("the server sends something else than the file")
        }
      }
    }
  }

  /// Hands the bytes of a whole object on.
  private final class StreamSink: ObjectSink, @unchecked Sendable {
    private(set) var byteCount: UInt64 = 0
    /// Why whoever takes the bytes does not want more.
    private(set) var failure: (any Error)?
    private var announced: UInt64?
    private let begin: (UInt64?) throws -> Void
    private let hand: (UnsafeRawBufferPointer) throws -> Void

    init(
      begin: @escaping (UInt64?) throws -> Void,
      take: @escaping (UnsafeRawBufferPointer) throws -> Void
    ) {
      self.begin = begin
      hand = take
    }

    var isComplete: Bool { announced.map { $0 == byteCount } ?? true }

    override func accept(_ head: ResponseHead) throws {
      guard head.status == 200 else { throw AnswerProblem.changed }
      byteCount = 0
      announced = head.header("content-length").flatMap { ContentRange.number($0) }
      try keepingFailure { try begin(announced) }
    }

    override func place(_ bytes: UnsafeRawBufferPointer) -> Bool {
      byteCount += UInt64(bytes.count)
      return (try? keepingFailure { try hand(bytes) }) != nil
    }

    private func keepingFailure(_ body: () throws -> Void) throws {
      do {
        try body()
      } catch {
        failure = error
        throw error
      }
    }
  }
#endif

#if Remote
  import ND2
  import Synchronization

  extension HTTPObject {
    /// Reads up to so many bytes count as small: they are kept.
    static let mostKeptByteCount = 512 << 10

    /// Reads ranges into memory of the caller.
    func read(_ reads: [PlacedRead]) async throws {
      try Task.checkCancellation()
      guard reads.contains(where: { !$0.memory.isEmpty }) else { return }
      let facts = try await facts()
      for read in reads {
        let (end, overflow) = read.offset.addingReportingOverflow(UInt64(read.memory.count))
        guard !overflow, end <= facts.byteCount else {
          throw error(
            "the file ends at byte \(facts.byteCount), before the end of what was to be read",
            offset: read.offset)
        }
      }
      let missing: [PlacedRead] = state.withLock { state in
        if let whole = state.whole {
          Self.copy(whole, to: reads)
          return []
        }
        guard !state.cache.isEmpty else { return reads }
        return reads.compactMap { read in
          let range = read.offset..<(read.offset + UInt64(read.memory.count))
          let rest = state.cache.copy(range, into: read.memory)
          guard !rest.isEmpty else { return nil }
          let from = Int(rest.lowerBound - read.offset)
          return PlacedRead(
            offset: rest.lowerBound,
            memory: UnsafeMutableRawBufferPointer(
              rebasing: read.memory[from..<(from + rest.count)]))
        }
      }
      guard !missing.isEmpty else { return }
      let coalescer = RangeCoalescer(
        gap: options.coalescingGap, most: options.maxRequestByteCount)
      try await fetch(
        coalescer.parts(missing, connectionCount: min(4, options.maxConcurrency)), facts)
    }

    /// Reads ranges into arrays; small ones are kept.
    func read(_ ranges: [Range<UInt64>]) async throws -> [[UInt8]] {
      if ranges.allSatisfy({ $0.isEmpty }) { return ranges.map { _ in [] } }
      let facts = try await facts()
      let blocks = try ranges.map { range in
        guard range.upperBound <= facts.byteCount,
          let count = Int(exactly: range.upperBound - range.lowerBound)
        else {
          throw error(
            "the file ends at byte \(facts.byteCount), before the end of what was to be read",
            offset: range.lowerBound)
        }
        return LandingBlock(count: count)
      }
      try await read(
        zip(ranges, blocks).map { PlacedRead(offset: $0.lowerBound, memory: $1.memory) })
      state.withLock { state in
        guard state.whole == nil else { return }
        for (range, block) in zip(ranges, blocks)
        where block.bytes.count <= Self.mostKeptByteCount {
          state.cache.insert(block.bytes[...], at: range.lowerBound)
        }
      }
      return blocks.map(\.bytes)
    }

    private static func copy(_ whole: [UInt8], to reads: [PlacedRead]) {
      whole.withUnsafeBytes { bytes in
        for read in reads {
          guard let from = Int(exactly: read.offset), from <= bytes.count,
            read.memory.count <= bytes.count - from
          else { continue }
          read.memory.copyMemory(
            from: UnsafeRawBufferPointer(rebasing: bytes[from..<(from + read.memory.count)]))
        }
      }
    }

    // MARK: - Parts

    private func fetch(_ parts: [RangePart], _ facts: ObjectFacts) async throws {
      if parts.count == 1 {
        try await fetch(parts[0], facts)
        return
      }
      // More than run at once, so that the next are ready; not all, since signatures grow old.
      let width = max(1, options.maxConcurrency) * 2
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, part) in parts.enumerated() {
          if index >= width { try await group.next() }
          group.addTask { try await self.fetch(part, facts) }
        }
        try await group.waitForAll()
      }
    }

    private func fetch(_ part: RangePart, _ facts: ObjectFacts) async throws {
      var budget = RetryBudget(options)
      let sink = PartSink(part, facts: facts)
      while true {
        let start = sink.position
        do {
          let sent = try await send(
            .span(start..<part.range.upperBound), conditions: facts.conditions, sink)
          if sent.outcome.head?.status == 416 { throw try rangeError(sent, part, facts) }
          try judge(sent, sink)
          if sink.isComplete { return }
          throw PassingFailure(reason: "the answer was cut short")
        } catch let failure as PassingFailure {
          if sink.isComplete { return }
          try await pause(after: failure, received: Int(sink.position - start), &budget)
        } catch let problem as AnswerProblem {
          guard case .isWhole = problem else { throw changedError }
          let whole = try await loadWhole(facts)
          Self.copy(
            whole, to: part.segments.map { PlacedRead(offset: $0.offset, memory: $0.memory) })
          return
        }
      }
    }

    /// The error for an answer that the range lies outside the object, which it does not.
    private func rangeError(
      _ sent: Sent, _ part: RangePart, _ facts: ObjectFacts
    ) throws -> any Error {
      let text = sent.outcome.head?.header("content-range")
      if let total = text.flatMap({ ContentRange($0)?.total }), total != facts.byteCount {
        return changedError
      }
      return error(AnswerRules.reason(416), offset: part.range.lowerBound)
    }
  }

  /// An array that bytes are read into before anyone else sees it.
  ///
  /// The memory of an array does not move while nobody changes the array. Nobody but this block has
  /// it until the bytes are there.
  private final class LandingBlock: @unchecked Sendable {
    private(set) var bytes: [UInt8]
    private(set) var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    init(count: Int) {
      bytes = [UInt8](unsafeUninitializedCapacity: count) { _, initialized in
        initialized = count
      }
      memory = bytes.withUnsafeMutableBytes { $0 }
    }
  }
#endif

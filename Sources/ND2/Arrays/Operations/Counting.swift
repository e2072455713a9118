/// How often digits of keys occur among all elements of an array.
struct DigitCounts: Sendable {
  /// One counter for each digit.
  let counts: [Int]
  /// Whether an element is not a number.
  let hasNaN: Bool

  /// Counts the digit at `shift` of all elements whose higher bits are `prefix`.
  init(_ array: AnyNDArray, shift: Int, prefix: UInt64, threads: Int?) throws {
    let all = Lock<(counts: [Int], hasNaN: Bool)>(
      ([Int](repeating: 0, count: CountKernels.digits), false))
    let type = array.sampleType
    try array.blocks(threads: threads) {
      Counters()
    } body: { (counters: Counters, x: UnsafeRawPointer, count: Int) in
      let isNaN = CountKernels.count(
        type, x, count: count, shift: shift, prefix: prefix, counters.memory)
      if isNaN { counters.hasNaN = true }
      counters.added += count
      if counters.added > 1 << 31 { all.withLock { counters.move(to: &$0.counts) } }
    } end: { counters in
      all.withLock { all in
        counters.move(to: &all.counts)
        all.hasNaN = all.hasNaN || counters.hasNaN
      }
    }
    (counts, hasNaN) = all.withLock { ($0.counts, $0.hasNaN) }
  }

  /// Counters of one thread.
  private final class Counters: @unchecked Sendable {
    let memory = UnsafeMutablePointer<UInt32>.allocate(capacity: CountKernels.counters)
    var hasNaN = false
    /// Elements since the counters were zero.
    var added = 0

    init() { memory.initialize(repeating: 0, count: CountKernels.counters) }
    deinit { memory.deallocate() }

    /// Adds the counters to others and clears them.
    func move(to counts: inout [Int]) {
      counts.withUnsafeMutableBufferPointer { counts in
        for digit in counts.indices {
          counts[digit] += Int(memory[digit]) + Int(memory[digit + CountKernels.digits])
        }
      }
      memory.update(repeating: 0, count: CountKernels.counters)
      added = 0
    }
  }

  /// The digit of the element of a rank, and the rank among the elements that have it.
  func digit(of rank: Int) -> (digit: Int, rank: Int) {
    var rest = rank
    for (digit, count) in counts.enumerated() {
      if rest < count { return (digit, rest) }
      rest -= count
    }
    return (counts.count - 1, 0)
  }
}

extension AnyNDArray {
  /// Calls `body` with all elements, some that lie side by side at a time, in any order.
  ///
  /// Each thread has a state of its own, which `end` takes when the thread is done.
  func blocks<State>(
    threads: Int?, start: @escaping @Sendable () -> State,
    body: @escaping @Sendable (State, UnsafeRawPointer, Int) -> Void,
    end: @escaping @Sendable (State) -> Void
  ) throws {
    let order = layout.sizes.indices.ordered { abs(layout.strides[$0]) > abs(layout.strides[$1]) }
    let nest = ElementNest(
      shape: order.map { layout.sizes[$0].count },
      operands: [(order.map { layout.strides[$0] }, layout.offset)], blocksOf: 1 << 14)
    let queue = WorkQueue(count: (nest.blockCount + 31) / 32)
    let array = self
    let count = ParallelWork.threadCount(threads, byteCount: byteCount)
    WorkerTeam.run(count: count) { _ in
      let state = start()
      withUnsafeTemporaryAllocation(byteCount: 1 << 17, alignment: 64) { scratch in
        guard let scratch = scratch.baseAddress else { return }
        while let piece = queue.take() {
          for number in (piece * 32)..<Swift.min(piece * 32 + 32, nest.blockCount) {
            let block = nest.block(number)
            body(state, array.elements(0, of: block, nest, scratch), block.rows * block.columns)
          }
        }
      }
      end(state)
    }
    try queue.finish()
  }
}

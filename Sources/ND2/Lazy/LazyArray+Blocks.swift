extension LazyArray {
  /// A block of a lazy array.
  public struct Block: Sendable {
    /// Where the block lies: a range for each axis, outermost first.
    public let ranges: [Range<Int>]
    /// Its elements, with all axes of the array.
    public let array: AnyNDArray
  }

  /// The blocks of a lazy array, computed when they are asked for.
  public struct Blocks: AsyncSequence, Sendable {
    /// A block.
    public typealias Element = Block
    let node: LazyNode
    let options: ComputeOptions

    /// Starts from the first block.
    public func makeAsyncIterator() -> Iterator { Iterator(node, options) }

    /// Hands out blocks in order, some of which are computed in advance.
    public struct Iterator: AsyncIteratorProtocol {
      private let grid: BlockGrid
      private let queue: BlockQueue
      private var next = 0

      init(_ node: LazyNode, _ options: ComputeOptions) {
        grid = BlockGrid(node.sizes, shape: node.chunkShape)
        queue = BlockQueue(node, options, blockCount: grid.count)
      }

      /// The next block; nil behind the last one.
      ///
      /// - Throws: ``ND2Error`` as computing does, and `CancellationError`.
      public mutating func next() async throws -> Block? {
        guard next < grid.count else { return nil }
        defer { next += 1 }
        return try await queue.block(next, of: grid)
      }
    }
  }

  /// The array block by block, row-major, in blocks of ``chunkShape``.
  ///
  /// A few blocks are computed ahead of the one that is asked for; memory holds no more than these.
  ///
  /// ```swift
  /// for try await block in file.lazyArray().blocks() {
  ///   print(block.ranges, block.array.mean())
  /// }
  /// ```
  public func blocks(_ options: ComputeOptions = ComputeOptions()) -> Blocks {
    Blocks(node: node, options: options)
  }
}

/// Computes blocks ahead of those that are asked for. Tasks end with the queue.
private final class BlockQueue: Sendable {
  private let node: LazyNode
  private let options: ComputeOptions
  private let width: Int
  /// Threads for each block: several only where there are fewer blocks than a file far away is asked
  /// for at a time.
  private let threadCount: Int
  private let state = Lock(State())

  private struct State: Sendable {
    /// What all blocks share; made by the first one.
    var shared: Task<LazyComputation.Shared, any Error>?
    var tasks: [(number: Int, task: Task<AnyNDArray, any Error>)] = []
    var begun = 0
  }

  init(_ node: LazyNode, _ options: ComputeOptions, blockCount: Int) {
    self.node = node
    self.options = options
    let wanted = options.threadCount ?? node.concurrency ?? WorkerTeam.coreCount
    let size = node.chunkShape.reduce(node.sampleType.byteCount) { bytes, count in
      let (product, overflow) = bytes.multipliedReportingOverflow(by: count)
      return overflow ? .max : product
    }
    width = max(1, min(wanted, 256, options.memoryByteCount / max(1, size)))
    guard options.threadCount == nil, node.concurrency != nil, !node.isDivisible else {
      threadCount = 1
      return
    }
    let useful = BlockPlanner.threadCount(
      LazyGraph(node), wanted: wanted, memoryByteCount: options.memoryByteCount)
    threadCount = max(1, useful / max(1, min(width, blockCount)))
  }

  deinit {
    state.withLock { state in
      state.shared?.cancel()
      for item in state.tasks { item.task.cancel() }
    }
  }

  /// The block of that number; blocks are asked for in order.
  func block(_ number: Int, of grid: BlockGrid) async throws -> LazyArray.Block {
    let task = state.withLock { state in
      let shared = state.shared ?? Self.share(node, options)
      state.shared = shared
      while state.begun < grid.count, state.begun < number + width {
        let region = grid.region(state.begun)
        let (node, options) = (node, options)
        state.tasks.append(
          (
            state.begun,
            Task { [threadCount] in
              try await Self.compute(
                node, region, options, threadCount, sharing: try await shared.value)
            }
          ))
        state.begun += 1
      }
      return state.tasks.removeFirst().task
    }
    let array = try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
    return LazyArray.Block(ranges: grid.region(number).box, array: array)
  }

  private static func share(
    _ node: LazyNode, _ options: ComputeOptions
  ) -> Task<LazyComputation.Shared, any Error> {
    Task {
      let flag = CancellationFlag()
      return try await withTaskCancellationHandler {
        try await Offload.run {
          try LazyComputation.Shared(node, options: options, cancellation: flag)
        }
      } onCancel: {
        flag.set()
      }
    }
  }

  private static func compute(
    _ node: LazyNode, _ region: LazyRegion, _ options: ComputeOptions, _ threadCount: Int,
    sharing shared: LazyComputation.Shared
  ) async throws -> AnyNDArray {
    let slices = zip(node.sizes.axes, region.box).map {
      (axis: $0, slice: AxisSlice.range($1))
    }
    let part = try LazyArray(node).slicing(slices).node
    var options = options
    options.threadCount = threadCount
    let flag = CancellationFlag()
    return try await withTaskCancellationHandler { [options] in
      let work: @Sendable () throws -> AnyNDArray = {
        try LazyComputation(
          part, options: options, cancellation: flag, mayAwait: true, sharing: shared
        ).run()
      }
      return node.concurrency == nil
        ? try await Offload.run(work) : try await Offload.runAlone(work)
    } onCancel: {
      flag.set()
    }
  }
}

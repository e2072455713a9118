/// One evaluation of a lazy array: what all its threads share.
final class LazyComputation: Sendable {
  let root: LazyNode
  let graph: LazyGraph
  let planner: BlockPlanner
  let grid: BlockGrid
  let threadCount: Int
  /// Results of nodes that were worked out beforehand.
  let precomputed: [ObjectIdentifier: AnyNDArray]
  /// Pieces of sources that are needed on several ways; nil when there are none.
  let pieces: PieceStore?
  private let cancellation: CancellationFlag

  /// What the evaluations of several parts of an array have in common.
  struct Shared: Sendable {
    let pieces: PieceStore?
    let precomputed: [ObjectIdentifier: AnyNDArray]

    /// Prepares the evaluation of an array in its own blocks, one by one.
    init(_ root: LazyNode, options: ComputeOptions, cancellation: CancellationFlag) throws {
      let graph = LazyGraph(root)
      let cuts = zip(root.chunkShape, root.sizes).map { $0 < $1.count }
      precomputed =
        zip(cuts, graph.pinnedAxes).contains { $0 && $1 }
        ? try LazyComputation.precompute(graph, options, cancellation, mayAwait: true) : [:]
      pieces = LazyComputation.pieceStore(graph, root.chunkShape, options)
    }
  }

  /// Plans the evaluation.
  ///
  /// - Parameters:
  ///   - mayAwait: whether the caller is asynchronous, so that sources may be awaited.
  ///   - shared: what was prepared for several evaluations.
  init(
    _ root: LazyNode, options: ComputeOptions, cancellation: CancellationFlag, mayAwait: Bool,
    sharing shared: Shared? = nil
  ) throws {
    self.root = root
    self.cancellation = cancellation
    graph = LazyGraph(root)
    for (source, box) in graph.sources {
      if !mayAwait { try source.checkBlocking() }
      try source.check(box)
    }
    let wanted = options.threadCount ?? root.concurrency ?? WorkerTeam.coreCount
    threadCount =
      options.threadCount == nil
      ? BlockPlanner.threadCount(
        graph, wanted: max(1, min(wanted, 256)), memoryByteCount: options.memoryByteCount)
      : max(1, min(wanted, 256))
    planner = BlockPlanner(
      graph: graph, memoryPerThread: max(1 << 20, options.memoryByteCount) / threadCount,
      threadCount: threadCount)
    let shape: [Int]
    if let shared {
      shape = planner.unpinnedShape()
      precomputed = shared.precomputed
    } else if let planned = planner.blockShape() {
      shape = planned
      precomputed = [:]
    } else {
      shape = planner.unpinnedShape()
      precomputed = try Self.precompute(graph, options, cancellation, mayAwait: mayAwait)
    }
    grid = BlockGrid(root.sizes, shape: shape)
    pieces = shared.map(\.pieces) ?? Self.pieceStore(graph, shape, options)
  }

  /// Works out what is repeated along axes, which would be made for every block anew.
  private static func precompute(
    _ graph: LazyGraph, _ options: ComputeOptions, _ cancellation: CancellationFlag,
    mayAwait: Bool
  ) throws -> [ObjectIdentifier: AnyNDArray] {
    var done: [ObjectIdentifier: AnyNDArray] = [:]
    for operand in graph.repeatedOperands {
      done[ObjectIdentifier(operand)] = try LazyComputation(
        operand, options: options, cancellation: cancellation, mayAwait: mayAwait
      ).run()
    }
    return done
  }

  private static func pieceStore(
    _ graph: LazyGraph, _ shape: [Int], _ options: ComputeOptions
  ) -> PieceStore? {
    guard !graph.sharedSources.isEmpty else { return nil }
    return PieceStore(
      boxes: graph.sharedSources, rowsPerPiece: rowsPerPiece(graph.root, shape, graph),
      mostBytes: options.memoryByteCount / 2)
  }

  /// Pieces are as high as the blocks, so that few of them are needed by two.
  private static func rowsPerPiece(_ root: LazyNode, _ shape: [Int], _ graph: LazyGraph) -> Int {
    if let place = root.sizes.index(of: .y) { return shape[place] }
    let widest = graph.sharedSources.values.map { box in box.last?.count ?? 1 }.max() ?? 1
    return max(1, BlockPlanner.stepByteCount / (8 * max(1, widest)))
  }

  /// Throws when the task was cancelled.
  func checkCancellation() throws {
    if cancellation.isSet { throw CancellationError() }
  }

  /// The whole array.
  ///
  /// - Parameter progress: told how much of the work is done, from 0 to 1, by one thread at a time.
  func run(progress: (@Sendable (Double) -> Void)? = nil) throws -> AnyNDArray {
    try checkCancellation()
    let result = try AnyNDArray(uninitialized: root.sizes, sampleType: root.sampleType)
    guard result.count > 0 else { return result }
    if let direct = DirectRead(root) {
      try direct.run(
        into: result, threadCount: threadCount,
        isCancelled: { [cancellation] in cancellation.isSet },
        progress: progress)
      return result
    }
    try run(into: result, progress: ProgressMeter(progress, total: grid.count))
    return result
  }

  private func run(into result: AnyNDArray, progress: ProgressMeter) throws {
    if grid.count < 2 * threadCount, root.hasProjection {
      // Few blocks: the threads share the steps of each of them.
      for number in 0..<grid.count {
        try runTogether(number, into: result)
        progress.advance()
      }
      return
    }
    let queue = WorkQueue(count: grid.count, isCancelled: { [cancellation] in cancellation.isSet })
    WorkerTeam.run(count: min(threadCount, grid.count)) { [self] _ in
      var evaluator = BlockEvaluator(self)
      while let number = queue.take() {
        do {
          let region = grid.region(number)
          result.place(try evaluator.block(region), at: region.slices.map(\.start))
          progress.advance()
        } catch {
          queue.fail(error)
        }
      }
    }
    try queue.finish()
  }

  /// Works out one block with all threads, each taking some steps of its projections.
  private func runTogether(_ number: Int, into result: AnyNDArray) throws {
    let region = grid.region(number)
    var main = BlockEvaluator(self)
    for level in main.projections(for: region) {
      let count = level.map(\.steps.count).max() ?? 0
      let queue = WorkQueue(count: count, isCancelled: { [cancellation] in cancellation.isSet })
      let slots = (0..<min(threadCount, WorkerTeam.coreCount, max(1, count))).map { _ in
        AccumulatorSlot()
      }
      let shared = main.shared
      WorkerTeam.run(count: min(threadCount, max(1, count))) { [self] index in
        var evaluator = BlockEvaluator(self)
        evaluator.adopt(shared)
        while let step = queue.take() {
          do {
            let pieces = try evaluator.pieces(step, of: level)
            try slots[index % slots.count].add(pieces, of: level)
          } catch {
            queue.fail(error)
          }
        }
      }
      try queue.finish()
      try main.finish(level, try AccumulatorSlot.merge(slots, level))
    }
    result.place(try main.whole(region), at: region.slices.map(\.start))
  }
}

/// Accumulators of which one thread at a time makes use.
private final class AccumulatorSlot: @unchecked Sendable {
  // The lock guards the accumulators, which are not safe to share.
  private let lock = Lock(())
  private var accumulators: [ReductionAccumulator] = []

  /// Adds one piece to each accumulator; they are made when first needed.
  func add(_ pieces: [AnyNDArray?], of level: [BlockEvaluator.Projection]) throws {
    try lock.withLock { _ in
      if accumulators.isEmpty { accumulators = try level.map { try $0.accumulator() } }
      for (index, projection) in level.enumerated() {
        if let piece = pieces[index] {
          accumulators[index].add(piece, keeping: projection.places)
        }
      }
    }
  }

  /// The accumulators of a level with what those of all slots have seen. No thread is at work.
  static func merge(
    _ slots: [AccumulatorSlot], _ level: [BlockEvaluator.Projection]
  ) throws -> [ReductionAccumulator] {
    let merged = try level.map { try $0.accumulator() }
    for slot in slots {
      for (target, accumulator) in zip(merged, slot.accumulators) { target.merge(accumulator) }
    }
    return merged
  }
}

/// Tells a caller how far the work is.
final class ProgressMeter: Sendable {
  private let report: (@Sendable (Double) -> Void)?
  private let total: Int
  private let done = Lock(0)

  init(_ report: (@Sendable (Double) -> Void)?, total: Int) {
    self.report = report
    self.total = max(1, total)
  }

  /// One more part is done.
  func advance() {
    guard let report else { return }
    done.withLock { done in
      done += 1
      report(Double(done) / Double(total))
    }
  }
}

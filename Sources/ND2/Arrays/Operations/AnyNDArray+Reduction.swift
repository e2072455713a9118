extension AnyNDArray: ArithmeticArray {
  /// The projection along axes, which the result does not have; along all axes when none is named.
  ///
  /// Large arrays are worked on by all cores.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for axes that the array does not have, and for the
  ///   greatest or least of no elements, ``ND2Error/Code/limitExceeded`` when the memory cannot be
  ///   had.
  public func reduced(_ reduction: Reduction, over axes: [Axis]) throws -> AnyNDArray {
    try reduced(reduction, over: axes, threads: nil)
  }

  /// The projection along axes; by one thread for each core when no number is given.
  func reduced(_ reduction: Reduction, over axes: [Axis], threads: Int?) throws -> AnyNDArray {
    let plan = try ReductionPlan(self, over: axes)
    if reduction == .max || reduction == .min { try plan.checkNotEmpty(for: reduction) }
    let type = reduction.resultType(of: sampleType)
    let result = try ResultArray(plan.sizes, type, like: plan.kept.map { layout.strides[$0] })
    let threads = ParallelWork.threadCount(threads, byteCount: byteCount)
    let pieces = plan.pieces(order: result.order)
    if let parts = plan.parts(pieces: pieces.count) {
      try reduce(reduction, plan, parts, result, threads)
    } else {
      try reduce(reduction, plan, pieces, result, threads)
    }
    return result.array
  }

  /// Works on pieces of the result.
  private func reduce(
    _ reduction: Reduction, _ plan: ReductionPlan, _ pieces: ReductionPieces,
    _ result: ResultArray, _ threads: Int
  ) throws {
    let (array, size) = (self, result.array.sampleType.byteCount)
    let places = Array(plan.reduced.count..<layout.sizes.count)
    try ParallelWork.run(
      count: pieces.count, threads: threads,
      state: {
        try ReductionAccumulator(reduction, of: array.sampleType, capacity: pieces.mostResults)
      }
    ) { accumulator, number in
      let piece = pieces.piece(number)
      accumulator.reset(count: piece.count)
      accumulator.add(
        AnyNDArray(
          layout: piece.layout, sampleType: array.sampleType, storage: array.storage), places)
      if let to = result.array.storage.bytes.baseAddress {
        try accumulator.finish(to: to + piece.start * size)
      }
    }
  }

  /// Works on parts of the array, each of which has all elements of the result.
  private func reduce(
    _ reduction: Reduction, _ plan: ReductionPlan, _ parts: [AnyNDArray], _ result: ResultArray,
    _ threads: Int
  ) throws {
    let places = result.order.map { plan.kept[$0] }
    let count = result.array.count
    let done = Lock<[Int: ReductionAccumulator]>([:])
    try ParallelWork.run(count: parts.count, threads: threads) { number in
      let accumulator = try ReductionAccumulator(
        reduction, of: parts[number].sampleType, capacity: count)
      accumulator.add(parts[number], places)
      done.withLock { $0[number] = accumulator }
    }
    // In their order, so that rounding does not depend on the threads.
    let whole = try ReductionAccumulator(reduction, of: sampleType, capacity: count)
    done.withLock { done in
      for number in parts.indices {
        if let part = done[number] { whole.merge(part) }
      }
    }
    if let to = result.array.storage.bytes.baseAddress { try whole.finish(to: to) }
  }
}

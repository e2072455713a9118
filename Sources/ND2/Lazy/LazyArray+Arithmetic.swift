// Deferred arithmetic and projections.
extension LazyArray: ArithmeticArray {
  /// The array with another number type.
  public func cast(to type: SampleType, _ rule: CastRule) throws -> LazyArray {
    if type == sampleType { return self }
    return LazyArray(
      try .checked(.cast(node, rule), sizes: sizes, sampleType: type, chunkShape: chunkShape))
  }

  /// The projection along axes, which the result does not have.
  ///
  /// Without axes all of them are taken, and the result has one element.
  public func reduced(_ reduction: Reduction, over axes: [Axis]) throws -> LazyArray {
    let places = axes.isEmpty ? Array(sizes.indices) : try sizes.places(of: axes)
    let kept = sizes.indices.filter { !places.contains($0) }
    return LazyArray(
      try .checked(
        .reduce(node, reduction, places: places.sorted()),
        sizes: AxisSizes(kept.map { sizes[$0] }), sampleType: reduction.resultType(of: sampleType),
        chunkShape: kept.map { chunkShape[$0] }))
  }

  /// Arithmetic with another lazy array.
  public func applying(
    _ operation: ArithmeticOperation, _ other: LazyArray
  ) throws -> LazyArray {
    let matched = try AxisMatch(sizes, other.sizes).sizes
    let chunks = matched.map { element -> Int in
      let own = sizes.index(of: element.axis).map { chunkShape[$0] }
      let others = other.sizes.index(of: element.axis).map { other.chunkShape[$0] }
      return Swift.max(own ?? 1, others ?? 1)
    }
    return LazyArray(
      try .checked(
        .pair(node, other.node, operation), sizes: matched,
        sampleType: operation.resultType(sampleType, other.sampleType), chunkShape: chunks))
  }

  /// Arithmetic with a number on the right, or on the left.
  public func applying(
    _ operation: ArithmeticOperation, _ number: Double, isLeft: Bool
  ) throws -> LazyArray {
    LazyArray(
      try .checked(
        .number(node, operation, number, isLeft: isLeft), sizes: sizes,
        sampleType: operation.resultType(sampleType, sampleType), chunkShape: chunkShape))
  }

  /// Arithmetic with an array in memory, such as a dark frame.
  public func applying(
    _ operation: ArithmeticOperation, _ other: AnyNDArray
  ) throws -> LazyArray {
    try applying(operation, LazyArray(other))
  }

  /// A function of the elements, deferred.
  ///
  /// - Parameters:
  ///   - type: the number type of what `body` gives.
  ///   - body: gets a block and returns one with the same axes and sizes. It is called from several
  ///     threads, with blocks of any size, each element once; it must not depend on neighbours.
  public func mapBlocks(
    to type: SampleType, _ body: @escaping @Sendable (AnyNDArray) throws -> AnyNDArray
  ) throws -> LazyArray {
    LazyArray(
      try .checked(
        .map(node, body), sizes: sizes, sampleType: type, chunkShape: chunkShape))
  }
}

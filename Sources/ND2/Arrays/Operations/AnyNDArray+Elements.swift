// What becomes of each element on its own.
extension AnyNDArray {
  /// Elements that are converted at a time, so that they stay in the cache.
  private static let elementsOfBlock = 2048
  /// Blocks that a thread takes at a time.
  private static let blocksOfPiece = 128

  /// The array with another number type.
  ///
  /// The array itself when it has the type. Large arrays are worked on by all cores.
  ///
  /// - Throws: ``ND2Error/Code/limitExceeded`` when the memory cannot be had.
  public func cast(to type: SampleType, _ rule: CastRule) throws -> AnyNDArray {
    try cast(to: type, rule, threads: nil)
  }

  /// The array with another number type; by one thread for each core when no number is given.
  func cast(to type: SampleType, _ rule: CastRule, threads: Int?) throws -> AnyNDArray {
    if type == sampleType { return self }
    let result = try ResultArray(sizes, type, like: layout.strides)
    let nest = ElementNest(
      shape: result.shape, operands: [(result.order.map { layout.strides[$0] }, layout.offset)],
      blocksOf: Self.elementsOfBlock)
    let source = self
    try Self.each(nest, result.array, operands: [self], threads) { block, scratch, to in
      let from = source.elements(0, of: block, nest, scratch)
      CastKernels.cast(
        from, source.sampleType, to: type, rule, to, count: block.rows * block.columns)
    }
    return result.array
  }

  /// Arithmetic with another array, whose axes are matched by name.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when both have an axis with different sizes,
  ///   ``ND2Error/Code/limitExceeded`` when the memory cannot be had.
  public func applying(
    _ operation: ArithmeticOperation, _ other: AnyNDArray
  ) throws -> AnyNDArray {
    try applying(operation, other, threads: nil)
  }

  /// Arithmetic with another array; by one thread for each core when no number is given.
  func applying(
    _ operation: ArithmeticOperation, _ other: AnyNDArray, threads: Int?
  ) throws -> AnyNDArray {
    let match = try AxisMatch(sizes, other.sizes)
    let type = operation.resultType(sampleType, other.sampleType)
    let extra = match.sizes.count - sizes.count
    let left = layout.strides + [Int](repeating: 0, count: extra)
    var right = [Int](repeating: 0, count: match.sizes.count)
    for (place, stride) in zip(match.rightPlaces, other.layout.strides) { right[place] = stride }
    let result = try ResultArray(match.sizes, type, like: left)
    let nest = ElementNest(
      shape: result.shape,
      operands: [
        (result.order.map { left[$0] }, layout.offset),
        (result.order.map { right[$0] }, other.layout.offset),
      ], blocksOf: Self.elementsOfBlock)
    let (a, b) = (self, other)
    try Self.each(nest, result.array, operands: [a, b], threads) { block, scratch, to in
      let half = scratch + Self.elementsOfBlock * 16
      ArithmeticKernels.apply(
        operation, type, a.operand(0, of: block, nest, as: type, scratch),
        b.operand(1, of: block, nest, as: type, half), to, count: block.rows * block.columns)
    }
    return result.array
  }

  /// Arithmetic with a number on the right, or on the left.
  ///
  /// The result is `float32` for elements that it holds (8- and 16-bit integers and `float32`), and
  /// the number is taken as one; else the result is `float64`.
  ///
  /// - Throws: ``ND2Error/Code/limitExceeded`` when the memory cannot be had.
  public func applying(
    _ operation: ArithmeticOperation, _ number: Double, isLeft: Bool
  ) throws -> AnyNDArray {
    try applying(operation, number, isLeft: isLeft, threads: nil)
  }

  /// Arithmetic with a number; by one thread for each core when no number is given.
  func applying(
    _ operation: ArithmeticOperation, _ number: Double, isLeft: Bool, threads: Int?
  ) throws -> AnyNDArray {
    let type = operation.resultType(sampleType, sampleType)
    let result = try ResultArray(sizes, type, like: layout.strides)
    let nest = ElementNest(
      shape: result.shape, operands: [(result.order.map { layout.strides[$0] }, layout.offset)],
      blocksOf: Self.elementsOfBlock)
    let array = self
    try Self.each(nest, result.array, operands: [self], threads) { block, scratch, to in
      let operand = array.operand(0, of: block, nest, as: type, scratch)
      let number = ArithmeticKernels.Operand.number(number)
      ArithmeticKernels.apply(
        operation, type, isLeft ? number : operand, isLeft ? operand : number, to,
        count: block.rows * block.columns)
    }
    return result.array
  }
}

// Blocks.
extension AnyNDArray {
  /// Calls `body` with every block of a result, memory for two operands, and the place of the block
  /// in the result.
  private static func each(
    _ nest: ElementNest, _ result: AnyNDArray, operands: [AnyNDArray], _ threads: Int?,
    _ body:
      @escaping @Sendable (ElementNest.Block, UnsafeMutableRawPointer, UnsafeMutableRawPointer) ->
      Void
  ) throws {
    let size = result.sampleType.byteCount
    let pieces = (nest.blockCount + blocksOfPiece - 1) / blocksOfPiece
    let bytes = operands.reduce(result.byteCount) { $0 + $1.byteCount }
    let threads = ParallelWork.threadCount(threads, byteCount: bytes)
    try ParallelWork.run(count: pieces, threads: threads) { piece in
      let first = piece * blocksOfPiece
      withUnsafeTemporaryAllocation(byteCount: elementsOfBlock * 32, alignment: 64) { scratch in
        guard let scratch = scratch.baseAddress, let to = result.storage.bytes.baseAddress else {
          return
        }
        for number in first..<Swift.min(first + blocksOfPiece, nest.blockCount) {
          let block = nest.block(number)
          body(block, scratch, to + block.start * size)
        }
      }
    }
    withExtendedLifetime(operands) {}
  }

  /// The elements of a block side by side: where they are, or copied to memory.
  func elements(
    _ operand: Int, of block: ElementNest.Block, _ nest: ElementNest,
    _ scratch: UnsafeMutableRawPointer
  ) -> UnsafeRawPointer {
    let size = sampleType.byteCount
    guard let source = storage.bytes.baseAddress else { return UnsafeRawPointer(scratch) }
    if nest.run(operand, block) == .dense {
      return UnsafeRawPointer(source) + block.offsets[operand] * size
    }
    nest.gather(operand, block, source, elementByteCount: size, to: scratch)
    return UnsafeRawPointer(scratch)
  }

  /// The elements of a block as numbers of a floating-point type; needs memory for 16 bytes of each.
  private func operand(
    _ operand: Int, of block: ElementNest.Block, _ nest: ElementNest, as type: SampleType,
    _ scratch: UnsafeMutableRawPointer
  ) -> ArithmeticKernels.Operand {
    if nest.run(operand, block) == .same {
      return .number(value(at: block.offsets[operand]))
    }
    let from = elements(operand, of: block, nest, scratch)
    if let operand = ArithmeticKernels.Operand(from, of: sampleType, as: type) { return operand }
    let converted = scratch + Self.elementsOfBlock * 8
    CastKernels.cast(
      from, sampleType, to: type, .saturating, converted, count: block.rows * block.columns)
    return .elements(UnsafeRawPointer(converted))
  }
}

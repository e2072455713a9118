// Reductions whose result has a type that is known when the program is built.
extension NDArray {
  /// The greatest elements along axes, which the result does not have; all axes when none is named.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for axes that the array does not have, and when there
  ///   are no elements along them.
  public func max(over axes: Axis...) throws -> NDArray {
    NDArray(try erased.reduced(.max, over: axes))
  }

  /// The least elements along axes, which the result does not have; all axes when none is named.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for axes that the array does not have, and when there
  ///   are no elements along them.
  public func min(over axes: Axis...) throws -> NDArray {
    NDArray(try erased.reduced(.min, over: axes))
  }

  /// Sums along axes, which the result does not have; all axes when none is named.
  ///
  /// Sums of integers are exact, up to the rounding of the result.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for axes that the array does not have.
  public func sum(over axes: Axis...) throws -> NDArray<Double> {
    NDArray<Double>(try erased.reduced(.sum, over: axes))
  }

  /// Means along axes, which the result does not have; all axes when none is named.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for axes that the array does not have.
  public func mean(over axes: Axis...) throws -> NDArray<Double> {
    NDArray<Double>(try erased.reduced(.mean, over: axes))
  }

  /// Standard deviations along axes, which the result does not have; all axes when none is named.
  ///
  /// The elements are taken as the whole population: the sum of squares is divided by their number.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for axes that the array does not have.
  public func standardDeviation(over axes: Axis...) throws -> NDArray<Double> {
    NDArray<Double>(try erased.reduced(.standardDeviation, over: axes))
  }

  /// The greatest of all elements; nil when there are none, not a number when one is not.
  public func max() -> Scalar? { extreme(.max) }

  /// The least of all elements; nil when there are none, not a number when one is not.
  public func min() -> Scalar? { extreme(.min) }

  /// The sum of all elements; exact for integers, up to the rounding of the result.
  public func sum() -> Double { erased.sum() }

  /// The mean of all elements; not a number when there are none.
  public func mean() -> Double { erased.mean() }

  /// The standard deviation of all elements as the whole population (divided by n); not a number when
  /// there are none.
  public func standardDeviation() -> Double { erased.standardDeviation() }

  private func extreme(_ reduction: Reduction) -> Scalar? {
    guard count > 0, let result = try? erased.reduced(reduction, over: []) else { return nil }
    return NDArray(result)[[]]
  }
}

// Each element on its own.
extension NDArray {
  /// The array with another number type.
  ///
  /// For arithmetic of arrays use ``erased``: the type of its result depends on both operands.
  ///
  /// ```swift
  /// let bytes = try pixels.cast(to: UInt8.self)                  // above 255 becomes 255
  /// let difference = try (pixels.erased - background.erased).cast(to: .float32)
  /// ```
  ///
  /// - Throws: ``ND2Error/Code/limitExceeded`` when the memory cannot be had.
  public func cast<Other: PixelScalar>(
    to type: Other.Type, _ rule: CastRule = .saturating
  ) throws -> NDArray<Other> {
    NDArray<Other>(try erased.cast(to: Other.sampleType, rule))
  }

  /// What a function makes of each element.
  ///
  /// - Throws: what `transform` throws, and ``ND2Error/Code/limitExceeded`` when the memory cannot be
  ///   had.
  @inlinable
  public func map<Other: PixelScalar>(
    _ transform: (Scalar) throws -> Other
  ) throws -> NDArray<Other> {
    var result = try NDArray<Other>(zeros: sizes)
    try withUnsafeElements { elements in
      try result.withUnsafeMutableElements { results in
        for (index, element) in elements.enumerated() { results[index] = try transform(element) }
      }
    }
    return result
  }
}

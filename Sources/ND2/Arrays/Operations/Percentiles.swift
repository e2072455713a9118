// Percentiles: numbers below which a part of the elements lies.
extension AnyNDArray {
  /// The number below which so many percent of all elements lie.
  ///
  /// Between two neighbours it is interpolated linearly, as NumPy does. Not a number when there are
  /// no elements, or when one is not a number.
  ///
  /// - Parameter percent: from 0, the least element, to 100, the greatest.
  /// - Throws: ``ND2Error/Code/invalidRequest`` for other percentages.
  public func percentile(_ percent: Double) throws -> Double {
    try percentiles([percent])[0]
  }

  /// Several percentiles of all elements, found together; see ``percentile(_:)``.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for percentages outside 0…100.
  public func percentiles(_ percents: [Double]) throws -> [Double] {
    try percentiles(percents, threads: nil)
  }

  /// The middle of all elements: the 50th percentile.
  public func median() throws -> Double { try percentile(50) }

  /// Percentiles along axes, which the result does not have, as `float64`; see ``percentile(_:)``.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for percentages outside 0…100 and for axes that the
  ///   array does not have.
  public func percentile(_ percent: Double, over axis: Axis, _ more: Axis...) throws -> AnyNDArray {
    try percentile(percent, over: [axis] + more, threads: nil)
  }

  /// Medians along axes, which the result does not have, as `float64`.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for axes that the array does not have.
  public func median(over axis: Axis, _ more: Axis...) throws -> AnyNDArray {
    try percentile(50, over: [axis] + more, threads: nil)
  }
}

extension NDArray {
  /// The number below which so many percent of all elements lie; see
  /// ``AnyNDArray/percentile(_:)``.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for percentages outside 0…100.
  public func percentile(_ percent: Double) throws -> Double { try erased.percentile(percent) }

  /// Several percentiles of all elements, found together; see ``AnyNDArray/percentile(_:)``.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for percentages outside 0…100.
  public func percentiles(_ percents: [Double]) throws -> [Double] {
    try erased.percentiles(percents)
  }

  /// The middle of all elements: the 50th percentile.
  public func median() throws -> Double { try erased.median() }

  /// Percentiles along axes, which the result does not have; see ``AnyNDArray/percentile(_:)``.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for percentages outside 0…100 and for axes that the
  ///   array does not have.
  public func percentile(
    _ percent: Double, over axis: Axis, _ more: Axis...
  ) throws -> NDArray<Double> {
    NDArray<Double>(try erased.percentile(percent, over: [axis] + more, threads: nil))
  }

  /// Medians along axes, which the result does not have.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for axes that the array does not have.
  public func median(over axis: Axis, _ more: Axis...) throws -> NDArray<Double> {
    NDArray<Double>(try erased.percentile(50, over: [axis] + more, threads: nil))
  }
}

/// Where a percentile lies among sorted elements: between two neighbours.
struct Rank: Hashable, Sendable {
  /// Place of the lower neighbour.
  let lower: Int
  /// Place of the upper one; the same when nothing lies between.
  let upper: Int
  /// How far the percentile is from the lower one to the upper one, 0 ..< 1.
  let fraction: Double

  /// The place of a percentile among `count` elements, at least one.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a percentage outside 0…100.
  init(_ percent: Double, of count: Int) throws {
    guard percent >= 0, percent <= 100 else {
      throw ND2Error.invalidRequest("the percentile \(percent) is outside 0…100")
    }
    let place = percent / 100 * Double(Swift.max(1, count) - 1)
    let whole = Swift.min(Int(exactly: place.rounded(.down)) ?? 0, Swift.max(0, count - 1))
    lower = whole
    fraction = place - Double(whole)
    upper = fraction > 0 ? Swift.min(whole + 1, Swift.max(0, count - 1)) : whole
  }

  /// The number between two neighbours.
  func between(_ low: Double, _ high: Double) -> Double {
    if low == high || fraction == 0 { return low }
    let difference = high - low
    return fraction < 0.5 ? low + difference * fraction : high - difference * (1 - fraction)
  }
}

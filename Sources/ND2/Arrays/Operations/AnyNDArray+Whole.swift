// Reductions of all elements to a number.
extension AnyNDArray {
  /// The greatest of all elements; nil when there are none, not a number when one is not.
  public func max() -> Double? { extreme(.max) }

  /// The least of all elements; nil when there are none, not a number when one is not.
  public func min() -> Double? { extreme(.min) }

  /// The sum of all elements; exact for integers, up to the rounding of the result.
  public func sum() -> Double { whole(.sum) ?? 0 }

  /// The mean of all elements; not a number when there are none.
  public func mean() -> Double { whole(.mean) ?? .nan }

  /// The standard deviation of all elements as the whole population (divided by n); not a number when
  /// there are none.
  public func standardDeviation() -> Double { whole(.standardDeviation) ?? .nan }

  private func extreme(_ reduction: Reduction) -> Double? { count == 0 ? nil : whole(reduction) }

  /// Nil when there is not even memory for one number.
  private func whole(_ reduction: Reduction) -> Double? {
    (try? reduced(reduction, over: []))?.scalar
  }
}

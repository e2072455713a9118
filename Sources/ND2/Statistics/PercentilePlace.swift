/// Where a percentile lies among elements in ascending order, by linear interpolation as NumPy does.
struct PercentilePlace: Hashable, Sendable {
  /// Rank of the element at or before it, from 0.
  let lower: Int
  /// Rank of the element at or behind it.
  let upper: Int
  /// How far it is from the one to the other, 0 to 1.
  private let share: Double

  /// - Parameters:
  ///   - percent: the percentage; what is outside 0 to 100 counts as the nearer of both.
  ///   - count: number of elements, 1 or more.
  init(_ percent: Double, count: Int) {
    let place = Double(count - 1) * (min(max(percent, 0), 100) / 100)
    lower = min(Int(exactly: place.rounded(.down)) ?? 0, max(0, count - 1))
    upper = min(lower + 1, max(0, count - 1))
    share = place - place.rounded(.down)
  }

  /// The percentile, from the elements of both ranks.
  func value(between low: Double, and high: Double) -> Double {
    // Two equal infinities have no difference.
    if low == high || share == 0 { return low }
    let difference = high - low
    return share < 0.5 ? low + difference * share : high - difference * (1 - share)
  }

  /// Checks percentages that a caller asks for.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for one outside 0 to 100.
  static func check(_ percents: [Double]) throws {
    for percent in percents where !(0...100).contains(percent) {
      throw ND2Error.invalidRequest("a percentile goes from 0 to 100; \(percent) does not")
    }
  }
}

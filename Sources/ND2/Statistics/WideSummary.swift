/// What is known of samples of 32 or 64 bits beside the distribution of their keys.
struct WideSummary: Sendable {
  /// Number, mean and squares of the finite elements.
  var moments = Moments()
  /// Elements that are not a number.
  var nanCount = 0
  /// Elements that are zero.
  var zeroCount = 0
  /// Elements that are saturated.
  var saturatedCount = 0
  /// Infinite elements, by sign.
  var positiveInfinityCount = 0
  var negativeInfinityCount = 0
  /// The least and the greatest element, as keys.
  var leastKey = UInt64.max
  var greatestKey = UInt64.min

  /// Number of elements that are a number.
  var count: Int { moments.count + positiveInfinityCount + negativeInfinityCount }

  /// Adds what is known of other samples.
  mutating func merge(_ other: WideSummary) {
    moments.merge(other.moments)
    nanCount += other.nanCount
    zeroCount += other.zeroCount
    saturatedCount += other.saturatedCount
    positiveInfinityCount += other.positiveInfinityCount
    negativeInfinityCount += other.negativeInfinityCount
    leastKey = min(leastKey, other.leastKey)
    greatestKey = max(greatestKey, other.greatestKey)
  }

  /// The mean; NaN without elements.
  var mean: Double {
    switch (negativeInfinityCount > 0, positiveInfinityCount > 0) {
    case (false, false): moments.count > 0 ? moments.mean : .nan
    case (false, true): .infinity
    case (true, false): -.infinity
    case (true, true): .nan
    }
  }

  /// The standard deviation, divided by n; NaN without elements and with infinite ones.
  var standardDeviation: Double {
    guard moments.count > 0, moments.count == count else { return .nan }
    return (moments.squares / Double(moments.count)).squareRoot()
  }
}

extension WideSummary {
  /// Number, mean, and sum of the squared distances from it.
  struct Moments: Sendable {
    var count = 0
    var mean = 0.0
    var squares = 0.0

    init() {}

    /// The moments of some numbers.
    init(_ values: UnsafeBufferPointer<Double>) {
      guard !values.isEmpty else { return }
      count = values.count
      mean = Self.sum(values) { $0 } / Double(count)
      let center = mean
      squares = Self.sum(values) { ($0 - center) * ($0 - center) }
    }

    /// Adds the moments of other numbers (Chan, Golub, LeVeque 1979).
    mutating func merge(_ other: Moments) {
      guard other.count > 0 else { return }
      guard count > 0 else {
        self = other
        return
      }
      let total = Double(count) + Double(other.count)
      let distance = other.mean - mean
      squares += other.squares + distance * distance * (Double(count) / total) * Double(other.count)
      mean += distance * (Double(other.count) / total)
      count += other.count
    }

    /// A sum in four lanes, so that additions need not wait for each other.
    @inline(__always)
    private static func sum(
      _ values: UnsafeBufferPointer<Double>, _ term: (Double) -> Double
    ) -> Double {
      var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0)
      var index = 0
      while index &+ 4 <= values.count {
        a += term(values[index])
        b += term(values[index &+ 1])
        c += term(values[index &+ 2])
        d += term(values[index &+ 3])
        index &+= 4
      }
      while index < values.count {
        a += term(values[index])
        index &+= 1
      }
      return (a + b) + (c + d)
    }
  }
}

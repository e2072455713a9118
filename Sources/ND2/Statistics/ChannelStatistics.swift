/// The distribution of the pixel values of one channel, or of one colour of a colour channel.
///
/// ```swift
/// for channel in try file.channelStatistics() {
///   print(channel.name, channel.mean, channel.percentile(99) ?? .nan, channel.saturatedShare)
/// }
/// ```
///
/// Pixels of frames that are missing or damaged, and elements that are not a number, are counted but
/// have no part in the statistics.
public struct ChannelStatistics: Hashable, Sendable {
  /// A colour of a pixel of several samples.
  public enum Sample: String, Hashable, Sendable, CaseIterable {
    /// The red sample.
    case red = "R"
    /// The green sample.
    case green = "G"
    /// The blue sample.
    case blue = "B"
  }

  /// A percentile: the value that so many percent of the elements do not exceed.
  public struct Percentile: Hashable, Sendable {
    /// The percentage, 0 to 100.
    public var percent: Double
    /// The value, interpolated between the two nearest elements; NaN without elements.
    public var value: Double

    /// Creates a percentile.
    public init(percent: Double, value: Double) {
      self.percent = percent
      self.value = value
    }
  }

  /// The percentages of the percentiles when nothing else is asked for.
  public static let usualPercentiles: [Double] = [1, 5, 25, 50, 75, 95, 99]

  /// Name of the channel.
  public var name: String
  /// Index of the channel along the channel axis.
  public var channel: Int
  /// The colour, for files whose pixels have an axis of colour samples; else nil.
  public var sample: Sample?
  /// The number type of the elements.
  public var sampleType: SampleType
  /// Number of elements that the statistics are about.
  public var count: Int
  /// The least element; NaN without elements.
  public var minimum: Double
  /// The greatest element; NaN without elements.
  public var maximum: Double
  /// The mean; NaN without elements.
  public var mean: Double
  /// The standard deviation of the elements as the whole population (divided by n); NaN without
  /// elements and where elements are infinite.
  public var standardDeviation: Double
  /// The percentiles that were asked for, in that order.
  public var percentiles: [Percentile]
  /// The largest number that the significant bits of the file's samples hold, such as 4095 for 12
  /// bits; nil for floating-point samples.
  public var saturationValue: Double?
  /// Number of elements that are at ``saturationValue`` or above it.
  public var saturatedCount: Int
  /// Number of elements that are zero.
  public var zeroCount: Int
  /// Number of elements that are not a number, and were left out.
  public var nanCount: Int
  /// Number of frames that are missing, cut off or damaged, and were left out.
  public var missingFrameCount: Int
  /// How often each value occurs, for samples of 8 and 16 bits; nil for others.
  public var histogram: ValueHistogram?
}

extension ChannelStatistics {
  /// Name of the channel, with the colour where there is one: `Brightfield R`.
  public var label: String { sample.map { "\(name) \($0.rawValue)" } ?? name }

  /// Share of the elements that are at ``saturationValue`` or above it, 0 to 1; nil for
  /// floating-point samples, which have none. NaN without elements.
  public var saturatedShare: Double? {
    saturationValue.map { _ in Double(saturatedCount) / Double(count) }
  }

  /// Share of the elements that are zero, 0 to 1; NaN without elements.
  public var zeroShare: Double { Double(zeroCount) / Double(count) }

  /// A percentile: one of those that were asked for, or any for samples of 8 and 16 bits; else nil.
  public func percentile(_ percent: Double) -> Double? {
    if let known = percentiles.first(where: { $0.percent == percent }) { return known.value }
    return (0...100).contains(percent) ? histogram?.percentile(percent) : nil
  }
}

/// How often each whole number occurs among samples of 8 or 16 bits.
public struct ValueHistogram: Hashable, Sendable {
  /// The number that the first of ``counts`` is about: the least that occurs.
  public let firstValue: Int
  /// How often each number occurs, from the least to the greatest; empty without elements.
  public let counts: [Int]
  /// Number of elements.
  public let count: Int

  /// Creates a histogram; zeros at its ends are left out.
  ///
  /// - Parameters:
  ///   - firstValue: the number that the first count is about.
  ///   - counts: how often each number occurs, ascending.
  init(firstValue: Int, counts: some RandomAccessCollection<Int>) {
    let first = counts.firstIndex { $0 > 0 } ?? counts.endIndex
    let last = counts.lastIndex { $0 > 0 }.map { counts.index(after: $0) } ?? counts.endIndex
    let skipped = counts.distance(from: counts.startIndex, to: first)
    self.counts = Array(counts[first..<last])
    self.firstValue = self.counts.isEmpty ? 0 : firstValue + skipped
    count = self.counts.reduce(0, +)
  }

  /// How often a number occurs.
  public subscript(value: Int) -> Int {
    let (place, overflow) = value.subtractingReportingOverflow(firstValue)
    return !overflow && counts.indices.contains(place) ? counts[place] : 0
  }

  /// The least number that occurs; nil without elements.
  public var minimum: Int? { counts.isEmpty ? nil : firstValue }

  /// The greatest number that occurs; nil without elements.
  public var maximum: Int? { counts.isEmpty ? nil : firstValue + counts.count - 1 }

  /// A percentile, interpolated linearly between the two nearest elements as NumPy does; NaN without
  /// elements.
  ///
  /// - Parameter percent: 0 to 100; what is beyond counts as the nearer of both.
  public func percentile(_ percent: Double) -> Double {
    guard count > 0, let rank = try? Rank(min(max(percent, 0), 100), of: count) else {
      return .nan
    }
    return rank.between(element(rank.lower), element(rank.upper))
  }

  /// Number of elements that are at least `value`.
  func count(from value: Int) -> Int {
    let start = max(0, value - firstValue)
    return start < counts.count ? counts[start...].reduce(0, +) : 0
  }

  /// The element of a rank in ascending order.
  private func element(_ rank: Int) -> Double {
    var seen = 0
    for (place, count) in counts.enumerated() {
      seen += count
      if seen > rank { return Double(firstValue + place) }
    }
    return Double(firstValue + counts.count - 1)
  }

  /// The mean; NaN without elements.
  var mean: Double {
    guard count > 0 else { return .nan }
    var sum = Int128(0)
    for (place, count) in counts.enumerated() where count > 0 {
      sum += Int128(firstValue + place) * Int128(count)
    }
    return Double(sum) / Double(count)
  }

  /// The standard deviation, divided by n; NaN without elements.
  var standardDeviation: Double {
    guard count > 0 else { return .nan }
    let mean = mean
    var sum = 0.0
    for (place, count) in counts.enumerated() where count > 0 {
      let distance = Double(firstValue + place) - mean
      sum += distance * distance * Double(count)
    }
    return (sum / Double(count)).squareRoot()
  }
}

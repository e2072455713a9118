/// How many elements lie within each of several bins of equal width.
public struct Histogram: Hashable, Sendable {
  /// Numbers of elements, one for each bin.
  public let counts: [Int]
  /// Ends of the bins, one more than there are bins.
  ///
  /// A bin has its lower end and not its upper one; only the last bin has both.
  public let edges: [Double]

  /// Number of elements that lie within the bins.
  public var total: Int { counts.reduce(0, +) }

  /// Most bins that a histogram may have.
  public static let mostBins = 1 << 24
}

extension AnyNDArray {
  /// Counts elements by their size, in bins of equal width.
  ///
  /// The bins are those of `numpy.histogram`. Elements outside the range, and those that are not a
  /// number, are not counted.
  ///
  /// - Parameters:
  ///   - bins: number of bins, at most ``Histogram/mostBins``.
  ///   - range: lower end of the first bin and upper end of the last one; the least and the greatest
  ///     element when it is not given. When both are equal, the range is widened by ½ on both sides;
  ///     without elements it is 0…1.
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a number of bins that is not allowed, and for a
  ///   range that is not finite or is reversed.
  public func histogram(
    bins: Int, range: (lower: Double, upper: Double)? = nil
  ) throws -> Histogram {
    try histogram(bins: bins, range: range, threads: nil)
  }

  /// Histograms of the elements at each index of an axis, such as one for each channel.
  ///
  /// - Parameters:
  ///   - axis: the axis.
  ///   - bins: number of bins, at most ``Histogram/mostBins``.
  ///   - range: lower end of the first bin and upper end of the last one; the least and the greatest
  ///     element at each index when it is not given.
  /// - Throws: ``ND2Error/Code/invalidRequest`` for an axis that the array does not have, a number of
  ///   bins that is not allowed, and for a range that is not finite or is reversed.
  public func histograms(
    along axis: Axis, bins: Int, range: (lower: Double, upper: Double)? = nil
  ) throws -> [Histogram] {
    let place = try sizes.place(of: axis)
    try HistogramBins.check(bins, range)
    return try (0..<sizes[place].count).map { index in
      try view(place, index..<(index + 1)).histogram(bins: bins, range: range, threads: nil)
    }
  }

  /// Counts elements by their size; by one thread for each core when no number is given.
  func histogram(
    bins: Int, range: (lower: Double, upper: Double)?, threads: Int?
  ) throws -> Histogram {
    try HistogramBins.check(bins, range)
    let found = try range ?? numberRange(threads: threads)
    let scale = try HistogramBins(bins, found)
    let counts = try sampleType.isNarrow ? narrowCounts(scale, threads) : counts(scale, threads)
    return Histogram(counts: counts, edges: scale.edges)
  }

  /// Counts 8- and 16-bit integers, of which there are few different ones.
  private func narrowCounts(_ bins: HistogramBins, _ threads: Int?) throws -> [Int] {
    var counts = [Int](repeating: 0, count: bins.count)
    let digits = try DigitCounts(self, shift: 0, prefix: 0, threads: threads)
    for (digit, number) in digits.counts.enumerated() where number > 0 {
      if let bin = bins.bin(of: CountKernels.number(UInt64(digit), sampleType)) {
        counts[bin] += number
      }
    }
    return counts
  }

  private func counts(_ bins: HistogramBins, _ threads: Int?) throws -> [Int] {
    let all = Lock([Int](repeating: 0, count: bins.count))
    let type = sampleType
    try blocks(threads: threads) {
      BinCounters(bins.count)
    } body: { (counters: BinCounters, x: UnsafeRawPointer, count: Int) in
      BinKernels.count(type, x, count: count, bins, &counters.counts)
    } end: { counters in
      all.withLock { all in
        for (bin, count) in counters.counts.enumerated() { all[bin] += count }
      }
    }
    return all.withLock { $0 }
  }

  /// The least and the greatest number.
  private func numberRange(threads: Int?) throws -> (lower: Double, upper: Double) {
    let all = Lock<(Double, Double)>((.infinity, -.infinity))
    let type = sampleType
    try blocks(threads: threads) {
      BinRange()
    } body: { (range: BinRange, x: UnsafeRawPointer, count: Int) in
      range.extend(ExtremeKernels.range(type, x, count: count))
    } end: { range in
      all.withLock { $0 = (Swift.min($0.0, range.lower), Swift.max($0.1, range.upper)) }
    }
    let range = all.withLock { $0 }
    return range.0 <= range.1 ? (lower: range.0, upper: range.1) : (lower: 0, upper: 1)
  }
}

extension NDArray {
  /// Counts elements by their size; see ``AnyNDArray/histogram(bins:range:)``.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a number of bins that is not allowed, and for a
  ///   range that is not finite or is reversed.
  public func histogram(
    bins: Int, range: (lower: Double, upper: Double)? = nil
  ) throws -> Histogram {
    try erased.histogram(bins: bins, range: range)
  }

  /// Histograms of the elements at each index of an axis; see
  /// ``AnyNDArray/histograms(along:bins:range:)``.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for an axis that the array does not have, a number of
  ///   bins that is not allowed, and for a range that is not finite or is reversed.
  public func histograms(
    along axis: Axis, bins: Int, range: (lower: Double, upper: Double)? = nil
  ) throws -> [Histogram] {
    try erased.histograms(along: axis, bins: bins, range: range)
  }
}

/// What one thread counts.
private final class BinCounters: @unchecked Sendable {
  var counts: [Int]
  init(_ count: Int) { counts = [Int](repeating: 0, count: count) }
}

/// The numbers that one thread has seen.
private final class BinRange: @unchecked Sendable {
  var lower = Double.infinity
  var upper = -Double.infinity

  func extend(_ range: (Double, Double)?) {
    guard let range else { return }
    lower = Swift.min(lower, range.0)
    upper = Swift.max(upper, range.1)
  }
}

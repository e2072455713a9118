/// Bins of equal width, as `numpy.histogram` makes them.
struct HistogramBins: Sendable {
  /// Ends of the bins.
  let edges: [Double]
  /// Number of bins.
  let count: Int
  private let lower: Double
  private let upper: Double
  /// Bins for each unit.
  private let scale: Double
  /// The last bin.
  private let last: Double

  /// - Throws: ``ND2Error/Code/invalidRequest`` for what no histogram can have.
  static func check(_ bins: Int, _ range: (lower: Double, upper: Double)?) throws {
    guard bins > 0, bins <= Histogram.mostBins else {
      throw ND2Error.invalidRequest(
        "a histogram cannot have \(bins) bins, only 1…\(Histogram.mostBins)")
    }
    guard let range else { return }
    guard (range.upper - range.lower).isFinite else {
      throw ND2Error.invalidRequest(
        "the range \(range.lower)…\(range.upper) of a histogram is not finite")
    }
    guard range.lower <= range.upper else {
      throw ND2Error.invalidRequest(
        "the range \(range.lower)…\(range.upper) of a histogram is reversed")
    }
  }

  /// Bins of a range.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for what no histogram can have.
  init(_ bins: Int, _ range: (lower: Double, upper: Double)) throws {
    try Self.check(bins, range)
    let isPoint = range.lower == range.upper
    lower = isPoint ? range.lower - 0.5 : range.lower
    upper = isPoint ? range.upper + 0.5 : range.upper
    count = bins
    last = Double(bins - 1)
    scale = Double(bins) / (upper - lower)
    let (start, step) = (lower, (upper - lower) / Double(bins))
    edges = (0..<bins).map { Double($0) * step + start } + [upper]
  }

  /// The bin of a number; nil for one outside.
  func bin(of number: Double) -> Int? {
    edges.withUnsafeBufferPointer { edges in
      edges.baseAddress.flatMap { bin(of: number, $0) }
    }
  }

  /// The bin of a number; nil for one outside.
  @inline(__always)
  func bin(of number: Double, _ edges: UnsafePointer<Double>) -> Int? {
    guard number >= lower, number <= upper else { return nil }
    return corrected(Int(guess(number)), number, edges)
  }

  /// About the bin of a number.
  @inline(__always)
  func guess(_ number: Double) -> Int32 {
    // Numbers of this size have no fractions, and the bits of a whole number at their end.
    let shift = 4_503_599_627_370_496.0  // 2⁵²
    // They round to the nearest whole number: half less is the one below.
    var place = (number - lower) * scale - 0.5
    place = place > 0 ? place : 0
    place = place < last ? place : last
    return Int32(truncatingIfNeeded: (place + shift).bitPattern)
  }

  /// The bin of a number within the range, which may be a neighbour of `bin`.
  @inline(__always)
  func corrected(_ bin: Int, _ number: Double, _ edges: UnsafePointer<Double>) -> Int {
    let isAbove = number >= edges[bin]
    if isAbove, bin == count &- 1 || number < edges[bin &+ 1] { return bin }
    return searched(isAbove ? bin &+ 1 : 0, isAbove ? count : bin, number, edges)
  }

  /// The last of some bins whose lower end is not above a number, or the first.
  private func searched(
    _ first: Int, _ end: Int, _ number: Double, _ edges: UnsafePointer<Double>
  ) -> Int {
    var (low, high) = (first, end)
    while high &- low > 1 {
      let middle = low &+ (high &- low) / 2
      if number >= edges[middle] { low = middle } else { high = middle }
    }
    return low
  }

  /// Whether a number lies within the range.
  @inline(__always)
  func has(_ number: Double) -> Bool { number >= lower && number <= upper }
}

/// Counts numbers in bins, over raw memory. The caller vouches for the sizes.
enum BinKernels {
  /// Counts elements that lie side by side.
  static func count(
    _ type: SampleType, _ x: UnsafeRawPointer, count: Int, _ bins: HistogramBins,
    _ counts: inout [Int]
  ) {
    counts.withUnsafeMutableBufferPointer { counts in
      guard let counts = counts.baseAddress else { return }
      bins.edges.withUnsafeBufferPointer { edges in
        guard let edges = edges.baseAddress else { return }
        switch type {
        case .uint32:
          bin(x.assumingMemoryBound(to: UInt32.self), count, bins, edges, counts) { Double($0) }
        case .int32:
          bin(x.assumingMemoryBound(to: Int32.self), count, bins, edges, counts) { Double($0) }
        case .float32:
          bin(x.assumingMemoryBound(to: Float.self), count, bins, edges, counts) { Double($0) }
        case .float64:
          bin(x.assumingMemoryBound(to: Double.self), count, bins, edges, counts) { $0 }
        case .uint8, .uint16, .int8, .int16: break
        }
      }
    }
  }

  @inline(__always)
  private static func bin<T: BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ count: Int, _ bins: HistogramBins, _ edges: UnsafePointer<Double>,
    _ counts: UnsafeMutablePointer<Int>, _ double: (T) -> Double
  ) {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: 512) { buffer in
      guard let guesses = buffer.baseAddress else { return }
      var start = 0
      while start < count {
        let (part, some) = (x + start, min(512, count &- start))
        for index in 0..<some { guesses[index] = bins.guess(double(part[index])) }
        for index in 0..<some {
          let number = double(part[index])
          if bins.has(number) { counts[bins.corrected(Int(guesses[index]), number, edges)] &+= 1 }
        }
        start &+= some
      }
    }
  }
}

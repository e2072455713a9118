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
    let place = (number - lower) * scale
    var bin = place < Double(count) ? Int(place) : count &- 1
    // Rounding may have brought it to a neighbour.
    while bin > 0, number < edges[bin] { bin &-= 1 }
    while bin < count &- 1, number >= edges[bin &+ 1] { bin &+= 1 }
    return bin
  }
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
    for index in 0..<count {
      if let bin = bins.bin(of: double(x[index]), edges) { counts[bin] &+= 1 }
    }
  }

  /// Widens a range to elements that lie side by side; what is not a number does not count.
  static func extend(
    _ type: SampleType, _ x: UnsafeRawPointer, count: Int, _ lower: inout Double,
    _ upper: inout Double
  ) {
    let range: (Double, Double) =
      switch type {
      case .uint8: extend(x.assumingMemoryBound(to: UInt8.self), count) { Double($0) }
      case .uint16: extend(x.assumingMemoryBound(to: UInt16.self), count) { Double($0) }
      case .uint32: extend(x.assumingMemoryBound(to: UInt32.self), count) { Double($0) }
      case .int8: extend(x.assumingMemoryBound(to: Int8.self), count) { Double($0) }
      case .int16: extend(x.assumingMemoryBound(to: Int16.self), count) { Double($0) }
      case .int32: extend(x.assumingMemoryBound(to: Int32.self), count) { Double($0) }
      case .float32: extend(x.assumingMemoryBound(to: Float.self), count) { Double($0) }
      case .float64: extend(x.assumingMemoryBound(to: Double.self), count) { $0 }
      }
    lower = Swift.min(lower, range.0)
    upper = Swift.max(upper, range.1)
  }

  @inline(__always)
  private static func extend<T: Comparable & BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ count: Int, _ double: (T) -> Double
  ) -> (Double, Double) {
    var first = 0
    while first < count, x[first] != x[first] { first &+= 1 }
    guard first < count else { return (.infinity, -.infinity) }
    var (least, most) = (x[first], x[first])
    for index in first..<count {
      let value = x[index]
      least = value < least ? value : least
      most = value > most ? value : most
    }
    return (double(least), double(most))
  }
}

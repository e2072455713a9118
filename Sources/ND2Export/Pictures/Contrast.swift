public import ND2

/// How the values of a channel become brightness.
public enum PictureContrast: Hashable, Sendable {
  /// Between percentiles of the samples: so many percent are black, and so many at full brightness.
  case automatic(lowPercent: Double = 0.1, highPercent: Double = 0.1)
  /// From the least to the greatest sample.
  case minimumToMaximum
  /// From 0 to the greatest value that the camera can give, so that pictures can be compared. For
  /// floating point and signed samples, which have no such value, as ``minimumToMaximum``.
  case fullScale
  /// Between given values.
  case range(ContrastRange)
  /// Values stay numbers: 300 becomes 300 in a picture of 16 bits. What is beyond the picture's
  /// samples becomes the nearest that they can hold.
  case unchanged

  /// The range for samples of one channel, dense and in machine byte order.
  ///
  /// - Parameters:
  ///   - significantBits: bits of an integer sample that count; nil for all.
  ///   - depth: bits of a sample of the picture.
  public func range(
    of samples: UnsafeRawBufferPointer, type: SampleType, significantBits: Int?, depth: Int
  ) -> ContrastRange {
    switch self {
    case .automatic(let low, let high):
      return .percentiles(of: samples, type: type, lowPercent: low, highPercent: high)
    case .minimumToMaximum:
      return .percentiles(of: samples, type: type, lowPercent: 0, highPercent: 0)
    case .fullScale:
      guard [.uint8, .uint16, .uint32].contains(type) else {
        return .percentiles(of: samples, type: type, lowPercent: 0, highPercent: 0)
      }
      let most = type.byteCount * 8
      let bits = min(max(significantBits ?? most, 1), most)
      return ContrastRange(low: 0, high: Double(UInt64(1) << UInt64(bits) - 1))
    case .range(let range): return range
    case .unchanged: return ContrastRange(low: 0, high: depth == 16 ? 65535 : 255)
    }
  }
}

/// The values that a picture shows as black and as full brightness.
public struct ContrastRange: Hashable, Sendable {
  /// Shown as black.
  public var low: Double
  /// Shown at full brightness; above ``low``.
  public var high: Double

  /// Creates a range; an empty or undefined one is widened so that it can divide.
  public init(low: Double, high: Double) {
    let start = low.isFinite ? low : 0
    self.low = start
    self.high = high.isFinite && high > start ? high : start + max(1, start.magnitude * 1e-6)
  }
}

extension ContrastRange {
  /// The range between two percentiles of the samples, so that single hot or dead pixels do not
  /// darken the picture.
  ///
  /// - Parameters:
  ///   - samples: samples of one channel, dense, in machine byte order.
  ///   - type: their number format.
  ///   - lowPercent: percent of the samples that may be black.
  ///   - highPercent: percent of the samples that may be at full brightness.
  public static func percentiles(
    of samples: UnsafeRawBufferPointer, type: SampleType,
    lowPercent: Double = 0.1, highPercent: Double = 0.1
  ) -> ContrastRange {
    let shares = (low: lowPercent / 100, high: 1 - highPercent / 100)
    return switch type {
    case .uint8: histogram(samples, UInt8.self, shares)
    case .int8: histogram(samples, Int8.self, shares)
    case .uint16: histogram(samples, UInt16.self, shares)
    case .int16: histogram(samples, Int16.self, shares)
    case .uint32: sorted(samples, UInt32.self, shares) { Double($0) }
    case .int32: sorted(samples, Int32.self, shares) { Double($0) }
    case .float32: sorted(samples, Float.self, shares) { Double($0) }
    case .float64: sorted(samples, Double.self, shares) { $0 }
    }
  }

  /// Exact, by counting every value: for types of at most 16 bits.
  @inline(__always)
  private static func histogram<Sample: FixedWidthInteger & BitwiseCopyable>(
    _ samples: UnsafeRawBufferPointer, _: Sample.Type, _ shares: (low: Double, high: Double)
  ) -> ContrastRange {
    let count = samples.count / MemoryLayout<Sample>.size
    guard count > 0 else { return ContrastRange(low: 0, high: 1) }
    let binCount = 1 << Sample.bitWidth
    let smallest = Int(Sample.min)
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: binCount) { bins in
      bins.initialize(repeating: 0)
      for index in 0..<count {
        let value = samples.loadUnaligned(
          fromByteOffset: index &* MemoryLayout<Sample>.size, as: Sample.self)
        bins[Int(value) &- smallest] &+= 1
      }
      func value(at share: Double) -> Double {
        let wanted = Int((Double(count - 1) * min(max(share, 0), 1)).rounded())
        var seen = 0
        for bin in 0..<binCount {
          seen += bins[bin]
          if seen > wanted { return Double(bin + smallest) }
        }
        return Double(binCount - 1 + smallest)
      }
      return ContrastRange(low: value(at: shares.low), high: value(at: shares.high))
    }
  }

  /// By sorting samples evenly taken, at most ``mostSorted`` of them: for wide types.
  @inline(__always)
  private static func sorted<Sample: BitwiseCopyable>(
    _ samples: UnsafeRawBufferPointer, _: Sample.Type, _ shares: (low: Double, high: Double),
    _ convert: (Sample) -> Double
  ) -> ContrastRange {
    let count = samples.count / MemoryLayout<Sample>.size
    guard count > 0 else { return ContrastRange(low: 0, high: 1) }
    let wantsExtremes = shares.low <= 0 && shares.high >= 1
    if wantsExtremes {
      var (least, greatest) = (Double.infinity, -Double.infinity)
      for index in 0..<count {
        let value = convert(
          samples.loadUnaligned(
            fromByteOffset: index &* MemoryLayout<Sample>.size, as: Sample.self))
        guard value.isFinite else { continue }
        if value < least { least = value }
        if value > greatest { greatest = value }
      }
      return least <= greatest
        ? ContrastRange(low: least, high: greatest) : ContrastRange(low: 0, high: 1)
    }
    let step = max(1, count / mostSorted)
    var values: [Double] = []
    values.reserveCapacity(count / step + 1)
    for index in stride(from: 0, to: count, by: step) {
      let value = convert(
        samples.loadUnaligned(
          fromByteOffset: index * MemoryLayout<Sample>.size, as: Sample.self))
      if value.isFinite { values.append(value) }
    }
    guard !values.isEmpty else { return ContrastRange(low: 0, high: 1) }
    values.sort()
    func value(at share: Double) -> Double {
      values[Int((Double(values.count - 1) * min(max(share, 0), 1)).rounded())]
    }
    return ContrastRange(low: value(at: shares.low), high: value(at: shares.high))
  }

  private static let mostSorted = 1 << 18
}

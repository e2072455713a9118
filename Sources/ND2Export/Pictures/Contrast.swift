package import ND2

/// The values that a picture shows as black and as full brightness.
package struct ContrastRange: Hashable, Sendable {
  /// Shown as black.
  package var low: Double
  /// Shown at full brightness; above ``low``.
  package var high: Double

  /// Creates a range; an empty or undefined one is widened so that it can divide.
  package init(low: Double, high: Double) {
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
  package static func percentiles(
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

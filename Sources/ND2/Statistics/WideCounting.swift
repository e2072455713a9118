/// Counts samples of 32 and 64 bits by parts of their ordered keys, 16 bits at a time.
enum WideCounting {
  /// Samples that are summed up together.
  private static let runCount = 1024

  /// Summarises samples and counts the first 16 bits of their keys.
  @inline(never)
  static func survey(
    _ samples: UnsafeRawPointer, _ count: Int, stride: Int, of type: SampleType,
    saturatedFrom limit: UInt64?, into counters: UnsafeMutablePointer<UInt32>,
    _ summary: inout WideSummary
  ) {
    switch type {
    case .float64: survey(Double.self, samples, count, stride, limit, counters, &summary)
    case .float32: survey(Float.self, samples, count, stride, limit, counters, &summary)
    case .int32: survey(Int32.self, samples, count, stride, limit, counters, &summary)
    default: survey(UInt32.self, samples, count, stride, limit, counters, &summary)
    }
  }

  @inline(__always)
  private static func survey<Sample: OrderedSample>(
    _: Sample.Type, _ samples: UnsafeRawPointer, _ count: Int, _ stride: Int, _ limit: UInt64?,
    _ counters: UnsafeMutablePointer<UInt32>, _ summary: inout WideSummary
  ) {
    let shift = Sample.Key(Sample.Key.bitWidth - CountKernels.digitBits)
    let limit = limit.map { Sample.Key(truncatingIfNeeded: $0) }
    let step = stride &* MemoryLayout<Sample>.size
    withUnsafeTemporaryAllocation(of: Double.self, capacity: runCount) { values in
      var (least, greatest) = (Sample.Key.max, Sample.Key.min)
      var (nans, zeros, saturated, above, below) = (0, 0, 0, 0, 0)
      var next = samples
      var rest = count
      while rest > 0 {
        let run = min(rest, runCount)
        var used = 0
        for _ in 0..<run {
          let sample = next.loadUnaligned(as: Sample.self)
          next += step
          if sample.isNotANumber {
            nans &+= 1
            continue
          }
          let key = sample.key
          counters[Int(truncatingIfNeeded: key &>> shift)] &+= 1
          least = min(least, key)
          greatest = max(greatest, key)
          if let limit, key >= limit { saturated &+= 1 }
          let value = sample.exactDouble
          if value == 0 { zeros &+= 1 }
          if value.isInfinite {
            if value > 0 { above &+= 1 } else { below &+= 1 }
            continue
          }
          values[used] = value
          used &+= 1
        }
        summary.moments.merge(WideSummary.Moments(UnsafeBufferPointer(rebasing: values[..<used])))
        rest &-= run
      }
      summary.nanCount += nans
      summary.zeroCount += zeros
      summary.saturatedCount += saturated
      summary.positiveInfinityCount += above
      summary.negativeInfinityCount += below
      if least <= greatest {
        summary.leastKey = min(summary.leastKey, UInt64(least))
        summary.greatestKey = max(summary.greatestKey, UInt64(greatest))
      }
    }
  }

  /// Counts the next 16 bits of those keys that begin with one of some prefixes.
  @inline(never)
  static func refine(
    _ samples: UnsafeRawPointer, _ count: Int, stride: Int, of type: SampleType,
    _ prefixes: PrefixIndex, into counters: UnsafeMutablePointer<UInt32>
  ) {
    switch type {
    case .float64: refine(Double.self, samples, count, stride, prefixes, counters)
    case .float32: refine(Float.self, samples, count, stride, prefixes, counters)
    case .int32: refine(Int32.self, samples, count, stride, prefixes, counters)
    default: refine(UInt32.self, samples, count, stride, prefixes, counters)
    }
  }

  @inline(__always)
  private static func refine<Sample: OrderedSample>(
    _: Sample.Type, _ samples: UnsafeRawPointer, _ count: Int, _ stride: Int,
    _ prefixes: PrefixIndex, _ counters: UnsafeMutablePointer<UInt32>
  ) {
    let topShift = Sample.Key(Sample.Key.bitWidth - CountKernels.digitBits)
    let prefixShift = Sample.Key(Sample.Key.bitWidth - prefixes.bitCount)
    let digitShift = prefixShift &- Sample.Key(CountKernels.digitBits)
    let step = stride &* MemoryLayout<Sample>.size
    prefixes.firstOfTop.withUnsafeBufferPointer { firstOfTop in
      prefixes.sorted.withUnsafeBufferPointer { sorted in
        var next = samples
        for _ in 0..<count {
          let sample = next.loadUnaligned(as: Sample.self)
          next += step
          let key = sample.key
          let first = firstOfTop[Int(truncatingIfNeeded: key &>> topShift)]
          if first == PrefixIndex.none || sample.isNotANumber { continue }
          let prefix = UInt64(truncatingIfNeeded: key &>> prefixShift)
          var place = Int(first)
          while place < sorted.count, sorted[place] < prefix { place &+= 1 }
          if place < sorted.count, sorted[place] == prefix {
            let digit = Int(truncatingIfNeeded: key &>> digitShift) & (CountKernels.digits &- 1)
            counters[place &* CountKernels.digits &+ digit] &+= 1
          }
        }
      }
    }
  }
}

/// Finds out whether a key begins with one of some prefixes, and with which.
struct PrefixIndex: Sendable {
  /// Says that no prefix begins with those 16 bits.
  static let none = UInt32.max

  /// The prefixes, ascending, each once.
  let sorted: [UInt64]
  /// Bits of a prefix: 16, 32 or 48.
  let bitCount: Int
  /// For all values of the first 16 bits the place of the first prefix that begins with them.
  let firstOfTop: [UInt32]

  init(_ prefixes: some Sequence<UInt64>, bitCount: Int) {
    sorted = Set(prefixes).sorted()
    self.bitCount = bitCount
    var first = [UInt32](repeating: Self.none, count: CountKernels.digits)
    for (place, prefix) in sorted.enumerated().reversed() {
      let top = Int(truncatingIfNeeded: prefix >> UInt64(bitCount - CountKernels.digitBits))
      if first.indices.contains(top) { first[top] = UInt32(truncatingIfNeeded: place) }
    }
    firstOfTop = first
  }
}

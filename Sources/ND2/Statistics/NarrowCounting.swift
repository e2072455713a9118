/// Counts how often each bit pattern of 8 or 16 bits occurs.
enum NarrowCounting {
  /// Lanes of the tables of ``CountTables``.
  static func laneCount(_ byteCount: Int) -> Int { byteCount == 1 ? 4 : 2 }

  /// Counts samples.
  ///
  /// - Parameters:
  ///   - samples: the first sample.
  ///   - count: number of samples.
  ///   - stride: distance of the samples, in samples.
  ///   - byteCount: size of a sample, 1 or 2.
  ///   - lanes: as many tables as ``laneCount(_:)`` says, one behind the other.
  static func count(
    _ samples: UnsafeRawPointer, _ count: Int, stride: Int, byteCount: Int,
    into lanes: UnsafeMutablePointer<UInt32>
  ) {
    switch (byteCount, stride) {
    case (1, 1): bytes(samples, count, lanes)
    case (1, _): bytes(samples, count, stride, lanes)
    case (_, 1): words(samples, count, lanes)
    default: words(samples, count, stride, lanes)
    }
  }

  private static func words(
    _ samples: UnsafeRawPointer, _ count: Int, _ lanes: UnsafeMutablePointer<UInt32>
  ) {
    let (a, b) = (lanes, lanes + 65_536)
    var next = samples
    var rest = count
    while rest >= 8 {
      let low = next.loadUnaligned(as: UInt64.self)
      let high = next.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
      a[Int(truncatingIfNeeded: low & 0xFFFF)] &+= 1
      b[Int(truncatingIfNeeded: high & 0xFFFF)] &+= 1
      a[Int(truncatingIfNeeded: (low &>> 16) & 0xFFFF)] &+= 1
      b[Int(truncatingIfNeeded: (high &>> 16) & 0xFFFF)] &+= 1
      a[Int(truncatingIfNeeded: (low &>> 32) & 0xFFFF)] &+= 1
      b[Int(truncatingIfNeeded: (high &>> 32) & 0xFFFF)] &+= 1
      a[Int(truncatingIfNeeded: low &>> 48)] &+= 1
      b[Int(truncatingIfNeeded: high &>> 48)] &+= 1
      next += 16
      rest &-= 8
    }
    while rest > 0 {
      a[Int(next.loadUnaligned(as: UInt16.self))] &+= 1
      next += 2
      rest &-= 1
    }
  }

  private static func words(
    _ samples: UnsafeRawPointer, _ count: Int, _ stride: Int,
    _ lanes: UnsafeMutablePointer<UInt32>
  ) {
    let (a, b) = (lanes, lanes + 65_536)
    let step = stride &* 2
    var next = samples
    var rest = count
    while rest >= 2 {
      a[Int(next.loadUnaligned(as: UInt16.self))] &+= 1
      b[Int((next + step).loadUnaligned(as: UInt16.self))] &+= 1
      next += 2 &* step
      rest &-= 2
    }
    if rest > 0 { a[Int(next.loadUnaligned(as: UInt16.self))] &+= 1 }
  }

  private static func bytes(
    _ samples: UnsafeRawPointer, _ count: Int, _ lanes: UnsafeMutablePointer<UInt32>
  ) {
    let (a, b, c, d) = (lanes, lanes + 256, lanes + 512, lanes + 768)
    var next = samples
    var rest = count
    while rest >= 8 {
      let eight = next.loadUnaligned(as: UInt64.self)
      a[Int(truncatingIfNeeded: eight & 0xFF)] &+= 1
      b[Int(truncatingIfNeeded: (eight &>> 8) & 0xFF)] &+= 1
      c[Int(truncatingIfNeeded: (eight &>> 16) & 0xFF)] &+= 1
      d[Int(truncatingIfNeeded: (eight &>> 24) & 0xFF)] &+= 1
      a[Int(truncatingIfNeeded: (eight &>> 32) & 0xFF)] &+= 1
      b[Int(truncatingIfNeeded: (eight &>> 40) & 0xFF)] &+= 1
      c[Int(truncatingIfNeeded: (eight &>> 48) & 0xFF)] &+= 1
      d[Int(truncatingIfNeeded: eight &>> 56)] &+= 1
      next += 8
      rest &-= 8
    }
    while rest > 0 {
      a[Int(next.load(as: UInt8.self))] &+= 1
      next += 1
      rest &-= 1
    }
  }

  private static func bytes(
    _ samples: UnsafeRawPointer, _ count: Int, _ stride: Int,
    _ lanes: UnsafeMutablePointer<UInt32>
  ) {
    let (a, b, c, d) = (lanes, lanes + 256, lanes + 512, lanes + 768)
    var next = samples
    var rest = count
    while rest >= 4 {
      a[Int(next.load(as: UInt8.self))] &+= 1
      b[Int((next + stride).load(as: UInt8.self))] &+= 1
      c[Int((next + 2 &* stride).load(as: UInt8.self))] &+= 1
      d[Int((next + 3 &* stride).load(as: UInt8.self))] &+= 1
      next += 4 &* stride
      rest &-= 4
    }
    while rest > 0 {
      a[Int(next.load(as: UInt8.self))] &+= 1
      next += stride
      rest &-= 1
    }
  }

  /// The histogram of counted bit patterns.
  static func histogram(
    _ counts: UnsafeBufferPointer<UInt64>, of type: SampleType
  ) -> ValueHistogram {
    let half = counts.count / 2
    // Of signed numbers the negative ones are the upper half of the bit patterns.
    let isSigned = type == .int8 || type == .int16
    let ordered = counts.indices.lazy.map { place in
      Int(clamping: counts[isSigned ? (place + half) % counts.count : place])
    }
    return ValueHistogram(firstValue: isSigned ? -half : 0, counts: ordered)
  }
}

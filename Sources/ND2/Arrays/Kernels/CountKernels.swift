/// How often each number occurs, over raw memory. The caller vouches for the sizes.
///
/// Numbers become keys: unsigned integers in the same order.
enum CountKernels {
  /// Bits of a key that are counted at a time.
  static let digitBits = 16
  /// Counters for the keys of 8- and 16-bit integers, and for digits of others.
  static let digits = 1 << digitBits

  /// Counters that ``count(_:_:count:shift:prefix:_:)`` needs: neighbours are counted in different
  /// tables, so that none waits for another.
  static let counters = digits * 2

  /// Bits of the keys of a type.
  static func keyBits(_ type: SampleType) -> Int { Swift.max(16, type.byteCount * 8) }

  /// The number of a key.
  static func number(_ key: UInt64, _ type: SampleType) -> Double {
    switch type {
    case .uint8, .uint16, .uint32: Double(key)
    case .int8: Double(Int64(key) - 128)
    case .int16: Double(Int64(key) - 32_768)
    case .int32: Double(Int64(key) - 2_147_483_648)
    case .float32:
      Double(Float(bitPattern: unordered(UInt32(truncatingIfNeeded: key))))
    case .float64: Double(bitPattern: unordered(key))
    }
  }

  /// Counts digits of elements that lie side by side.
  ///
  /// - Parameters:
  ///   - shift: the lowest bit of the digit.
  ///   - prefix: what the bits above the digit must be; elements where they are other are left out.
  ///   - counters: two tables; a digit's number is the sum of both.
  /// - Returns: whether an element is not a number.
  static func count(
    _ type: SampleType, _ x: UnsafeRawPointer, count: Int, shift: Int, prefix: UInt64,
    _ counters: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    let digit = Digit(shift: shift, prefix: prefix, isFirst: keyBits(type) == shift + digitBits)
    switch type {
    case .uint8: plain(x.assumingMemoryBound(to: UInt8.self), count, counters) { Int($0) }
    case .uint16: plain(x.assumingMemoryBound(to: UInt16.self), count, counters) { Int($0) }
    case .int8: plain(x.assumingMemoryBound(to: Int8.self), count, counters) { Int($0) &+ 128 }
    case .int16: plain(x.assumingMemoryBound(to: Int16.self), count, counters) { Int($0) &+ 32_768 }
    case .uint32:
      digits(x.assumingMemoryBound(to: UInt32.self), count, digit, counters) { UInt64($0) }
    case .int32:
      digits(x.assumingMemoryBound(to: Int32.self), count, digit, counters) {
        UInt64(UInt32(bitPattern: $0) ^ 0x8000_0000)
      }
    case .float32:
      return floating(x.assumingMemoryBound(to: Float.self), count, digit, counters) {
        UInt64(ordered($0.bitPattern))
      }
    case .float64:
      return floating(x.assumingMemoryBound(to: Double.self), count, digit, counters) {
        ordered($0.bitPattern)
      }
    }
    return false
  }

  private struct Digit {
    let shift: Int
    let prefix: UInt64
    let isFirst: Bool
  }

  /// Bits of a floating-point number as an integer of the same order, and back.
  @inline(__always)
  private static func ordered<T: FixedWidthInteger>(_ bits: T) -> T {
    let sign = T(1) << (T.bitWidth - 1)
    return bits & sign == 0 ? bits | sign : ~bits
  }
  @inline(__always)
  private static func unordered<T: FixedWidthInteger>(_ key: T) -> T {
    let sign = T(1) << (T.bitWidth - 1)
    return key & sign == 0 ? ~key : key & ~sign
  }

  @inline(__always)
  private static func plain<T: BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ count: Int, _ counters: UnsafeMutablePointer<UInt32>,
    _ key: (T) -> Int
  ) {
    let others = counters + digits
    var index = 0
    while index &+ 4 <= count {
      let (a, b) = (key(x[index]), key(x[index &+ 1]))
      let (c, d) = (key(x[index &+ 2]), key(x[index &+ 3]))
      counters[a] &+= 1
      others[b] &+= 1
      counters[c] &+= 1
      others[d] &+= 1
      index &+= 4
    }
    while index < count {
      counters[key(x[index])] &+= 1
      index &+= 1
    }
  }

  @inline(__always)
  private static func digits<T: BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ count: Int, _ digit: Digit, _ counters: UnsafeMutablePointer<UInt32>,
    _ key: (T) -> UInt64
  ) {
    let shift = UInt64(truncatingIfNeeded: digit.shift)
    if digit.isFirst {
      plain(x, count, counters) { Int(truncatingIfNeeded: key($0) &>> shift) }
      return
    }
    let above = shift &+ UInt64(truncatingIfNeeded: digitBits)
    for index in 0..<count {
      let key = key(x[index])
      if key &>> above == digit.prefix {
        counters[Int(truncatingIfNeeded: key &>> shift & 0xFFFF)] &+= 1
      }
    }
  }

  @inline(__always)
  private static func floating<T: BinaryFloatingPoint & BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ count: Int, _ digit: Digit, _ counters: UnsafeMutablePointer<UInt32>,
    _ key: (T) -> UInt64
  ) -> Bool {
    digits(x, count, digit, counters, key)
    guard digit.isFirst else { return false }
    var (wrong, index) = (UInt32(0), 0)
    while index < count {
      wrong |= x[index] == x[index] ? 0 : 1
      index &+= 1
    }
    return wrong != 0
  }
}

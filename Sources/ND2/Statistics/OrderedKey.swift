/// A sample of 32 or 64 bits whose bit pattern can be made a whole number of the same order.
protocol OrderedSample: BitwiseCopyable {
  associatedtype Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable

  /// The number in the order of the samples; any for what is not a number.
  var key: Key { get }
  /// The value, exactly.
  var double: Double { get }
  /// Whether the sample is not a number.
  var isNotANumber: Bool { get }

  /// The sample of a key.
  init(key: Key)
}

extension UInt32: OrderedSample {
  @inline(__always) var key: UInt32 { self }
  @inline(__always) var double: Double { Double(self) }
  @inline(__always) var isNotANumber: Bool { false }
  init(key: UInt32) { self = key }
}

extension Int32: OrderedSample {
  @inline(__always) var key: UInt32 { UInt32(bitPattern: self) ^ 0x8000_0000 }
  @inline(__always) var double: Double { Double(self) }
  @inline(__always) var isNotANumber: Bool { false }
  init(key: UInt32) { self = Int32(bitPattern: key ^ 0x8000_0000) }
}

extension Float: OrderedSample {
  @inline(__always) var key: UInt32 {
    // Negative numbers grow with their bit pattern downwards.
    let bits = bitPattern
    return bits ^ (UInt32(bitPattern: Int32(bitPattern: bits) &>> 31) | 0x8000_0000)
  }
  @inline(__always) var double: Double { Double(self) }
  @inline(__always) var isNotANumber: Bool { self != self }
  init(key: UInt32) {
    self = Float(bitPattern: key & 0x8000_0000 == 0 ? ~key : key ^ 0x8000_0000)
  }
}

extension Double: OrderedSample {
  @inline(__always) var key: UInt64 {
    let bits = bitPattern
    return bits ^ (UInt64(bitPattern: Int64(bitPattern: bits) &>> 63) | 0x8000_0000_0000_0000)
  }
  @inline(__always) var double: Double { self }
  @inline(__always) var isNotANumber: Bool { self != self }
  init(key: UInt64) {
    let sign: UInt64 = 0x8000_0000_0000_0000
    self = Double(bitPattern: key & sign == 0 ? ~key : key ^ sign)
  }
}

/// What the wide sample types have in common, by their type at run time.
enum WideType {
  /// Bits of a key.
  static func bitCount(_ type: SampleType) -> Int { type == .float64 ? 64 : 32 }

  /// The value of a key. Minus zero, which is in order before zero, becomes zero.
  static func value(ofKey key: UInt64, _ type: SampleType) -> Double {
    let low = UInt32(truncatingIfNeeded: key)
    return switch type {
    case .float64: Double(key: key) + 0
    case .float32: Double(Float(key: low)) + 0
    case .int32: Double(Int32(key: low))
    default: Double(low)
    }
  }

  /// The key from which samples are saturated; nil for floating-point types.
  static func saturationKey(_ value: Double?, _ type: SampleType) -> UInt64? {
    guard let value else { return nil }
    switch type {
    case .uint32: return UInt32(exactly: value).map { UInt64($0.key) }
    case .int32: return Int32(exactly: value).map { UInt64($0.key) }
    default: return nil
    }
  }
}

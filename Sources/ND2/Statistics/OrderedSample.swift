/// A sample of 32 or 64 bits whose bit pattern can be made a whole number of the same order.
protocol OrderedSample: BitwiseCopyable {
  associatedtype Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable

  /// The number in the order of the samples; any for what is not a number.
  var key: Key { get }
  /// The value, exactly.
  var exactDouble: Double { get }
  /// Whether the sample is not a number.
  var isNotANumber: Bool { get }
}

extension UInt32: OrderedSample {
  @inline(__always) var key: UInt32 { self }
  @inline(__always) var exactDouble: Double { Double(self) }
  @inline(__always) var isNotANumber: Bool { false }
}

extension Int32: OrderedSample {
  @inline(__always) var key: UInt32 { UInt32(bitPattern: self) ^ 0x8000_0000 }
  @inline(__always) var exactDouble: Double { Double(self) }
  @inline(__always) var isNotANumber: Bool { false }
}

extension Float: OrderedSample {
  @inline(__always) var key: UInt32 {
    // Negative numbers grow with their bit pattern downwards.
    let bits = bitPattern
    return bits ^ (UInt32(bitPattern: Int32(bitPattern: bits) &>> 31) | 0x8000_0000)
  }
  @inline(__always) var exactDouble: Double { Double(self) }
  @inline(__always) var isNotANumber: Bool { self != self }
}

extension Double: OrderedSample {
  @inline(__always) var key: UInt64 {
    let bits = bitPattern
    return bits ^ (UInt64(bitPattern: Int64(bitPattern: bits) &>> 63) | 0x8000_0000_0000_0000)
  }
  @inline(__always) var exactDouble: Double { self }
  @inline(__always) var isNotANumber: Bool { self != self }
}

/// Elements of one number type as those of another, over raw memory.
///
/// No conversion that could trap is used, because its check keeps the optimizer from taking several
/// numbers at a time: floating-point numbers are brought into the range first and rounded by adding
/// a number so great that no bits are left for fractions. The caller vouches for the sizes.
enum CastKernels {
  /// Casts elements that lie side by side.
  static func cast(
    _ source: UnsafeRawPointer, _ from: SampleType, to type: SampleType, _ rule: CastRule,
    _ destination: UnsafeMutableRawPointer, count: Int
  ) {
    if from == type {
      destination.copyMemory(from: source, byteCount: count * type.byteCount)
      return
    }
    let run = CastRun(source: source, destination: destination, count: count, rule: rule)
    switch from {
    case .uint8: run.integers(UInt8.self, to: type)
    case .uint16: run.integers(UInt16.self, to: type)
    case .uint32: run.integers(UInt32.self, to: type)
    case .int8: run.integers(Int8.self, to: type)
    case .int16: run.integers(Int16.self, to: type)
    case .int32: run.integers(Int32.self, to: type)
    case .float32: run.floats(to: type)
    case .float64: run.doubles(to: type)
    }
  }
}

/// Numbers that become floating-point numbers; the initializers of the standard library for any
/// integer would be slow here.
private protocol CastNumber: BitwiseCopyable {
  var float: Float { get }
  var double: Double { get }
}
extension UInt8: CastNumber {
  @inline(__always) fileprivate var float: Float { Float(self) }
  @inline(__always) fileprivate var double: Double { Double(self) }
}
extension UInt16: CastNumber {
  @inline(__always) fileprivate var float: Float { Float(self) }
  @inline(__always) fileprivate var double: Double { Double(self) }
}
extension UInt32: CastNumber {
  @inline(__always) fileprivate var float: Float { Float(self) }
  @inline(__always) fileprivate var double: Double { Double(self) }
}
extension Int8: CastNumber {
  @inline(__always) fileprivate var float: Float { Float(self) }
  @inline(__always) fileprivate var double: Double { Double(self) }
}
extension Int16: CastNumber {
  @inline(__always) fileprivate var float: Float { Float(self) }
  @inline(__always) fileprivate var double: Double { Double(self) }
}
extension Int32: CastNumber {
  @inline(__always) fileprivate var float: Float { Float(self) }
  @inline(__always) fileprivate var double: Double { Double(self) }
}

private struct CastRun {
  let source: UnsafeRawPointer
  let destination: UnsafeMutableRawPointer
  let count: Int
  let rule: CastRule

  @inline(__always)
  private func each<A: BitwiseCopyable, B: BitwiseCopyable>(_ convert: (A) -> B) {
    let from = source.assumingMemoryBound(to: A.self)
    let to = destination.assumingMemoryBound(to: B.self)
    var index = 0
    while index < count {
      to[index] = convert(from[index])
      index &+= 1
    }
  }
}

// From integers.
extension CastRun {
  @inline(__always)
  func integers<A: FixedWidthInteger & CastNumber>(_: A.Type, to type: SampleType) {
    switch type {
    case .uint8: integers(A.self, UInt8.self)
    case .uint16: integers(A.self, UInt16.self)
    case .uint32: integers(A.self, UInt32.self)
    case .int8: integers(A.self, Int8.self)
    case .int16: integers(A.self, Int16.self)
    case .int32: integers(A.self, Int32.self)
    case .float32: each { (value: A) in value.float }
    case .float64: each { (value: A) in value.double }
    }
  }

  @inline(__always)
  private func integers<A: FixedWidthInteger & BitwiseCopyable, B>(_: A.Type, _: B.Type)
  where B: FixedWidthInteger & BitwiseCopyable {
    switch rule {
    case .wrapping: each { (value: A) in B(truncatingIfNeeded: value) }
    case .saturating:
      let (least, most) = (A(clamping: B.min), A(clamping: B.max))
      each { (value: A) in
        let raised = value < least ? least : value
        return B(truncatingIfNeeded: raised > most ? most : raised)
      }
    }
  }
}

// From floating-point numbers.
extension CastRun {
  func floats(to type: SampleType) {
    switch (type, rule) {
    case (.float32, _): each { (value: Float) in value }
    case (.float64, _): each { (value: Float) in Double(value) }
    case (.uint8, .saturating):
      each { (value: Float) in UInt8(truncatingIfNeeded: Self.bits(value, 0, 255)) }
    case (.uint16, .saturating):
      each { (value: Float) in UInt16(truncatingIfNeeded: Self.bits(value, 0, 65_535)) }
    case (.int8, .saturating):
      each { (value: Float) in Int8(truncatingIfNeeded: Self.bits(value, -128, 127)) }
    case (.int16, .saturating):
      each { (value: Float) in Int16(truncatingIfNeeded: Self.bits(value, -32_768, 32_767)) }
    case (.uint32, .saturating):
      each { (value: Float) in
        UInt32(truncatingIfNeeded: Self.bits(Double(value), 0, 4_294_967_295))
      }
    case (.int32, .saturating):
      each { (value: Float) in
        Int32(truncatingIfNeeded: Self.bits(Double(value), -2_147_483_648, 2_147_483_647))
      }
    case (.uint8, .wrapping), (.int8, .wrapping):
      each { (value: Float) in UInt8(truncatingIfNeeded: Self.whole(Double(value))) }
    case (.uint16, .wrapping), (.int16, .wrapping):
      each { (value: Float) in UInt16(truncatingIfNeeded: Self.whole(Double(value))) }
    case (.uint32, .wrapping), (.int32, .wrapping):
      each { (value: Float) in UInt32(truncatingIfNeeded: Self.whole(Double(value))) }
    }
  }

  func doubles(to type: SampleType) {
    switch (type, rule) {
    case (.float32, _): each { (value: Double) in Float(value) }
    case (.float64, _): each { (value: Double) in value }
    case (.uint8, .saturating):
      each { (value: Double) in UInt8(truncatingIfNeeded: Self.bits(value, 0, 255)) }
    case (.uint16, .saturating):
      each { (value: Double) in UInt16(truncatingIfNeeded: Self.bits(value, 0, 65_535)) }
    case (.int8, .saturating):
      each { (value: Double) in Int8(truncatingIfNeeded: Self.bits(value, -128, 127)) }
    case (.int16, .saturating):
      each { (value: Double) in Int16(truncatingIfNeeded: Self.bits(value, -32_768, 32_767)) }
    case (.uint32, .saturating):
      each { (value: Double) in UInt32(truncatingIfNeeded: Self.bits(value, 0, 4_294_967_295)) }
    case (.int32, .saturating):
      each { (value: Double) in
        Int32(truncatingIfNeeded: Self.bits(value, -2_147_483_648, 2_147_483_647))
      }
    case (.uint8, .wrapping), (.int8, .wrapping):
      each { (value: Double) in UInt8(truncatingIfNeeded: Self.whole(value)) }
    case (.uint16, .wrapping), (.int16, .wrapping):
      each { (value: Double) in UInt16(truncatingIfNeeded: Self.whole(value)) }
    case (.uint32, .wrapping), (.int32, .wrapping):
      each { (value: Double) in UInt32(truncatingIfNeeded: Self.whole(value)) }
    }
  }

  /// The nearest whole number within bounds of at most 17 bits, halves away from zero; its low bits.
  ///
  /// The greatest number below ½ is added, which rounds halves up and nothing else, and then the
  /// fraction is cut off.
  @inline(__always)
  private static func bits(_ value: Float, _ least: Float, _ most: Float) -> UInt32 {
    // Numbers of this size have no fractions: their last bit stands for 1.
    let shift: Float = 8_388_608  // 2²³
    let half: Float = 0x1.fffffep-2
    if least == 0 {
      // What is not a number is not greater than zero.
      var bounded = value > 0 ? value : 0
      bounded = bounded < most ? bounded : most
      let raised = bounded + half
      let whole = raised + shift
      return whole.bitPattern &- (whole - shift > raised ? 1 : 0)
    }
    var bounded = value == value ? value : 0
    bounded = bounded > least ? bounded : least
    bounded = bounded < most ? bounded : most
    let raised = (bounded < 0 ? -bounded : bounded) + half
    let whole = raised + shift
    let size = (whole.bitPattern &- shift.bitPattern) &- (whole - shift > raised ? 1 : 0)
    return bounded < 0 ? 0 &- size : size
  }

  /// The nearest whole number within bounds of at most 33 bits, halves away from zero; its low bits.
  @inline(__always)
  private static func bits(_ value: Double, _ least: Double, _ most: Double) -> UInt64 {
    let shift = 4_503_599_627_370_496.0  // 2⁵²
    let half = 0x1.fffffffffffffp-2
    if least == 0 {
      var bounded = value > 0 ? value : 0
      bounded = bounded < most ? bounded : most
      let raised = bounded + half
      let whole = raised + shift
      return whole.bitPattern &- (whole - shift > raised ? 1 : 0)
    }
    var bounded = value == value ? value : 0
    bounded = bounded > least ? bounded : least
    bounded = bounded < most ? bounded : most
    let raised = (bounded < 0 ? -bounded : bounded) + half
    let whole = raised + shift
    let size = (whole.bitPattern &- shift.bitPattern) &- (whole - shift > raised ? 1 : 0)
    return bounded < 0 ? 0 &- size : size
  }

  /// The number without its fraction; zero when 64 bits do not hold it.
  @inline(__always)
  private static func whole(_ value: Double) -> Int64 {
    let limit = 9_223_372_036_854_775_808.0  // 2⁶³
    guard value >= -limit, value < limit else { return 0 }
    return Int64(value)
  }
}

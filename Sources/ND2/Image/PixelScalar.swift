/// A number type that image samples can have.
public protocol PixelScalar: BitwiseCopyable, Numeric, Comparable, Hashable, Sendable {
  /// The sample type that this number type stands for.
  static var sampleType: SampleType { get }
}

extension UInt8: PixelScalar {
  /// ``SampleType/uint8``.
  public static var sampleType: SampleType { .uint8 }
}
extension UInt16: PixelScalar {
  /// ``SampleType/uint16``.
  public static var sampleType: SampleType { .uint16 }
}
extension UInt32: PixelScalar {
  /// ``SampleType/uint32``.
  public static var sampleType: SampleType { .uint32 }
}
extension Int8: PixelScalar {
  /// ``SampleType/int8``.
  public static var sampleType: SampleType { .int8 }
}
extension Int16: PixelScalar {
  /// ``SampleType/int16``.
  public static var sampleType: SampleType { .int16 }
}
extension Int32: PixelScalar {
  /// ``SampleType/int32``.
  public static var sampleType: SampleType { .int32 }
}
extension Float: PixelScalar {
  /// ``SampleType/float32``.
  public static var sampleType: SampleType { .float32 }
}
extension Double: PixelScalar {
  /// ``SampleType/float64``.
  public static var sampleType: SampleType { .float64 }
}

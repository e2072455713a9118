/// The number format of one sample of a pixel.
public enum SampleType: String, Hashable, Sendable, Codable, CaseIterable, CustomStringConvertible {
  /// 8-bit unsigned integer.
  case uint8
  /// 16-bit unsigned integer.
  case uint16
  /// 32-bit unsigned integer.
  case uint32
  /// 8-bit signed integer.
  case int8
  /// 16-bit signed integer.
  case int16
  /// 32-bit signed integer.
  case int32
  /// 32-bit IEEE float.
  case float32
  /// 64-bit IEEE float.
  case float64

  /// Size of a sample in bytes.
  public var byteCount: Int {
    switch self {
    case .uint8, .int8: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .float64: 8
    }
  }

  /// Whether samples are floating-point numbers.
  public var isFloatingPoint: Bool { self == .float32 || self == .float64 }

  /// The name, such as `uint16`.
  public var description: String { rawValue }

  /// The name of the type in NumPy files, little-endian, such as `<u2`.
  public var numpyDescription: String {
    switch self {
    case .uint8: "|u1"
    case .uint16: "<u2"
    case .uint32: "<u4"
    case .int8: "|i1"
    case .int16: "<i2"
    case .int32: "<i4"
    case .float32: "<f4"
    case .float64: "<f8"
    }
  }
}

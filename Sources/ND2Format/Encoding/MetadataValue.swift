/// A node of the metadata of a file, as stored: order, duplicates and raw names are kept.
///
/// Both encodings of the format, the binary variant and the XML variant, decode to this tree.
public enum MetadataValue: Hashable, Sendable {
  /// A truth value; any non-zero byte is true.
  case bool(Bool)
  /// A 32-bit signed integer.
  case int32(Int32)
  /// A 32-bit unsigned integer.
  case uint32(UInt32)
  /// A 64-bit signed integer.
  case int64(Int64)
  /// A 64-bit unsigned integer.
  case uint64(UInt64)
  /// A double.
  case double(Double)
  /// A pointer of the program that wrote the file; meaningless, kept for completeness.
  case pointer(UInt64)
  /// Text.
  case string(String)
  /// Opaque bytes. Some hold a further encoded tree; see ``nested``.
  case bytes([UInt8])
  /// Named children (an object) or unnamed ones (a list), in stored order.
  case level([MetadataField])
}

/// A child of a ``MetadataValue/level(_:)``: a raw name, empty for members of a list, and a value.
public struct MetadataField: Hashable, Sendable {
  /// The raw name, with the format's type prefix, such as `uiWidth`.
  public var name: String
  /// The value.
  public var value: MetadataValue

  /// Creates a field.
  public init(_ name: String, _ value: MetadataValue) {
    self.name = name
    self.value = value
  }
}

extension MetadataValue {
  /// The children of a level; empty for everything else.
  public var fields: [MetadataField] {
    if case .level(let fields) = self { return fields }
    return []
  }

  /// The values of the children, in stored order.
  public var elements: [MetadataValue] { fields.map(\.value) }

  /// Whether this is a level whose children are all unnamed.
  public var isList: Bool {
    if case .level(let fields) = self { return fields.allSatisfy { $0.name.isEmpty } }
    return false
  }

  /// The child of that raw name; of several the one stored last.
  public subscript(name: String) -> MetadataValue? {
    guard case .level(let fields) = self else { return nil }
    return fields.last { $0.name == name }?.value
  }

  /// The child of the first name that is present.
  public subscript(anyOf names: String...) -> MetadataValue? {
    for name in names { if let value = self[name] { return value } }
    return nil
  }

  /// The number as an integer, when it is one that fits; a double only when it is whole.
  public var int: Int? {
    switch self {
    case .bool(let value): value ? 1 : 0
    case .int32(let value): Int(value)
    case .uint32(let value): Int(exactly: value)
    case .int64(let value): Int(exactly: value)
    case .uint64(let value): Int(exactly: value)
    case .double(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The number as an unsigned 64-bit pattern; negative 32-bit values are not extended.
  public var bits: UInt64? {
    switch self {
    case .bool(let value): value ? 1 : 0
    case .int32(let value): UInt64(UInt32(bitPattern: value))
    case .uint32(let value): UInt64(value)
    case .int64(let value): UInt64(bitPattern: value)
    case .uint64(let value): value
    case .double(let value): UInt64(exactly: value)
    default: nil
    }
  }

  /// The number as a double.
  public var double: Double? {
    switch self {
    case .double(let value): value
    case .bool(let value): value ? 1 : 0
    case .int32(let value): Double(value)
    case .uint32(let value): Double(value)
    case .int64(let value): Double(value)
    case .uint64(let value): Double(value)
    default: nil
    }
  }

  /// The number as a double, when it is neither infinite nor NaN.
  public var finiteDouble: Double? { double.flatMap { $0.isFinite ? $0 : nil } }

  /// The truth value; numbers are true when they are not zero.
  public var bool: Bool? {
    if case .bool(let value) = self { return value }
    return int.map { $0 != 0 }
  }

  /// The text.
  public var string: String? {
    if case .string(let value) = self { return value }
    return nil
  }

  /// The text, or nil when it is empty.
  public var nonEmptyString: String? { string.flatMap { $0.isEmpty ? nil : $0 } }

  /// The opaque bytes.
  public var bytes: [UInt8]? {
    if case .bytes(let value) = self { return value }
    return nil
  }

  /// The tree that an opaque byte field holds, when its bytes are exactly one encoded tree.
  ///
  /// JOBS definitions nest their tasks in this way (`Data`, `Parameters`, …).
  public var nested: MetadataValue? {
    guard case .bytes(let bytes) = self else { return nil }
    return NestedVariant.decode(bytes, limits: .standard)
  }
}

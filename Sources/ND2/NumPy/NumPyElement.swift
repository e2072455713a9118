/// How NumPy stores one number, and which of our number types holds it.
struct NumPyElement: Hashable {
  /// A family of numbers.
  enum Kind: Hashable { case boolean, signed, unsigned, float }

  let kind: Kind
  /// Size of a stored number: 1, 2, 4 or 8.
  let byteCount: Int
  let isBigEndian: Bool
  /// The number type that holds every number of this kind that can be read.
  let sampleType: SampleType

  /// The element of a simple type such as `<u2`; nil for types that cannot be read.
  ///
  /// The letter before the type tells the order of its bytes: `<` little-endian, `>` big-endian,
  /// `|` without meaning, `=` that of the machine.
  init?(description: String) {
    var rest = description.utf8[...]
    var isBig = false
    switch rest.first {
    case UInt8(ascii: ">"): isBig = true
    case UInt8(ascii: "<"), UInt8(ascii: "|"): isBig = false
    case UInt8(ascii: "="): isBig = UInt16(1).bigEndian == 1
    default: return nil
    }
    rest = rest.dropFirst()
    guard let (kind, type) = Self.types[String(Substring(rest))] else { return nil }
    self.kind = kind
    sampleType = type
    // The types have one digit, the size in bytes.
    byteCount = Int((rest.last ?? 0) &- UInt8(ascii: "0"))
    isBigEndian = isBig && byteCount > 1
  }

  private static let types: [String: (Kind, SampleType)] = [
    "b1": (.boolean, .uint8),
    "u1": (.unsigned, .uint8), "u2": (.unsigned, .uint16), "u4": (.unsigned, .uint32),
    "u8": (.unsigned, .float64),
    "i1": (.signed, .int8), "i2": (.signed, .int16), "i4": (.signed, .int32),
    "i8": (.signed, .float64),
    "f2": (.float, .float32), "f4": (.float, .float32), "f8": (.float, .float64),
  ]
}

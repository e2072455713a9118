/// The types of the XML variant (`runtype`), and how their values are written (nd2-format §2.2).
package enum VariantType {
  case bool, int32, uint32, int64, uint64, double, string, bytes
  /// Containers, and scalar types that are not known.
  case other

  /// The type of that name; nil and unknown names are ``other``.
  package init(_ runtype: UnsafeRawBufferPointer?) {
    self = .other
    guard let runtype, !runtype.isEmpty else { return }
    switch runtype.count {
    case 4 where runtype.equals("bool"): self = .bool
    case 5 where runtype.equals("float"): self = .double
    case 6 where runtype.equals("double"): self = .double
    case 7 where runtype.equals("unknown"): self = .string
    case 8 where runtype.equals("lx_int32"): self = .int32
    case 8 where runtype.equals("lx_int64"): self = .int64
    case 9 where runtype.equals("lx_uint32"): self = .uint32
    case 9 where runtype.equals("lx_uint64"): self = .uint64
    case 10 where runtype.equals("CLxStringW"): self = .string
    case 12 where runtype.equals("CLxByteArray"): self = .bytes
    default: break
    }
  }

  /// The value of that text; nil when it is none of this type.
  package func value(_ raw: UnsafeRawBufferPointer) -> MetadataValue? {
    switch self {
    case .bool: .bool(Self.isTrue(raw))
    case .int32: Self.integer(raw).map { .int32(Int32(truncatingIfNeeded: $0)) }
    case .uint32: Self.integer(raw).map { .uint32(UInt32(truncatingIfNeeded: $0)) }
    case .int64: Self.integer(raw).map { .int64($0) }
    case .uint64: Self.integer(raw).map { .uint64(UInt64(bitPattern: $0)) }
    case .double: .double(Self.double(raw))
    case .bytes: Base64.decode(XMLText.decode(raw)).map { .bytes($0) }
    case .string, .other: .string(XMLText.decode(raw))
    }
  }

  private static func isTrue(_ raw: UnsafeRawBufferPointer) -> Bool {
    if raw.count == 1 { return raw[0] == UInt8(ascii: "1") }
    return raw.count == 4
      && zip(raw, [0x74, 0x72, 0x75, 0x65] as [UInt8]).allSatisfy { ($0 | 0x20) == $1 }
  }

  /// The number; unsigned ones above the range of `Int64` keep their bits.
  private static func integer(_ raw: UnsafeRawBufferPointer) -> Int64? {
    var digits = 0
    var value: UInt64 = 0
    var isNegative = false
    for byte in raw {
      switch byte {
      case 0x30...0x39:
        let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = scaled.addingReportingOverflow(UInt64(byte - 0x30))
        if overflow || carry { return nil }
        value = sum
        digits += 1
      case UInt8(ascii: "-") where digits == 0 && !isNegative: isNegative = true
      case UInt8(ascii: "+") where digits == 0 && !isNegative: break
      case 0x20: break
      default: return nil
      }
    }
    guard digits > 0 else { return nil }
    if !isNegative { return Int64(bitPattern: value) }
    return value <= UInt64(Int64.max) + 1 ? Int64(bitPattern: 0 &- value) : nil
  }

  /// The number, or NaN for texts such as `nan(ind)` and `1.#IND`.
  private static func double(_ raw: UnsafeRawBufferPointer) -> Double {
    let text = String(decoding: raw, as: UTF8.self)
    return Double(text) ?? Double(text.filter { $0 != " " }) ?? .nan
  }
}

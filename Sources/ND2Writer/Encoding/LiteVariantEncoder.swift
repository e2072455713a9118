package import ND2Codecs
package import ND2Format

/// Encodes trees as the binary variant ("CLX-lite", "LV"); layout: nd2-format §2.1.
///
/// Levels get the table of offsets that the makers' readers navigate by, ordered by the code
/// points of the children's names.
package enum LiteVariantEncoder {
  /// Most UTF-16 units of a name: its length is one byte and counts the closing NUL.
  package static let longestName = 254

  /// Encodes the children of `root`, one after the other; well-formed chunks have exactly one.
  package static func encode(_ root: MetadataValue) -> [UInt8] {
    var out: [UInt8] = []
    for field in root.fields { append(field, to: &out) }
    return out
  }

  /// Encodes one named item.
  package static func encode(_ field: MetadataField) -> [UInt8] {
    var out: [UInt8] = []
    append(field, to: &out)
    return out
  }

  /// The compressed form of an encoded stream: `LV0Z`, its size (u64), a zlib stream.
  package static func compress(
    _ stream: [UInt8], level: Int = 6
  ) throws(CodecError) -> [UInt8] {
    let deflater = try Deflater(level: level)
    var out = Array("LV0Z".utf8)
    out.append(littleEndian: UInt64(stream.count))
    out += try deflater.deflate(stream)
    return out
  }

  /// Replaces the type codes of all items of a name in an encoded stream, for damaged fixtures.
  package static func replaceType(ofItems name: String, with code: UInt8, in bytes: inout [UInt8]) {
    var item: [UInt8] = []
    appendName(name, to: &item)
    var position = 1
    while position + item.count <= bytes.count {
      if bytes[position...].starts(with: item) { bytes[position - 1] = code }
      position += 1
    }
  }

  private static func append(_ field: MetadataField, to out: inout [UInt8]) {
    let start = out.count
    out.append(typeCode(of: field.value))
    appendName(field.name, to: &out)
    switch field.value {
    case .bool(let value): out.append(value ? 1 : 0)
    case .int32(let value): out.append(littleEndian: value)
    case .uint32(let value): out.append(littleEndian: value)
    case .int64(let value): out.append(littleEndian: value)
    case .uint64(let value), .pointer(let value): out.append(littleEndian: value)
    case .double(let value): out.append(littleEndian: value.bitPattern)
    case .string(let value):
      // Text ends at a NUL, so none can stand inside.
      for unit in value.utf16 where unit != 0 { out.append(littleEndian: unit) }
      out.append(littleEndian: UInt16(0))
    case .bytes(let value):
      out.append(littleEndian: UInt64(value.count))
      out += value
    case .level(let fields): appendLevel(fields, itemStart: start, to: &out)
    }
  }

  private static func typeCode(of value: MetadataValue) -> UInt8 {
    switch value {
    case .bool: 1
    case .int32: 2
    case .uint32: 3
    case .int64: 4
    case .uint64: 5
    case .double: 6
    case .pointer: 7
    case .string: 8
    case .bytes: 9
    case .level: 11
    }
  }

  private static func appendName(_ name: String, to out: inout [UInt8]) {
    var units = Array(name.utf16.filter { $0 != 0 }.prefix(longestName))
    if let last = units.last, UTF16.isLeadSurrogate(last) { units.removeLast() }
    // Real files give members of a list no name at all rather than an empty one.
    guard !units.isEmpty else {
      out.append(0)
      return
    }
    out.append(UInt8(units.count + 1))
    for unit in units { out.append(littleEndian: unit) }
    out.append(littleEndian: UInt16(0))
  }

  private static func appendLevel(
    _ fields: [MetadataField], itemStart: Int, to out: inout [UInt8]
  ) {
    out.append(littleEndian: UInt32(fields.count))
    let lengthPosition = out.count
    out.append(littleEndian: UInt64(0))
    var children: [(name: String, offset: Int)] = []
    for field in fields {
      children.append((field.name, out.count - itemStart))
      append(field, to: &out)
    }
    out.replace(at: lengthPosition, littleEndian: UInt64(out.count - itemStart))
    // UTF-8 orders like code points do.
    children.sort { left, right in
      if left.name.utf8.elementsEqual(right.name.utf8) { return left.offset < right.offset }
      return left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }
    for child in children { out.append(littleEndian: UInt64(child.offset)) }
  }
}

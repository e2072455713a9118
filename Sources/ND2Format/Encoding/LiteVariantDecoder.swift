/// Decodes the binary variant ("CLX-lite", "LV"): a type byte, a UTF-16 name, a value, nested.
///
/// Layout and type codes: nd2-format §2.1.
package struct LiteVariantDecoder {
  /// First byte of a compressed stream.
  package static let compressedMark: UInt8 = 76

  /// Defects after which a damaged chunk is given up: each costs a look through a table.
  private static let mostProblems = 100

  private let limits: ParsingLimits
  private var itemsLeft: Int
  private var problems: [Malformed] = []

  private init(limits: ParsingLimits) {
    self.limits = limits
    itemsLeft = limits.itemCount
  }

  /// Decodes a chunk: one top-level item. Bytes behind it are ignored, as all readers do.
  package static func decode(
    _ bytes: [UInt8], limits: ParsingLimits = .standard, at offset: UInt64 = 0
  ) throws(Malformed) -> DecodedMetadata {
    var decoder = LiteVariantDecoder(limits: limits)
    guard !bytes.isEmpty else { return DecodedMetadata(root: .level([])) }
    let field = try ByteReader.over(bytes, at: offset) { (reader) throws(Malformed) in
      try decoder.readItem(&reader, depth: 0)
    }
    return DecodedMetadata(
      root: .level([field]), problems: decoder.problems,
      itemCount: limits.itemCount - decoder.itemsLeft)
  }

  /// Decodes bytes that must be exactly one sound item; nil when they are anything else.
  package static func decodeExactly(_ bytes: [UInt8], limits: ParsingLimits) -> MetadataValue? {
    var decoder = LiteVariantDecoder(limits: limits)
    let field = try? ByteReader.over(bytes) { (reader) throws(Malformed) -> MetadataField in
      let field = try decoder.readItem(&reader, depth: 0)
      guard reader.isAtEnd else { throw reader.malformed(.unexpected(expected: "end of data")) }
      return field
    }
    guard let field, decoder.problems.isEmpty else { return nil }
    return .level([field])
  }

  private mutating func readItem(
    _ reader: inout ByteReader, depth: Int
  ) throws(Malformed) -> MetadataField {
    guard itemsLeft > 0 else {
      throw reader.malformed(
        .limitExceeded(limit: "itemCount", value: UInt64(clamping: limits.itemCount)))
    }
    itemsLeft -= 1
    let start = reader.position
    let code: UInt8 = try reader.read()
    let nameUnits: UInt8 = try reader.read()
    let name = try reader.readUTF16(units: Int(nameUnits))
    return MetadataField(name, try readValue(code, &reader, itemStart: start, depth: depth))
  }

  private mutating func readValue(
    _ code: UInt8, _ reader: inout ByteReader, itemStart: Int, depth: Int
  ) throws(Malformed) -> MetadataValue {
    switch code {
    case 1: return .bool(try reader.read(UInt8.self) != 0)
    case 2: return .int32(try reader.read())
    case 3: return .uint32(try reader.read())
    case 4: return .int64(try reader.read())
    case 5: return .uint64(try reader.read())
    case 6: return .double(try reader.readDouble())
    case 7: return .pointer(try reader.read())
    case 8: return .string(try reader.readUTF16())
    case 9:
      let count = try reader.readCount64()
      return .bytes(try reader.readBytes(count))
    case 11: return try readLevel(&reader, itemStart: itemStart, depth: depth)
    default: throw reader.malformed(.unsupported("metadata type code \(code)"))
    }
  }

  /// Reads the children of a level.
  ///
  /// A child that cannot be read is reported and left out; the level's table of offsets tells
  /// where its next sibling begins, so that one unknown type costs one value and not the chunk.
  private mutating func readLevel(
    _ reader: inout ByteReader, itemStart: Int, depth: Int
  ) throws(Malformed) -> MetadataValue {
    guard depth < limits.depth else {
      throw reader.malformed(.limitExceeded(limit: "depth", value: UInt64(limits.depth)))
    }
    let count = Int(try reader.read(UInt32.self))
    let length = Int(exactly: try reader.read(UInt64.self))
    // length counts from the item's type byte to the table of offsets.
    let table = length.flatMap { Checked.sum(itemStart, $0) }.flatMap { start in
      start >= reader.position && start <= reader.byteCount ? start : nil
    }
    var fields: [MetadataField] = []
    // A child takes at least three bytes in front of the table, which bounds what a wrong count can
    // make us reserve.
    if let table { fields.reserveCapacity(min(count, (table - reader.position) / 3, 4096)) }
    var seen = 0
    var isWhole = true
    while seen < count, reader.position != table {
      let childStart = reader.position
      seen += 1
      do throws(Malformed) {
        fields.append(try readItem(&reader, depth: depth + 1))
      } catch {
        if case .limitExceeded(limit: "itemCount", _) = error.reason { throw error }
        note(error)
        guard problems.count < Self.mostProblems, let table,
          let next = Self.nextSibling(
            after: childStart, in: reader, itemStart: itemStart, table: table, count: count)
        else {
          isWhole = false
          break
        }
        try reader.seek(to: next)
      }
    }
    try leaveLevel(&reader, table: table, count: count, seen: seen, isWhole: isWhole)
    return .level(fields)
  }

  /// Moves behind the table of offsets of a level, which has one u64 for each child.
  ///
  /// - Parameters:
  ///   - table: where the table begins by the stored length, if that is possible at all.
  ///   - count: the stored number of children.
  ///   - seen: the number of children met before the table.
  ///   - isWhole: whether the reader stands behind the last child.
  private mutating func leaveLevel(
    _ reader: inout ByteReader, table: Int?, count: Int, seen: Int, isWhole: Bool
  ) throws(Malformed) {
    // Where count or length is wrong, the children themselves tell where the table begins.
    if isWhole, seen < count || reader.position != table {
      note(reader.malformed(.unexpected(expected: "\(count) children in a level")))
    }
    let start = isWhole ? reader.position : table
    let entries = isWhole ? seen : count
    if let start, let size = Checked.product(entries, 8), let end = Checked.sum(start, size),
      end <= reader.byteCount
    {
      try reader.seek(to: end)
    } else {
      if isWhole {
        note(reader.malformed(.unexpected(expected: "the offsets of a level's children")))
      }
      reader.skipToEnd()
    }
  }

  /// Keeps a defect, unless there are very many.
  private mutating func note(_ problem: Malformed) {
    if problems.count < Self.mostProblems { problems.append(problem) }
  }

  /// Start of the child that follows the one at `position`, from the level's table of offsets.
  private static func nextSibling(
    after position: Int, in reader: ByteReader, itemStart: Int, table: Int, count: Int
  ) -> Int? {
    guard var entries = reader.copy(at: table) else { return nil }
    var next: Int?
    for _ in 0..<min(count, entries.remaining / 8) {
      guard let offset = try? entries.readCount64(), let start = Checked.sum(itemStart, offset)
      else { continue }
      if start > position, start < table { next = min(next ?? start, start) }
    }
    return next
  }
}

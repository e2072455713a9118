import ND2Format

/// Replaces byte arrays that hold further metadata trees by these trees.
///
/// Tasks of a JOBS definition keep their settings so, and a few fields of pictures do, too. A byte
/// array counts as trees only when nothing in it is left over: arrays of flags and of numbers look
/// much like trees at their beginning (nd2-format §2.1).
package struct NestedExpansion {
  /// What is shown of a byte array that holds several trees, one after the other.
  package enum Extent: Sendable {
    /// The first tree, as other readers do.
    case first
    /// All of them.
    case all
  }

  /// Byte arrays that hold flags, whatever they look like.
  private static let plainNames: Set<String> = ["pItemValid", "pPeriodValid"]

  private let extent: Extent
  private let limits: ParsingLimits
  /// Bytes and items that may still be decoded, so that trees in trees cannot fill the memory.
  private var bytesLeft: Int
  private var itemsLeft: Int

  /// Creates an expansion; of several trees in one array it shows the first or all.
  package init(_ extent: Extent = .first, limits: ParsingLimits) {
    self.extent = extent
    self.limits = limits
    bytesLeft = limits.inflatedByteCount
    itemsLeft = limits.itemCount
  }

  /// Items that were decoded, and bytes that were inflated.
  var itemCount: Int { max(0, limits.itemCount - itemsLeft) }
  var byteCount: Int { max(0, limits.inflatedByteCount - bytesLeft) }

  /// The tree with all nested trees in place.
  package mutating func expand(_ value: MetadataValue) -> MetadataValue {
    expand(value, name: "", parent: "", depth: 0)
  }

  private mutating func expand(
    _ value: MetadataValue, name: String, parent: String, depth: Int
  ) -> MetadataValue {
    switch value {
    case .level(let fields):
      return .level(
        fields.map {
          MetadataField($0.name, expand($0.value, name: $0.name, parent: name, depth: depth + 1))
        })
    case .bytes(let bytes):
      guard !Self.plainNames.contains(name), parent != "matCameraToStage",
        let tree = decode(bytes, depth: depth)
      else { return value }
      return expand(tree, name: name, parent: parent, depth: depth)
    default:
      return value
    }
  }

  /// The trees that bytes are; the deeper they lie, the less deep they may be.
  private mutating func decode(_ bytes: [UInt8], depth: Int) -> MetadataValue? {
    var rest = limits
    rest.depth = limits.depth - depth
    rest.inflatedByteCount = bytesLeft
    rest.itemCount = itemsLeft
    guard bytes.count >= 4, rest.depth > 0, itemsLeft > 0 else { return nil }
    var content = bytes
    let isCompressed = bytes[0] == LiteVariantDecoder.compressedMark
    if isCompressed {
      guard let inflated = try? CompressedVariant.inflate(bytes, limits: rest, at: 0) else {
        return nil
      }
      content = inflated
      // What was inflated counts, whether it is a tree or not.
      bytesLeft -= min(bytesLeft, inflated.count)
    }
    guard isCompressed || content.count <= bytesLeft,
      let ranges = LiteVariantSequence.items(of: content)
    else { return nil }
    if !isCompressed { bytesLeft -= content.count }
    var fields: [MetadataField] = []
    for range in extent == .first ? ranges.prefix(1) : ranges[...] {
      let item = LiteVariantDecoder.decodeExactly(Array(content[range]), limits: rest)
      guard let item else { return nil }
      fields += item.fields
    }
    itemsLeft -= min(itemsLeft, Self.itemCount(.level(fields)))
    return .level(fields)
  }

  private static func itemCount(_ value: MetadataValue) -> Int {
    value.fields.reduce(1) { $0 + itemCount($1.value) }
  }
}

/// Finds the items of the binary variant that lie in bytes one after the other.
enum LiteVariantSequence {
  /// Most items that are looked for.
  private static let mostItems = 4096

  /// Where the items are; nil unless named items fill the bytes to their end.
  static func items(of bytes: [UInt8]) -> [Range<Int>]? {
    try? ByteReader.over(bytes) { (reader) throws(Malformed) -> [Range<Int>] in
      var ranges: [Range<Int>] = []
      while !reader.isAtEnd {
        guard ranges.count < mostItems else {
          throw reader.malformed(.unexpected(expected: "fewer items"))
        }
        let start = reader.position
        try skipItem(&reader)
        ranges.append(start..<reader.position)
      }
      guard !ranges.isEmpty else { throw reader.malformed(.unexpected(expected: "an item")) }
      return ranges
    }
  }

  private static func skipItem(_ reader: inout ByteReader) throws(Malformed) {
    let start = reader.position
    let type: UInt8 = try reader.read()
    let nameUnits: UInt8 = try reader.read()
    guard nameUnits >= 2 else { throw reader.malformed(.unexpected(expected: "a name")) }
    for index in 1...nameUnits {
      let unit: UInt16 = try reader.read()
      // Signs, and a NUL at the end only.
      guard index == nameUnits ? unit == 0 : unit >= 0x20 else {
        throw reader.malformed(.unexpected(expected: "a name"))
      }
    }
    switch type {
    case 1: try reader.skip(1)
    case 2, 3: try reader.skip(4)
    case 4...7: try reader.skip(8)
    case 8: _ = try reader.readUTF16()
    case 9: try reader.skip(try reader.readCount64())
    case 11:
      let count = Int(try reader.read(UInt32.self))
      let length = try reader.readCount64()
      guard let table = Checked.sum(start, length), let end = Checked.sum(table, count * 8),
        end >= reader.position
      else { throw reader.malformed(.overflow) }
      try reader.seek(to: end)
    default: throw reader.malformed(.unsupported("metadata type code \(type)"))
    }
  }
}

/// The header and the name of a chunk: magic, name length, data length, name up to its `!`.
package struct ChunkHeader: Hashable, Sendable {
  /// Bytes of the fixed part.
  package static let byteCount = 16
  /// Longest name field that is accepted; writers pad names up to a few kilobytes.
  package static let longestNameField = 1 << 20
  /// Longest name that is accepted, with its `!`.
  package static let longestName = 255

  /// The real name, ending in `!`.
  package var name: String
  /// Size of the name field: the name and its zero fill.
  package var nameByteCount: Int
  /// Size of the data.
  package var dataByteCount: UInt64

  /// Distance from the start of the chunk to its data.
  package var dataOffset: UInt64 { UInt64(Self.byteCount + nameByteCount) }

  /// Reads a header and the beginning of its name field.
  ///
  /// The reader must begin at the chunk and hold the name up to its `!`; it need not hold the
  /// whole name field.
  package init(from reader: inout ByteReader) throws(Malformed) {
    let start = reader.offset
    guard try reader.read(UInt32.self) == FileSignature.chunkMagic else {
      throw Malformed(.unexpected(expected: "a chunk header"), at: start)
    }
    let nameLength: UInt32 = try reader.read()
    let dataLength: UInt64 = try reader.read()
    guard nameLength >= 1, nameLength <= UInt32(Self.longestNameField) else {
      throw Malformed(
        .limitExceeded(limit: "chunk name length", value: UInt64(nameLength)), at: start)
    }
    guard dataLength <= UInt64(Int64.max) else { throw Malformed(.overflow, at: start) }
    let field = reader.remainingBytes.prefix(min(Int(nameLength), Self.longestName))
    guard let end = field.firstIndex(of: UInt8(ascii: "!")), end > field.startIndex else {
      throw Malformed(.unexpected(expected: "a chunk name ending in '!'"), at: start)
    }
    // Names are text; anything else is a coincidence inside pixel data.
    guard field[field.startIndex..<end].allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw Malformed(.unexpected(expected: "a printable chunk name"), at: start)
    }
    name = String(decoding: field[field.startIndex...end], as: UTF8.self)
    nameByteCount = Int(nameLength)
    dataByteCount = dataLength
  }

  /// Reads a header at the start of an array.
  package init(_ bytes: [UInt8], at offset: UInt64) throws(Malformed) {
    self = try ByteReader.over(bytes, at: offset) { (reader) throws(Malformed) in
      try ChunkHeader(from: &reader)
    }
  }
}

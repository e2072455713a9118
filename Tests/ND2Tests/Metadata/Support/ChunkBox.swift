import ND2
import ND2Format
import ND2Writer
import Testing

/// The chunks of a sample file, by name.
struct ChunkBox {
  private let bytes: [UInt8]
  private let map: ChunkMap

  init(_ file: SampleFile) throws {
    bytes = try file.bytes()
    let offset = try #require(ChunkMapParser.mapOffset(tail: bytes))
    let start = Int(offset)
    let header = try ChunkHeader(Array(bytes[start..<min(start + 512, bytes.count)]), at: offset)
    let data = bytes[(start + Int(header.dataOffset))...].prefix(Int(header.dataByteCount))
    let fileByteCount = UInt64(bytes.count)
    let parsed = Array(data).withUnsafeBytes {
      ChunkMapParser.parse($0, at: offset + header.dataOffset, fileByteCount: fileByteCount)
    }
    map = parsed.map
  }

  /// The data of a chunk, or nil when there is none.
  subscript(name: String) -> [UInt8]? {
    guard let entry = map[name] else { return nil }
    let rest = bytes[Int(entry.offset)...]
    guard let header = try? ChunkHeader(Array(rest.prefix(512)), at: entry.offset) else {
      return nil
    }
    return Array(rest.dropFirst(Int(header.dataOffset)).prefix(Int(header.dataByteCount)))
  }

  /// The tree of a chunk.
  func tree(_ name: String) throws -> MetadataValue {
    try MetadataDecoder.decode(try #require(self[name])).root
  }
}

/// A zlib stream of bytes.
func zlib(_ bytes: [UInt8]) throws -> [UInt8] {
  Array(try LiteVariantEncoder.compress(bytes).dropFirst(12))
}

/// The XML variant with a list of its own around the elements.
func xmlTree(_ elements: String) throws -> MetadataValue {
  let text = "<variant version=\"1.0\">\(elements)</variant>"
  return try MetadataDecoder.decode(Array(text.utf8)).root
}

import ND2Codecs
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Binary variant encoder")
struct LiteVariantEncoderTests {
  /// The attributes of the real file of nd2-format §2.1.
  private let attributes = MetadataValue.object([
    "uiWidth": .uint32(38), "uiWidthBytes": .uint32(152), "uiHeight": .uint32(31),
    "uiComp": .uint32(2), "uiBpcInMemory": .int32(16), "uiBpcSignificant": .int32(12),
    "uiSequenceCount": .uint32(30), "uiTileWidth": .uint32(38), "uiTileHeight": .uint32(31),
    "eCompression": .int32(2), "dCompressionParam": .double(0), "ePixelType": .int32(1),
    "uiVirtualComponents": .uint32(2),
  ])

  @Test("The attributes of a real file are encoded with its bytes")
  func workedExample() throws {
    let bytes = LiteVariantEncoder.encode(MetadataField("SLxImageAttributes", attributes))
    #expect(bytes.count == 580)
    #expect(bytes.starts(with: Hex.bytes("0b13 5300 4c00 7800")))
    // Behind the name: 13 children, and the table at 476.
    #expect(Array(bytes[40..<52]) == Hex.bytes("0d000000 dc01000000000000"))
    #expect(Array(bytes[52..<58]) == Hex.bytes("0308 7500 6900"))
    let table = try ByteReader.over(Array(bytes[476...])) { (reader) throws(Malformed) in
      var offsets: [UInt64] = []
      while !reader.isAtEnd { offsets.append(try reader.read()) }
      return offsets
    }
    #expect(table.prefix(4) == [0x164, 0x144, 0x192, 0x96])
    #expect(table.count == 13)
  }

  @Test("The table of offsets is in the order of code points")
  func tableOrder() throws {
    let names = ["m_eNature", "m_MirrorSpectrum", "a", "Z", "µ", "日", "🔬", "m_"]
    let bytes = LiteVariantEncoder.encode(
      MetadataField("v", .level(names.map { MetadataField($0, .bool(true)) })))
    let table = bytes.count - names.count * 8
    let ordered = try (0..<names.count).map { index in
      let offset = bytes[(table + index * 8)..<(table + index * 8 + 8)].reversed()
        .reduce(0) { $0 << 8 | Int($1) }
      let item = try LiteVariantDecoder.decode(Array(bytes[offset..<table]))
      return try #require(item.root.fields.first?.name)
    }
    #expect(ordered == ["Z", "a", "m_", "m_MirrorSpectrum", "m_eNature", "µ", "日", "🔬"])
  }

  @Test("An empty list of regions takes the 44 bytes of a real one")
  func emptyLevel() {
    #expect(
      LiteVariantEncoder.encode(MetadataField("RoiMetadata_v1", .level([])))
        == Hex.bytes(
          """
          0b0f 52006f0069004d0065007400610064006100740061005f00760031000000 00000000
          2c00000000000000
          """))
  }

  @Test("Members of lists have no name at all, as in real files")
  func namelessItems() {
    #expect(LiteVariantEncoder.encode(MetadataField("", .bool(true))) == [1, 0, 1])
  }

  @Test("Names that are too long end at a whole character")
  func longNames() throws {
    let long = String(repeating: "x", count: 253) + "🔬🔬"
    let bytes = LiteVariantEncoder.encode(MetadataField(long, .bool(true)))
    let decoded = try LiteVariantDecoder.decode(bytes)
    #expect(decoded.root.fields.first?.name == String(repeating: "x", count: 253))
    let fitting = String(repeating: "y", count: 254)
    #expect(
      try LiteVariantDecoder.decode(LiteVariantEncoder.encode(MetadataField(fitting, .bool(true))))
        .root[fitting] == .bool(true))
  }

  @Test("The compressed form says its mark and its inflated size")
  func compressedHeader() throws {
    let stream = [UInt8](repeating: 3, count: 1000)
    let bytes = try LiteVariantEncoder.compress(stream)
    #expect(Array(bytes.prefix(12)) == Hex.bytes("4c56305a e803000000000000"))
    #expect(Inflater.looksLikeZlib(bytes[12], bytes[13]))
  }
}

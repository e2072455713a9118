import ND2Codecs
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Metadata decoder")
struct MetadataDecoderTests {
  private let tree = MetadataValue.object(["Root": .object(["uiN": .uint32(7)])])

  /// The level A{x:u32=1} of nd2-format §11.2, compressed as there.
  private let compressedLevel = Hex.bytes(
    "4c0000000000000000000000 78dae366726460606004621906086066aa808a08414500160200fc")

  @Test("The payload tells the encoding, not the name of the chunk")
  func sniffing() throws {
    #expect(try MetadataDecoder.decode(LiteVariantEncoder.encode(tree)).root == tree)
    #expect(
      try MetadataDecoder.decode(XMLVariantEncoder.encode(tree, wrapper: .none)).root == tree)
    #expect(
      try MetadataDecoder.decode(
        LiteVariantEncoder.compress(LiteVariantEncoder.encode(tree))
      ).root == tree)
  }

  @Test("The compressed vector of the format notes decodes")
  func compressedVector() throws {
    #expect(
      try MetadataDecoder.decode(compressedLevel).root
        == .object(["A": .object(["x": .uint32(1)])]))
  }

  @Test("A compressed header of ten bytes is taken too")
  func shortHeader() throws {
    let stream = Array(compressedLevel[..<10] + compressedLevel[12...])
    #expect(try MetadataDecoder.decode(stream).root["A"]?["x"] == .uint32(1))
  }

  @Test("XML inside a compressed chunk decodes")
  func compressedXML() throws {
    let stream = try LiteVariantEncoder.compress(XMLVariantEncoder.encode(tree, wrapper: .none))
    #expect(try MetadataDecoder.decode(stream).root == tree)
  }

  @Test("A compressed chunk cut at any length is an error")
  func truncatedCompressed() throws {
    for prefix in HostileBytes.prefixes(of: compressedLevel) where !prefix.isEmpty {
      #expect(throws: Malformed.self, "\(prefix.count)") { try MetadataDecoder.decode(prefix) }
    }
  }

  @Test("A changed byte of a compressed chunk never traps")
  func compressedFlips() {
    for changed in HostileBytes.flips(of: compressedLevel) {
      _ = try? MetadataDecoder.decode(changed)
    }
  }

  @Test("A compressed chunk that inflates beyond the limit is an error")
  func inflationLimit() throws {
    let bomb = LiteVariantEncoder.encode(
      MetadataField("zeros", .bytes([UInt8](repeating: 0, count: 200_000))))
    let stream = try LiteVariantEncoder.compress(bomb)
    #expect(stream.count < 2000)
    let error = #expect(throws: Malformed.self) {
      try MetadataDecoder.decode(stream, limits: .init(inflatedByteCount: 100_000))
    }
    #expect(error?.reason == .limitExceeded(limit: "inflatedByteCount", value: 100_000))
    #expect(
      try MetadataDecoder.decode(stream, limits: .init(inflatedByteCount: 300_000))
        .root["zeros"]?.bytes?.count == 200_000)
  }

  @Test("A wrong inflated size in the header does no harm")
  func wrongSizeHint() throws {
    for size in [0, 1, UInt64.max, UInt64(Int64.max)] {
      var stream = try LiteVariantEncoder.compress(LiteVariantEncoder.encode(tree))
      stream.replace(at: 4, littleEndian: size)
      #expect(try MetadataDecoder.decode(stream).root == tree)
    }
  }

  @Test("XML is recognised behind a byte order mark or blanks, and in UTF-16")
  func xmlMarks() {
    #expect(MetadataDecoder.looksLikeXML(Array("<?xml".utf8)))
    #expect(MetadataDecoder.looksLikeXML([0xEF, 0xBB, 0xBF] + Array("<v>".utf8)))
    #expect(MetadataDecoder.looksLikeXML(Array("\r\n  <v>".utf8)))
    #expect(MetadataDecoder.looksLikeXML([0xFF, 0xFE, 0x3C, 0]))
    #expect(MetadataDecoder.looksLikeXML([0xFE, 0xFF, 0, 0x3C]))
    #expect(MetadataDecoder.looksLikeXML([0x3C, 0, 0x3F, 0]))
    #expect(!MetadataDecoder.looksLikeXML([]))
    // A byte array (type 9) and an old level (type 10) of the binary form.
    #expect(!MetadataDecoder.looksLikeXML([9, 0x3C]))
    #expect(!MetadataDecoder.looksLikeXML([10, 0x3C]))
    #expect(!MetadataDecoder.looksLikeXML([11, 2, 0x41, 0]))
  }

  @Test("Bytes that hold exactly one tree are found nested; flags and noise are not")
  func nestedTrees() throws {
    let inner = LiteVariantEncoder.encode(MetadataField("Inner", .object(["a": .bool(true)])))
    #expect(MetadataValue.bytes(inner).nested?["Inner"]?["a"] == .bool(true))
    let compressed = try LiteVariantEncoder.compress(inner)
    #expect(MetadataValue.bytes(compressed).nested?["Inner"]?["a"] == .bool(true))
    #expect(MetadataValue.bytes(inner + [0]).nested == nil)
    #expect(MetadataValue.bytes([1, 1, 0, 0]).nested == nil)
    #expect(MetadataValue.bytes([1, 1, 1, 1]).nested == nil)
    #expect(MetadataValue.bytes([]).nested == nil)
    #expect(MetadataValue.bytes([76]).nested == nil)
    #expect(MetadataValue.bytes([UInt8](repeating: 76, count: 13)).nested == nil)
    #expect(MetadataValue.string("text").nested == nil)
  }

  @Test("A stream that is compressed twice is not taken for a tree")
  func compressedTwice() throws {
    let inner = LiteVariantEncoder.encode(MetadataField("a", .object(["b": .bool(true)])))
    let twice = try LiteVariantEncoder.compress(LiteVariantEncoder.compress(inner))
    #expect(MetadataValue.bytes(twice).nested == nil)
    #expect(throws: Malformed.self) { try MetadataDecoder.decode(twice) }
  }
}

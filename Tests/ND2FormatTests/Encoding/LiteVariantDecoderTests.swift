import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Binary variant decoder")
struct LiteVariantDecoderTests {
  /// The vector of nd2-format §11.2.
  static let vector = Hex.bytes(
    """
    0b0552006f006f00740000000a000000e600000000000000010362005400000074020369004e000000f9ffffff0303750055
    00000000286bee04036c0057000000000efad5feffffff050371005100000001000000000000800603640044000000000000
    000000e03f08047700730053000000b5003dd800de0000090370004200000003000000000000000100010b0376004c000000
    030000002c0000000000000002010000030000000201000000000000020100000500000014000000000000001c0000000000
    000024000000000000000b0365004500000000000000140000000000000018000000000000005900000000000000d2000000
    00000000210000000000000039000000000000007b0000000000000049000000000000002d000000000000008e0000000000
    00006900000000000000
    """)

  @Test("The vector of the format notes decodes to its ten values")
  func formatVector() throws {
    let decoded = try LiteVariantDecoder.decode(Self.vector)
    #expect(decoded.problems.isEmpty)
    let root = try #require(decoded.root["Root"])
    #expect(
      root
        == .object([
          "bT": .bool(true), "iN": .int32(-7), "uU": .uint32(4_000_000_000),
          "lW": .int64(-5_000_000_000), "qQ": .uint64(9_223_372_036_854_775_809),
          "dD": .double(0.5), "wsS": .string("µ😀"), "pB": .bytes([1, 0, 1]),
          "vL": .list([.int32(3), .int32(0), .int32(5)]), "eE": .level([]),
        ]))
    #expect(root["vL"]?.isList == true)
  }

  @Test(
    "Every type code decodes",
    arguments: [
      (1, [0x74], .bool(true)), (1, [0], .bool(false)),
      (2, [0xFE, 0xFF, 0xFF, 0xFF], .int32(-2)),
      (3, [0xFF, 0xFF, 0xFF, 0xFF], .uint32(.max)),
      (4, [1, 0, 0, 0, 0, 0, 0, 0x80], .int64(.min + 1)),
      (5, [1, 0, 0, 0, 0, 0, 0, 0x80], .uint64(1 << 63 + 1)),
      (6, [0, 0, 0, 0, 0, 0, 0xF0, 0x3F], .double(1)),
      (7, [1, 2, 0, 0, 0, 0, 0, 0], .pointer(0x201)),
      (8, [0, 0], .string("")), (8, [0x41, 0, 0, 0], .string("A")),
      (9, [0, 0, 0, 0, 0, 0, 0, 0], .bytes([])),
      (9, [2, 0, 0, 0, 0, 0, 0, 0, 7, 8], .bytes([7, 8])),
    ] as [(UInt8, [UInt8], MetadataValue)])
  func typeCodes(code: UInt8, value: [UInt8], expected: MetadataValue) throws {
    let decoded = try LiteVariantDecoder.decode(LiteVariantItems.item(code, "x", value))
    #expect(decoded.root == .object(["x": expected]))
    #expect(decoded.problems.isEmpty)
  }

  @Test("Names of no unit and of one unit are both empty")
  func emptyNames() throws {
    #expect(try LiteVariantDecoder.decode([1, 0, 1]).root == .list([.bool(true)]))
    #expect(try LiteVariantDecoder.decode([1, 1, 0, 0, 1]).root == .list([.bool(true)]))
  }

  @Test("A name of 255 units decodes, its NUL included")
  func longestName() throws {
    let name = String(repeating: "n", count: 254)
    let decoded = try LiteVariantDecoder.decode(LiteVariantItems.item(1, name, [1]))
    #expect(decoded.root[name] == .bool(true))
  }

  @Test("Bytes behind the top-level item are ignored")
  func trailingBytes() throws {
    let decoded = try LiteVariantDecoder.decode(LiteVariantItems.uint32("a", 1) + [99, 98, 97])
    #expect(decoded.root == .object(["a": .uint32(1)]))
    #expect(decoded.problems.isEmpty)
  }

  @Test("An exact decoding refuses bytes behind the item")
  func exactDecoding() {
    let item = LiteVariantItems.uint32("a", 1)
    #expect(LiteVariantDecoder.decodeExactly(item, limits: .standard) != nil)
    #expect(LiteVariantDecoder.decodeExactly(item + [0], limits: .standard) == nil)
    #expect(LiteVariantDecoder.decodeExactly([], limits: .standard) == nil)
  }

  @Test("No bytes are an empty tree")
  func noBytes() throws {
    #expect(try LiteVariantDecoder.decode([]).root == .level([]))
  }

  @Test("Members of a list come in stored order, whatever the table says")
  func storedOrder() throws {
    var list = LiteVariantItems.level(
      "v", [[2, 0, 3, 0, 0, 0], [2, 0, 4, 0, 0, 0]])
    // Swap the two entries of the table.
    let table = list.count - 16
    list = Array(list[..<table]) + list[(table + 8)...] + list[table..<(table + 8)]
    #expect(
      try LiteVariantDecoder.decode(list).root["v"] == .list([.int32(3), .int32(4)]))
  }

  @Test("Of several children of one name all are kept and the last is found")
  func duplicateNames() throws {
    let level = LiteVariantItems.level(
      "v", [LiteVariantItems.uint32("a", 1), LiteVariantItems.uint32("a", 2)])
    let value = try LiteVariantDecoder.decode(level).root["v"]
    #expect(value?.fields.count == 2)
    #expect(value?["a"] == .uint32(2))
  }

  @Test(
    "An unknown type inside a level costs that child only",
    arguments: [0, 10, 12, 77, 255] as [UInt8])
  func unknownType(code: UInt8) throws {
    let level = LiteVariantItems.level(
      "v",
      [
        LiteVariantItems.uint32("a", 1),
        LiteVariantItems.item(code, "odd", [1, 2, 3, 4, 5, 6, 7]),
        LiteVariantItems.uint32("b", 2),
      ])
    let decoded = try LiteVariantDecoder.decode(level)
    #expect(decoded.root == .object(["v": .object(["a": .uint32(1), "b": .uint32(2)])]))
    #expect(
      decoded.problems.map(\.reason) == [.unsupported("metadata type code \(code)")])
  }

  @Test("A level behind one with an unknown last child is still read")
  func unknownTypeAtTheEnd() throws {
    let inner = LiteVariantItems.level(
      "inner", [LiteVariantItems.uint32("a", 1), LiteVariantItems.item(200, "odd", [9])])
    let level = LiteVariantItems.level("v", [inner, LiteVariantItems.uint32("b", 2)])
    let decoded = try LiteVariantDecoder.decode(level)
    #expect(
      decoded.root
        == .object(["v": .object(["inner": .object(["a": .uint32(1)]), "b": .uint32(2)])]))
    #expect(decoded.problems.count == 1)
  }

  @Test("An unknown type at the top is an error that names its place")
  func unknownTypeAtTheTop() {
    #expect(throws: Malformed(.unsupported("metadata type code 33"), at: 1006)) {
      try LiteVariantDecoder.decode(LiteVariantItems.item(33, "a", [1, 2]), at: 1000)
    }
  }

  @Test("A byte array that is longer than the rest costs that child only")
  func tooLongByteArray() throws {
    for count in [100, UInt64.max, UInt64(Int64.max)] {
      let level = LiteVariantItems.level(
        "v",
        [
          LiteVariantItems.item(9, "b", [UInt8](littleEndian: CollectionOfOne(count)) + [1, 2]),
          LiteVariantItems.uint32("c", 3),
        ])
      let decoded = try LiteVariantDecoder.decode(level)
      #expect(decoded.root["v"]?["c"] == .uint32(3), "\(count)")
      #expect(decoded.problems.count == 1)
    }
  }
}

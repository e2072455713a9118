import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Trees that are edited")
struct VariantNodeTests {
  private let tree = MetadataField(
    "Root",
    .object([
      "b": .bool(true), "i": .int32(-5), "u": .uint32(.max), "l": .int64(.min),
      "q": .uint64(.max), "d": .double(0.1), "p": .pointer(7), "s": .string("é 🔬"),
      "bytes": .bytes([1, 2, 3]), "list": .list([.int32(1), .string("x")]),
      "empty": .level([]),
    ]))

  @Test("The binary variant is encoded to the bytes that it was decoded from")
  func lite() throws {
    var bytes = LiteVariantEncoder.encode(tree)
    #expect(LiteVariantNodes.encode(try #require(LiteVariantNodes.decode(bytes))) == bytes)
    // A truth value may be any byte but zero, and names of list members may have their NUL.
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: [1, 2, 0x62, 0]) })
    bytes[place + 6] = 116
    let node = try #require(LiteVariantNodes.decode(bytes))
    #expect(node["b"]?.bool == true)
    #expect(LiteVariantNodes.encode(node) == bytes)
    let named: [UInt8] = [2, 1, 0, 0, 9, 0, 0, 0]
    #expect(LiteVariantNodes.encode(try #require(LiteVariantNodes.decode(named))) == named)
  }

  @Test("Unsound bytes of the binary variant are refused")
  func unsoundLite() {
    let bytes = LiteVariantEncoder.encode(tree)
    for count in 0..<bytes.count {
      #expect(LiteVariantNodes.decode(Array(bytes.prefix(count))) == nil)
    }
    for place in bytes.indices {
      var wrong = bytes
      wrong[place] ^= 0xFF
      if let node = LiteVariantNodes.decode(wrong) { _ = LiteVariantNodes.encode(node) }
    }
  }

  @Test("The XML variant is encoded to the text that it was decoded from")
  func xml() throws {
    let text =
      #"<?xml version="1.0" encoding="UTF-8"?><variant version="1.0">"#
      + #"<no_name runtype="RLxExperiment"><d runtype="double" value="0.500"/>"#
      + #"<s runtype="CLxStringW" value="a&#x000d;&#x000a;&lt;b&gt;"/><e runtype="CLxStringW"/>"#
      + #"<f runtype="float" value="nan(ind)"/><x runtype="unknown" value=""/>"#
      + #"<t runtype="CLxStringW">text</t><list runtype="CLxListVariant"></list>"#
      + #"<uiCon20(L runtype="lx_uint32" value="007"/></no_name></variant>"#
    let document = try #require(XMLVariantNodes.decode(Array(text.utf8)))
    #expect(String(decoding: XMLVariantNodes.encode(document), as: UTF8.self) == text)
    var edited = document
    edited.root.edit("variant") { variant in
      variant.edit("") { node in
        node.set("d", 2.5)
        node.set("uiCon20(L", 8)
        node.edit("s") { _ = $0.setText("\"<&\r\n") }
      }
    }
    let result = String(decoding: XMLVariantNodes.encode(edited), as: UTF8.self)
    #expect(result.contains(#"<d runtype="double" value="2.5"/>"#))
    #expect(result.contains(#"value="&quot;&lt;&amp;&#x000d;&#x000a;"/>"#))
    #expect(result.contains(#"<uiCon20(L runtype="lx_uint32" value="8"/>"#))
    #expect(result.contains(#"value="nan(ind)""#))
  }

  @Test("XML that is cut short, or no XML, is refused")
  func unsoundXML() {
    #expect(XMLVariantNodes.decode(Array("<variant><a".utf8)) == nil)
    #expect(XMLVariantNodes.decode([]) == nil)
    #expect(XMLVariantNodes.decode([0xFF, 0xFE, 0x3C, 0]) == nil)
  }

  @Test("Numbers keep their type, and are clamped to it")
  func numbers() {
    var node = VariantNode(tree)
    let results = [
      node.set("u", -3), node.set("i", 1e20), node.set("absent", 1), node.set("d", 0.1),
    ]
    #expect(results == [true, true, false, false])
    #expect(node["u"]?.value == .uint32(0))
    #expect(node["i"]?.value == .int32(.max))
  }

  @Test("Members of lists are kept by the order of their numbers, and numbered anew")
  func members() {
    var node = VariantNode(
      MetadataField(
        "", .object(["_02": .int32(2), "_00": .int32(0), "_01": .int32(1), "_10": .int32(10)])))
    node.keepMembers([1, 3])
    #expect(node.value == .object(["_00": .int32(1), "_01": .int32(10)]))
    var plain = VariantNode(MetadataField("", .object(["a0": .int32(0), "a1": .int32(1)])))
    plain.keepMembers([1])
    #expect(plain.value == .object(["a0": .int32(1)]))
  }
}

import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("XML variant decoder")
struct XMLVariantDecoderTests {
  /// The vector of nd2-format §11.4.
  static let vector = #"""
    <variant version="1.0"><no_name runtype="CLxListVariant"><bA runtype="bool" value="true"/>\#
    <uiN runtype="lx_uint32" value="7"/><dV runtype="double" value="nan(ind)"/>\#
    <wsS runtype="CLxStringW" value="a&#x0d;&#x0a;b"/><L runtype="CLxListVariant">\#
    <no_name runtype="lx_int32" value="3"/><no_name runtype="lx_int32" value="0"/>\#
    <no_name runtype="lx_int32" value="5"/></L>\#
    <baB runtype="CLxByteArray" value="AQAB"/></no_name></variant>
    """#

  private func decode(_ text: String) throws -> DecodedMetadata {
    try XMLVariantDecoder.decode(Array(text.utf8))
  }

  /// The value of one element of a type.
  private func value(_ runtype: String, _ text: String) throws -> MetadataValue? {
    try decode("<variant><x runtype=\"\(runtype)\" value=\"\(text)\"/><y/></variant>").root["x"]
  }

  @Test("The vector of the format notes decodes, zeros of lists and bytes included")
  func formatVector() throws {
    let decoded = try decode(Self.vector)
    #expect(decoded.problems.isEmpty)
    let root = decoded.root
    #expect(root["bA"] == .bool(true))
    #expect(root["uiN"] == .uint32(7))
    #expect(root["dV"]?.double?.isNaN == true)
    #expect(root["wsS"] == .string("a\r\nb"))
    #expect(root["L"] == .list([.int32(3), .int32(0), .int32(5)]))
    #expect(root["baB"] == .bytes([1, 0, 1]))
    #expect(root.fields.count == 6)
  }

  @Test(
    "Every type decodes",
    arguments: [
      ("bool", "true", .bool(true)), ("bool", "1", .bool(true)), ("bool", "TRUE", .bool(true)),
      ("bool", "false", .bool(false)), ("bool", "", .bool(false)), ("bool", "yes", .bool(false)),
      ("lx_int32", "-5", .int32(-5)), ("lx_int32", "4294967295", .int32(-1)),
      ("lx_uint32", "4294967295", .uint32(.max)), ("lx_uint32", "-1", .uint32(.max)),
      ("lx_int64", "-9223372036854775808", .int64(.min)),
      ("lx_uint64", "18446744073709551615", .uint64(.max)), ("lx_uint64", "-1", .uint64(.max)),
      ("double", "0.5", .double(0.5)), ("double", "-1e-5", .double(-1e-5)),
      ("double", " 3 ", .double(3)), ("float", "2", .double(2)),
      ("CLxStringW", "&lt;a&gt; &amp; &quot;b&quot; &apos;", .string("<a> & \"b\" '")),
      ("CLxStringW", "", .string("")), ("CLxByteArray", "", .bytes([])),
      ("unknown", "", .string("")), ("lx_int16", "5", .string("5")),
    ] as [(String, String, MetadataValue)])
  func types(runtype: String, text: String, expected: MetadataValue) throws {
    #expect(try value(runtype, text) == expected)
  }

  @Test("Texts that are no number are NaN for doubles, and kept with a problem for integers")
  func badNumbers() throws {
    for text in ["nan(ind)", "1.#IND", "-1.#INF", "", "abc"] {
      #expect(try value("double", text)?.double?.isNaN == true, "\(text)")
    }
    for text in ["", "abc", "99999999999999999999999"] {
      let decoded = try decode(
        "<variant><x runtype=\"lx_uint32\" value=\"\(text)\"/><y/></variant>")
      #expect(decoded.root["x"] == .string(text))
      #expect(decoded.problems.count == 1)
    }
  }

  @Test("Bytes that are no base64 are kept as text with a problem")
  func badBase64() throws {
    let decoded = try decode("<variant><x runtype=\"CLxByteArray\" value=\"A!\"/><y/></variant>")
    #expect(decoded.root["x"] == .string("A!"))
    #expect(decoded.problems.count == 1)
  }

  @Test("The outer element and a list of one around the whole are dropped")
  func wrappers() throws {
    let field = #"<uiN runtype="lx_uint32" value="7"/>"#
    let expected = MetadataValue.object(["uiN": .uint32(7)])
    #expect(try decode("<variant>\(field)</variant>").root == expected)
    #expect(try decode("<variant><no_name>\(field)</no_name></variant>").root == expected)
    #expect(try decode(field).root == expected)
    #expect(
      try decode("<variant><Named>\(field)</Named></variant>").root
        == .object(["Named": expected]))
  }

  @Test("A name that XML forbids is read as it stands")
  func forbiddenName() throws {
    let decoded = try decode(
      #"<variant><uiCon20(L runtype="lx_uint32" value="3"/><0a runtype="bool" value="1"/></variant>"#
    )
    #expect(decoded.root == .object(["uiCon20(L": .uint32(3), "0a": .bool(true)]))
  }

  @Test("Control characters in the text are left out")
  func controlCharacters() throws {
    let text =
      "<variant><x runtype=\"CLxStringW\" value=\"a\u{01}b\u{1F}c\td\"/>\u{02}<y/></variant>"
    #expect(try decode(text).root["x"] == .string("abc\td"))
  }

  @Test("NULs and other bytes behind the document are ignored")
  func trailingBytes() throws {
    let decoded = try decode(Self.vector + "\0\0\0\0")
    #expect(decoded.root["uiN"] == .uint32(7))
  }

  @Test("A document cut at any byte gives what is left of it")
  func truncation() throws {
    var complete = 0
    for prefix in HostileBytes.prefixes(of: Array(Self.vector.utf8)) {
      guard let decoded = try? XMLVariantDecoder.decode(prefix) else {
        #expect(prefix.count < 10)
        continue
      }
      // A cut inside the last closing tag loses nothing.
      #expect(!decoded.problems.isEmpty || prefix.count > Self.vector.utf8.count - 10)
      if decoded.root["uiN"] == .uint32(7) { complete += 1 }
    }
    #expect(complete > 300)
  }

  @Test("Comments, declarations and processing instructions are skipped")
  func markupToSkip() throws {
    let text = """
      <?xml version="1.0"?><!DOCTYPE v [ <!ENTITY e "x"> ]><!-- <a/> -- > --><variant>
      <x runtype="lx_int32" value="1"/><!-- c --><y runtype="lx_int32" value="2"/></variant>
      """
    let root = try decode(text).root
    #expect(root["x"] == .int32(1) || root["variant"]?["x"] == .int32(1))
  }

  @Test("Entities are never expanded beyond the five of XML and character references")
  func entities() throws {
    #expect(
      try value("CLxStringW", "&e; &lol; &#65;&#x42;&#x1F52C; & &; &#xD800; &#x110000;")
        == .string("&e; &lol; AB🔬 & &; &#xD800; &#x110000;"))
  }

  @Test("Single quotes, blanks around the equals sign and attributes without value are read")
  func looseAttributes() throws {
    let decoded = try decode(
      "<variant><x runtype = 'lx_int32' value\n=\t'5' odd extra=bare / ><y/></variant>")
    #expect(decoded.root.fields.first?.name == "x")
    #expect(decoded.root["x"] == .int32(5) || decoded.root["x"]?.fields.isEmpty == false)
  }

  @Test("UTF-8 and UTF-16 with byte order marks decode alike")
  func byteOrderMarks() throws {
    let text = #"<variant><s runtype="CLxStringW" value="µ 日本 🔬"/><y/></variant>"#
    let little = [UInt8](littleEndian: Array(text.utf16))
    var big = little
    for index in stride(from: 0, to: big.count, by: 2) { big.swapAt(index, index + 1) }
    let forms = [
      Array(text.utf8), [0xEF, 0xBB, 0xBF] + text.utf8, [0xFF, 0xFE] + little,
      [0xFE, 0xFF] + big, little,
    ]
    for bytes in forms {
      #expect(try XMLVariantDecoder.decode(bytes).root["s"] == .string("µ 日本 🔬"))
    }
  }

  @Test("Invalid UTF-8 becomes replacement characters")
  func invalidUTF8() throws {
    let bytes =
      Array(#"<variant><s runtype="CLxStringW" value="a"#.utf8) + [0xFF, 0xC3]
      + Array(#"b"/><y/></variant>"#.utf8)
    #expect(try XMLVariantDecoder.decode(bytes).root["s"] == .string("a\u{FFFD}\u{FFFD}b"))
  }

  @Test("An element with text instead of a value has the text as its value")
  func textContent() throws {
    let decoded = try decode(
      "<variant><s>some &amp; text</s><n runtype=\"lx_int32\">4</n></variant>")
    #expect(decoded.root == .object(["s": .string("some & text"), "n": .int32(4)]))
  }

  @Test("A document without an element is an error")
  func noElement() {
    for text in ["", "   ", "text", "<!-- only a comment -->", "<?xml version='1.0'?>", "</end>"] {
      #expect(throws: Malformed.self, "\(text)") { try decode(text) }
    }
  }
}

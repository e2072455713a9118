import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("XML variant round trips and limits")
struct XMLVariantLimitsTests {
  @Test("Any tree comes back exactly")
  func randomTrees() throws {
    try Randomness.repeated(400) { (random) throws in
      let tree = random.tree(depth: 5)
      let bytes = XMLVariantEncoder.encode(tree)
      let decoded = try XMLVariantDecoder.decode(bytes)
      #expect(decoded.root == tree, "seed \(random.seed)")
      #expect(decoded.problems.isEmpty, "seed \(random.seed)")
    }
  }

  @Test("A named root comes back with its name")
  func namedRoot() throws {
    try Randomness.repeated(50) { (random) throws in
      let tree = MetadataValue.object(["Root": random.tree(depth: 3)])
      let bytes = XMLVariantEncoder.encode(tree, wrapper: .none)
      #expect(try XMLVariantDecoder.decode(bytes).root == tree, "seed \(random.seed)")
    }
  }

  @Test("Control characters in texts survive as character references")
  func controlCharacters() throws {
    let text = String(
      String.UnicodeScalarView((0..<0x20).compactMap { Unicode.Scalar($0 as UInt8) }))
    let tree = MetadataValue.object(["s": .string(text), "t": .string("x")])
    #expect(try XMLVariantDecoder.decode(XMLVariantEncoder.encode(tree)).root == tree)
  }

  @Test("Nesting beyond the limit is an error, however deep")
  func depth() throws {
    let deep = String(repeating: "<a>", count: 10)
    #expect(throws: Never.self) {
      try XMLVariantDecoder.decode(Array(deep.utf8), limits: .init(depth: 10))
    }
    let error = #expect(throws: Malformed.self) {
      try XMLVariantDecoder.decode(Array(deep.utf8), limits: .init(depth: 9))
    }
    #expect(error?.reason == .limitExceeded(limit: "depth", value: 9))
    let abyss = [UInt8](repeatElement("<a>".utf8, count: 200_000).joined())
    #expect(throws: Malformed.self) { try XMLVariantDecoder.decode(abyss) }
  }

  @Test("More elements than the limit are an error")
  func itemCount() throws {
    let many = Array("<v>\(String(repeating: "<a/>", count: 99))</v>".utf8)
    #expect(throws: Never.self) {
      try XMLVariantDecoder.decode(many, limits: .init(itemCount: 100))
    }
    let error = #expect(throws: Malformed.self) {
      try XMLVariantDecoder.decode(many, limits: .init(itemCount: 99))
    }
    #expect(error?.reason == .limitExceeded(limit: "itemCount", value: 99))
  }

  @Test("Text in very many pieces takes time in proportion to its length", .timeLimit(.minutes(1)))
  func textInPieces() throws {
    let pieces = 400_000
    var bytes = Array("<v>".utf8)
    for _ in 0..<pieces { bytes += "abcdefgh<!---->".utf8 }
    bytes += "</v>".utf8
    let decoded = try XMLVariantDecoder.decode(bytes)
    #expect(decoded.root["v"]?.string?.utf8.count == pieces * 8)
  }

  @Test("A changed byte anywhere never traps")
  func flips() {
    for changed in HostileBytes.flips(of: Array(XMLVariantDecoderTests.vector.utf8)) {
      _ = try? XMLVariantDecoder.decode(changed)
    }
  }

  @Test("Markup characters in any order end, and never trap")
  func markupNoise() {
    let parts = [
      "<", ">", "/", "=", "\"", "'", "&", ";", "<!--", "-->", "<?", "?>", "<![CDATA[", "a", " ",
      "value", "runtype", "&#x", "\0", "\u{FFFD}", "</",
    ]
    Randomness.repeated(3000) { random in
      let text = (0..<random.int(0..<40)).map { _ in parts[random.int(0..<parts.count)] }.joined()
      _ = try? XMLVariantDecoder.decode(Array(text.utf8))
    }
  }
}

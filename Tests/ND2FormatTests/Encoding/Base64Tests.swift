import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Base64")
struct Base64Tests {
  @Test(
    "Known texts decode (RFC 4648)",
    arguments: [
      ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"),
      ("Zm9vYmE=", "fooba"), ("Zm9vYmFy", "foobar"),
    ])
  func knownTexts(text: String, expected: String) {
    #expect(Base64.decode(text) == Array(expected.utf8))
    #expect(Base64.encode(Array(expected.utf8)) == text)
  }

  @Test("Missing fill and blanks are taken; other signs are not")
  func looseTexts() {
    #expect(Base64.decode("Zm9vYg") == Array("foob".utf8))
    #expect(Base64.decode("Zm9v\r\n YmFy") == Array("foobar".utf8))
    #expect(Base64.decode("Zm9-") == nil)
    #expect(Base64.decode("µ") == nil)
  }

  @Test("Any bytes come back")
  func roundTrips() {
    Randomness.repeated(200) { random in
      let bytes = random.bytes(random.int(0..<50))
      #expect(Base64.decode(Base64.encode(bytes)) == bytes, "seed \(random.seed)")
    }
  }
}

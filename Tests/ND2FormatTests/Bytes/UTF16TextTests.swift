import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("UTF-16 text")
struct UTF16TextTests {
  private func bytes(_ text: String) -> [UInt8] { [UInt8](littleEndian: Array(text.utf16)) }

  private func decodeAll(_ bytes: [UInt8]) -> String {
    bytes.withUnsafeBytes { UTF16Text.decode($0) }
  }

  @Test("Any text comes back")
  func roundTrips() {
    for text in ["", "a", "NIS-Elements AR", "µm", "日本 🔬", "\u{7F}\u{80}\u{FF}\u{100}"] {
      #expect(decodeAll(bytes(text)) == text)
    }
    Randomness.repeated(200) { random in
      let text = random.text(0..<40)
      #expect(decodeAll(bytes(text)) == text, "seed \(random.seed)")
    }
  }

  @Test("Text ends at the first NUL")
  func endsAtNUL() {
    #expect(UTF16Text.decode(bytes("abc") + [0, 0] + bytes("def")) == "abc")
    #expect(UTF16Text.decode([0, 0]) == "")
    // A unit whose low byte is zero is not NUL.
    #expect(UTF16Text.decode([0x00, 0x01, 0x41, 0x00]) == "\u{100}A")
  }

  @Test("Invalid sequences become replacement characters, and half a unit is ignored")
  func invalid() {
    #expect(decodeAll([0x3D, 0xD8]) == "\u{FFFD}")
    #expect(decodeAll([0x2C, 0xDD, 0x41, 0x00]) == "\u{FFFD}A")
    #expect(decodeAll([0x41, 0x00, 0x42]) == "A")
    #expect(decodeAll([0x41]) == "")
  }
}

import Testing

@testable import ND2Commands

@Suite("Text for terminals")
struct PlainTextTests {
  @Test("Control characters of a file never reach the terminal")
  func controlCharacters() {
    #expect(PlainText.singleLine("a\u{1B}[31mb\u{7}") == "a\u{FFFD}[31mb\u{FFFD}")
    #expect(PlainText.singleLine("a\u{9B}b\u{202E}c") == "a\u{FFFD}b\u{FFFD}c")
    #expect(PlainText.singleLine("one\r\ntwo\tthree") == "one two three")
    #expect(PlainText.singleLine("ž µm 日本 🔬") == "ž µm 日本 🔬")
  }

  @Test("All kinds of line ends part lines")
  func lines() {
    #expect(PlainText.lines("a\r\nb\rc\nd\r\n\r\n  ") == ["a", "b", "c", "d"])
    #expect(PlainText.lines("a\r\n\r\nb") == ["a", "", "b"])
    #expect(PlainText.lines("") == [])
  }

  @Test("Wide letters take two columns, combining ones none")
  func widths() {
    #expect(PlainText.width("abc") == 3)
    #expect(PlainText.width("日本") == 4)
    #expect(PlainText.width("µm") == 2)
    #expect(PlainText.width("e\u{301}") == 1)
    #expect(PlainText.width("🔬") == 2)
  }

  @Test("Long text is cut to its columns")
  func fitting() {
    #expect(PlainText.fitted("objective", width: 9) == "objective")
    #expect(PlainText.fitted("objective", width: 5) == "obje…")
    #expect(PlainText.width(PlainText.fitted("日本語日本語", width: 6)) <= 6)
    #expect(PlainText.fitted("objective", width: 0) == "")
  }
}

import ND2Format
import ND2TestSupport
import Testing

@testable import ND2

@Suite("Python literals")
struct PythonLiteralTests {
  private func parsed(_ text: String) throws -> PythonLiteral {
    try PythonLiteral(parsing: Array(text.utf8), encoding: .utf8)
  }

  @Test("Values are read as Python reads them")
  func values() throws {
    #expect(try parsed("None") == .none)
    #expect(try parsed(" True\n") == .boolean(true))
    #expect(try parsed("False") == .boolean(false))
    #expect(try parsed("42") == .integer(42))
    #expect(try parsed("-7") == .integer(-7))
    #expect(try parsed("12L") == .integer(12))
    #expect(try parsed("'<u2'") == .text("<u2"))
    #expect(try parsed("\"it's\"") == .text("it's"))
    #expect(try parsed(#"'it\'s \\'"#) == .text(#"it's \"#))
    #expect(try parsed("u'κ'") == .text("κ"))
    #expect(try parsed("b\"x\"") == .text("x"))
  }

  @Test("A comma tells a tuple from parentheses")
  func tuples() throws {
    #expect(try parsed("()") == .tuple([]))
    #expect(try parsed("(3)") == .integer(3))
    #expect(try parsed("(3,)") == .tuple([.integer(3)]))
    #expect(try parsed("( 3 ,4\n,)") == .tuple([.integer(3), .integer(4)]))
    #expect(try parsed("[3]") == .list([.integer(3)]))
    #expect(try parsed("[]") == .list([]))
  }

  @Test("Of equal keys the last one counts")
  func dictionaries() throws {
    let value = try parsed("{'a' : 1,\t\"b\":(2L,), 'a':3 , }")
    #expect(value["a"] == .integer(3))
    #expect(value["b"] == .tuple([.integer(2)]))
    #expect(value["c"] == nil)
    #expect(try parsed("{}") == .dictionary([]))
  }

  @Test(
    "What is no literal is an error",
    arguments: [
      "", " ", "{", "(", "[", "'", "'a\n'", "(,)", "(1 2)", "[1,,2]", "{'a' 1}", "{'a':}",
      "{'a':1 'b':2}",
      "1 2", "true", "nan", "1.5", "0x10", "--1", "+", "x'a'", "f()", "\u{0}", "{'a': 1}\u{0}", "u",
      "'a' 'b'",
    ])
  func errors(_ text: String) {
    #expect(throws: Malformed.self) { try parsed(text) }
  }

  @Test("Numbers that are too large, and nesting that is too deep, are errors")
  func limits() throws {
    #expect(throws: Malformed(.overflow, at: 19)) { try parsed("9223372036854775808") }
    #expect(try parsed("9223372036854775807") == .integer(.max))
    let deep = String(repeating: "(", count: 100_000)
    #expect(throws: Malformed.self) { try parsed(deep) }
  }

  @Test("Text is decoded as the version says")
  func encodings() throws {
    let bytes: [UInt8] = [0x27, 0xC3, 0xA9, 0x27]
    #expect(try PythonLiteral(parsing: bytes, encoding: .utf8) == .text("é"))
    #expect(try PythonLiteral(parsing: bytes, encoding: .latin1) == .text("Ã©"))
  }

  @Test("Printing gives Python's text again")
  func printing() throws {
    let text = "{'descr': [('a', '<i4'), ('b', '<f8', (2,))], 'x': (True, None, -1)}"
    #expect(try parsed(text).description == text)
  }
}

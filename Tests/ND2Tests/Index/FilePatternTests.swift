import Testing

@testable import ND2

@Suite("Patterns of files")
struct FilePatternTests {
  @Test(
    "Names match as shells match them",
    arguments: [
      ("*.nd2", "a.nd2", true), ("*.nd2", ".nd2", true), ("*.nd2", "a.ND2", false),
      ("*.nd2", "a/b.nd2", false), ("?.nd2", "é.nd2", true), ("?.nd2", "ab.nd2", false),
      ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[!a-c]x", "dx", true),
      ("[]]x", "]x", true), ("[abc", "[abc", true), ("[a-]x", "-x", true), ("a*b*c", "aXbYc", true),
      ("a*b*c", "aXbY", false), ("**/x", "x", true), ("**/x", "a/b/x", true),
      ("a/**/x", "a/x", true),
      ("a/**/x", "b/x", false), ("a/**", "a/b/c", true), ("a/*/x", "a/b/x", true),
      ("a/*/x", "a/x", false), ("./a/./x", "a/x", true), ("**/**/x", "a/x", true),
      ("a**b", "aXb", true), ("*", "", false),
    ])
  func matching(_ pattern: String, _ path: String, _ isMatch: Bool) throws {
    #expect(try FilePattern(pattern).matches(path) == isMatch)
  }

  @Test("The usual pattern takes both cases, and leaves companion files out")
  func usual() {
    for name in ["a.nd2", "a.ND2", "a.Nd2"] { #expect(FilePattern.nd2.matches(name)) }
    for name in ["._a.nd2", "a.nd", ".nd2", "nd2", "a.nd22", "a/b.nd2"] {
      #expect(!FilePattern.nd2.matches(name))
    }
    #expect(FilePattern.nd2.recursive.matches("a/b.nd2"))
    #expect(FilePattern.nd2.recursive.matches("b.nd2"))
  }

  @Test(
    "Patterns that lead elsewhere are refused", arguments: ["", "/a", "../a", "a/../b", ".", "//"])
  func refused(_ text: String) {
    #expect(throws: ND2Error.self) { try FilePattern(text) }
  }

  @Test("Many stars take no long time")
  func stars() throws {
    let pattern = try FilePattern(String(repeating: "*a", count: 2000) + "b")
    #expect(!pattern.matches(String(repeating: "a", count: 5000)))
    #expect(throws: ND2Error.self) {
      try FilePattern(Array(repeating: "**", count: 61).joined(separator: "/"))
    }
  }
}

import Testing

@testable import ND2Commands

@Suite("Tables")
struct TextTableTests {
  private func sample() -> TextTable {
    var table = TextTable([.init("Name"), .init("Size", .right), .init("Note")])
    table.add(["日本", "5", "short"])
    table.add(["ImageDataSeq|0!", "1,234", ""])
    return table
  }

  @Test("Columns are as wide as their widest cell")
  func layout() {
    #expect(
      sample().lines(for: .none()) == [
        "Name              Size  Note",
        "日本                 5  short",
        "ImageDataSeq|0!  1,234",
      ])
  }

  @Test("On a terminal the widest columns give way")
  func shrinking() {
    var table = TextTable([.init("Name"), .init("Value")])
    table.add([String(repeating: "x", count: 200), String(repeating: "y", count: 30)])
    let terminal = Terminal(isInteractive: true, width: 60, colours: .none)
    for line in table.lines(for: terminal) { #expect(PlainText.width(line) <= 60) }
    #expect(table.lines(for: .none(width: 60))[1].count == 232)
  }

  @Test("Rows of the wrong length and cells with line breaks are harmless")
  func oddRows() {
    var table = TextTable([.init("A"), .init("B")])
    table.add(["1"])
    table.add(["1", "2", "3"])
    table.add(["a\nb", "c\u{1B}d"])
    #expect(table.lines(for: .none()) == ["A    B", "1", "1    2", "a b  c\u{FFFD}d"])
  }

  @Test("Headings have a style only where colours are wanted")
  func styles() {
    let terminal = Terminal(isInteractive: true, width: 80, colours: .full)
    #expect(sample().lines(for: terminal)[0].hasPrefix("\u{1B}[1m"))
    #expect(terminal.swatch(red: 1, green: 2, blue: 3).contains("48;2;1;2;3"))
    #expect(Terminal.none().swatch(red: 1, green: 2, blue: 3) == "")
  }
}

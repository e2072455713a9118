import ND2
import Testing

@Suite("Tables as text")
struct TableTextTests {
  private func cells(_ texts: [String?]) throws -> Table {
    try Table([.init("a", strings: texts), .init("b", integers: texts.map { _ in 1 })])
  }

  @Test("CSV cells are quoted where they must be, and only there")
  func quoting() throws {
    let table = try cells(["a", "b,c", "say \"hi\"", "two\r\nlines", "", " x", "y ", "t\tb", nil])
    #expect(
      table.text(.csv, includingHeader: false, lineEnd: .lf) == """
        a,1
        "b,c",1
        "say ""hi\""",1
        "two\r\nlines",1
        ,1
        " x",1
        "y ",1
        t\tb,1
        ,1

        """)
  }

  @Test("Headings are quoted like cells")
  func headings() throws {
    let table = try Table([.init("a,b", integers: []), .init("c\"", integers: [])])
    #expect(table.text(.csv) == "\"a,b\",\"c\"\"\"\r\n")
    #expect(table.text(.tsv) == "a,b\t\"c\"\"\"\n")
  }

  @Test("CSV ends lines with CR LF, TSV with LF, and both as asked")
  func lineEnds() throws {
    let table = try cells(["x"])
    #expect(Array(table.text(.csv).utf8) == Array("a,b\r\nx,1\r\n".utf8))
    #expect(table.text(.csv, lineEnd: .lf) == "a,b\nx,1\n")
    #expect(table.text(.tsv) == "a\tb\nx\t1\n")
    #expect(table.text(.table, lineEnd: .crlf).utf8.filter { $0 == 0x0D }.count == 2)
  }

  @Test("Combining marks and control characters pass through CSV unchanged")
  func unicode() throws {
    // A comma with a combining mark is one character of Swift, but still a comma.
    let table = try cells([",\u{301}x", "日本 🔬", "nul\0bell\u{7}", "\u{FEFF}"])
    #expect(
      table.text(.csv, includingHeader: false, lineEnd: .lf)
        == "\",\u{301}x\",1\n日本 🔬,1\nnul\0bell\u{7},1\n\u{FEFF},1\n")
  }

  @Test("Aligned text has no control characters")
  func controlCharacters() throws {
    let table = try Table([.init("h\u{1B}", strings: ["a\u{1B}[31m", "b\nc", "d\u{9B}e"])])
    let text = table.text(.table)
    #expect(text == "h\na [31m\nb c\nd e\n")
  }

  @Test("Numbers have all their digits; NaN is empty, infinities are named")
  func numbers() throws {
    let values = [0.1, 1e-7, 123456789.125, .nan, .infinity, -.infinity, -0.0]
    let table = try Table([
      .init("v", doubles: values), .init("i", integers: values.map { _ in nil }),
    ])
    #expect(
      table.text(.csv, includingHeader: false, lineEnd: .lf)
        == "0.1,\n1e-07,\n123456789.125,\n,\ninf,\n-inf,\n-0.0,\n")
  }

  @Test("In a table of one column an empty cell is quoted, so that its line is not empty")
  func singleColumn() throws {
    let table = try Table([.init("a", strings: ["x", nil, ""])])
    #expect(table.text(.csv, lineEnd: .lf) == "a\nx\n\"\"\n\"\"\n")
  }

  @Test("A table without columns is no text, one without rows is its headings")
  func empty() throws {
    for format in Table.TextFormat.allCases { #expect(Table().text(format) == "") }
    let table = try Table([.init("a", integers: []), .init("b", unit: "µm", doubles: [])])
    #expect(table.text(.csv) == "a,b [µm]\r\n")
    #expect(table.text(.table) == "a  b [µm]\n")
    #expect(table.text(.tsv, includingHeader: false) == "")
  }
}

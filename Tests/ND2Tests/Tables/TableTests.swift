import ND2
import Testing

@Suite("Tables")
struct TableTests {
  private let table: Table

  init() throws {
    table = try Table([
      .init("Index", integers: [0, 1, 2, nil]),
      .init("Time", unit: "s", doubles: [1.5, nil, .nan, -2]),
      .init("Name", strings: ["b", "a", nil, ""]),
    ])
  }

  private func message(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch let error as ND2Error {
      return error.code == .invalidRequest ? error.message : "another code"
    } catch {
      return "another error"
    }
  }

  @Test("Headings are the name with the unit, unless another is given")
  func headings() throws {
    #expect(table.titles == ["Index", "Time [s]", "Name"])
    #expect(table["Time [s]"]?.name == "Time")
    #expect(table["Time [s]"]?.unit == "s")
    #expect(table["Time"] == nil)
    let column = Table.Column("X", unit: "µm", id: "X1", title: "Stage", values: .doubles([]))
    #expect(column.title == "Stage" && column.id == "X1" && column.isEmpty)
  }

  @Test("Typed access converts whole numbers, and says what is missing")
  func typedAccess() throws {
    let index = try #require(table["Index"])
    #expect(index.doubles?.prefix(3) == [0, 1, 2])
    #expect(index.doubles?[3].isNaN == true)
    #expect(index.integers == [0, 1, 2, nil])
    #expect(index.strings == nil)
    let time = try #require(table["Time [s]"])
    #expect(time.doubles?.map(\.isNaN) == [false, true, true, false])
    #expect(time.integers == nil)
    #expect(time[0] == .double(1.5) && time[1] == nil && time[4] == nil && time[-1] == nil)
    let name = try #require(table["Name"])
    #expect(name.strings == ["b", "a", nil, ""])
    #expect(name.doubles == nil)
    #expect(name[3]?.string == "" && name[3]?.double == nil && name[0]?.int == nil)
  }

  @Test("A column of another length is refused by name and length")
  func lengths() {
    var table = table
    let refusal = message { try table.append(.init("Short", integers: [1, 2])) }
    #expect(refusal == "the column 'Short' has 2 values where the table has 4 rows")
    let presence = message {
      try table.append(.init("P", values: .integers([1, 2, 3, 4]), presence: [true]))
    }
    #expect(presence?.contains("'P' says of 1 rows") == true)
    #expect(table.columns.count == 3)
  }

  @Test("A heading that is taken is refused")
  func duplicateHeadings() {
    var table = table
    let column = Table.Column("Time", unit: "s", integers: [1, 2, 3, 4])
    #expect(
      message { try table.append(column) } == "the table has a column 'Time [s]' already")
  }

  @Test("Columns of no rows make a table of no rows, which takes no others")
  func noRows() throws {
    var table = try Table([.init("A", integers: []), .init("B", strings: [])])
    #expect(table.rowCount == 0 && table.columns.count == 2)
    #expect(message { try table.append(.init("C", integers: [1])) } != nil)
    #expect(Table().rowCount == 0 && Table().titles.isEmpty)
  }

  @Test("Columns are selected in the order asked for; unknown ones are named with the known")
  func selecting() throws {
    #expect(try table.selecting(["Name", "Index"]).titles == ["Name", "Index"])
    #expect(try table.selecting([]).rowCount == 4)
    #expect(
      message { _ = try table.selecting(["Nome"]) }
        == "the table has no column 'Nome'; its columns are 'Index', 'Time [s]', 'Name'")
    #expect(message { _ = try table.selecting(["Name", "Name"]) } != nil)
    #expect(message { _ = try Table().selecting(["x"]) }?.hasSuffix("it has none") == true)
  }

  @Test("Rows are filtered by their values")
  func filtering() {
    let named = table.filter { $0["Name"] != nil && $0["Index"] != nil }
    #expect(named["Name"]?.strings == ["b", "a"])
    #expect(named["Time [s]"]?[1] == nil)
    #expect(table.filter { _ in false }.rowCount == 0)
    #expect(table.rows.map(\.index) == [0, 1, 2, 3])
  }

  @Test("Sorting is stable and leaves missing values and NaN last, in both directions")
  func sorting() throws {
    let rising = try table.sorted(by: "Time [s]")
    #expect(rising["Index"]?.integers == [nil, 0, 1, 2])
    let falling = try table.sorted(by: "Time [s]", descending: true)
    #expect(falling["Index"]?.integers == [0, nil, 1, 2])
    #expect(try table.sorted(by: "Name")["Name"]?.strings == ["", "a", "b", nil])
    let equal = try Table([.init("k", integers: [1, 1, 0]), .init("v", integers: [0, 1, 2])])
    #expect(try equal.sorted(by: "k", descending: true)["v"]?.integers == [0, 1, 2])
    #expect(message { _ = try table.sorted(by: "?") }?.contains("no column '?'") == true)
  }

  @Test("Tables with NaN are equal to themselves")
  func equality() throws {
    #expect(table == table)
    #expect(Set([table, try table.selecting(table.titles)]).count == 1)
    #expect(table != table.prefix(3))
    #expect(Table.Values.doubles([1]) != .integers([1]))
  }

  @Test("The description shows the first rows and the size")
  func description() throws {
    let long = try Table([.init("N", integers: (0..<25).map { $0 })])
    #expect(long.description.split(separator: "\n").count == 13)
    #expect(long.description.hasSuffix("\n…\n25 rows × 1 column"))
    #expect(
      table.prefix(1).description == """
        Index  Time [s]  Name
            0       1.5  b
        1 row × 3 columns
        """)
    #expect(table.prefix(-1).rowCount == 0)
    #expect(Table().description == "0 rows × 0 columns")
  }

  @Test("JSON comes in three orientations; records have only the values that there are")
  func json() {
    let short = table.prefix(2)
    #expect(
      short.json().text()
        == #"[{"Index":0,"Time [s]":1.5,"Name":"b"},{"Index":1,"Name":"a"}]"#)
    #expect(
      short.json(.list).text() == #"{"Index":[0,1],"Time [s]":[1.5,null],"Name":["b","a"]}"#)
    #expect(
      short.json(.dict, null: "none")["Time [s]"]?.text() == #"{"0":1.5,"1":"none"}"#)
    #expect(table.prefix(0).json(.list).text() == #"{"Index":[],"Time [s]":[],"Name":[]}"#)
    #expect(table.prefix(0).json(.records).text() == "[]")
    #expect(Table().json(.dict).text() == "{}")
  }
}

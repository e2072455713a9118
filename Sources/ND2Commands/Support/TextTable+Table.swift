import ND2

extension TextTable {
  /// A table of the library for people: numbers to the right, shortened to what can be read.
  init(_ table: Table) {
    self.init(
      table.columns.map { column in
        if case .strings = column.values { return .init(PlainText.singleLine(column.title)) }
        return .init(PlainText.singleLine(column.title), .right)
      })
    for row in 0..<table.rowCount { add(table.columns.map { Self.cell($0, row) }) }
  }

  /// The value as people read it; CSV and JSON have all digits.
  private static func cell(_ column: Table.Column, _ row: Int) -> String {
    if case .double(let value)? = column[row], !value.isNaN {
      return HumanText.number(value, decimals: value.magnitude < 1 ? 6 : 3)
    }
    return column.cellText(row)
  }
}

extension Table {
  /// The table without the columns that have no values, and without some others.
  func hiding(_ titles: Set<String>) -> Table {
    let shown = columns.filter { !titles.contains($0.title) && !$0.isEmpty }.map(\.title)
    return (try? selecting(shown)) ?? self
  }

  /// Whether all values of a column of whole numbers are that number.
  func has(only number: Int, in title: String) -> Bool {
    self[title]?.integers?.allSatisfy { $0 == nil || $0 == number } ?? false
  }
}

/// A table of typed columns with units: recorded data, regions, positions, frames.
///
/// All columns have one value for each row, or say that there is none, and no two have the same
/// heading.
///
/// ```swift
/// let frames = try file.framesTable()
/// let times = frames["Time [s]"]?.doubles
/// print(frames.text(.csv))
/// ```
public struct Table: Hashable, Sendable {
  /// The columns, in order.
  public private(set) var columns: [Column]
  /// Number of rows.
  public private(set) var rowCount: Int

  /// Creates a table without columns and rows.
  public init() {
    columns = []
    rowCount = 0
  }

  /// Creates a table of columns.
  ///
  /// - Throws: as ``append(_:)``.
  public init(_ columns: some Sequence<Column>) throws {
    self.init()
    for column in columns { try append(column) }
  }

  /// Creates a table of columns that are known to fit together.
  init(fitting columns: [Column], rowCount: Int) {
    self.columns = columns
    self.rowCount = rowCount
  }

  /// Adds a column behind the others. The first column decides on the number of rows.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest``, naming the column, when it has not as many values
  ///   as the table has rows, or a heading that is taken.
  public mutating func append(_ column: Column) throws {
    let expected = columns.isEmpty && rowCount == 0 ? column.count : rowCount
    guard column.count == expected else {
      throw ND2Error.invalidRequest(
        "the column '\(column.title)' has \(column.count) values where the table has \(expected) "
          + "rows")
    }
    if let presence = column.presence, presence.count != expected {
      throw ND2Error.invalidRequest(
        "the column '\(column.title)' says of \(presence.count) rows whether they have a value, "
          + "but there are \(expected)")
    }
    guard self[column.title] == nil else {
      throw ND2Error.invalidRequest("the table has a column '\(column.title)' already")
    }
    columns.append(column)
    rowCount = expected
  }

  /// The column of that heading, as in `table["Time [s]"]`.
  public subscript(title: String) -> Column? { columns.first { $0.title == title } }

  /// The headings, in order.
  public var titles: [String] { columns.map(\.title) }
}

extension Table {
  /// One row of a table.
  public struct Row: Sendable {
    let table: Table
    /// Its number, from 0.
    public let index: Int

    /// The value in the column of that heading; nil when the row has none.
    public subscript(title: String) -> Value? { table[title]?[index] }
  }

  /// The rows, in order.
  public var rows: some RandomAccessCollection<Row> {
    (0..<rowCount).lazy.map { Row(table: self, index: $0) }
  }

  /// The table with only the columns of those headings, in that order.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a heading that there is not, or that comes
  ///   twice.
  public func selecting(_ titles: [String]) throws -> Table {
    var result = Table(fitting: [], rowCount: rowCount)
    for title in titles {
      guard let column = self[title] else { throw unknown(title) }
      try result.append(column)
    }
    return result
  }

  /// The table with only the rows that fulfil a condition.
  ///
  /// ```swift
  /// let first = table.filter { $0["T Index"] == .integer(0) }
  /// ```
  public func filter(_ isIncluded: (Row) throws -> Bool) rethrows -> Table {
    gathering(try rows.filter(isIncluded).map(\.index))
  }

  /// The table with its rows in ascending order of a column: numbers by value, texts by their code
  /// points. Rows without value, and NaN, come last; equal rows stay in their order.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a heading that there is not.
  public func sorted(by title: String, descending: Bool = false) throws -> Table {
    guard let column = self[title] else { throw unknown(title) }
    let keyed: [(row: Int, value: Value?)] = (0..<rowCount).map { row in
      let value = column[row]
      return (row, value?.double?.isNaN == true ? nil : value)
    }
    let order = keyed.ordered { a, b in
      switch (a.value, b.value) {
      case (let x?, let y?):
        if x.precedes(y) { return !descending }
        if y.precedes(x) { return descending }
        return a.row < b.row
      case (nil, _?): return false
      case (_?, nil): return true
      case (nil, nil): return a.row < b.row
      }
    }
    return gathering(order.map(\.row))
  }

  /// The first rows.
  public func prefix(_ count: Int) -> Table {
    gathering(Array(0..<min(max(0, count), rowCount)))
  }

  /// The table of some rows, which must exist.
  private func gathering(_ rows: [Int]) -> Table {
    Table(
      fitting: columns.map { column in
        var column = column
        column.values = column.values.gathered(rows)
        column.presence = column.presence.map { presence in rows.map { presence[$0] } }
        return column
      }, rowCount: rows.count)
  }

  private func unknown(_ title: String) -> ND2Error {
    let known = titles.map { "'\($0)'" }.joined(separator: ", ")
    return ND2Error.invalidRequest(
      "the table has no column '\(title)'"
        + (known.isEmpty ? ": it has none" : "; its columns are \(known)"))
  }
}

extension Table.Value {
  /// Whether the value comes before another of its kind.
  fileprivate func precedes(_ other: Table.Value) -> Bool {
    switch (self, other) {
    case (.double(let a), .double(let b)): a < b
    case (.integer(let a), .integer(let b)): a < b
    case (.string(let a), .string(let b)): a < b
    default: false
    }
  }
}

public import ND2Format

extension Table {
  /// The arrangement of a table in JSON.
  public enum Orientation: String, Hashable, Sendable, CaseIterable {
    /// An array with an object for each row, which has only the values that there are.
    case records
    /// An object with an array for each column.
    case list
    /// An object with an object for each column, which has a value for each number of a row.
    case dict
  }

  /// The table as JSON.
  ///
  /// - Parameters:
  ///   - orientation: how rows and columns are arranged.
  ///   - null: what stands for values that are missing, in `list` and `dict`.
  public func json(
    _ orientation: Orientation = .records, null: JSONValue = .null
  ) -> JSONValue {
    let rows = 0..<rowCount
    switch orientation {
    case .records:
      return .array(
        rows.map { row in
          .object(
            columns.compactMap { column in column[row].map { .init(column.title, $0.json) } })
        })
    case .list:
      return .object(
        columns.map { column in
          .init(column.title, .array(rows.map { column[$0]?.json ?? null }))
        })
    case .dict:
      return .object(
        columns.map { column in
          .init(
            column.title, .object(rows.map { .init(String($0), column[$0]?.json ?? null) }))
        })
    }
  }
}

public import ND2Format

extension EventTable {
  /// The arrangement of a table in JSON.
  public enum Orientation: String, Hashable, Sendable, CaseIterable {
    /// An array with an object for each row, which has only the values that there are.
    case records
    /// An object with an array for each column. Without events the columns are given as stored.
    case list
    /// An object with an object for each column, which has a value for each number of a row.
    case dict
  }

  /// The table as JSON, shaped like that of the field's readers.
  ///
  /// Of several columns with the same name and unit these readers show the last only.
  /// - Parameters:
  ///   - null: what stands for values that are missing, in `list` and `dict`.
  ///   - keepingAllColumns: gives each of several columns of one name a name of its own instead.
  public func json(
    _ orientation: Orientation = .records, null: JSONValue = .null,
    keepingAllColumns: Bool = false
  ) -> JSONValue {
    switch orientation {
    case .records: records(keepingAllColumns)
    case .list where events.isEmpty: storedLists(keepingAllColumns)
    case .list:
      object(keepingAllColumns) { column in
        .array((0..<rowCount).map { column[$0]?.json ?? null })
      }
    case .dict:
      rowCount == 0
        ? .object([])
        : object(keepingAllColumns) { column in
          .object((0..<rowCount).map { .init(String($0), column[$0]?.json ?? null) })
        }
    }
  }

  private func object(
    _ keepingAll: Bool, _ value: (Column) -> JSONValue
  ) -> JSONValue {
    var object = ObjectBuilder(capacity: columns.count)
    for column in shown(keepingAll) {
      object.set(keepingAll ? column.title : column.sharedTitle, value(column))
    }
    return object.json
  }

  /// The columns whose headings stay visible, at the place of the first of that heading.
  private func shown(_ keepingAll: Bool) -> [Column] {
    if keepingAll { return columns }
    var result: [Column] = []
    var places: [String: Int] = [:]
    for column in columns {
      if let place = places[column.sharedTitle] {
        result[place] = column
      } else {
        places[column.sharedTitle] = result.count
        result.append(column)
      }
    }
    return result
  }

  private func records(_ keepingAll: Bool) -> JSONValue {
    let columns = shown(keepingAll)
    return .array(
      (0..<rowCount).map { row in
        .object(
          columns.compactMap { column in
            column[row].map { .init(keepingAll ? column.title : column.sharedTitle, $0.json) }
          })
      })
  }

  /// The columns as they are in the file, whatever their length.
  private func storedLists(_ keepingAll: Bool) -> JSONValue {
    var object = ObjectBuilder(capacity: frameColumns.count)
    for (frame, column) in zip(frameColumns, columns) {
      let values: [JSONValue] =
        switch frame.values {
        case .doubles(let values): values.map { .double($0) }
        case .integers(let values): values.map { .integer(Int64($0)) }
        case .strings(let values): values.map { .string($0) }
        }
      object.set(keepingAll ? column.title : frame.title, .array(values))
    }
    return object.json
  }
}

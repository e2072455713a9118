public import ND2Format

extension EventTable {
  /// The table as JSON, shaped like that of the field's readers.
  ///
  /// Of several columns with the same name and unit these readers show the last only. Without events
  /// they give the columns of `list` as stored, whatever their lengths.
  /// - Parameters:
  ///   - orientation: how rows and columns are arranged.
  ///   - null: what stands for values that are missing, in `list` and `dict`.
  ///   - keepingAllColumns: gives each of several columns of one name a name of its own instead.
  public func json(
    _ orientation: Table.Orientation = .records, null: JSONValue = .null,
    keepingAllColumns: Bool = false
  ) -> JSONValue {
    switch orientation {
    case .list where events.isEmpty: storedLists(keepingAllColumns)
    case .dict where rowCount == 0: .object([])
    default: (keepingAllColumns ? table : sharedTable).json(orientation, null: null)
    }
  }

  /// The table under the headings that other readers use: of several columns of one heading the
  /// last, at the place of the first.
  private var sharedTable: Table {
    var result: [Table.Column] = []
    var places: [String: Int] = [:]
    for (var column, title) in zip(columns, sharedTitles) {
      column.title = title
      if let place = places[title] {
        result[place] = column
      } else {
        places[title] = result.count
        result.append(column)
      }
    }
    return Table(fitting: result, rowCount: rowCount)
  }

  /// The columns as they are in the file, whatever their length.
  private func storedLists(_ keepingAll: Bool) -> JSONValue {
    var object = ObjectBuilder(capacity: frameColumns.count)
    for (frame, column) in zip(frameColumns, columns) {
      let values = (0..<frame.values.count).map { frame.values[$0]?.json ?? .null }
      object.set(keepingAll ? column.title : frame.title, .array(values))
    }
    return object.json
  }
}

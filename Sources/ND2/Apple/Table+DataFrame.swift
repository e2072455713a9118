#if canImport(TabularData)
  public import TabularData

  extension Table {
    /// The table as a data frame of Apple's TabularData: columns of `Double`, `Int` and `String`
    /// under their headings, nil where a row has no value.
    public var dataFrame: DataFrame {
      var frame = DataFrame()
      for column in columns {
        let rows = 0..<rowCount
        switch column.values {
        case .doubles:
          let contents: [Double?] = rows.map { column[$0]?.double }
          frame.append(
            column: TabularData.Column<Double>(name: column.title, contents: contents))
        case .integers:
          let contents: [Int?] = rows.map { column[$0]?.int }
          frame.append(column: TabularData.Column<Int>(name: column.title, contents: contents))
        case .strings:
          let contents: [String?] = rows.map { column[$0]?.string }
          frame.append(
            column: TabularData.Column<String>(name: column.title, contents: contents))
        }
      }
      return frame
    }
  }
#endif

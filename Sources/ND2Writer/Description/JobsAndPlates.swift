public import ND2

extension ND2FileDescription {
  /// A JOBS run.
  public struct Job: Hashable, Sendable {
    /// Its definition: the children of the chunk, such as one called `Job`.
    public var definition: MetadataValue
    /// Its description: the children of the chunk; nil leaves the chunk out.
    public var description: MetadataValue?
    /// GUID of the run; nil leaves the chunk out.
    public var runGUID: String?
    /// Whether the definition is compressed.
    public var isCompressed = false

    /// Creates a run.
    public init(
      definition: MetadataValue, description: MetadataValue? = nil, runGUID: String? = nil
    ) {
      self.definition = definition
      self.description = description
      self.runGUID = runGUID
    }
  }

  /// A well plate.
  public struct WellPlate: Hashable, Sendable {
    /// The name.
    public var name: String
    /// Number of rows.
    public var rows: Int
    /// Number of columns.
    public var columns: Int
    /// How rows are named, such as `A-H`.
    public var rowNaming = "A-H"
    /// How columns are named, such as `1-12`.
    public var columnNaming = "1-12"
    /// The well of each frame.
    public var wells: [Well]

    /// Creates a plate.
    public init(name: String, rows: Int, columns: Int, wells: [Well]) {
      self.name = name
      self.rows = rows
      self.columns = columns
      self.wells = wells
    }

    /// A well, counted from 0.
    public struct Well: Hashable, Sendable {
      /// Row.
      public var row: Int
      /// Column.
      public var column: Int

      /// Creates a well.
      public init(row: Int, column: Int) {
        self.row = row
        self.column = column
      }

      /// The name, such as `B3`; rows behind Z have two letters.
      public var name: String {
        var letters = ""
        var rest = row
        repeat {
          letters = String(UnicodeScalar(UInt8(65 + rest % 26))) + letters
          rest = rest / 26 - 1
        } while rest >= 0
        return "\(letters)\(column + 1)"
      }
    }
  }
}

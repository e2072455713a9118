extension OME {
  /// A plate with wells.
  public struct Plate: Sendable, Hashable {
    /// How rows or columns are called.
    public enum Naming: String, Sendable, Hashable, CaseIterable {
      /// By letters.
      case letter
      /// By numbers.
      case number
    }

    /// The identifier, such as `Plate:0`.
    public var id: String
    /// The name.
    public var name: String?
    /// How rows are called.
    public var rowNaming: Naming?
    /// How columns are called.
    public var columnNaming: Naming?
    /// Number of rows.
    public var rowCount: Int?
    /// Number of columns.
    public var columnCount: Int?
    /// The wells that images were taken in.
    public var wells: [Well] = []
    /// Runs over the plate.
    public var acquisitions: [PlateAcquisition] = []

    /// Creates a plate without wells.
    public init(id: String, name: String? = nil) {
      self.id = id
      self.name = name
    }
  }

  /// A well.
  public struct Well: Sendable, Hashable {
    /// The identifier, such as `Well:0:3`.
    public var id: String
    /// Row, from 0.
    public var row: Int
    /// Column, from 0.
    public var column: Int
    /// The fields of view.
    public var samples: [WellSample] = []

    /// Creates a well without fields of view.
    public init(id: String, row: Int, column: Int) {
      self.id = id
      self.row = row
      self.column = column
    }
  }

  /// A field of view in a well.
  public struct WellSample: Sendable, Hashable {
    /// The identifier, such as `WellSample:0:3:0`.
    public var id: String
    /// A number that no other field of the plate has.
    public var index: Int
    /// Position of the stage along x, µm.
    public var positionXUm: Double?
    /// Position of the stage along y, µm.
    public var positionYUm: Double?
    /// When it was first taken, by ISO 8601.
    public var timepoint: String?
    /// Identifier of the image.
    public var image: String?

    /// Creates a field of view.
    public init(id: String, index: Int, image: String? = nil) {
      self.id = id
      self.index = index
      self.image = image
    }
  }

  /// A run over a plate.
  public struct PlateAcquisition: Sendable, Hashable {
    /// The identifier, such as `PlateAcquisition:0:0`.
    public var id: String
    /// When it began, by ISO 8601.
    public var startTime: String?
    /// Greatest number of fields of view in a well.
    public var maximumFieldCount: Int?
    /// Identifiers of the fields of view.
    public var samples: [String] = []

    /// Creates a run.
    public init(id: String) { self.id = id }
  }
}

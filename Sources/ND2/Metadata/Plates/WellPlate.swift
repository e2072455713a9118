/// A plate with wells, and which frames were taken in which of them.
public struct WellPlate: Hashable, Sendable, Codable {
  /// What the plate is known from.
  public enum Source: String, Hashable, Sendable, Codable {
    /// The description of the plate in the file.
    case description
    /// Only the table of frames in the file; size and names are those of the wells in it.
    case frameTable
    /// The names of the stage positions, such as `B07`; size and names follow from them.
    case positionNames
  }

  /// What the plate is known from.
  public var source: Source
  /// Name, such as `96 Well Plate`; empty when it is not known.
  public var name: String
  /// Number of rows.
  public var rowCount: Int
  /// Number of columns.
  public var columnCount: Int
  /// Names of rows, such as `A-H`.
  public var rowNaming: String
  /// Names of columns, such as `1-12`.
  public var columnNaming: String
  /// The well of each frame, in order of frames; frames may be absent.
  public var frames: [WellFrame]

  /// Creates a plate.
  public init(
    source: Source, name: String = "", rowCount: Int, columnCount: Int, rowNaming: String = "",
    columnNaming: String = "", frames: [WellFrame] = []
  ) {
    self.source = source
    self.name = name
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.rowNaming = rowNaming
    self.columnNaming = columnNaming
    self.frames = frames
  }

  /// A well and what was taken in it.
  public struct Well: Hashable, Sendable, Codable {
    /// Index of the plate.
    public var plateIndex: Int
    /// Index of the well.
    public var index: Int
    /// Name, such as `A1`.
    public var name: String
    /// Row, from 0.
    public var row: Int
    /// Column, from 0.
    public var column: Int
    /// The frames that were taken in it, in ascending order.
    public var frames: [Int]
    /// The fields of view: indices of stage positions in the order in which they were first visited.
    public var positions: [Int]
  }

  /// The wells that have frames, by plate, row and column.
  ///
  /// - Parameter positionOfFrame: gives the index of the stage position of a frame, to tell the
  ///   fields of view of a well apart.
  public func wells(positionOfFrame: (Int) -> Int? = { _ in nil }) -> [Well] {
    struct Place: Hashable { var plate, row, column, index: Int }
    var wells: [Place: Well] = [:]
    for frame in frames.ordered(by: { $0.frameIndex < $1.frameIndex }) {
      let place = Place(
        plate: frame.plateIndex, row: frame.row, column: frame.column, index: frame.wellIndex)
      var well =
        wells[place]
        ?? Well(
          plateIndex: frame.plateIndex, index: frame.wellIndex,
          name: frame.wellName.isEmpty ? frame.wellCompactName : frame.wellName, row: frame.row,
          column: frame.column, frames: [], positions: [])
      wells[place] = nil
      well.frames.append(frame.frameIndex)
      if let position = positionOfFrame(frame.frameIndex), !well.positions.contains(position) {
        well.positions.append(position)
      }
      wells[place] = well
    }
    return wells.values.ordered {
      ($0.plateIndex, $0.row, $0.column, $0.index) < ($1.plateIndex, $1.row, $1.column, $1.index)
    }
  }

  /// The well of a frame.
  public func well(ofFrame index: Int) -> WellFrame? { frames.first { $0.frameIndex == index } }

  /// Name of a row, such as `A` for row 0: letters, unless the plate counts rows by number.
  public func rowName(_ row: Int) -> String {
    if let first = rowNaming.first, first.isNumber { return String(row + 1) }
    return Self.letters(row)
  }

  /// Name of a column, such as `1` for column 0: a number, unless the plate uses letters.
  public func columnName(_ column: Int) -> String {
    if let first = columnNaming.first, first.isLetter { return Self.letters(column) }
    return String(column + 1)
  }

  /// `A`, `B` … `Z`, `AA`, `AB` …
  package static func letters(_ index: Int) -> String {
    guard index >= 0 else { return "" }
    var rest = index
    var name = ""
    while true {
      name = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(rest % 26))) + name
      rest = rest / 26 - 1
      if rest < 0 { return name }
    }
  }
}

import ND2

/// Images of a plate: where they are in the store, and what the groups above them say.
struct PlateGroup: Sendable {
  /// A well with its images.
  struct Well: Sendable {
    /// Where the well is, such as `A/1`.
    var path: String
    /// Place of its row among the rows.
    var row: Int
    /// Place of its column among the columns.
    var column: Int
    /// The numbers of its images, by field.
    var images: [Int]
  }

  private static let mostNames = 4096
  private let name: String
  private let rows: [String]
  private let columns: [String]
  private let wells: [Well]
  private let startTime: Int64?

  /// The plate of a file; nil when the images are not all in wells of one plate.
  init?(of file: ND2File, _ part: OMEPart) throws {
    guard file.loopLayout.axes[.position] != nil || part.positions.count == 1,
      let plate = try file.wellPlate()
    else { return nil }
    let place = file.loopLayout.axes.index(of: .position)
    let found = plate.wells { frame in
      guard let place else { return 0 }
      return file.loopLayout.coordinates(ofFrame: frame)?[place]
    }
    var imageOfPosition: [Int: Int] = [:]
    for (image, position) in part.positions.enumerated() { imageOfPosition[position] = image }
    var placed: Set<Int> = []
    var used: [(well: WellPlate.Well, images: [Int])] = []
    for well in found {
      let images = well.positions.compactMap { imageOfPosition[$0] }
        .filter { placed.insert($0).inserted }
      if !images.isEmpty { used.append((well, images)) }
    }
    guard placed.count == part.positions.count, let first = used.first?.well,
      used.allSatisfy({ $0.well.plateIndex == first.plateIndex })
    else { return nil }
    // All rows and columns of the plate, or those that were imaged where it says no sensible size.
    let usedRows = Set(used.map(\.well.row)).sorted()
    let usedColumns = Set(used.map(\.well.column)).sorted()
    guard let lastRow = usedRows.last, let lastColumn = usedColumns.last else { return nil }
    func all(_ count: Int, _ last: Int, _ used: [Int]) -> [Int] {
      count > last && count <= Self.mostNames ? Array(0..<count) : used
    }
    let rowNumbers = all(plate.rowCount, lastRow, usedRows)
    let columnNumbers = all(plate.columnCount, lastColumn, usedColumns)
    rows = rowNumbers.map { plate.rowName($0) }
    columns = columnNumbers.map { plate.columnName($0) }
    var wells: [Well] = []
    for (well, images) in used {
      guard let row = rowNumbers.firstIndex(of: well.row),
        let column = columnNumbers.firstIndex(of: well.column)
      else { return nil }
      wells.append(
        Well(path: "\(rows[row])/\(columns[column])", row: row, column: column, images: images))
    }
    // Two wells at one place would be one group.
    guard Set(wells.map(\.path)).count == wells.count else { return nil }
    self.wells = wells
    name = plate.name.isEmpty ? "Plate" : plate.name
    startTime = file.acquisitionDate.map { $0.microsecondsSince1970 / 1000 }
  }

  /// Where each image is.
  var imagePaths: [String] {
    let count = wells.reduce(0) { $0 + $1.images.count }
    var paths = [String](repeating: "", count: count)
    for well in wells {
      for (field, image) in well.images.enumerated() where paths.indices.contains(image) {
        paths[image] = "\(well.path)/\(field)"
      }
    }
    return paths
  }

  private var fieldCount: Int { wells.map(\.images.count).max() ?? 0 }

  /// `plate`: rows, columns, wells, and the one acquisition.
  func attributes(_ version: OMEZarrOptions.Version) -> JSONValue.Member {
    var acquisition: [JSONValue.Member] = [
      .init("id", 0), .init("name", "0"),
      .init("maximumfieldcount", .integer(Int64(fieldCount))),
    ]
    if let startTime, startTime >= 0 { acquisition.append(.init("starttime", .integer(startTime))) }
    var members: [JSONValue.Member] = []
    if version == .v0_4 { members.append(.init("version", .string(version.rawValue))) }
    members += [
      .init("name", .string(name)), .init("rows", .array(rows.map { ["name": .string($0)] })),
      .init("columns", .array(columns.map { ["name": .string($0)] })),
      .init(
        "wells",
        .array(
          wells.map { well in
            [
              "path": .string(well.path), "rowIndex": .integer(Int64(well.row)),
              "columnIndex": .integer(Int64(well.column)),
            ]
          })),
      .init("field_count", .integer(Int64(fieldCount))),
      .init("acquisitions", .array([.object(acquisition)])),
    ]
    return .init("plate", .object(members))
  }

  /// Writes the groups of rows and wells.
  func writeGroups(_ documents: ZarrDocuments, at root: String) throws {
    for row in Set(wells.map(\.row)) { try documents.writeGroup([], at: "\(root)/\(rows[row])") }
    for well in wells {
      let images = well.images.indices.map { field -> JSONValue in
        ["path": .string(String(field)), "acquisition": 0]
      }
      var members: [JSONValue.Member] = []
      if documents.version == .v0_4 {
        members.append(.init("version", .string(documents.version.rawValue)))
      }
      members.append(.init("images", .array(images)))
      try documents.writeGroup(
        [.init("well", .object(members))], at: "\(root)/\(well.path)")
    }
  }
}

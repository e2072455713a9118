import ArgumentParser
import ND2

/// `nd2 rois`: regions of interest.
struct ROIsCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "rois",
    abstract: "Lists the regions of interest.",
    discussion: """
      Places are in pixels from the top left corner. A region that moves has a row for each step. \
      --format csv, tsv and json give the table with all its columns; --json gives everything as it \
      is stored: an object of regions by number.
      """)

  @OptionGroup var input: FileArgument
  @OptionGroup var table: TableOptions
  @OptionGroup var json: JSONOption
  @OptionGroup var common: CommonOptions

  var wantsJSON: Bool { table.wantsJSON(json.json) }

  func validate() throws { try table.checkFormat(besideDocument: json.json) }

  func perform(in session: Session) throws {
    let output = try table.begin(reading: input.file, json: json.json)
    let file = try session.open(input.file)
    if json.json {
      try output.write(JSONValue(encoding: try file.rois()), in: session)
    } else {
      let regions = try file.roisTable()
      try output.write(
        regions, shown: try shown(regions), emptiness: "The file has no regions of interest.",
        in: session)
    }
    session.report(file.diagnostics)
  }

  /// What people see of the regions, under short headings.
  private func shown(_ regions: Table) throws -> Table {
    var hidden: Set = ["Scope", "Center Z", "Box X [px]", "Box Y [px]", "Points"]
    if regions.has(only: 0, in: "Step") { hidden.formUnion(["Step", "Time [s]"]) }
    if regions.has(only: 0, in: "Stimulation Group") { hidden.insert("Stimulation Group") }
    if regions.has(only: 1, in: "Enabled") { hidden.insert("Enabled") }
    if regions["Rotation"]?.doubles?.allSatisfy({ $0.isNaN || $0 == 0 }) ?? true {
      hidden.insert("Rotation")
    }
    let short = [
      "Interpretation": "Use", "Center X [px]": "X [px]", "Center Y [px]": "Y [px]",
      "Box Width [px]": "Width [px]", "Box Height [px]": "Height [px]",
    ]
    return try Table(
      regions.hiding(hidden).columns.map { column in
        var column = column
        column.title = short[column.title] ?? column.title
        return column
      })
  }
}

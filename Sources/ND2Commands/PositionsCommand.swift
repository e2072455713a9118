import ArgumentParser
import ND2

/// `nd2 positions`: the stage positions and the wells that they lie in.
struct PositionsCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "positions",
    abstract: "Lists the stage positions: names, coordinates, wells.",
    discussion: """
      Coordinates are those of the stage, in micrometres; z is without the offsets of a stack. A file \
      without a loop over positions has one.
      """)

  @OptionGroup var input: FileArgument
  @OptionGroup var table: TableOptions
  @OptionGroup var json: JSONOption
  @OptionGroup var common: CommonOptions

  var wantsJSON: Bool { table.wantsJSON(json.json) }

  func validate() throws { try table.checkFormat(beside: json.json) }

  func perform(in session: Session) throws {
    let output = try table.begin(reading: input.file, json: json.json)
    let file = try session.open(input.file)
    let positions = try file.positionsTable()
    var hidden: Set = ["Well Row", "Well Column", "Well Index"]
    if positions.has(only: 0, in: "Plate Index") { hidden.insert("Plate Index") }
    try output.write(
      positions, shown: positions.hiding(hidden), emptiness: "The file has no stage positions.",
      in: session)
    session.report(file.diagnostics)
  }
}

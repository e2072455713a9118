import ArgumentParser
import ND2

/// `nd2 events`: what was recorded with every frame, and what happened meanwhile.
struct EventsCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Prints the recorded data: a row for each frame and each event.",
    discussion: """
      It is the table that NIS-Elements shows as "Recorded Data". JSON comes as records (a list of \
      rows), list (columns of values) or dict (columns of row number and value).
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
    let events = try file.events()
    if output.format == .json {
      try output.write(events.json(output.orientation), in: session)
    } else {
      try output.write(
        events.table, emptiness: "The file has no recorded data and no events.", in: session)
    }
    session.report(file.diagnostics)
  }
}

import ArgumentParser
import ND2

/// `nd2 events`: what was recorded with every frame, and what happened meanwhile.
struct EventsCommand: Verb {
  /// How the table is printed.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, csv, json
  }

  /// How the JSON form is nested.
  enum Orientation: String, CaseIterable, ExpressibleByArgument {
    case records, list, dict

    var ofTable: EventTable.Orientation {
      switch self {
      case .records: .records
      case .list: .list
      case .dict: .dict
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Prints the recorded data: a row for each frame and each event.",
    discussion: """
      It is the table that NIS-Elements shows as "Recorded Data". JSON comes as records (a list of \
      rows), list (columns of values) or dict (columns of row number and value).
      """)

  @OptionGroup var input: FileArgument

  @Option(help: "The form of the output.")
  var format: Format?

  @Option(help: "How JSON is nested.")
  var orient = Orientation.records

  @OptionGroup var json: JSONOption
  @OptionGroup var common: CommonOptions

  var wantsJSON: Bool { json.json || format == .json }

  func validate() throws {
    if json.json, let format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) exclude each other")
    }
  }

  func perform(in session: Session) throws {
    let file = try session.open(input.file)
    let table = try file.events()
    switch wantsJSON ? .json : format ?? .table {
    case .json: session.print(table.json(orient.ofTable))
    case .csv:
      session.line(CSVText.line(table.columns.map(\.title)))
      for row in 0..<table.rowCount {
        session.line(CSVText.line(table.columns.map { Self.cell($0, row) }))
      }
    case .table: show(table, in: session)
    }
    session.report(file.diagnostics)
  }

  private func show(_ table: EventTable, in session: Session) {
    guard table.rowCount > 0 else {
      session.say("The file has no recorded data and no events.")
      return
    }
    var text = TextTable(
      table.columns.map { column in
        if case .strings = column.values { return .init(column.title) }
        return .init(column.title, .right)
      })
    for row in 0..<table.rowCount { text.add(table.columns.map { Self.shortCell($0, row) }) }
    session.lines(text.lines(for: session.console.output.terminal))
  }

  /// The value as people read it; CSV and JSON have all digits.
  private static func shortCell(_ column: EventTable.Column, _ row: Int) -> String {
    if case .double(let value)? = column[row], !value.isNaN {
      return HumanText.number(value, decimals: value.magnitude < 1 ? 6 : 3)
    }
    return cell(column, row)
  }

  private static func cell(_ column: EventTable.Column, _ row: Int) -> String {
    switch column[row] {
    case .double(let value)? where value.isNaN: ""
    case let value?: value.text
    case nil: ""
    }
  }
}

import ArgumentParser
import ND2

/// The options of verbs whose result is a table.
struct TableOptions: ParsableArguments {
  /// The form of a table.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, csv, tsv, json

    /// The form that the ending of a file's name suggests; a table for people without one.
    init(ofFile path: String) {
      let ending = path.split(separator: ".", omittingEmptySubsequences: false).last ?? ""
      self = Format(rawValue: ending.lowercased()) ?? .table
    }
  }

  /// How the JSON form is nested.
  enum Orientation: String, CaseIterable, ExpressibleByArgument {
    case records, list, dict

    var ofTable: Table.Orientation {
      switch self {
      case .records: .records
      case .list: .list
      case .dict: .dict
      }
    }
  }

  @Option(
    help: .init(
      "The form of the output; by default that of the output's name (.csv, .tsv, .json), else table."
    ))
  var format: Format?

  @Option(help: "How JSON is nested.")
  var orient = Orientation.records

  @Option(
    name: [.short, .long], help: .init("Write to a file instead of stdout.", valueName: "file"))
  var output: String?

  @OptionGroup var overwriting: OverwriteOption

  /// The form that was asked for, or that the name of the output suggests.
  var chosen: Format { format ?? output.map(Format.init(ofFile:)) ?? .table }

  /// Whether stdout is to be JSON.
  func wantsJSON(_ json: Bool) -> Bool { output == nil && (json || chosen == .json) }

  /// Refuses other forms beside `--json` for verbs where it stands for `--format json`.
  func checkFormat(beside json: Bool) throws {
    guard json, let format, format != .json else { return }
    throw ValidationError("--json and --format \(format.rawValue) exclude each other")
  }

  /// Refuses `--format` for verbs whose `--json` gives a document of its own.
  func checkFormat(besideDocument json: Bool) throws {
    guard json, let format else { return }
    throw ValidationError(
      "--json and --format \(format.rawValue) exclude each other: --json gives a document of its own"
    )
  }

  /// Begins the output: a taken name is an error before anything is read.
  func begin(reading input: String, json: Bool = false) throws -> TableOutput {
    TableOutput(
      format: json ? .json : chosen, orientation: orient.ofTable,
      file: try output.map {
        try OutputFile(path: $0, overwrite: overwriting.overwrite, inputs: [input])
      })
  }
}

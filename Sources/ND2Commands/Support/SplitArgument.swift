import ArgumentParser
import ND2Export

/// Axes whose every index becomes a file of its own: letters of p, t and c.
struct SplitArgument: ExpressibleByArgument, Sendable {
  let division: ExportDivision

  init?(argument: String) {
    guard let division = ExportDivision(letters: argument), !division.isEmpty else { return nil }
    self.division = division
  }

  static var allValueStrings: [String] { ["p", "t", "c"] }
}

/// A format by its name.
struct FormatArgument: ExpressibleByArgument, Sendable {
  let format: ExportFormat

  init?(argument: String) {
    guard let format = ExportFormat(rawValue: argument.lowercased()) else { return nil }
    self.format = format
  }

  static var allValueStrings: [String] { ExportFormat.allCases.map(\.rawValue) }
}

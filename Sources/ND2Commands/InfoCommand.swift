import ArgumentParser
import ND2

/// `nd2 info`: what a microscopist wants to know first.
struct InfoCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Describes files: axes, channels, optics, times, damage.",
    discussion: "With --json one object for one file, and a list of objects for several.")

  @Argument(help: "The ND2 files.", completion: .file(extensions: ["nd2"]))
  var files: [String]

  @OptionGroup var format: JSONOption
  @OptionGroup var common: CommonOptions

  var wantsJSON: Bool { format.json }

  func perform(in session: Session) throws {
    if files.count == 1, let path = files.first {
      let file = try session.open(path)
      if format.json {
        session.print(try FileReport(file).json())
      } else {
        session.lines(FileSummary(file, terminal: session.console.output.terminal).lines)
      }
      session.report(file.diagnostics, isShown: !format.json)
      return
    }
    try describeAll(in: session)
  }

  /// A file that cannot be opened does not keep the others from being described.
  private func describeAll(in session: Session) throws {
    var reports: [JSONValue] = []
    for (index, path) in files.enumerated() {
      do {
        let file = try session.open(path)
        if format.json {
          reports.append(try FileReport(file).json())
        } else {
          if index > 0 { session.line() }
          session.lines(FileSummary(file, terminal: session.console.output.terminal).lines)
        }
        session.report(file.diagnostics, isShown: !format.json)
      } catch {
        session.fail(error)
        reports.append(Session.json(of: error))
      }
    }
    if format.json { session.print(.array(reports)) }
  }
}

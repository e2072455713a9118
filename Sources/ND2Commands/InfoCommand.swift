import ArgumentParser
import ND2

/// `nd2 info`: what a microscopist wants to know first.
struct InfoCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Describes files: axes, channels, optics, times, damage.",
    discussion: """
      With --json one object for one file, and a list of objects for several.

      --follow watches a file that is being written: a line for each change, or an object a line with \
      --json, until the acquisition has ended. A frame counts once all of it is there.
      """)

  @Argument(help: "The ND2 files.", completion: .file(extensions: ["nd2"]))
  var files: [String]

  @Flag(help: "Watch a file that is being written until it is complete.")
  var follow = false

  @Option(help: .init("Look every so many seconds with --follow.", valueName: "seconds"))
  var interval = 2.0

  @Option(
    help: .init("Give up when nothing has changed for so long with --follow.", valueName: "seconds")
  )
  var timeout: Double?

  @OptionGroup var format: JSONOption
  @OptionGroup var common: CommonOptions

  var savedIndexRefusal: String? {
    files.count > 1 || follow ? "--saved-index is the index of one file" : nil
  }

  var wantsJSON: Bool { format.json }

  func validate() throws {
    guard !follow || files.count == 1 else {
      throw ValidationError("--follow watches one file")
    }
    guard interval > 0, interval <= 86400, timeout ?? 1 > 0 else {
      throw ValidationError("--interval and --timeout are seconds above zero")
    }
  }

  func perform(in session: Session) throws {
    if follow, let path = files.first {
      let follower = FileFollower(path: path, interval: interval, timeout: timeout)
      return try follower.run(json: format.json, in: session)
    }
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

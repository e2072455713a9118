import ND2
import ND2Export

/// The conversion of all files of a folder: several at once, on after errors, with a table at the end.
struct FolderConversion {
  /// What became of a file.
  struct Outcome: Sendable {
    enum Kind: String, Sendable {
      case done, damaged, skipped, failed, cancelled
    }

    var file: String
    var kind = Kind.done
    var message = ""
    var result = ConversionResult()
    var seconds = 0.0
  }

  private struct State: Sendable {
    var outcomes: [Outcome?]
    var folders: [String] = []
    var done = 0
  }

  let input: String
  let output: String
  let format: ExportFormat
  let settings: ConversionSettings
  let part: SelectionOptions
  let options: ConvertFolderOptions
  let showsJSONProgress: Bool
  let wantsJSON: Bool

  func run(in session: Session) throws {
    let input = ExportFormat.trimmed(input)
    let output = ExportFormat.trimmed(output)
    if FolderListing.exists(output), !FolderListing.isFolder(output) {
      throw ND2Error(.invalidRequest, "the output is not a folder", at: .init(file: output))
    }
    let names = try FolderListing.files(in: input, recursively: options.recursive)
    guard !names.isEmpty else {
      throw ND2Error(
        .invalidRequest,
        "there is no .nd2 file" + (options.recursive ? "" : "; --recursive looks further down"),
        at: .init(file: input))
    }
    let jobs = min(names.count, options.jobs ?? min(4, WorkerTeam.coreCount))
    var settings = settings
    settings.jobCount = jobs
    settings.threadCount = max(1, (WorkerTeam.coreCount + jobs - 1) / jobs)
    let work = settings
    let state = Lock(State(outcomes: names.map { _ in nil }))
    let queue = WorkQueue(count: names.count)
    let bar =
      showsJSONProgress ? nil : session.progress("Converting", total: names.count)
    let targets = Self.targets(names, output, format)
    let workspace = Workspace(session: session, conversion: self)
    WorkerTeam.run(count: jobs) { _ in
      while let number = queue.take() {
        var outcome = Outcome(file: names[number])
        if StopSignal.isReceived {
          outcome.kind = .cancelled
        } else {
          let start = ContinuousClock.now
          workspace.conversion.convert(
            "\(input)/\(names[number])", to: targets[number], work, workspace.session, &outcome
          ) { folders in state.withLock { $0.folders += folders } }
          let (seconds, attoseconds) = (ContinuousClock.now - start).components
          outcome.seconds = Double(seconds) + Double(attoseconds) * 1e-18
        }
        let done = outcome
        state.withLock { $0.outcomes[number] = done }
        bar?.advance()
      }
    }
    bar?.finish()
    let (outcomes, folders) = state.withLock { ($0.outcomes.compactMap { $0 }, $0.folders) }
    // Folders in which nothing was written do not stay.
    FolderListing.removeEmpty(folders.sorted())
    tell(outcomes, in: session)
    if StopSignal.isReceived {
      // The signal ends the process, and what was done is to be seen.
      session.console.output.flush()
      throw CancellationError()
    }
  }

  /// What the workers share; the session is used for counting and messages only, which may be done
  /// by several threads.
  private struct Workspace: @unchecked Sendable {
    let session: Session
    let conversion: FolderConversion
  }

  /// The outputs; nil for a name that another file has taken already.
  private static func targets(
    _ names: [String], _ output: String, _ format: ExportFormat
  ) -> [String?] {
    var taken: Set<String> = []
    return names.map { name in
      let target = "\(output)/\(name.dropLast(4))\(format.endings[0])"
      return taken.insert(target).inserted ? target : nil
    }
  }

  private func convert(
    _ path: String, to target: String?, _ settings: ConversionSettings, _ session: Session,
    _ outcome: inout Outcome, made: ([String]) -> Void
  ) {
    let progress = ConversionProgress(
      session, file: path, isJSON: showsJSONProgress, hasBar: false)
    do {
      guard let target else {
        throw ND2Error(
          .invalidRequest, "another file has the same name but for its ending",
          at: .init(file: path))
      }
      if options.skipExisting, settings.division.isEmpty, FolderListing.exists(target) {
        outcome.kind = .skipped
        return
      }
      let file = try session.open(path)
      let ranges = try part.selection(in: file)
      if options.skipExisting, try Self.isThere(target, file, ranges, settings, format) {
        outcome.kind = .skipped
        return
      }
      if let slash = target.lastIndex(of: "/") {
        made(try FolderListing.make(String(target[..<slash])))
      }
      outcome.result = try Conversion(
        file: file, input: path, output: target, format: format, settings: settings,
        ranges: ranges, progress: progress
      ).run()
      if outcome.result.isDamaged { outcome.kind = .damaged }
      outcome.message = Self.message(outcome.result)
      progress.finish(outcome.result.json)
    } catch {
      progress.fail(error)
      outcome.kind = error is CancellationError ? .cancelled : .failed
      outcome.message = Session.message(of: error)
    }
  }

  /// Whether all parts of a divided output are there.
  private static func isThere(
    _ target: String, _ file: ND2File, _ ranges: ArraySelection, _ settings: ConversionSettings,
    _ format: ExportFormat
  ) throws -> Bool {
    guard !settings.division.isEmpty else { return false }
    return try settings.division.pieces(of: ranges, in: file).allSatisfy {
      FolderListing.exists(format.path(target, adding: $0.suffix))
    }
  }

  private static func message(_ result: ConversionResult) -> String {
    if let verification = result.verification, !verification.isEqual {
      return "\(HumanText.count(verification.differences.count, "plane")) differ"
    }
    if !result.report.incompleteFrames.isEmpty {
      return HumanText.count(result.report.incompleteFrames.count, "incomplete frame")
    }
    let damage = result.diagnostics.first { $0.severity == .damage }
    return damage.map { $0.message } ?? ""
  }

  private func tell(_ outcomes: [Outcome], in session: Session) {
    let failures = outcomes.count { $0.kind == .failed || $0.kind == .cancelled }
    if failures > 0 {
      session.noteFailure()
    } else if outcomes.contains(where: { $0.kind == .damaged }) {
      session.noteDamage()
    }
    if showsJSONProgress {
      session.console.errors.line(
        JSONValue.object([
          .init("event", "finished"), .init("files", .integer(Int64(outcomes.count))),
          .init("failed", .integer(Int64(failures))),
        ]).text())
    }
    if wantsJSON { return session.print(.array(outcomes.map(Self.json))) }
    var table = TextTable([
      .init("File"), .init("Result"), .init("Bytes", .right), .init("Seconds", .right),
      .init("Notes"),
    ])
    for outcome in outcomes {
      let isWritten = outcome.kind == .done || outcome.kind == .damaged
      table.add([
        outcome.file, outcome.kind.rawValue,
        isWritten ? HumanText.count(outcome.result.report.byteCount) : "",
        isWritten ? HumanText.number(outcome.seconds, decimals: 2) : "", outcome.message,
      ])
    }
    session.lines(table.lines(for: session.console.output.terminal))
  }

  private static func json(_ outcome: Outcome) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("file", .string(outcome.file)), .init("result", .string(outcome.kind.rawValue)),
      .init("seconds", .double(outcome.seconds)),
    ]
    if !outcome.message.isEmpty { members.append(.init("message", .string(outcome.message))) }
    if outcome.kind == .done || outcome.kind == .damaged {
      members += outcome.result.json.members
    }
    return .object(members)
  }
}

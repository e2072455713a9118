import ArgumentParser
import ND2
import ND2Writer

/// `nd2 subset`: a part of a file as a smaller file.
struct SubsetCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "subset",
    abstract: "Writes a part of a file as a smaller ND2 file, or an anonymous copy.",
    discussion: """
      The output has the version of the input, and its metadata are made true of the part: sizes, \
      loops, positions, channels, times, recorded data, masks and regions. What no longer fits is \
      left out and said. Frames that stay whole are copied as they are stored.

      Indices are as in 3, 2:5, 0:10:2 and 0,4,7; the end is not in a range. --anonymise removes names \
      of people and computers, paths, serial numbers and texts that users entered; chunks that cannot \
      be looked into are left out. Look at the result before you give it away: no rule knows every \
      field.
      """)

  @OptionGroup var input: FileArgument

  @Argument(help: "The file to write.", completion: .file(extensions: ["nd2"]))
  var output: String

  @OptionGroup var part: SubsetSelectionOptions

  @Flag(help: "Remove what tells of people, places and computers.")
  var anonymise = false

  @Flag(help: "Remove the date of the acquisition as well.")
  var anonymiseDates = false

  @Option(
    help: .init(
      "List what was removed in a table: .csv, .tsv or .json.", valueName: "file"))
  var audit: String?

  @Flag(help: "Put the removed values into that list.")
  var auditValues = false

  @Flag(help: "Stop at damaged frames instead of leaving them out.")
  var strict = false

  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var format: JSONOption
  @OptionGroup var common: CommonOptions

  var wantsJSON: Bool { format.json }

  func validate() throws {
    if audit != nil || auditValues, !anonymise, !anonymiseDates {
      throw ValidationError("--audit lists what --anonymise removes; ask for that too")
    }
    if auditValues, audit == nil {
      throw ValidationError("--audit-values needs --audit, which says where to write them")
    }
    if let audit, audit == output {
      throw ValidationError("--audit and the output are the same file")
    }
  }

  func perform(in session: Session) throws {
    // Taken names are errors before anything is read.
    let target = try OutputFile(
      path: output, overwrite: overwriting.overwrite, inputs: [input.file])
    let list = try audit.map {
      try OutputFile(
        path: $0, overwrite: overwriting.overwrite, inputs: [input.file, output])
    }
    let file = try session.open(input.file)
    var options = SubsetOptions()
    options.isStrict = strict
    if anonymise || anonymiseDates {
      options.anonymisation = Anonymisation(
        removesDates: anonymiseDates, recordsValues: auditValues)
    }
    let progress = session.progress("Writing")
    let report = try file.writeSubset(
      to: FileSink(target.file), selection: try part.selection(in: file), options: options
    ) { progress.show(share: $0) }
    progress.finish()
    if let list {
      let format = audit.map(TableOptions.Format.init(ofFile:)) ?? .table
      let table = TableOutput(
        format: format == .table ? .csv : format, orientation: .records, file: list)
      try table.write(try report.auditTable(), in: session)
    }
    if format.json { session.print(try document(report)) } else { tell(report, in: session) }
    session.report(file.diagnostics)
    session.report(
      report.damagedFrames.prefix(20).map {
        Diagnostic(.damage, "frame \($0) is damaged; it was left out")
      })
  }

  private func tell(_ report: SubsetReport, in session: Session) {
    for change in report.changes where change.kind != .adjusted {
      let verb = change.kind == .dropped ? "left out" : "kept"
      session.say("nd2: \(verb) \(PlainText.singleLine(change.chunk)): \(change.message)")
    }
    if anonymise || anonymiseDates {
      let counts = AuditEntry.Kind.allCases.compactMap { kind -> String? in
        let count = report.audit.count { $0.kind == kind }
        return count > 0 ? "\(kind.rawValue) \(HumanText.count(count))" : nil
      }
      session.say(
        counts.isEmpty ? "Removed nothing" : "Removed: \(counts.joined(separator: ", "))")
    }
    session.say(
      "Wrote \(output): \(HumanText.count(report.frameCount, "frame")), "
        + HumanText.bytes(report.byteCount))
  }

  private func document(_ report: SubsetReport) throws -> JSONValue {
    var members: [JSONValue.Member] = [.init("path", .string(output))]
    var values = report
    values.audit = []
    members += try JSONValue(encoding: values).members.filter { $0.name != "audit" }
    if anonymise || anonymiseDates {
      members.append(
        .init(
          "removed",
          .object(
            AuditEntry.Kind.allCases.map { kind in
              .init(
                kind.rawValue,
                .integer(Int64(report.audit.count { $0.kind == kind })))
            })))
    }
    return .object(members)
  }
}

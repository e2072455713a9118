import ArgumentParser
import ND2

/// `nd2 index`: a table of many files.
struct IndexCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "index",
    abstract: "Lists many files in a table: axes, types, dates, sizes.",
    discussion: """
      Single files may also be addresses (http, https, s3, gs, az, abfs).

      Columns, by default those of the first list:
      \(columnList(IndexColumn.standard)).
      On request: \(columnList(IndexColumn.allCases.filter { !IndexColumn.standard.contains($0) })).

      A filter is an expression of Python with the columns as variables: "acquired > '2020' and kb < 500", \
      "'TimeLoop' in experiment", "shape[0] > 3 or not rois". Numbers may have units (500MB, 2h, 65nm), \
      and ~ is "contains" without regard to case.

      A file that cannot be read has a row with its path and size; stderr says why, and so do JSON and \
      tables in a column "error". Rows come in the order of the paths, within folders by name, unless \
      they are sorted.

      Exit codes: 0 done, 3 some files are damaged, 1 some files or folders cannot be read at all.
      """)

  private static func columnList(_ columns: [IndexColumn]) -> String {
    columns.map(\.name).joined(separator: ", ")
  }

  @Argument(
    help: "Files or their addresses, and folders whose files are listed.", completion: .file())
  var paths: [String]

  @OptionGroup(title: "Which files") var search: IndexSearchOptions
  @OptionGroup(title: "Which columns") var columns: IndexColumnOptions
  @OptionGroup(title: "Output") var form: IndexFormOptions
  @OptionGroup(title: "Pictures") var pictures: IndexPictureOptions
  @OptionGroup var format: JSONOption
  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var common: CommonOptions

  var savedIndexRefusal: String? {
    "--saved-index is the index of one file"
  }

  var wantsJSON: Bool { form.output == nil && (format.json || form.chosen == .json) }

  func validate() throws {
    if format.json, let other = form.format, other != .json {
      throw ValidationError("--json and --format \(other.rawValue) exclude each other")
    }
    // What is wrong with a pattern, a filter or an order is known before anything is read.
    do { _ = try search.options() } catch let error as ND2Error {
      throw ValidationError(PlainText.singleLine(error.message))
    }
  }

  func perform(in session: Session) throws {
    let file = try form.output.map {
      try OutputFile(path: $0, overwrite: overwriting.overwrite, inputs: paths)
    }
    let chosen = format.json ? IndexForm.json : form.chosen
    var shown = columns.chosen(in: session)
    if pictures.thumbnails != nil, columns.include == nil { shown.append(.thumbnail) }
    // A person's screen is too narrow for all; a file or a pipe gets them.
    if chosen == .table, file == nil, !columns.isChosen,
      session.console.output.terminal.isInteractive
    {
      shown.removeAll { Self.hidden.contains($0) }
    }
    var options = try search.options()
    options.columns = shown
    options.source = try session.opener()
    let thumbnails = try pictures.begin(overwrite: overwriting.overwrite)
    if let thumbnails {
      options.visit = { file, record in thumbnails.draw(file, &record) }
      // Frames are large: no more of them at a time than can be worked on.
      options.threadCount = search.threads ?? WorkerTeam.coreCount
    }
    var output = IndexOutput(
      form: chosen, columns: shown, hasHeader: !form.noHeader, file: file, session: session)
    try FileIndex(paths, options: options).forEach(rejected: { Self.note($0, in: session) }) {
      Self.note($0, in: session)
      try output.add($0)
    }
    try output.finish()
    thumbnails?.report(in: session)
  }

  private static let hidden: Set<IndexColumn> = [
    .path, .softwareName, .softwareVersion, .grabber,
  ]

  /// Says what is wrong with a file, which decides on the exit code.
  private static func note(_ record: IndexRecord, in session: Session) {
    if let failure = record.failure {
      if failure.code == .io { return session.fail(failure) }
      let message = PlainText.singleLine(failure.description)
      session.console.errors.line("nd2: \(message)")
      session.report([Diagnostic(.damage, message)], isShown: true)
      return
    }
    session.report(
      record.diagnostics.map { diagnostic in
        var diagnostic = diagnostic
        if diagnostic.location.file == nil { diagnostic.location.file = record.path }
        return diagnostic
      })
  }
}

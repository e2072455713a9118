import ND2

/// Writes the rows of an index as they come.
///
/// JSON and CSV go out row by row. A table for people takes its widths from its first rows: after so
/// many a new table begins, so that memory does not grow with the number of files.
struct IndexOutput {
  private let form: IndexForm
  private let columns: [IndexColumn]
  private let hasHeader: Bool
  private let file: OutputFile?
  private let session: Session
  private var waiting: [IndexRecord] = []
  private var count = 0
  private var hasTable = false
  private static let mostWaiting = 1000

  init(
    form: IndexForm, columns: [IndexColumn], hasHeader: Bool, file: OutputFile?, session: Session
  ) {
    self.form = form
    self.columns = columns
    self.hasHeader = hasHeader
    self.file = file
    self.session = session
  }

  /// Adds a row.
  mutating func add(_ record: IndexRecord) throws {
    switch form {
    case .json:
      // A member a line; lists stay on theirs.
      var text = count == 0 ? "[\n  {" : ",\n  {"
      for (index, member) in record.json(columns).members.enumerated() {
        text += index == 0 ? "\n    " : ",\n    "
        text += "\"\(member.name)\": " + member.value.text()
      }
      try write(text + "\n  }")
    case .ndjson: try write(record.json(columns).text() + "\n")
    case .csv, .tsv, .table:
      waiting.append(record)
      if waiting.count >= (form == .table ? Self.mostWaiting : 100) { try flush() }
    }
    count += 1
  }

  /// Completes the output.
  mutating func finish() throws {
    switch form {
    case .json: try write(count == 0 ? "[]\n" : "\n]\n")
    case .ndjson: break
    case .csv, .tsv: if !waiting.isEmpty || !hasTable { try flush() }
    case .table:
      if count == 0, file == nil { session.say("No files were found.") }
      if !waiting.isEmpty { try flush() }
    }
    guard let file else { return }
    try file.commit()
    session.say("Wrote \(file.path)")
  }

  private mutating func flush() throws {
    defer {
      waiting.removeAll(keepingCapacity: true)
      hasTable = true
    }
    if form == .table { return try writeLines() }
    let format: Table.TextFormat = form == .csv ? .csv : .tsv
    var text = ""
    try Table(waiting, columns: columns).write(
      format, to: &text, includingHeader: hasHeader && !hasTable, lineEnd: .lf)
    try write(text)
  }

  private func writeLines() throws {
    var columns = columns
    if waiting.contains(where: { $0.failure != nil }), !columns.contains(.error) {
      columns.append(.error)
    }
    var table = TextTable(
      columns.map { column in
        .init(column.name, [.kilobytes, .frames].contains(column) ? .right : .left)
      })
    for record in waiting { table.add(columns.map { Self.cell(record[$0]) }) }
    let terminal = file == nil ? session.console.output.terminal : .none()
    let lines = table.lines(for: terminal)
    let shown = hasHeader ? lines[...] : lines.dropFirst()
    if hasTable, hasHeader { try write("\n") }
    try write(shown.joined(separator: "\n") + "\n")
  }

  /// A value as people read it.
  private static func cell(_ value: IndexValue) -> String {
    switch value {
    case .bool(let flag): flag ? "✓" : ""
    case .number(let number): HumanText.number(number, decimals: 3)
    case .list(let values): values.map(\.text).joined(separator: ", ")
    default: value.text
    }
  }

  private func write(_ text: String) throws {
    if let file { try file.write(Array(text.utf8)) } else { session.console.output.write(text) }
  }
}

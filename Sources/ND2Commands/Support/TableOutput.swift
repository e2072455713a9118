import ND2

/// Where a table goes, stdout or a file, and in which form.
struct TableOutput {
  /// The form that was asked for.
  let format: TableOptions.Format
  /// How JSON is nested.
  let orientation: Table.Orientation
  /// The file; nil for stdout.
  let file: OutputFile?

  /// Writes a table in the form that was asked for.
  ///
  /// - Parameters:
  ///   - shown: what people see of it, when that is less than all.
  ///   - emptiness: what is said instead to people when there are no rows.
  func write(
    _ table: Table, shown: Table? = nil, emptiness: String? = nil, in session: Session
  ) throws {
    switch format {
    case .json: try write(table.json(orientation), in: session)
    case .csv: try write(in: session) { table.write(.csv, to: &$0, lineEnd: .lf) }
    case .tsv: try write(in: session) { table.write(.tsv, to: &$0, lineEnd: .lf) }
    case .table:
      if file == nil, table.rowCount == 0, let emptiness {
        session.say(emptiness)
        return
      }
      let terminal = file == nil ? session.console.output.terminal : .none()
      let lines = TextTable(shown ?? table).lines(for: terminal)
      try write(in: session) { stream in
        for line in lines { stream.write(line + "\n") }
      }
    }
  }

  /// Writes a JSON document.
  func write(_ json: JSONValue, in session: Session) throws {
    try write(in: session) { $0.write(json.text(indentation: 2) + "\n") }
  }

  /// Writes a JSON document that is a list, an element at a time.
  func write(arrayOf elements: some Sequence<JSONValue>, in session: Session) throws {
    try write(in: session) { stream in
      JSONValue.write(arrayOf: elements, indentation: 2) { stream.write($0) }
      stream.write("\n")
    }
  }

  private func write(in session: Session, _ body: (inout TextStream) -> Void) throws {
    guard let file else {
      var stream = TextStream { session.console.output.write($0) }
      body(&stream)
      return try stream.finish()
    }
    var stream = TextStream { try file.write($0) }
    body(&stream)
    try stream.finish()
    try file.commit()
    session.say("Wrote \(file.path)")
  }
}

/// Text on its way to a destination that takes large pieces and may fail; the first failure is kept
/// until the end, as writing text cannot throw.
private struct TextStream: TextOutputStream {
  private let pass: ([UInt8]) throws -> Void
  private var buffer: [UInt8] = []
  private var failure: (any Error)?

  init(_ pass: @escaping ([UInt8]) throws -> Void) { self.pass = pass }

  mutating func write(_ text: String) { write(Array(text.utf8)) }

  mutating func write(_ bytes: [UInt8]) {
    buffer += bytes
    if buffer.count >= 1 << 16 { drain() }
  }

  /// Passes on what is left.
  mutating func finish() throws {
    drain()
    if let failure { throw failure }
  }

  private mutating func drain() {
    defer { buffer.removeAll(keepingCapacity: true) }
    guard failure == nil, !buffer.isEmpty else { return }
    do { try pass(buffer) } catch { failure = error }
  }
}

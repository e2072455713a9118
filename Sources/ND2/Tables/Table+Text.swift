extension Table {
  /// A form of the table as text.
  public enum TextFormat: String, Hashable, Sendable, CaseIterable {
    /// Values separated by commas, quoted where needed (RFC 4180).
    case csv
    /// Values separated by tabulators, quoted where needed.
    case tsv
    /// Aligned columns for people.
    case table

    /// How lines end unless something else is asked for: CR LF in CSV, as RFC 4180 says, else LF.
    public var lineEnd: LineEnd { self == .csv ? .crlf : .lf }
  }

  /// How a line of text ends.
  public enum LineEnd: String, Hashable, Sendable, CaseIterable {
    /// LF, as the tools of Unix expect.
    case lf = "\n"
    /// CR LF, as RFC 4180 says and spreadsheets write.
    case crlf = "\r\n"
  }

  /// The table as text, with a line of headings. Missing values and NaN are empty.
  public func text(
    _ format: TextFormat, includingHeader: Bool = true, lineEnd: LineEnd? = nil
  ) -> String {
    var text = ""
    write(format, to: &text, includingHeader: includingHeader, lineEnd: lineEnd)
    return text
  }

  /// Writes the table as text, line by line, with a line of headings. Missing values and NaN are
  /// empty.
  ///
  /// - Parameters:
  ///   - format: the form of the text.
  ///   - output: where the text goes.
  ///   - includingHeader: whether the first line has the headings.
  ///   - lineEnd: how lines end; nil for what is usual in the format.
  public func write(
    _ format: TextFormat, to output: inout some TextOutputStream, includingHeader: Bool = true,
    lineEnd: LineEnd? = nil
  ) {
    let end = (lineEnd ?? format.lineEnd).rawValue
    switch format {
    case .csv: writeSeparated(by: ",", end: end, to: &output, header: includingHeader)
    case .tsv: writeSeparated(by: "\t", end: end, to: &output, header: includingHeader)
    case .table: writeAligned(end: end, to: &output, header: includingHeader)
    }
  }

  private func writeSeparated(
    by separator: Unicode.Scalar, end: String, to output: inout some TextOutputStream,
    header: Bool
  ) {
    func writeLine(_ cell: (Column) -> String) {
      var line = ""
      for (index, column) in columns.enumerated() {
        if index > 0 { line.unicodeScalars.append(separator) }
        line += Self.quoted(cell(column), separator: separator)
      }
      // A line that is quite empty would be passed over by most readers.
      if columns.count == 1, line.isEmpty { line = "\"\"" }
      output.write(line + end)
    }
    if header, !columns.isEmpty { writeLine(\.title) }
    guard !columns.isEmpty else { return }
    for row in 0..<rowCount { writeLine { $0.cellText(row) } }
  }

  /// The text in quotes, if it has a sign that would break the line or the cell, or a blank at an
  /// end, which some readers take away.
  private static func quoted(_ text: String, separator: Unicode.Scalar) -> String {
    let isSpecial = text.utf8.contains { byte in
      byte == 0x22 || byte == 0x0A || byte == 0x0D || UInt32(byte) == separator.value
    }
    guard isSpecial || text.utf8.first == 0x20 || text.utf8.last == 0x20 else { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { result += "\"\"" } else { result.unicodeScalars.append(scalar) }
    }
    return result + "\""
  }

  private func writeAligned(
    end: String, to output: inout some TextOutputStream, header: Bool
  ) {
    guard !columns.isEmpty else { return }
    var widths = columns.map { header ? Self.singleLine($0.title).count : 0 }
    for (index, column) in columns.enumerated() {
      for row in 0..<rowCount {
        widths[index] = max(widths[index], Self.singleLine(column.cellText(row)).count)
      }
    }
    func writeLine(_ cell: (Column) -> String) {
      var line = ""
      for (index, (column, width)) in zip(columns, widths).enumerated() {
        let text = Self.singleLine(cell(column))
        let fill = String(repeating: " ", count: max(0, width - text.count))
        if index > 0 { line += "  " }
        if case .strings = column.values { line += text + fill } else { line += fill + text }
      }
      while line.last == " " { line.removeLast() }
      output.write(line + end)
    }
    if header { writeLine(\.title) }
    for row in 0..<rowCount { writeLine { $0.cellText(row) } }
  }

  /// The text without line breaks and other control characters.
  private static func singleLine(_ text: String) -> String {
    func isControl(_ scalar: Unicode.Scalar) -> Bool {
      scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
    }
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? " " : $0 }))
  }
}

extension Table.Column {
  /// The value of a row as text with all its digits; empty when it is missing or NaN.
  public func cellText(_ row: Int) -> String {
    switch self[row] {
    case .double(let value)? where value.isNaN: ""
    case let value?: value.text
    case nil: ""
    }
  }
}

extension Table: CustomStringConvertible {
  /// The first rows, aligned for people, and how many rows and columns there are.
  public var description: String {
    let shown = prefix(10)
    var text = shown.text(.table)
    if shown.rowCount < rowCount { text += "…\n" }
    return text + size
  }

  /// Such as `12 rows × 8 columns`.
  private var size: String {
    "\(rowCount) row\(rowCount == 1 ? "" : "s") × "
      + "\(columns.count) column\(columns.count == 1 ? "" : "s")"
  }
}

extension EventTable {
  /// A form of the table as text.
  public enum TextFormat: String, Hashable, Sendable, CaseIterable {
    /// Values separated by commas, quoted where needed (RFC 4180).
    case csv
    /// Values separated by tabulators, quoted where needed.
    case tsv
    /// Aligned columns for people.
    case table
  }

  /// The table as text, with a line of headings. Missing values are empty.
  public func text(_ format: TextFormat, includingHeader: Bool = true) -> String {
    var text = ""
    write(format, to: &text, includingHeader: includingHeader)
    return text
  }

  /// Writes the table as text, with a line of headings. Missing values are empty.
  public func write(
    _ format: TextFormat, to output: inout some TextOutputStream, includingHeader: Bool = true
  ) {
    switch format {
    case .csv: writeSeparated(by: ",", end: "\r\n", to: &output, header: includingHeader)
    case .tsv: writeSeparated(by: "\t", end: "\n", to: &output, header: includingHeader)
    case .table: writeAligned(to: &output, header: includingHeader)
    }
  }

  private func writeSeparated(
    by separator: String, end: String, to output: inout some TextOutputStream, header: Bool
  ) {
    func writeLine(_ cells: some Sequence<String>) {
      for (index, cell) in cells.enumerated() {
        if index > 0 { output.write(separator) }
        output.write(Self.quoted(cell, separator: separator))
      }
      output.write(end)
    }
    if header { writeLine(columns.map(\.title)) }
    for row in 0..<rowCount { writeLine(columns.lazy.map { Self.cell($0, row) }) }
  }

  /// The text in quotes, if it has a sign that would break the line or the cell.
  private static func quoted(_ text: String, separator: String) -> String {
    let mark = separator.utf8.first
    guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x0A || $0 == 0x0D || $0 == mark }) else {
      return text
    }
    var result = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { result += "\"\"" } else { result.unicodeScalars.append(scalar) }
    }
    return result + "\""
  }

  private static func cell(_ column: Column, _ row: Int) -> String {
    switch column[row] {
    case .double(let value)? where value.isNaN: ""
    case let value?: value.text
    case nil: ""
    }
  }

  private func writeAligned(to output: inout some TextOutputStream, header: Bool) {
    var widths = columns.map { header ? $0.title.count : 0 }
    for (index, column) in columns.enumerated() {
      for row in 0..<rowCount {
        widths[index] = max(widths[index], Self.line(Self.cell(column, row)).count)
      }
    }
    func writeLine(_ cell: (Column) -> String) {
      var line = ""
      for (index, (column, width)) in zip(columns, widths).enumerated() {
        let text = Self.line(cell(column))
        let fill = String(repeating: " ", count: max(0, width - text.count))
        if index > 0 { line += "  " }
        if case .strings = column.values { line += text + fill } else { line += fill + text }
      }
      while line.last == " " { line.removeLast() }
      output.write(line)
      output.write("\n")
    }
    if header { writeLine { $0.title } }
    for row in 0..<rowCount { writeLine { Self.cell($0, row) } }
  }

  /// The text without line breaks and other control characters.
  private static func line(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 }) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
  }
}

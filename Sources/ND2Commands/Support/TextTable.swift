/// A table for people: columns as wide as their cells need, cut to the terminal.
struct TextTable {
  /// How the cells of a column stand.
  enum Alignment: Sendable {
    case left
    case right
  }

  /// The heading of a column and how its cells stand.
  struct Column {
    var title: String
    var alignment: Alignment

    init(_ title: String, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  let columns: [Column]
  private var rows: [[String]] = []

  init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row; missing cells are empty, cells too many are left out.
  mutating func add(_ cells: [String]) {
    var row = cells.prefix(columns.count).map(PlainText.singleLine)
    while row.count < columns.count { row.append("") }
    rows.append(row)
  }

  /// The lines of the table.
  ///
  /// - Parameter terminal: decides on the style of the headings, and, when a person looks at it, on
  ///   the width; a table in a file or a pipe is never cut.
  func lines(for terminal: Terminal) -> [String] {
    var widths = columns.map { PlainText.width($0.title) }
    for row in rows {
      for (index, cell) in row.enumerated() {
        widths[index] = max(widths[index], PlainText.width(cell))
      }
    }
    if terminal.isInteractive { Self.shrink(&widths, to: terminal.width) }
    let heading = line(columns.map(\.title), widths)
    return [terminal.styled(heading, .heading)] + rows.map { line($0, widths) }
  }

  private static let gap = 2
  private static let narrowest = 6

  /// Takes columns away from the widest until the table fits.
  private static func shrink(_ widths: inout [Int], to limit: Int) {
    var excess = widths.reduce(0, +) + gap * (widths.count - 1) - limit
    while excess > 0 {
      guard let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
        widths[widest] > narrowest
      else { return }
      let second = widths.filter { $0 < widths[widest] }.max() ?? narrowest
      let step = min(excess, max(1, widths[widest] - max(second, narrowest)))
      widths[widest] -= step
      excess -= step
    }
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = ""
    for (index, cell) in cells.enumerated() {
      let fitted = PlainText.fitted(cell, width: widths[index])
      let right = columns[index].alignment == .right
      if index > 0 { text += String(repeating: " ", count: Self.gap) }
      text += PlainText.padded(fitted, width: widths[index], right: right)
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}

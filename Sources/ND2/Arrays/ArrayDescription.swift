/// The text of an array: shape, number type, and a corner of the elements.
struct ArrayDescription {
  private static let most = (rows: 6, columns: 8)

  let kind: String
  let array: AnyNDArray

  /// The first line: number type and axes.
  static func heading(_ sizes: AxisSizes, _ type: SampleType, kind: String) -> String {
    "\(type) \(kind), \(sizes.isEmpty ? "1 element" : "\(sizes)")"
  }

  var text: String {
    let heading = Self.heading(array.sizes, array.sampleType, kind: kind)
    guard array.count > 0 else { return heading }
    let outer = max(0, array.sizes.count - 2)
    var text = heading
    if array.sizes.prefix(outer).contains(where: { $0.count > 1 }) {
      text += "\nat " + array.sizes.prefix(outer).map { "\($0.axis) 0" }.joined(separator: ", ")
    }
    for line in lines(outer: outer) { text += "\n" + line }
    return text
  }

  /// Lines of the first plane, as many as are shown.
  private func lines(outer: Int) -> [String] {
    let sizes = array.sizes
    let columnCount = sizes.last?.count ?? 1
    let rowCount = sizes.count < 2 ? 1 : sizes[sizes.count - 2].count
    let columns = Self.shown(of: columnCount, most: Self.most.columns)
    let rows = Self.shown(of: rowCount, most: Self.most.rows)
    let lead = [Int](repeating: 0, count: outer)
    let cells = rows.map { row in
      columns.map { column -> String in
        guard let row, let column else { return "…" }
        let indices = sizes.isEmpty ? [] : lead + (sizes.count < 2 ? [column] : [row, column])
        guard let position = array.layout.position(indices) else { return "" }
        return Self.text(array.value(at: position), array.sampleType)
      }
    }
    let widths = columns.indices.map { index in cells.map { $0[index].count }.max() ?? 0 }
    return cells.map { line in
      zip(line, widths).map { cell, width in
        String(repeating: " ", count: width - cell.count) + cell
      }.joined(separator: " ")
    }
  }

  /// Indices at both ends, with nil for what is left out between them.
  private static func shown(of count: Int, most: Int) -> [Int?] {
    guard count > most else { return Array(0..<count) }
    let half = most / 2
    return Array(0..<half) + [nil] + Array((count - half)..<count)
  }

  private static func text(_ value: Double, _ type: SampleType) -> String {
    guard !type.isFloatingPoint else {
      return type == .float32 ? Float(value).description : value.description
    }
    return Int(exactly: value).map(String.init) ?? value.description
  }
}

extension AnyNDArray: CustomStringConvertible {
  /// Number type, axes, and a corner of the elements.
  public var description: String { ArrayDescription(kind: "array", array: self).text }
}

extension NDArray: CustomStringConvertible {
  /// Number type, axes, and a corner of the elements.
  public var description: String { erased.description }
}

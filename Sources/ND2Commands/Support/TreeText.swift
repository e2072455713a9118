import ND2

/// A JSON document as people read it: one member a line, indented, short lists on one line.
struct TreeText {
  private let width: Int
  private(set) var lines: [String] = []

  /// - Parameter width: columns that a list may take before it is broken up.
  init(width: Int) { self.width = width }

  /// Adds a value under a name.
  mutating func add(_ name: String, _ value: JSONValue, depth: Int = 0) {
    let lead = String(repeating: "  ", count: depth) + PlainText.singleLine(name) + ":"
    if let short = Self.oneLine(value), PlainText.width(lead + short) < width || isLeaf(value) {
      if case .string(let text) = value, PlainText.lines(text).count > 1 {
        lines.append(lead)
        for line in PlainText.lines(text) {
          lines.append(String(repeating: "  ", count: depth + 1) + line)
        }
      } else {
        lines.append("\(lead) \(short)")
      }
      return
    }
    lines.append(lead)
    switch value {
    case .object(let members):
      for member in members { add(member.name, member.value, depth: depth + 1) }
    case .array(let elements):
      for (index, element) in elements.enumerated() { add("[\(index)]", element, depth: depth + 1) }
    default: break
    }
  }

  private func isLeaf(_ value: JSONValue) -> Bool {
    switch value {
    case .array(let elements): elements.isEmpty
    case .object(let members): members.isEmpty
    default: true
    }
  }

  /// A value, or a list of plain values, in one line; nil for what needs more.
  private static func oneLine(_ value: JSONValue) -> String? {
    switch value {
    case .null: return "–"
    case .string(let text): return PlainText.singleLine(text)
    case .array(let elements):
      var parts: [String] = []
      for element in elements {
        if case .array = element { return nil }
        if case .object = element { return nil }
        guard let part = oneLine(element) else { return nil }
        parts.append(part)
      }
      return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    case .object(let members): return members.isEmpty ? "none" : nil
    default: return value.text()
    }
  }
}

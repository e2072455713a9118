/// What the texts of version 1.0 say of the dimensions (nd2-format §5.4).
package struct LegacyText: Hashable, Sendable {
  /// A dimension: `T`, `XY`, `Z`, `λ` and its count.
  package struct Dimension: Hashable, Sendable {
    package var name: String
    package var count: Int
  }

  /// The dimensions in the order of the text, outermost first.
  package private(set) var dimensions: [Dimension] = []
  /// Distance of the planes of a stack, µm.
  package private(set) var stepUm: Double?

  package init() {}

  /// Reads the description that the software writes.
  package init(description: String) {
    for line in description.split(whereSeparator: \.isNewline) {
      if dimensions.isEmpty, let list = Self.value(of: "Dimensions:", in: line) {
        dimensions = Self.dimensions(list)
      } else if let text = Self.value(of: "- Step", in: line), stepUm == nil {
        let digits = text.drop { $0 == " " }.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        stepUm = Double(digits).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
      }
    }
  }

  /// The count of a dimension.
  package func count(_ name: String) -> Int? {
    dimensions.first { $0.name == name }?.count
  }

  /// Number of frames that the dimensions describe; channels are no frames.
  package var frameCount: Int? {
    dimensions.isEmpty ? nil : Checked.product(loops.map(\.count))
  }

  /// The dimensions that are loops over frames.
  package var loops: [Dimension] {
    dimensions.filter { ["T", "XY", "Z"].contains($0.name) && $0.count > 0 }
  }

  private static func value(of title: String, in line: Substring) -> Substring? {
    let text = line.drop { $0 == " " }
    return text.hasPrefix(title) ? text.dropFirst(title.count) : nil
  }

  /// Reads `T(3) x XY'(4) x λ(2)`.
  private static func dimensions(_ text: Substring) -> [Dimension] {
    text.split(separator: "(").reduce(into: (name: "", list: [Dimension]())) { state, part in
      if let end = part.firstIndex(of: ")"), !state.name.isEmpty,
        let count = Int(part[..<end]), (0...1_000_000_000).contains(count)
      {
        state.list.append(Dimension(name: state.name, count: count))
      }
      // The name in front of the next bracket, without the mark of uneven loops.
      var rest = part.drop { $0 != ")" }.dropFirst()
      if state.list.isEmpty && !part.contains(")") { rest = part }
      while rest.last == "'" || rest.last == " " { rest = rest.dropLast() }
      state.name = String(rest.split(separator: " ").last ?? "")
    }.list
  }
}

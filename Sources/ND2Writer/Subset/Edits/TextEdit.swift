import ND2
import ND2Format

/// Keeps the generated description true: the sizes in its first lines, its loops and its channels
/// (nd2-format §3.3.7, §3.4).
///
/// The text is in the language of the program that wrote it; what is not understood stays.
struct TextEdit {
  let plan: SubsetPlan

  func apply(to chunk: inout EditableChunk) {
    chunk.editContent(named: "SLxImageTextInfo") { tree in
      tree.editChildren { _, node in
        guard let text = node.string, text.contains("(") || text.contains("Loop") else { return }
        node.setText(rewritten(text))
      }
    }
  }

  /// The text with the sizes of the output.
  func rewritten(_ text: String) -> String {
    // By bytes: a line end of two characters counts as one where texts are split by characters.
    var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    var loop: LoopType?
    for index in lines.indices {
      let line = lines[index]
      if let colon = line.firstIndex(of: ":"), line[..<colon].contains("imensions") {
        lines[index] = sizes(line)
      } else if line.hasPrefix("Time Loop:") {
        loop = .time
        lines[index] = count(line, time?.turns.count)
      } else if line.hasPrefix("Z Stack Loop:") {
        loop = .zStack
        lines[index] = count(line, stack?.turns.count)
      } else if line.hasPrefix("- ") {
        lines[index] = detail(line, of: loop)
      } else if !line.isEmpty {
        loop = nil
      }
    }
    if plan.components != nil { lines = cutPlanes(lines) }
    return lines.joined(separator: "\n")
  }

  private var time: SubsetPlan.LoopPart? {
    plan.loops.values.first { [.time, .neTime].contains($0.loop.type) && !$0.isWhole }
  }
  private var stack: SubsetPlan.LoopPart? {
    plan.loops.values.first { $0.loop.type == .zStack && !$0.isWhole }
  }
  private var positions: SubsetPlan.LoopPart? {
    plan.loops.values.first { $0.loop.type == .xyPositions && !$0.isWhole }
  }

  /// `Dimensions: T(3) x XY(4) x λ(2) x Z(5)`; a letter may be followed by `'`.
  private func sizes(_ line: String) -> String {
    var line = line
    for (letters, part) in [(["T"], time), (["XY", "P"], positions), (["Z"], stack)] {
      guard let part else { continue }
      for letter in letters { line = replaceSize(line, letter, part.turns.count) }
    }
    if plan.components != nil { line = replaceSize(line, "λ", plan.planes.count) }
    return line
  }

  private func replaceSize(_ line: String, _ letter: String, _ count: Int) -> String {
    var parts = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    for index in parts.indices {
      for mark in ["(", "'("] where parts[index].hasPrefix(letter + mark) {
        let rest = parts[index].dropFirst((letter + mark).count)
        let digits = rest.prefix { $0.isNumber }
        guard !digits.isEmpty, rest.dropFirst(digits.count).first == ")" else { continue }
        parts[index] = letter + mark + String(count) + rest.dropFirst(digits.count)
      }
    }
    return parts.joined(separator: " ")
  }

  /// `Time Loop: 47`.
  private func count(_ line: String, _ count: Int?) -> String {
    guard let count, let colon = line.firstIndex(of: ":") else { return line }
    let digits = line[line.index(after: colon)...].filter(\.isNumber)
    guard !digits.isEmpty else { return line }
    return "\(line[...colon]) \(count)" + (line.hasSuffix("\r") ? "\r" : "")
  }

  /// `- Step: 0.5 µm`, `- Equidistant (Period 1000 ms)`.
  private func detail(_ line: String, of loop: LoopType?) -> String {
    switch loop {
    case .zStack:
      guard let step = stack?.spacing?.step, line.hasPrefix("- Step") else { return line }
      return scaled(line, by: step)
    case .time:
      guard let time, let step = time.spacing?.step, line.contains("(Period ") else { return line }
      return scaled(line, by: step)
    default: return line
    }
  }

  /// The line with its first number multiplied.
  private func scaled(_ line: String, by factor: Int) -> String {
    guard factor != 1, let start = line.firstIndex(where: \.isNumber) else { return line }
    let digits = line[start...].prefix { $0.isNumber || $0 == "." }
    guard let value = Double(digits) else { return line }
    let text = (value * Double(factor)).description
    let short = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    return line[..<start] + short + line[digits.endIndex...]
  }

  /// Keeps the sections `Plane #1:` of the channels that are taken.
  private func cutPlanes(_ lines: [String]) -> [String] {
    var kept: [String] = []
    var isDropped = false
    for line in lines {
      if let number = Self.planeNumber(line) {
        if let rank = plan.planes.firstIndex(of: number - 1) {
          isDropped = false
          kept.append("Plane #\(rank + 1):" + (line.hasSuffix("\r") ? "\r" : ""))
        } else {
          isDropped = true
        }
        continue
      }
      if line.hasPrefix("Number of Picture Planes:") {
        kept.append(count(line, plan.planes.count))
        continue
      }
      // A section ends where a line begins at the margin.
      if let first = line.first, first != " ", first != "\r", first != "\r\n" { isDropped = false }
      if !isDropped { kept.append(line) }
    }
    return kept
  }

  private static func planeNumber(_ line: String) -> Int? {
    guard line.hasPrefix("Plane #") else { return nil }
    return Int(line.dropFirst(7).prefix { $0.isNumber })
  }
}

/// Text from files, made safe and measurable for a terminal.
enum PlainText {
  /// The text without control characters, so that a file cannot steer the terminal.
  ///
  /// Line breaks and tabs become blanks; other control characters and those that turn the writing
  /// direction become `�`.
  static func singleLine(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var safe = String.UnicodeScalarView()
    var previousWasBreak = false
    for scalar in text.unicodeScalars {
      let isBreak = scalar == "\r" || scalar == "\n" || scalar == "\t"
      if isBreak {
        if !previousWasBreak { safe.append(" ") }
      } else {
        safe.append(isUnsafe(scalar) ? "\u{FFFD}" : scalar)
      }
      previousWasBreak = isBreak
    }
    return String(safe)
  }

  /// The lines of a text, each made safe, without empty lines at its end.
  static func lines(_ text: String) -> [String] {
    var lines: [String] = [""]
    var previous: Unicode.Scalar = "\0"
    for scalar in text.unicodeScalars {
      if scalar == "\n" || scalar == "\r" {
        if !(scalar == "\n" && previous == "\r") { lines.append("") }
      } else {
        lines[lines.count - 1].unicodeScalars.append(scalar)
      }
      previous = scalar
    }
    while let last = lines.last, last.allSatisfy({ $0 == " " }) { lines.removeLast() }
    return lines.map(singleLine)
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// Columns that the text takes on a terminal: wide East Asian letters and emoji take two.
  static func width(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { $0 + width(of: $1) }
  }

  private static func width(of character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    if first.properties.isEmojiPresentation { return 2 }
    switch first.value {
    case 0x0300...0x036F, 0x200B...0x200F, 0xFE00...0xFE0F: return 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  /// The text, cut with `…` when it takes more columns.
  static func fitted(_ text: String, width limit: Int) -> String {
    guard width(text) > limit else { return text }
    guard limit > 0 else { return "" }
    var kept = ""
    var used = 1
    for character in text {
      used += width(of: character)
      guard used <= limit else { break }
      kept.append(character)
    }
    return kept + "…"
  }

  /// The text with blanks up to a width.
  static func padded(_ text: String, width target: Int, right: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, target - width(text)))
    return right ? blanks + text : text + blanks
  }
}

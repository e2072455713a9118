/// A word of a filter.
struct FilterToken: Hashable {
  enum Kind: Hashable {
    case integer(Int)
    case number(Double)
    case text(String)
    /// The name of a column, of a function, or a word of the language.
    case name(String)
    /// An operator or a bracket.
    case sign(String)
    case end
  }

  let kind: Kind
  /// Where it begins: the number of its first character, from 1.
  let column: Int

  /// The token as messages name it.
  var shown: String {
    switch kind {
    case .integer(let value): "'\(value)'"
    case .number(let value): "'\(value)'"
    case .text: "text"
    case .name(let name): "'\(name)'"
    case .sign(let sign): "'\(sign)'"
    case .end: "the end"
    }
  }
}

/// What is wrong with a filter, and where.
struct FilterProblem: Error {
  let message: String
  /// The number of the character, from 1.
  let column: Int
}

/// Takes a filter apart into tokens.
struct FilterLexer {
  private let scalars: [Unicode.Scalar]
  private var index = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// The tokens; the last one is the end.
  static func tokens(_ text: String) throws(FilterProblem) -> [FilterToken] {
    var lexer = FilterLexer(text)
    var tokens: [FilterToken] = []
    while true {
      let token = try lexer.next()
      tokens.append(token)
      if token.kind == .end { return tokens }
    }
  }

  private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private func peek(_ distance: Int) -> Unicode.Scalar? {
    index + distance < scalars.count ? scalars[index + distance] : nil
  }

  private mutating func next() throws(FilterProblem) -> FilterToken {
    while let scalar = current, scalar.properties.isWhitespace { index += 1 }
    let column = index + 1
    guard let scalar = current else { return FilterToken(kind: .end, column: column) }
    if Self.isDigit(scalar) || (scalar == "." && peek(1).map(Self.isDigit) == true) {
      return FilterToken(kind: try number(), column: column)
    }
    if scalar == "'" || scalar == "\"" {
      return FilterToken(kind: .text(try text()), column: column)
    }
    if Self.isNameStart(scalar) {
      return FilterToken(kind: .name(word()), column: column)
    }
    return FilterToken(kind: .sign(try sign()), column: column)
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    (0x30...0x39).contains(scalar.value)
  }

  private static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic
  }

  private mutating func word() -> String {
    var word = String.UnicodeScalarView()
    while let scalar = current, Self.isNameStart(scalar) || Self.isDigit(scalar) {
      word.append(scalar)
      index += 1
    }
    return String(word)
  }

  private mutating func digits() -> String {
    var digits = ""
    while let scalar = current {
      if Self.isDigit(scalar) {
        digits.unicodeScalars.append(scalar)
      } else if scalar != "_" || peek(1).map(Self.isDigit) != true {
        break
      }
      index += 1
    }
    return digits
  }

  /// Sizes in kilobytes, times in seconds, lengths in µm: the units of the columns.
  private static let units: [String: Double] = [
    "B": 1e-3, "kB": 1, "KB": 1, "MB": 1e3, "GB": 1e6, "TB": 1e9,
    "ms": 1e-3, "s": 1, "min": 60, "h": 3600, "d": 86400,
    "nm": 1e-3, "um": 1, "µm": 1, "μm": 1, "mm": 1e3,
  ]

  private mutating func number() throws(FilterProblem) -> FilterToken.Kind {
    let start = index
    var text = digits()
    var isWhole = true
    if current == ".", peek(1).map(Self.isDigit) == true || !text.isEmpty {
      index += 1
      isWhole = false
      text += "." + digits()
    }
    if let mark = current, mark == "e" || mark == "E" {
      let hasSign = peek(1) == "-" || peek(1) == "+"
      if peek(hasSign ? 2 : 1).map(Self.isDigit) == true {
        isWhole = false
        index += hasSign ? 2 : 1
        text += (hasSign && scalars[index - 1] == "-" ? "e-" : "e") + digits()
      }
    }
    if text.hasPrefix(".") { text = "0" + text }
    text = text.hasSuffix(".") ? text + "0" : text
    text = text.replacing(".e", with: ".0e")
    let unit = word()
    guard let value = Double(text), value.isFinite else {
      throw FilterProblem(message: "this number is too large", column: start + 1)
    }
    guard unit.isEmpty else {
      guard let factor = Self.units[unit] else {
        throw FilterProblem(
          message:
            "'\(unit)' is no unit; there are B, kB, MB, GB, TB, ms, s, min, h, d, nm, um, mm",
          column: index - unit.unicodeScalars.count + 1)
      }
      return .number(value * factor)
    }
    if isWhole, let whole = Int(text) { return .integer(whole) }
    return .number(value)
  }

  private mutating func text() throws(FilterProblem) -> String {
    let start = index
    let quote = current
    index += 1
    var text = String.UnicodeScalarView()
    while let scalar = current {
      index += 1
      if scalar == quote { return String(text) }
      guard scalar == "\\", let escaped = current else {
        text.append(scalar)
        continue
      }
      index += 1
      switch escaped {
      case "n": text.append("\n")
      case "t": text.append("\t")
      case "\\", "'", "\"": text.append(escaped)
      default: text.append(contentsOf: [scalar, escaped])
      }
    }
    throw FilterProblem(message: "the text that begins here has no end", column: start + 1)
  }

  private static let pairs: Set<String> = ["<=", ">=", "==", "!=", "//"]

  private mutating func sign() throws(FilterProblem) -> String {
    let column = index + 1
    guard let first = current else { throw FilterProblem(message: "too short", column: column) }
    let one = String(first)
    let two = one + (peek(1).map { String($0) } ?? "")
    if Self.pairs.contains(two) {
      index += 2
      return two
    }
    let advice: [String: String] = [
      "=": "'=' is no comparison; use '=='", "&": "use 'and'", "|": "use 'or'", "!": "use 'not'",
      ";": "there is one condition to a filter", "{": "there are no sets; use [ ]",
    ]
    if let hint = advice[one] { throw FilterProblem(message: hint, column: column) }
    guard "<>()[],:.+-*/%~".unicodeScalars.contains(first) else {
      throw FilterProblem(message: "'\(one)' has no meaning here", column: column)
    }
    index += 1
    return one
  }
}

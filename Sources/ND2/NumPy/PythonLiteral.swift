import ND2Format

/// A value of Python's source text, as far as the headers of `.npy` files need it.
indirect enum PythonLiteral: Hashable, Sendable {
  /// An entry of a dictionary.
  struct Entry: Hashable, Sendable {
    var key: PythonLiteral
    var value: PythonLiteral
  }

  case none
  case boolean(Bool)
  case integer(Int)
  case text(String)
  case tuple([PythonLiteral])
  case list([PythonLiteral])
  case dictionary([Entry])

  /// The value for a key of a dictionary; of equal keys the last one counts, as in Python.
  subscript(key: String) -> PythonLiteral? {
    guard case .dictionary(let entries) = self else { return nil }
    return entries.last { $0.key == .text(key) }?.value
  }
}

extension PythonLiteral: CustomStringConvertible {
  /// The value as Python would print it.
  var description: String {
    switch self {
    case .none: "None"
    case .boolean(let value): value ? "True" : "False"
    case .integer(let value): "\(value)"
    case .text(let text): "'\(text)'"
    case .tuple(let items): items.count == 1 ? "(\(items[0]),)" : "(\(Self.list(items)))"
    case .list(let items): "[\(Self.list(items))]"
    case .dictionary(let entries):
      "{" + entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    }
  }

  private static func list(_ items: [PythonLiteral]) -> String {
    items.map(\.description).joined(separator: ", ")
  }
}

extension PythonLiteral {
  /// How the characters of text are stored.
  enum Encoding { case latin1, utf8 }

  /// Reads the one value that is all of the text, but for white space.
  ///
  /// Understood are dictionaries, tuples, lists, text in either kind of quotes (also with a letter
  /// before it), whole numbers (also with the `L` of Python 2), `True`, `False` and `None`, with
  /// any white space between them and a comma behind the last item.
  ///
  /// - Parameter offset: where the text begins in its file, for errors.
  init(parsing text: [UInt8], encoding: Encoding, at offset: UInt64 = 0) throws(Malformed) {
    var parser = PythonLiteralParser(text: text, encoding: encoding, offset: offset)
    self = try parser.parse()
  }
}

/// A cursor over the text of a literal.
private struct PythonLiteralParser {
  let text: [UInt8]
  let encoding: PythonLiteral.Encoding
  let offset: UInt64
  private var position = 0
  private static let mostDepth = 32

  init(text: [UInt8], encoding: PythonLiteral.Encoding, offset: UInt64) {
    self.text = text
    self.encoding = encoding
    self.offset = offset
  }

  mutating func parse() throws(Malformed) -> PythonLiteral {
    let value = try value(depth: 0)
    skipSpace()
    guard peek == nil else { throw unexpected("the end of the header") }
    return value
  }

  // MARK: - Characters

  private var peek: UInt8? { position < text.count ? text[position] : nil }

  private mutating func take(_ character: UInt8) -> Bool {
    guard peek == character else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
  }

  private func unexpected(_ expected: String) -> Malformed {
    malformed(.unexpected(expected: expected))
  }

  private func malformed(_ reason: Malformed.Reason) -> Malformed {
    Malformed(reason, at: offset &+ UInt64(position))
  }

  // MARK: - Values

  private mutating func value(depth: Int) throws(Malformed) -> PythonLiteral {
    guard depth < Self.mostDepth else {
      throw malformed(.limitExceeded(limit: "depth", value: UInt64(depth)))
    }
    skipSpace()
    // At the end there is no value either.
    switch Character(Unicode.Scalar(peek ?? 0)) {
    case "{": return try dictionary(depth: depth)
    case "(":
      let (items, hasComma) = try items(until: UInt8(ascii: ")"), depth: depth)
      return items.count == 1 && !hasComma ? items[0] : .tuple(items)
    case "[": return .list(try items(until: UInt8(ascii: "]"), depth: depth).items)
    case "'", "\"": return .text(try quoted())
    case "+", "-", "0"..."9": return .integer(try integer())
    default: return try word()
    }
  }

  private mutating func items(
    until close: UInt8, depth: Int
  ) throws(Malformed) -> (items: [PythonLiteral], hasComma: Bool) {
    position += 1
    var items: [PythonLiteral] = []
    var hasComma = false
    while true {
      skipSpace()
      if take(close) { return (items, hasComma) }
      guard items.isEmpty || hasComma else { throw unexpected("a comma") }
      items.append(try value(depth: depth + 1))
      skipSpace()
      hasComma = take(UInt8(ascii: ","))
    }
  }

  private mutating func dictionary(depth: Int) throws(Malformed) -> PythonLiteral {
    position += 1
    var entries: [PythonLiteral.Entry] = []
    var hasComma = false
    while true {
      skipSpace()
      if take(UInt8(ascii: "}")) { return .dictionary(entries) }
      guard entries.isEmpty || hasComma else { throw unexpected("a comma") }
      let key = try value(depth: depth + 1)
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw unexpected("a colon") }
      entries.append(.init(key: key, value: try value(depth: depth + 1)))
      skipSpace()
      hasComma = take(UInt8(ascii: ","))
    }
  }

  private mutating func integer() throws(Malformed) -> Int {
    let start = position
    if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
    let digits = position
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard position > digits else { throw unexpected("a digit") }
    guard let number = Int(String(decoding: text[start..<position], as: UTF8.self)) else {
      throw malformed(.overflow)
    }
    if !take(UInt8(ascii: "L")) { _ = take(UInt8(ascii: "l")) }
    return number
  }

  private mutating func word() throws(Malformed) -> PythonLiteral {
    let start = position
    while let byte = peek, (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) { position += 1 }
    let word = String(decoding: text[start..<position], as: UTF8.self)
    switch word {
    case "True": return .boolean(true)
    case "False": return .boolean(false)
    case "None": return .none
    case "u", "U", "b", "B":
      if peek == UInt8(ascii: "'") || peek == UInt8(ascii: "\"") { return .text(try quoted()) }
    default: break
    }
    position = start
    throw unexpected("a value")
  }

  private mutating func quoted() throws(Malformed) -> String {
    let quote = text[position]
    position += 1
    var content: [UInt8] = []
    while let byte = peek, byte != 0x0A, byte != 0x0D {
      position += 1
      if byte == quote { return decoded(content) }
      guard byte == UInt8(ascii: "\\"), let next = peek else {
        content.append(byte)
        continue
      }
      // Names of fields may hold other escapes; they are only ever printed.
      if next != UInt8(ascii: "\\"), next != UInt8(ascii: "'"), next != UInt8(ascii: "\"") {
        content.append(byte)
      }
      content.append(next)
      position += 1
    }
    throw unexpected("the end of the text")
  }

  private func decoded(_ bytes: [UInt8]) -> String {
    switch encoding {
    case .utf8: String(decoding: bytes, as: UTF8.self)
    case .latin1: String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
  }
}

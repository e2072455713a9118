/// A tolerant scanner for the XML of ND2 files.
///
/// The files hold element names that XML forbids, control characters, bytes behind the end and
/// documents that were cut short; none of them stops the scan. There are no entities but the five
/// predefined ones and character references, no external references and no DTD.
package struct XMLScanner {
  /// What the scanner found.
  package enum Event {
    /// An opening tag; `isEmpty` when it closes itself.
    case start(name: String, attributes: [(name: String, value: String)], isEmpty: Bool)
    /// A closing tag, whatever its name.
    case end
    /// Character data that is not only white space.
    case text(String)
  }

  private var reader: ByteReader

  /// Scans UTF-8 text.
  package init(_ reader: ByteReader) { self.reader = reader }

  /// Position in the file of the next byte.
  package var offset: UInt64 { reader.offset }

  /// The next event, or nil at the end of the document.
  package mutating func next() -> Event? {
    while let byte = reader.peek() {
      if byte != UInt8(ascii: "<") {
        if let text = scanText() { return .text(text) }
      } else if let event = scanMarkup() {
        return event
      }
    }
    return nil
  }

  private mutating func scanText() -> String? {
    let raw = take { $0 != UInt8(ascii: "<") }
    guard raw.contains(where: { $0 > 0x20 }) else { return nil }
    return Self.decodeEntities(raw)
  }

  /// Reads a tag; comments, declarations and processing instructions give nil.
  private mutating func scanMarkup() -> Event? {
    if reader.starts(with: "<!--") {
      skip(past: "-->")
      return nil
    }
    if reader.starts(with: "<?") || reader.starts(with: "<!") {
      skip(past: ">")
      return nil
    }
    advance(1)
    if reader.peek() == UInt8(ascii: "/") {
      skip(past: ">")
      return .end
    }
    let name = String(
      decoding: take {
        $0 > 0x20 && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/")
      }, as: UTF8.self)
    var attributes: [(name: String, value: String)] = []
    while true {
      _ = take { $0 <= 0x20 }
      switch reader.peek() {
      case nil: return .start(name: name, attributes: attributes, isEmpty: false)
      case UInt8(ascii: ">"):
        advance(1)
        return .start(name: name, attributes: attributes, isEmpty: false)
      case UInt8(ascii: "/"):
        advance(1)
        if reader.peek() == UInt8(ascii: ">") {
          advance(1)
          return .start(name: name, attributes: attributes, isEmpty: true)
        }
      default:
        if let attribute = scanAttribute() { attributes.append(attribute) }
      }
    }
  }

  private mutating func scanAttribute() -> (name: String, value: String)? {
    let name = take {
      $0 > 0x20 && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/")
    }
    _ = take { $0 <= 0x20 }
    guard reader.peek() == UInt8(ascii: "=") else {
      // A stray sign must be consumed, or the scan would stand still.
      if name.isEmpty { advance(1) }
      return nil
    }
    advance(1)
    _ = take { $0 <= 0x20 }
    guard let quote = reader.peek(), quote == 0x22 || quote == 0x27 else { return nil }
    advance(1)
    let raw = take { $0 != quote }
    advance(1)
    return (String(decoding: name, as: UTF8.self), Self.decodeEntities(raw))
  }

  private mutating func take(while matches: (UInt8) -> Bool) -> UnsafeRawBufferPointer {
    let rest = reader.remainingBytes
    var count = 0
    while count < rest.count, matches(rest[count]) { count += 1 }
    advance(count)
    return UnsafeRawBufferPointer(rebasing: rest[0..<count])
  }

  private mutating func skip(past mark: StaticString) {
    while !reader.isAtEnd {
      if reader.starts(with: mark) {
        advance(mark.utf8CodeUnitCount)
        return
      }
      advance(1)
    }
  }

  private mutating func advance(_ count: Int) {
    _ = try? reader.skip(min(count, reader.remaining))
  }

  /// Text with its character references resolved and control characters removed.
  static func decodeEntities(_ raw: UnsafeRawBufferPointer) -> String {
    let isPlain = raw.allSatisfy {
      $0 != UInt8(ascii: "&") && ($0 >= 0x20 || $0 == 9 || $0 == 10 || $0 == 13)
    }
    if isPlain { return String(decoding: raw, as: UTF8.self) }
    var text: [UInt8] = []
    text.reserveCapacity(raw.count)
    var index = 0
    while index < raw.count {
      let byte = raw[index]
      index += 1
      if byte == UInt8(ascii: "&"),
        let end = raw[index..<min(index + 12, raw.count)].firstIndex(of: UInt8(ascii: ";")),
        let character = character(String(decoding: raw[index..<end], as: UTF8.self))
      {
        text += String(character).utf8
        index = end + 1
      } else if byte >= 0x20 || byte == 9 || byte == 10 || byte == 13 {
        text.append(byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func character(_ entity: String) -> Unicode.Scalar? {
    switch entity {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard entity.first == "#" else { return nil }
      let digits = entity.dropFirst()
      let code =
        digits.first == "x" || digits.first == "X"
        ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
      return code.flatMap(Unicode.Scalar.init)
    }
  }
}

/// A tolerant scanner for the XML of ND2 files.
///
/// The files hold element names that XML forbids, control characters, bytes behind the end and
/// documents that were cut short; none of them stops the scan. There are no entities but the five
/// predefined ones and character references, no external references and no DTD.
///
/// Names and values are given as bytes of the document, so that nothing is copied that nobody
/// looks at; they are valid as long as the document's memory is.
package struct XMLScanner {
  /// What the scanner found.
  package enum Token {
    /// An opening tag: see ``XMLScanner/name`` and ``XMLScanner/attributes``.
    case start
    /// A tag that opens and closes.
    case empty
    /// A closing tag, whatever its name.
    case end
    /// Character data that is not only white space: see ``XMLScanner/text``.
    case text
  }

  /// An attribute of a tag; its value still has its references.
  package struct Attribute {
    package var name: UnsafeRawBufferPointer
    package var value: UnsafeRawBufferPointer
  }

  /// Attributes of one tag behind which others are ignored.
  private static let mostAttributes = 256

  private let bytes: UnsafeRawBufferPointer
  private let baseOffset: UInt64
  private var position = 0

  /// Name of the last opening tag.
  package private(set) var name: UnsafeRawBufferPointer
  /// Attributes of the last opening tag.
  package private(set) var attributes: [Attribute] = []
  /// The last character data, with its references.
  package private(set) var text: UnsafeRawBufferPointer

  /// Scans UTF-8 text, which begins at `baseOffset` of the file.
  package init(_ bytes: UnsafeRawBufferPointer, at baseOffset: UInt64 = 0) {
    self.bytes = bytes
    self.baseOffset = baseOffset
    name = UnsafeRawBufferPointer(start: nil, count: 0)
    text = name
  }

  /// Position in the file of the next byte.
  package var offset: UInt64 { baseOffset &+ UInt64(position) }

  /// The value of the first attribute of that name.
  package func attribute(_ name: StaticString) -> UnsafeRawBufferPointer? {
    for attribute in attributes where attribute.name.equals(name) { return attribute.value }
    return nil
  }

  /// The next token, or nil at the end of the document.
  package mutating func next() -> Token? {
    while position < bytes.count {
      if bytes[position] != UInt8(ascii: "<") {
        if scanText() { return .text }
      } else if let token = scanMarkup() {
        return token
      }
    }
    return nil
  }

  private mutating func scanText() -> Bool {
    text = take { $0 != UInt8(ascii: "<") }
    return text.contains { $0 > 0x20 }
  }

  /// Reads a tag; comments, declarations and processing instructions give nil.
  private mutating func scanMarkup() -> Token? {
    position += 1
    switch peek {
    case UInt8(ascii: "/"):
      skip(past: ">")
      return .end
    case UInt8(ascii: "!"):
      skip(past: starts(with: "!--") ? "-->" : ">")
      return nil
    case UInt8(ascii: "?"):
      skip(past: ">")
      return nil
    default: return scanOpeningTag()
    }
  }

  private mutating func scanOpeningTag() -> Token {
    name = take { $0 > 0x20 && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/") }
    attributes.removeAll(keepingCapacity: true)
    while true {
      skipSpace()
      switch peek {
      case nil: return .start
      case UInt8(ascii: ">"):
        position += 1
        return .start
      case UInt8(ascii: "/"):
        position += 1
        if peek == UInt8(ascii: ">") {
          position += 1
          return .empty
        }
      default: scanAttribute()
      }
    }
  }

  private mutating func scanAttribute() {
    let name = take {
      $0 > 0x20 && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/")
    }
    skipSpace()
    guard peek == UInt8(ascii: "=") else {
      // A stray sign must be consumed, or the scan would stand still.
      if name.isEmpty { position += 1 }
      return
    }
    position += 1
    skipSpace()
    guard let quote = peek, quote == 0x22 || quote == 0x27 else { return }
    position += 1
    let value = take { $0 != quote }
    position = min(position + 1, bytes.count)
    if attributes.count < Self.mostAttributes {
      attributes.append(Attribute(name: name, value: value))
    }
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  @inline(__always)
  private mutating func take(while matches: (UInt8) -> Bool) -> UnsafeRawBufferPointer {
    let start = position
    while position < bytes.count, matches(bytes[position]) { position &+= 1 }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<position])
  }

  private mutating func skipSpace() {
    while position < bytes.count, bytes[position] <= 0x20 { position &+= 1 }
  }

  private func starts(with mark: StaticString) -> Bool {
    let count = mark.utf8CodeUnitCount
    guard bytes.count - position >= count else { return false }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)]).equals(mark)
  }

  private mutating func skip(past mark: StaticString) {
    while position < bytes.count {
      if starts(with: mark) {
        position += mark.utf8CodeUnitCount
        return
      }
      position += 1
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Whether the bytes are those of a text.
  package func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount
      && elementsEqual(UnsafeRawBufferPointer(start: text.utf8Start, count: count))
  }
}

extension JSONValue {
  /// The document as text.
  ///
  /// - Parameter indentation: spaces for each level, or nil for one line without spaces.
  public func text(indentation: Int? = nil) -> String {
    var out: [UInt8] = []
    write(to: &out, indentation: indentation, depth: 0)
    return String(decoding: out, as: UTF8.self)
  }

  /// The elements of an array as text, piece by piece, so that long ones are never whole in memory.
  ///
  /// The pieces are together what ``text(indentation:)`` gives.
  package static func write(
    arrayOf elements: some Sequence<JSONValue>, indentation: Int?, to pass: ([UInt8]) -> Void
  ) {
    var piece = Array("[".utf8)
    var isEmpty = true
    for element in elements {
      if !isEmpty { piece += ",".utf8 }
      isEmpty = false
      lineBreak(to: &piece, indentation: indentation, depth: 1)
      element.write(to: &piece, indentation: indentation, depth: 1)
      if piece.count >= 1 << 16 {
        pass(piece)
        piece.removeAll(keepingCapacity: true)
      }
    }
    if !isEmpty { lineBreak(to: &piece, indentation: indentation, depth: 0) }
    piece += "]".utf8
    pass(piece)
  }

  private func write(to out: inout [UInt8], indentation: Int?, depth: Int) {
    switch self {
    case .null: out += "null".utf8
    case .bool(let value): out += (value ? "true" : "false").utf8
    case .integer(let value): out += String(value).utf8
    case .unsigned(let value): out += String(value).utf8
    case .double(let value): out += (value.isFinite ? value.description : "null").utf8
    case .string(let value): Self.write(value, to: &out)
    case .array(let elements):
      Self.writeSequence(
        elements, brackets: ("[", "]"), to: &out, indentation: indentation, depth: depth
      ) { element, out in
        element.write(to: &out, indentation: indentation, depth: depth + 1)
      }
    case .object(let members):
      Self.writeSequence(
        members, brackets: ("{", "}"), to: &out, indentation: indentation, depth: depth
      ) { member, out in
        Self.write(member.name, to: &out)
        out += (indentation == nil ? ":" : ": ").utf8
        member.value.write(to: &out, indentation: indentation, depth: depth + 1)
      }
    }
  }

  private static func writeSequence<Element>(
    _ items: [Element], brackets: (String, String), to out: inout [UInt8], indentation: Int?,
    depth: Int, _ writeItem: (Element, inout [UInt8]) -> Void
  ) {
    out += brackets.0.utf8
    for (index, item) in items.enumerated() {
      if index > 0 { out += ",".utf8 }
      lineBreak(to: &out, indentation: indentation, depth: depth + 1)
      writeItem(item, &out)
    }
    if !items.isEmpty { lineBreak(to: &out, indentation: indentation, depth: depth) }
    out += brackets.1.utf8
  }

  private static func lineBreak(to out: inout [UInt8], indentation: Int?, depth: Int) {
    guard let indentation else { return }
    out.append(0x0A)
    out.append(contentsOf: repeatElement(0x20, count: indentation * depth))
  }

  private static func write(_ text: String, to out: inout [UInt8]) {
    out.append(0x22)
    for byte in text.utf8 {
      switch byte {
      case 0x22: out += [0x5C, 0x22]
      case 0x5C: out += [0x5C, 0x5C]
      case 0x0A: out += [0x5C, 0x6E]
      case 0x0D: out += [0x5C, 0x72]
      case 0x09: out += [0x5C, 0x74]
      case 0..<0x20, 0x7F:
        let digits = Array("0123456789abcdef".utf8)
        out += [0x5C, 0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: out.append(byte)
      }
    }
    out.append(0x22)
  }
}

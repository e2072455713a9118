/// Turns character data and attribute values of XML into text.
package enum XMLText {
  /// Text with its character references resolved and control characters removed.
  package static func decode(_ raw: UnsafeRawBufferPointer) -> String {
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

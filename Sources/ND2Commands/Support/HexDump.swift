/// Bytes as people read them: offset, sixteen bytes in hexadecimal, the same as text.
enum HexDump {
  private static let digits = Array("0123456789abcdef".utf8)

  /// The bytes in hexadecimal digits without gaps.
  static func digits(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// One line of a dump: at most sixteen bytes.
  static func line(offset: UInt64, _ bytes: ArraySlice<UInt8>) -> String {
    var text = PlainText.padded(String(offset, radix: 16), width: 8, right: true) + "  "
    for column in 0..<16 {
      if column == 8 { text += " " }
      if column < bytes.count {
        text += digits(CollectionOfOne(bytes[bytes.startIndex + column])) + " "
      } else {
        text += "   "
      }
    }
    let letters = bytes.map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: ".") }
    return text + " |" + String(decoding: letters, as: UTF8.self) + "|"
  }

  /// The lines of a dump.
  ///
  /// - Parameter offset: the number of the first byte.
  static func lines(_ bytes: [UInt8], from offset: UInt64 = 0) -> [String] {
    stride(from: 0, to: bytes.count, by: 16).map { start in
      line(offset: offset &+ UInt64(start), bytes[start..<min(start + 16, bytes.count)])
    }
  }
}

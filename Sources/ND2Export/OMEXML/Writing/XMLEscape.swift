/// Text as XML 1.0 wants it.
enum XMLEscape {
  /// Appends text; what has a meaning in XML is escaped, what XML does not allow becomes U+FFFD.
  ///
  /// Line ends are kept by references where a reader would change them: carriage returns anywhere,
  /// tabs and line feeds in attributes.
  static func append(
    _ text: UnsafeBufferPointer<UInt8>, isAttribute: Bool, to bytes: inout [UInt8]
  ) {
    var start = 0
    var index = 0
    func flush(_ bytes: inout [UInt8]) {
      if start < index { bytes.append(contentsOf: text[start..<index]) }
    }
    while index < text.count {
      let byte = text[index]
      var count = 1
      let replacement: StaticString
      switch byte {
      case UInt8(ascii: "&"): replacement = "&amp;"
      case UInt8(ascii: "<"): replacement = "&lt;"
      case UInt8(ascii: ">"): replacement = "&gt;"
      case UInt8(ascii: "\"") where isAttribute: replacement = "&quot;"
      case 0x0D: replacement = "&#13;"
      case 0x09 where isAttribute: replacement = "&#9;"
      case 0x0A where isAttribute: replacement = "&#10;"
      case 0..<0x09, 0x0B, 0x0C, 0x0E..<0x20: replacement = "\u{FFFD}"
      case 0xEF where isNoncharacter(text, index):
        replacement = "\u{FFFD}"
        count = 3
      default:
        index += 1
        continue
      }
      flush(&bytes)
      replacement.withUTF8Buffer { bytes.append(contentsOf: $0) }
      index += count
      start = index
    }
    flush(&bytes)
  }

  /// Whether U+FFFE or U+FFFF is there.
  private static func isNoncharacter(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
    index + 2 < text.count && text[index + 1] == 0xBF && text[index + 2] >= 0xBE
  }
}

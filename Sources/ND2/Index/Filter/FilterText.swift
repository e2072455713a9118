/// Work on texts that filters need, by their bytes.
enum FilterText {
  /// Whether a text has another one in it; an empty one is in every text.
  static func contains(_ text: String, _ part: String) -> Bool {
    position(of: Array(part.utf8), in: Array(text.utf8), from: 0) != nil
  }

  private static func position(of part: [UInt8], in text: [UInt8], from start: Int) -> Int? {
    guard let first = part.first else { return start }
    guard text.count >= part.count else { return nil }
    var index = start
    while index <= text.count - part.count {
      if text[index] == first, text[index..<(index + part.count)].elementsEqual(part) {
        return index
      }
      index += 1
    }
    return nil
  }

  /// The pieces of a text between the places of another one, which is not empty.
  static func split(_ text: String, by separator: String) -> [String] {
    let (bytes, mark) = (Array(text.utf8), Array(separator.utf8))
    guard !mark.isEmpty else { return [text] }
    var pieces: [String] = []
    var start = 0
    while let place = position(of: mark, in: bytes, from: start) {
      pieces.append(String(decoding: bytes[start..<place], as: UTF8.self))
      start = place + mark.count
    }
    pieces.append(String(decoding: bytes[start...], as: UTF8.self))
    return pieces
  }

  /// The words of a text.
  static func words(_ text: String) -> [String] {
    text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace).map { String($0) }
  }

  /// The text without blanks at its ends.
  static func stripped(_ text: String) -> String {
    var scalars = Substring(text).unicodeScalars
    while scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
    while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
    return String(scalars)
  }

  /// A text as it is compared when case does not matter.
  static func folded(_ text: String) -> String { text.lowercased() }
}

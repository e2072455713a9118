/// Finds in texts what tells of people, places and computers, whatever field they are in.
struct TextScrubber {
  /// What was removed elsewhere and may come again, lower case, longest first.
  private var words: [(word: [UInt8], kind: AuditEntry.Kind)] = []

  private static let mostWords = 2000

  /// Words that say nothing and would take too much with them.
  private static let common: Set<String> = [
    "user", "admin", "administrator", "nikon", "default", "none", "sample", "camera", "test",
    "image", "unknown", "microscope", "green", "blue", "data",
  ]

  /// Notes a removed value, which is removed wherever it comes again.
  mutating func note(_ text: String, _ kind: AuditEntry.Kind, sparing kept: Set<String>) {
    // A file of very many names must not make the search endless.
    guard words.count < Self.mostWords else { return }
    let word = Self.trimmed(text)
    let lower = word.lowercased()
    guard word.utf8.count >= 4, word.utf8.count <= 200, !Self.common.contains(lower),
      !kept.contains(lower), !words.contains(where: { $0.word == Array(lower.utf8) })
    else { return }
    words.append((Array(lower.utf8), kind))
    words.sort { $0.word.count > $1.word.count }
  }

  /// The text without what is found in it; nil when nothing is.
  ///
  /// - Parameter usesWords: whether what was removed elsewhere is looked for.
  func scrub(_ text: String, usesWords: Bool) -> (text: String, kind: AuditEntry.Kind)? {
    var bytes = Array(text.utf8)
    var kind: AuditEntry.Kind?
    if let cut = Self.removePaths(bytes) { (bytes, kind) = (cut, .path) }
    if let cut = Self.removeAddresses(bytes) { (bytes, kind) = (cut, kind ?? .address) }
    if let (cut, _) = Self.removeSerials(bytes) { (bytes, kind) = (cut, kind ?? .serial) }
    if usesWords {
      for (word, found) in words {
        if let cut = Self.remove(word, from: bytes) { (bytes, kind) = (cut, kind ?? found) }
      }
    }
    guard let kind else { return nil }
    return (Self.trimmed(String(decoding: bytes, as: UTF8.self)), kind)
  }

  /// The serial numbers that a text names.
  static func serials(in text: String) -> [String] {
    removeSerials(Array(text.utf8))?.found.map { String(decoding: $0, as: UTF8.self) } ?? []
  }

  private static func trimmed(_ text: String) -> String {
    var rest = text.unicodeScalars[...]
    while let last = rest.last, last == " " || last == "," || last == ";" || last == "-" {
      rest = rest.dropLast()
    }
    while rest.first == " " { rest = rest.dropFirst() }
    return String(String.UnicodeScalarView(rest))
  }

  // MARK: - Patterns

  /// Signs that end a path: a line, a quotation, a list.
  private static func endsPath(_ byte: UInt8) -> Bool {
    byte < 0x20 || [0x22, 0x27, 0x3C, 0x3E, 0x7C, 0x3B, 0x2A, 0x3F].contains(byte)
  }

  /// Whether a word may begin at a place: at the start, or behind a space or a sign.
  private static func isStart(_ bytes: [UInt8], _ index: Int) -> Bool {
    guard index > 0 else { return true }
    return [0x20, 0x09, 0x0A, 0x0D, 0x22, 0x27, 0x28, 0x3D, 0x2C, 0x3B, 0x3A, 0x5B, 0x7B, 0x3E]
      .contains(bytes[index - 1])
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// Paths of Windows (`C:\…`, `\\server\…`) and of Unix (`/home/…`), and names of files.
  private static func removePaths(_ bytes: [UInt8]) -> [UInt8]? {
    var out: [UInt8] = []
    var index = 0
    var didRemove = false
    while index < bytes.count {
      if isStart(bytes, index), beginsPath(bytes, index) {
        didRemove = true
        while index < bytes.count, !endsPath(bytes[index]) { index += 1 }
      } else {
        out.append(bytes[index])
        index += 1
      }
    }
    if let cut = removeFileNames(out) {
      out = cut
      didRemove = true
    }
    return didRemove ? out : nil
  }

  private static func beginsPath(_ bytes: [UInt8], _ index: Int) -> Bool {
    func at(_ distance: Int) -> UInt8 {
      index + distance < bytes.count ? bytes[index + distance] : 0
    }
    let (backslash, slash): (UInt8, UInt8) = (0x5C, 0x2F)
    if isLetter(at(0)), at(1) == 0x3A, at(2) == backslash || at(2) == slash, at(3) != slash {
      return true
    }
    if at(0) == backslash, at(1) == backslash, at(2) > 0x20 { return true }
    if starts(bytes, index, "file:/") { return true }
    if at(0) == 0x7E, at(1) == slash { return true }
    guard at(0) == slash, isLetter(at(1)) || isDigit(at(1)) || at(1) == 0x2E || at(1) == 0x5F
    else { return false }
    // Two components at least: `/dev/x`, but not `/s`.
    var place = index + 1
    while place < bytes.count, bytes[place] > 0x20, !endsPath(bytes[place]) {
      if bytes[place] == slash { return true }
      place += 1
    }
    return false
  }

  private static func starts(_ bytes: [UInt8], _ index: Int, _ text: String) -> Bool {
    var place = index
    for byte in text.utf8 {
      guard place < bytes.count, bytes[place] | 0x20 == byte | 0x20 else { return false }
      place += 1
    }
    return true
  }

  private static let endings = [
    ".nd2", ".tif", ".tiff", ".jp2", ".lim", ".czi", ".lif", ".oif", ".oib", ".ids", ".ics",
    ".mac", ".avi", ".png", ".jpg", ".xlsx", ".docx", ".csv", ".exe",
  ]

  /// Whether a word ends before a place; a dot with more behind it goes on.
  private static func endsWord(_ bytes: [UInt8], _ index: Int) -> Bool {
    func isWord(_ index: Int) -> Bool {
      index < bytes.count && (isLetter(bytes[index]) || isDigit(bytes[index]))
    }
    let isDot = index < bytes.count && bytes[index] == 0x2E
    return !isWord(index) && !(isDot && isWord(index + 1))
  }

  /// Names of files, back to where their line or their list begins.
  private static func removeFileNames(_ bytes: [UInt8]) -> [UInt8]? {
    var out: [UInt8] = []
    var index = 0
    var didRemove = false
    while index < bytes.count {
      if bytes[index] == 0x2E, !out.isEmpty,
        let ending = endings.first(where: { starts(bytes, index, $0) }),
        endsWord(bytes, index + ending.utf8.count)
      {
        didRemove = true
        while let last = out.last, !endsPath(last), last != 0x3A, last != 0x3D, last != 0x28,
          last != 0x2C
        { out.removeLast() }
        index += ending.utf8.count
      } else {
        out.append(bytes[index])
        index += 1
      }
    }
    return didRemove ? out : nil
  }

  /// E-mail addresses.
  private static func removeAddresses(_ bytes: [UInt8]) -> [UInt8]? {
    func isPart(_ byte: UInt8) -> Bool {
      isLetter(byte) || isDigit(byte) || byte == 0x2E || byte == 0x2D || byte == 0x5F
        || byte == 0x2B || byte >= 0x80
    }
    var out: [UInt8] = []
    var index = 0
    var didRemove = false
    while index < bytes.count {
      if bytes[index] == 0x40, let last = out.last, isPart(last) {
        var end = index + 1
        while end < bytes.count, isPart(bytes[end]) { end += 1 }
        if bytes[(index + 1)..<end].contains(0x2E) {
          while let last = out.last, isPart(last) { out.removeLast() }
          index = end
          didRemove = true
          continue
        }
      }
      out.append(bytes[index])
      index += 1
    }
    return didRemove ? out : nil
  }

  /// `SN:101412`, `S/N 12-34`, `Serial No. A1`: the mark and the number.
  private static func removeSerials(_ bytes: [UInt8]) -> (bytes: [UInt8], found: [[UInt8]])? {
    var out: [UInt8] = []
    var found: [[UInt8]] = []
    var index = 0
    while index < bytes.count {
      if index == 0 || !(isLetter(bytes[index - 1]) || isDigit(bytes[index - 1])),
        let end = serialEnd(bytes, index)
      {
        while let last = out.last, [0x20, 0x2C, 0x28, 0x5F].contains(last) { out.removeLast() }
        found.append(Array(bytes[end.number..<end.end]))
        index = end.end
        if index < bytes.count, bytes[index] == 0x29 { index += 1 }
      } else {
        out.append(bytes[index])
        index += 1
      }
    }
    return found.isEmpty ? nil : (out, found)
  }

  private static func serialEnd(
    _ bytes: [UInt8], _ index: Int
  ) -> (number: Int, end: Int)? {
    let marks = ["serial number", "serialnumber", "serial no.", "serial no", "serial", "s/n", "sn"]
    guard let mark = marks.first(where: { starts(bytes, index, $0) }) else { return nil }
    var place = index + mark.utf8.count
    var hasSign = false
    while place < bytes.count, [0x20, 0x3A, 0x23, 0x3D, 0x2E].contains(bytes[place]) {
      if bytes[place] != 0x20 { hasSign = true }
      place += 1
    }
    let start = place
    while place < bytes.count,
      isLetter(bytes[place]) || isDigit(bytes[place]) || bytes[place] == 0x2D
        || bytes[place] == 0x5F || bytes[place] == 0x2F
    { place += 1 }
    let number = bytes[start..<place]
    guard number.count >= 2, number.contains(where: isDigit) else { return nil }
    // `SN12345` too, but not `Snap 10`.
    guard hasSign || mark.utf8.count > 3 || number.filter(isDigit).count >= 3 else { return nil }
    return (start, place)
  }

  /// The text without a word, in whatever case it comes, when it does not stand within another.
  private static func remove(_ word: [UInt8], from bytes: [UInt8]) -> [UInt8]? {
    guard bytes.count >= word.count else { return nil }
    func isWord(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) || byte >= 0x80 }
    let lower = Array(String(decoding: bytes, as: UTF8.self).lowercased().utf8)
    // Lower case of other lengths does not line up; then only the same case is found.
    let text = lower.count == bytes.count ? lower : bytes
    var out: [UInt8] = []
    var index = 0
    var didRemove = false
    while index < bytes.count {
      let end = index + word.count
      if end <= bytes.count, text[index] == word[0], text[index..<end].elementsEqual(word),
        index == 0 || !isWord(text[index - 1]), end == text.count || !isWord(text[end])
      {
        didRemove = true
        index = end
      } else {
        out.append(bytes[index])
        index += 1
      }
    }
    return didRemove ? out : nil
  }
}

/// A date and time from the text that files carry in the format of some computer's locale.
///
/// Read are year first, day first and month first, names of months in English, and the twelve-hour
/// clock. A date that can be read with its day first and its month first is none (nd2-format
/// §3.5).
struct TextDate: Sendable, Hashable {
  var year: Int
  var month: Int
  var day: Int
  /// Seconds since midnight.
  var secondOfDay: Int

  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// A run of digits or of letters.
  private enum Token: Hashable {
    case number(Int, digits: Int)
    case word(String)
  }

  /// Parses a text, or nil when it is no date or an ambiguous one.
  init?(_ text: String) {
    guard text.utf8.count <= 64 else { return nil }
    let tokens = Self.tokens(text)
    guard tokens.count >= 3, let date = Self.date(tokens[0], tokens[1], tokens[2]),
      let second = Self.time(Array(tokens[3...]))
    else { return nil }
    (year, month, day) = date
    secondOfDay = second
  }

  private static func tokens(_ text: String) -> [Token] {
    var tokens: [Token] = []
    var run: [UInt8] = []
    func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }
    func close() {
      guard let first = run.first else { return }
      let text = String(decoding: run, as: UTF8.self)
      if isDigit(first) {
        tokens.append(.number(Int(text.prefix(9)) ?? 0, digits: run.count))
      } else {
        tokens.append(.word(text.lowercased()))
      }
      run = []
    }
    for byte in text.utf8 {
      let continues = run.first.map { isDigit($0) == isDigit(byte) } ?? true
      if isDigit(byte) || isLetter(byte) {
        if !continues { close() }
        run.append(byte)
      } else {
        close()
      }
    }
    close()
    return tokens
  }

  private static func date(
    _ first: Token, _ second: Token, _ third: Token
  ) -> (year: Int, month: Int, day: Int)? {
    switch (first, second, third) {
    case (.number(let year, 4), .number(let month, _), .number(let day, _)):
      return valid(year, month, day)
    case (.number(let day, let digits), .word(let name), .number(let year, let yearDigits))
    where digits <= 2:
      guard let month = month(name) else { return nil }
      return valid(full(year, yearDigits), month, day)
    case (.word(let name), .number(let day, let digits), .number(let year, let yearDigits))
    where digits <= 2:
      guard let month = month(name) else { return nil }
      return valid(full(year, yearDigits), month, day)
    case (.number(let one, let oneDigits), .number(let two, let twoDigits), .number(let year, 4))
    where oneDigits <= 2 && twoDigits <= 2:
      if one > 12 { return valid(year, two, one) }
      if two > 12 || one == two { return valid(year, one, two) }
      return nil
    default: return nil
    }
  }

  private static func month(_ name: String) -> Int? {
    guard name.utf8.count >= 3 else { return nil }
    return months.firstIndex { name.hasPrefix($0) }.map { $0 + 1 }
  }

  /// Years of two digits are those from 1980 to 2079.
  private static func full(_ year: Int, _ digits: Int) -> Int {
    digits == 2 ? (year >= 80 ? 1900 + year : 2000 + year) : year
  }

  private static func valid(
    _ year: Int, _ month: Int, _ day: Int
  ) -> (year: Int, month: Int, day: Int)? {
    guard (1900...2099).contains(year), (1...12).contains(month), day >= 1,
      day <= CivilDate.days(ofMonth: month, year: year)
    else { return nil }
    return (year, month, day)
  }

  /// Seconds since midnight from hour, minute, second and `AM` or `PM`; all may be absent.
  private static func time(_ tokens: [Token]) -> Int? {
    var numbers: [Int] = []
    var half: String?
    for token in tokens {
      switch token {
      case .number(let number, _): numbers.append(number)
      case .word("t"): continue
      case .word(let word):
        guard half == nil, word == "am" || word == "pm" else { return nil }
        half = word
      }
    }
    guard numbers.count <= 3 else { return nil }
    var hour = numbers.first ?? 0
    let minute = numbers.count > 1 ? numbers[1] : 0
    let second = numbers.count > 2 ? numbers[2] : 0
    if let half {
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + (half == "pm" ? 12 : 0)
    }
    guard hour < 24, minute < 60, second < 60 else { return nil }
    return hour * 3600 + minute * 60 + second
  }
}

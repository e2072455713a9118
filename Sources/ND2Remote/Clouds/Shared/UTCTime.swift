#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A moment in the calendar, in UTC, as headers and signatures write it.
package struct UTCTime: Hashable, Sendable {
  package var year: Int
  package var month: Int
  package var day: Int
  package var hour: Int
  package var minute: Int
  package var second: Int

  /// Seconds since 1970 of now.
  package static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The moment so many seconds after the beginning of 1970.
  ///
  /// Days are turned into years with the 400-year cycle of the calendar, counted from March so that
  /// the day that is added to leap years is the last one.
  package init(secondsSince1970 seconds: Double) {
    let whole = Int(exactly: seconds.rounded(.down)) ?? 0
    let bounded = min(max(whole, -62_135_596_800), 253_402_300_799)
    let (days, time) = Self.dividing(bounded, by: 86_400)
    let (era, dayOfEra) = Self.dividing(days + 719_468, by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60)
  }

  private init(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
  }

  private static func dividing(_ value: Int, by divisor: Int) -> (Int, Int) {
    let remainder = ((value % divisor) + divisor) % divisor
    return ((value - remainder) / divisor, remainder)
  }

  /// Days from the beginning of 1970 to that day.
  private var dayCount: Int {
    let shifted = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = Self.dividing(shifted, by: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Seconds since the beginning of 1970.
  package var secondsSince1970: Double {
    Double(dayCount * 86_400 + hour * 3600 + minute * 60 + second)
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

  private static func padded(_ value: Int, _ width: Int = 2) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  /// The form of headers of HTTP, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
  package var httpText: String {
    let weekday = Self.dividing(dayCount + 4, by: 7).1
    return "\(Self.weekdays[weekday]), \(Self.padded(day)) \(Self.months[month - 1]) "
      + "\(Self.padded(year, 4)) "
      + "\(Self.padded(hour)):\(Self.padded(minute)):\(Self.padded(second)) GMT"
  }

  /// The form of Amazon's signatures, such as `19941106T084937Z`.
  package var compactText: String {
    dateText + "T\(Self.padded(hour))\(Self.padded(minute))\(Self.padded(second))Z"
  }

  /// Year, month and day as eight digits.
  package var dateText: String {
    "\(Self.padded(year, 4))\(Self.padded(month))\(Self.padded(day))"
  }

  /// Reads the form of headers of HTTP.
  package init?(httpText text: some StringProtocol) {
    let words = text.split { " ,:".contains($0) }
    guard words.count >= 7, let day = Int(words[1]),
      let month = Self.months.firstIndex(of: String(words[2])), let year = Int(words[3]),
      let hour = Int(words[4]), let minute = Int(words[5]), let second = Int(words[6])
    else { return nil }
    self.init(
      year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
    guard isPlausible else { return nil }
  }

  /// Reads ISO 8601, such as `2026-11-23T00:12:47Z`; without a zone, or with `Z` or `+00:00`.
  package init?(isoText text: some StringProtocol) {
    let bytes = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int? {
      guard range.upperBound <= bytes.count else { return nil }
      var value = 0
      for byte in bytes[range] {
        guard 48...57 ~= byte else { return nil }
        value = value * 10 + Int(byte - 48)
      }
      return value
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19)
    else { return nil }
    self.init(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    guard isPlausible else { return nil }
  }

  /// Reads the form of Amazon's signatures.
  package init?(compactText text: some StringProtocol) {
    let signs = Array(text)
    guard signs.count == 16, signs[8] == "T", signs[15] == "Z" else { return nil }
    let (date, time) = (String(signs[..<8]), String(signs[9..<15]))
    func part(_ text: String, _ range: Range<Int>) -> String {
      String(Array(text)[range])
    }
    self.init(
      isoText: "\(part(date, 0..<4))-\(part(date, 4..<6))-\(part(date, 6..<8))T"
        + "\(part(time, 0..<2)):\(part(time, 2..<4)):\(part(time, 4..<6))")
  }

  private var isPlausible: Bool {
    1...9999 ~= year && 1...12 ~= month && 1...31 ~= day && 0...23 ~= hour && 0...59 ~= minute
      && 0...60 ~= second
  }
}

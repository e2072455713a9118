/// When an image was taken, to the microsecond.
public struct AcquisitionDate: Sendable, Hashable, Codable, CustomStringConvertible {
  /// How a date is tied to the earth.
  public enum Zone: String, Sendable, Hashable, Codable {
    /// Universal time.
    case utc
    /// The time of the place where the image was taken; which zone that was is not known.
    case local
  }

  /// Microseconds since 1 January 1970, midnight, of the zone.
  public var microsecondsSince1970: Int64
  /// The zone.
  public var zone: Zone
  /// The Julian day number that the date comes from, as stored; nil when it comes from a text.
  public var julianDate: JulianDate?

  /// Seconds since 1 January 1970, midnight, of the zone.
  public var secondsSince1970: Double { Double(microsecondsSince1970) / 1e6 }

  /// A date from a Julian day number; nil when that is not plausible.
  public init?(_ date: JulianDate) {
    guard date.isPlausible else { return nil }
    // Whole seconds apart from the fraction, rounded as other readers round.
    let seconds = date.secondsSince1970
    let whole = seconds.rounded(.towardZero)
    let fraction = ((seconds - whole) * 1e6).rounded(.toNearestOrEven)
    guard let whole = Int64(exactly: whole), let fraction = Int64(exactly: fraction) else {
      return nil
    }
    microsecondsSince1970 = whole * 1_000_000 + fraction
    zone = .utc
    julianDate = date
  }

  /// A date from the text that files carry, local time; nil when it can be read in two ways.
  public init?(text: String) {
    guard let parts = TextDate(text) else { return nil }
    let days = CivilDate.days(year: parts.year, month: parts.month, day: parts.day)
    let seconds = Int64(days) * 86400 + Int64(parts.secondOfDay)
    microsecondsSince1970 = seconds * 1_000_000
    zone = .local
    julianDate = nil
  }

  /// The date by ISO 8601, such as `2013-03-17T07:18:07.189221+00:00`; local times lack the offset.
  ///
  /// Microseconds are left out when they are zero.
  public var description: String {
    let (days, rest) = Self.floorDivide(microsecondsSince1970, by: 86_400_000_000)
    let date = CivilDate(daysSince1970: Int(days))
    let second = rest / 1_000_000
    let micros = rest % 1_000_000
    let time = [second / 3600, second / 60 % 60, second % 60].map { Self.digits($0, 2) }
    var text = "\(Self.digits(Int64(date.year), 4))-\(Self.digits(Int64(date.month), 2))-"
    text += "\(Self.digits(Int64(date.day), 2))T\(time.joined(separator: ":"))"
    if micros > 0 { text += ".\(Self.digits(micros, 6))" }
    return zone == .utc ? text + "+00:00" : text
  }

  private static func digits(_ number: Int64, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }

  private static func floorDivide(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
  }
}

/// A date of the Gregorian calendar.
struct CivilDate: Sendable, Hashable {
  var year: Int
  var month: Int
  var day: Int

  /// The date so many days after 1 January 1970.
  ///
  /// Counts years from March, so that the leap day is the last one of a year, and in eras of 400
  /// years, which all have the same number of days.
  init(daysSince1970: Int) {
    let daysPerEra = 146_097
    let shifted = daysSince1970 &+ 719_468
    let era = (shifted >= 0 ? shifted : shifted &- (daysPerEra - 1)) / daysPerEra
    let dayOfEra = shifted &- era &* daysPerEra
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra &+ era &* 400 + (month <= 2 ? 1 : 0)
  }

  /// Days from 1 January 1970 to a date of the years 1 to 9999.
  static func days(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let yearOfEra = year - era * 400
    let monthFromMarch = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// Days that a month has.
  static func days(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

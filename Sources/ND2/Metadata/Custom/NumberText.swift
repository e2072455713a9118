#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Numbers and dates as text, without Foundation.
enum NumberText {
  /// A number with a fixed number of places behind the point.
  static func text(_ value: Double, places: Int, isScientific: Bool) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let places = CInt(max(0, min(places, 17)))
    // The longest double has 309 digits before its point.
    var buffer = [CChar](repeating: 0, count: 384)
    let count = withVaList([places, value]) {
      vsnprintf(&buffer, buffer.count, isScientific ? "%.*e" : "%.*f", $0)
    }
    guard count > 0, Int(count) < buffer.count else { return value.description }
    return String(decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// A number with leading zeros.
  static func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value.magnitude)
    let fill = String(repeating: "0", count: max(0, width - digits.utf8.count))
    return (value < 0 ? "-" : "") + fill + digits
  }
}

extension CustomDescription.DatePrecision {
  /// Such as `2021-09-28 09:41:27`, in UTC; empty for dates beyond the years −9999 to 9999.
  func text(milliseconds: Int64) -> String {
    let (days, inDay) = Self.split(Self.split(milliseconds, by: 1000).0, by: 86_400)
    guard abs(days) < 3_700_000 else { return "" }
    let date = Self.civil(days: days)
    let day =
      NumberText.padded(date.year, 4) + "-" + NumberText.padded(date.month, 2) + "-"
      + NumberText.padded(date.day, 2)
    let minutes =
      NumberText.padded(inDay / 3600, 2) + ":" + NumberText.padded(inDay / 60 % 60, 2)
    switch self {
    case .day: return day
    case .minutes: return "\(day) \(minutes)"
    case .seconds: return "\(day) \(minutes):" + NumberText.padded(inDay % 60, 2)
    }
  }

  /// Quotient rounded down, and the rest, which is never negative.
  private static func split(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
    let rest = value % divisor
    return rest < 0 ? (value / divisor - 1, rest + divisor) : (value / divisor, rest)
  }

  /// Year, month and day of the Gregorian calendar from days since 1970-01-01.
  ///
  /// Counted in years that begin in March, so that leap days come last.
  private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    // Days since 0000-03-01, in eras of 400 years.
    let (era, dayOfEra) = split(days + 719_468, by: 146_097)
    let leapDays = dayOfEra / 1460 - dayOfEra / 36_524 + dayOfEra / 146_096
    let yearOfEra = (dayOfEra - leapDays) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }
}

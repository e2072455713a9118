/// A Julian day number: days since noon of 1 January 4713 BC, the way files store points in time.
public struct JulianDate: Sendable, Hashable, Codable, Comparable {
  /// Days, with the time of day as fraction.
  public var day: Double

  /// Creates a date.
  public init(day: Double) { self.day = day }

  /// 1 January 1970, midnight UTC.
  public static let unixEpoch = JulianDate(day: 2_440_587.5)

  /// Seconds since 1 January 1970, midnight.
  public var secondsSince1970: Double { (day - Self.unixEpoch.day) * 86400 }

  /// Whether the date lies in the years 1900 to 2099.
  ///
  /// Files hold −1, zeros and uninitialised numbers in place of dates (nd2-format §3.2.1).
  public var isPlausible: Bool { day >= 2_415_020.5 && day < 2_488_069.5 }

  /// Whether a date is before another one.
  public static func < (left: JulianDate, right: JulianDate) -> Bool { left.day < right.day }

  /// The date so many milliseconds later.
  public func advanced(byMilliseconds milliseconds: Double) -> JulianDate {
    JulianDate(day: day + milliseconds / 86_400_000)
  }
}

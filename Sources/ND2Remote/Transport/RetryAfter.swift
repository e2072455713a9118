#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// When a server wants to be asked again.
package enum RetryAfter {
  /// Seconds from now that the header `Retry-After` asks for; nil without one.
  package static func seconds(_ head: ResponseHead) -> Double? {
    guard let text = head.header("retry-after") else { return nil }
    if let seconds = Int(text) { return seconds >= 0 ? Double(min(seconds, 1 << 30)) : nil }
    guard let date = HTTPDate.secondsSince1970(text) else { return nil }
    return max(0, Double(date) - Double(time(nil)))
  }
}

/// Dates of HTTP, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
package enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Seconds since 1970; nil when the text is no such date.
  package static func secondsSince1970(_ text: String) -> Int64? {
    let words = text.split { $0 == " " || $0 == "," || $0 == ":" }
    guard words.count == 8, words[7] == "GMT" || words[7] == "UTC",
      let day = Int64(words[1]), (1...31).contains(day),
      let month = months.firstIndex(of: String(words[2])),
      let year = Int64(words[3]), (1970...9999).contains(year),
      let hour = Int64(words[4]), (0...23).contains(hour),
      let minute = Int64(words[5]), (0...59).contains(minute),
      let second = Int64(words[6]), (0...60).contains(second)
    else { return nil }
    // Years that begin in March, so that the leap day is the last.
    let shifted = month < 2 ? year - 1 : year
    let monthOfYear = Int64((month + 10) % 12)
    let days =
      365 * shifted + shifted / 4 - shifted / 100 + shifted / 400
      + (153 * monthOfYear + 2) / 5 + day - 719_469
    return days * 86400 + hour * 3600 + minute * 60 + second
  }
}

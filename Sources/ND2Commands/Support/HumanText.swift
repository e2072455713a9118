/// Numbers, sizes, times and lengths as people write them.
enum HumanText {
  /// A whole number with its thousands apart: `1,234,567`.
  static func count(_ value: some BinaryInteger) -> String {
    let digits = Array(String(value).utf8)
    let start = digits.first == UInt8(ascii: "-") ? 1 : 0
    var text = Array(digits[..<start])
    for (index, digit) in digits[start...].enumerated() {
      if index > 0, (digits.count - start - index) % 3 == 0 { text.append(UInt8(ascii: ",")) }
      text.append(digit)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// A count with its noun: `1 frame`, `3 frames`.
  static func count(_ value: some BinaryInteger, _ noun: String, plural: String? = nil) -> String {
    "\(count(value)) \(value == 1 ? noun : plural ?? noun + "s")"
  }

  /// A number with at most so many digits behind the point and no zeros at the end.
  static func number(_ value: Double, decimals: Int = 3) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value > 0 ? "∞" : "−∞" }
    guard value.magnitude < 1e15 else { return value.description }
    var text = SystemCalls.format("%.*f", Int32(min(max(decimals, 0), 17)), value)
    if text.utf8.contains(UInt8(ascii: ".")) {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    return text == "-0" ? "0" : text
  }

  /// A number with so many digits that matter, for values of unknown magnitude.
  static func significant(_ value: Double, digits: Int = 4) -> String {
    guard value.isFinite, value != 0 else { return number(value) }
    let magnitude = value.magnitude
    guard magnitude >= 1e-6, magnitude < 1e15 else {
      return SystemCalls.format("%.*g", Int32(digits), value)
    }
    var decimals = digits - 1
    var bound = 1.0
    // One step for each power of ten between the value and 1.
    while magnitude >= bound * 10 {
      decimals -= 1
      bound *= 10
    }
    while magnitude < bound {
      decimals += 1
      bound /= 10
    }
    return number(value, decimals: max(0, decimals))
  }

  /// A size in decimal units: `523 bytes`, `12.3 MB`.
  static func bytes(_ value: UInt64) -> String {
    guard value >= 1000 else { return value == 1 ? "1 byte" : "\(value) bytes" }
    var amount = Double(value)
    var unit = "B"
    for next in ["kB", "MB", "GB", "TB", "PB", "EB"] where amount >= 999.5 {
      amount /= 1000
      unit = next
    }
    return "\(significant(amount, digits: 3)) \(unit)"
  }

  /// A time span: `12.5 ms`, `3.25 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`.
  static func duration(milliseconds: Double) -> String {
    guard milliseconds.isFinite else { return number(milliseconds) }
    let sign = milliseconds < 0 ? "−" : ""
    let span = milliseconds.magnitude
    if span < 1000 { return "\(sign)\(significant(span)) ms" }
    let seconds = span / 1000
    if seconds < 59.95 { return "\(sign)\(significant(seconds, digits: 3)) s" }
    guard seconds < 1e12, let whole = Int(exactly: seconds.rounded()) else {
      return "\(sign)\(significant(seconds)) s"
    }
    let (minutes, hours, days) = (whole / 60, whole / 3600, whole / 86400)
    if hours == 0 { return sign + pair(minutes, "min", whole % 60, "s") }
    if days == 0 { return sign + pair(hours, "h", minutes % 60, "min") }
    return sign + pair(days, "d", hours % 24, "h")
  }

  private static func pair(_ first: Int, _ unit: String, _ second: Int, _ part: String) -> String {
    second == 0 ? "\(first) \(unit)" : "\(first) \(unit) \(second) \(part)"
  }

  /// A length: `120 nm`, `0.65 µm`, `1.35 mm`.
  static func length(micrometres: Double) -> String {
    let size = micrometres.magnitude
    if size >= 10_000 { return "\(significant(micrometres / 1000)) mm" }
    if size != 0, size < 0.01 { return "\(significant(micrometres * 1000)) nm" }
    return "\(significant(micrometres)) µm"
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few functions that pictures need of the C library.
enum PictureMath {
  static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
  static func sine(_ angle: Double) -> Double { sin(angle) }
  static func cosine(_ angle: Double) -> Double { cos(angle) }

  /// A finite number as the nearest integer, within bounds that are not crossed.
  static func integer(_ value: Double, _ bounds: ClosedRange<Int>) -> Int {
    guard value.isFinite else { return bounds.lowerBound }
    let rounded = value.rounded()
    if rounded <= Double(bounds.lowerBound) { return bounds.lowerBound }
    if rounded >= Double(bounds.upperBound) { return bounds.upperBound }
    return Int(exactly: rounded) ?? bounds.lowerBound
  }

  /// A number with so many digits behind the point, without zeros at the end.
  static func text(_ value: Double, decimals: Int) -> String {
    guard value.isFinite, value.magnitude < 1e12 else { return "\(value)" }
    var scale = 1
    for _ in 0..<min(max(decimals, 0), 6) { scale *= 10 }
    guard let whole = Int(exactly: (value.magnitude * Double(scale)).rounded()) else {
      return "\(value)"
    }
    var text = "\(whole / scale)"
    if scale > 1 {
      var digits = String(whole % scale + scale).dropFirst()
      while digits.hasSuffix("0") { digits.removeLast() }
      if !digits.isEmpty { text += ".\(digits)" }
    }
    return value < 0 && whole > 0 ? "-\(text)" : text
  }
}

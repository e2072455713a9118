/// The display colour of a channel.
public struct Color: Sendable, Hashable, Codable {
  /// Red, 0 to 255.
  public var r: UInt8
  /// Green, 0 to 255.
  public var g: UInt8
  /// Blue, 0 to 255.
  public var b: UInt8
  /// Opacity, 0 to 1.
  public var a: Double

  /// White.
  public static let white = Color(r: 255, g: 255, b: 255)

  /// Creates a colour.
  public init(r: UInt8, g: UInt8, b: UInt8, a: Double = 1) {
    self.r = r
    self.g = g
    self.b = b
    self.a = a
  }

  /// Creates a colour from the number that files hold, `0xAABBGGRR`; an opacity of 0 stands for 1.
  public init(abgr: UInt32) {
    let alpha = UInt8(truncatingIfNeeded: abgr >> 24)
    self.init(
      r: UInt8(truncatingIfNeeded: abgr), g: UInt8(truncatingIfNeeded: abgr >> 8),
      b: UInt8(truncatingIfNeeded: abgr >> 16), a: alpha == 0 ? 1 : Double(alpha) / 255)
  }

  /// The number that files hold, `0xAABBGGRR`; full opacity is stored as 0.
  public var abgr: UInt32 {
    let scaled = (a.isFinite ? min(max(a, 0), 1) : 1) * 255
    let alpha = a >= 1 ? 0 : UInt32(exactly: scaled.rounded()) ?? 0
    return alpha << 24 | UInt32(b) << 16 | UInt32(g) << 8 | UInt32(r)
  }

  /// Such as `#78e90f`.
  public var hex: String {
    let digits = Array("0123456789abcdef")
    var text = "#"
    for byte in [r, g, b] {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return text
  }
}

public import ND2

/// The colours in which a channel is shown, from black (the least brightness) to the greatest.
///
/// ```swift
/// LookupTable(Color(r: 0, g: 255, b: 128))  // black to that colour
/// LookupTable.viridis
/// LookupTable(named: "fire")
/// ```
public struct LookupTable: Hashable, Sendable {
  /// The name, or the colour such as `#00ff80`.
  public let name: String
  /// Evenly spaced, at least two.
  private let colours: [PictureComposer.Colour]
  /// Whether all colours are grey.
  let isGrey: Bool

  init(name: String, _ colours: [PictureComposer.Colour]) {
    self.name = name
    self.colours = colours.count > 1 ? colours : [colours.first ?? .white, colours.first ?? .white]
    isGrey = colours.allSatisfy(\.isGrey)
  }

  /// Black to a colour.
  init(name: String, upTo colour: PictureComposer.Colour) {
    self.init(name: name, [.init(red: 0, green: 0, blue: 0), colour])
  }

  /// Creates a table that goes evenly from black to a colour.
  public init(_ color: Color) {
    self.init(name: color.hex, upTo: PictureComposer.Colour(color))
  }

  /// Creates a table of evenly spaced colours, from the least brightness to the greatest; between
  /// them colours are mixed. Of a single one, everything is that colour.
  public init(name: String, colors: [Color]) {
    self.init(name: name, colors.map { PictureComposer.Colour($0) })
  }

  /// The colour for a brightness from 0 to 1.
  public func color(at brightness: Double) -> Color {
    let colour = colour(at: brightness)
    func byte(_ value: Float) -> UInt8 {
      UInt8(truncatingIfNeeded: PictureMath.integer(Double(value) * 255, 0...255))
    }
    return Color(r: byte(colour.red), g: byte(colour.green), b: byte(colour.blue))
  }

  func colour(at brightness: Double) -> PictureComposer.Colour {
    let last = colours.count - 1
    let place = (brightness > 0 ? min(brightness, 1) : 0) * Double(last)
    let index = PictureMath.integer(place.rounded(.down), 0...max(0, last - 1))
    let (a, b) = (colours[index], colours[index + 1])
    let share = Float(place - Double(index))
    return PictureComposer.Colour(
      red: a.red + (b.red - a.red) * share, green: a.green + (b.green - a.green) * share,
      blue: a.blue + (b.blue - a.blue) * share)
  }

  /// The same colours from the other end.
  public var inverted: LookupTable {
    LookupTable(name: "inverted \(name)", colours.reversed())
  }
}

extension LookupTable {
  /// Black to white.
  public static let grey = LookupTable(.white).named("grey")
  /// Black, violet, red, orange, yellow, white, as of glowing iron.
  public static let fire = LookupTable(
    name: "fire",
    colors: [
      Color(r: 0, g: 0, b: 0), Color(r: 32, g: 0, b: 90), Color(r: 110, g: 0, b: 120),
      Color(r: 190, g: 20, b: 60), Color(r: 236, g: 80, b: 0), Color(r: 252, g: 150, b: 10),
      Color(r: 255, g: 215, b: 70), Color(r: 255, g: 255, b: 255),
    ])
  /// Black, blue, cyan, white.
  public static let ice = LookupTable(
    name: "ice",
    colors: [
      Color(r: 0, g: 0, b: 0), Color(r: 10, g: 30, b: 110), Color(r: 20, g: 110, b: 200),
      Color(r: 110, g: 210, b: 240), Color(r: 255, g: 255, b: 255),
    ])
  /// Violet, blue, green, yellow, of evenly growing lightness; like the map of that name that plots
  /// are drawn in, and computed here: hue and lightness go evenly through the colour space Oklab.
  public static let viridis = LookupTable(
    name: "viridis",
    (0..<64).map { index in
      let share = Double(index) / 63
      return Oklab.colour(
        lightness: 0.28 + 0.63 * share, chroma: 0.13 + 0.05 * share,
        hueDegrees: 318 - 210 * share)
    })
  /// Grey, with black blue and full brightness red: shows what is under- and overexposed.
  public static let extremes = LookupTable(
    name: "extremes",
    (0..<256).map { index in
      if index == 0 { return .init(red: 0, green: 0, blue: 1) }
      if index == 255 { return .init(red: 1, green: 0, blue: 0) }
      let grey = Float(index) / 255
      return .init(red: grey, green: grey, blue: grey)
    })

  private static let mixed: [LookupTable] = [grey, fire, ice, viridis, extremes]
  private static let plain: [(String, Color)] = [
    ("red", Color(r: 255, g: 0, b: 0)), ("green", Color(r: 0, g: 255, b: 0)),
    ("blue", Color(r: 0, g: 0, b: 255)), ("cyan", Color(r: 0, g: 255, b: 255)),
    ("magenta", Color(r: 255, g: 0, b: 255)), ("yellow", Color(r: 255, g: 255, b: 0)),
    ("orange", Color(r: 255, g: 128, b: 0)), ("white", .white),
  ]

  /// The names that ``init(named:)`` knows.
  public static let names = mixed.map(\.name) + plain.map(\.0)

  /// The table of a name of ``names``, or from black to a colour such as `#ff8000`; nil for any other.
  public init?(named name: String) {
    let name = name.lowercased()
    if let table = Self.mixed.first(where: { $0.name == name || (name == "gray" && $0 == .grey) }) {
      self = table
    } else if let color = Color(pictureName: name) {
      self = LookupTable(color).named(name)
    } else {
      return nil
    }
  }

  private func named(_ name: String) -> LookupTable { LookupTable(name: name, colours) }

  /// The colour of a plain name.
  fileprivate static func color(named name: String) -> Color? {
    plain.first { $0.0 == name }?.1
  }
}

extension Color {
  /// The colour of a name such as `red`, `grey`, `black`, or of digits such as `#ff8000`; nil for
  /// any other text.
  public init?(pictureName name: String) {
    let name = name.lowercased()
    if let known = LookupTable.color(named: name) {
      self = known
    } else if name == "black" {
      self.init(r: 0, g: 0, b: 0)
    } else if name == "grey" || name == "gray" {
      self.init(r: 128, g: 128, b: 128)
    } else {
      guard name.hasPrefix("#"), name.utf8.count == 7,
        name.utf8.dropFirst().allSatisfy({
          (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
        }), let number = UInt32(name.dropFirst(), radix: 16)
      else { return nil }
      self.init(
        r: UInt8(truncatingIfNeeded: number >> 16), g: UInt8(truncatingIfNeeded: number >> 8),
        b: UInt8(truncatingIfNeeded: number))
    }
  }
}

extension PictureComposer.Colour {
  init(_ color: Color) {
    self.init(
      red: Float(color.r) / 255, green: Float(color.g) / 255, blue: Float(color.b) / 255)
  }
}

/// The colour space Oklab, in which equal steps look equal (Björn Ottosson, 2020; public domain).
private enum Oklab {
  static func colour(
    lightness: Double, chroma: Double, hueDegrees: Double
  ) -> PictureComposer.Colour {
    let angle = hueDegrees * Double.pi / 180
    let (a, b) = (chroma * PictureMath.cosine(angle), chroma * PictureMath.sine(angle))
    func cube(_ value: Double) -> Double { value * value * value }
    let long = cube(lightness + 0.3963377774 * a + 0.2158037573 * b)
    let medium = cube(lightness - 0.1055613458 * a - 0.0638541728 * b)
    let short = cube(lightness - 0.0894841775 * a - 1.2914855480 * b)
    return PictureComposer.Colour(
      red: encoded(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
      green: encoded(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
      blue: encoded(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short))
  }

  /// The sRGB value of a linear one, within 0 to 1.
  private static func encoded(_ linear: Double) -> Float {
    let value =
      linear <= 0.0031308
      ? 12.92 * linear : 1.055 * PictureMath.power(linear, 1 / 2.4) - 0.055
    return Float(min(max(value, 0), 1))
  }
}

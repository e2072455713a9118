public import ND2

/// A corner of a picture.
public enum PictureCorner: String, Hashable, Sendable, CaseIterable {
  /// Top left.
  case topLeft = "top-left"
  /// Top right.
  case topRight = "top-right"
  /// Bottom left.
  case bottomLeft = "bottom-left"
  /// Bottom right.
  case bottomRight = "bottom-right"

  var isTop: Bool { self == .topLeft || self == .topRight }
  var isLeft: Bool { self == .topLeft || self == .bottomLeft }
}

/// A bar that shows a length in the sample.
public struct ScaleBar: Hashable, Sendable {
  /// The length in micrometres; nil chooses 1, 2 or 5 times a power of ten, at most a quarter of the
  /// picture's width.
  public var lengthUm: Double?
  /// The colour of bar and text.
  public var color: Color
  /// Where it is.
  public var corner: PictureCorner
  /// Whether the length is written at the bar.
  public var showsLength: Bool

  /// Creates a bar.
  public init(
    lengthUm: Double? = nil, color: Color = .white, corner: PictureCorner = .bottomRight,
    showsLength: Bool = true
  ) {
    self.lengthUm = lengthUm
    self.color = color
    self.corner = corner
    self.showsLength = showsLength
  }

  /// The length that is chosen for a picture of so many micrometres: the greatest of 1, 2 and 5
  /// times a power of ten that is at most a quarter of it. Nil when that makes no sense.
  public static func automaticLength(widthUm: Double) -> Double? {
    let most = widthUm / 4
    guard most.isFinite, most > 1e-9, most < 1e15 else { return nil }
    var power = 1.0
    while power > most { power /= 10 }
    while power * 10 <= most { power *= 10 }
    return [5.0, 2, 1].lazy.map { $0 * power }.first { $0 <= most * (1 + 1e-9) }
  }

  /// A length as it is written at a bar: `500 nm`, `20 µm`, `1.5 mm`.
  public static func text(ofLength micrometres: Double) -> String {
    if micrometres >= 1000 { return PictureMath.text(micrometres / 1000, decimals: 3) + " mm" }
    if micrometres < 1 { return PictureMath.text(micrometres * 1000, decimals: 3) + " nm" }
    return PictureMath.text(micrometres, decimals: 3) + " µm"
  }
}

/// What is written into a picture.
public struct PictureAnnotations: Hashable, Sendable {
  /// A part of the line of text.
  public enum Label: Hashable, Sendable {
    /// When the frame was taken, since the start: `02:15.250` (minutes, seconds), `1:02:15` (hours).
    case time
    /// The height above the lowest plane, in micrometres; the number of the plane where that is not
    /// known.
    case height
    /// The name of the stage position, or its number.
    case position
    /// The names of the channels that are shown.
    case channels
    /// Words.
    case text(String)
  }

  /// The bar, if there is one. Pictures of files that do not know the size of a pixel have none.
  public var scaleBar: ScaleBar?
  /// What the line of text says, in that order; none for no text.
  public var labels: [Label]
  /// The colour of the text.
  public var labelColor: Color
  /// Where the text is.
  public var labelCorner: PictureCorner
  /// The size of letters as a multiple of 5 × 7 pixels; nil chooses by the size of the picture.
  public var textScale: Int?

  /// Creates annotations; none, unless said.
  public init(
    scaleBar: ScaleBar? = nil, labels: [Label] = [], labelColor: Color = .white,
    labelCorner: PictureCorner = .topLeft, textScale: Int? = nil
  ) {
    self.scaleBar = scaleBar
    self.labels = labels
    self.labelColor = labelColor
    self.labelCorner = labelCorner
    self.textScale = textScale
  }

  /// Whether there is nothing to draw.
  public var isEmpty: Bool { scaleBar == nil && labels.isEmpty }

  /// The size of letters in a picture of that size.
  func scale(width: Int, height: Int) -> Int {
    if let textScale { return min(max(textScale, 1), 256) }
    // A line takes about a twentieth of the picture.
    return min(max(min(width, height) / 180, 1), 64)
  }

  /// The picture with bar and text drawn into it.
  ///
  /// - Parameters:
  ///   - text: what the labels came to.
  ///   - pixelSizeUm: width of a pixel; nil when it is not known, then there is no bar.
  func drawn(on picture: Picture, text: String, pixelSizeUm: Double?) throws -> Picture {
    let colours = (text.isEmpty ? [] : [labelColor]) + (scaleBar.map { [$0.color] } ?? [])
    let isGrey = colours.allSatisfy { $0.r == $0.g && $0.g == $0.b }
    var canvas = PictureCanvas(isGrey ? picture : picture.inColour())
    let scale = scale(width: picture.width, height: picture.height)
    let margin = 4 * scale
    let line = BitmapFont.height * scale
    if let scaleBar, let pixelSizeUm, pixelSizeUm > 0 {
      let widthUm = Double(picture.width) * pixelSizeUm
      if let length = scaleBar.lengthUm ?? ScaleBar.automaticLength(widthUm: widthUm) {
        let columns = PictureMath.integer(length / pixelSizeUm, 1...(1 << 30))
        let x = scaleBar.corner.isLeft ? margin : picture.width - margin - columns
        let thickness = 2 * scale
        // The text stands above the bar at the bottom, below it at the top.
        let y = scaleBar.corner.isTop ? margin : picture.height - margin - thickness
        canvas.fill(x: x, y: y, width: columns, height: thickness, scaleBar.color)
        if scaleBar.showsLength {
          let words = ScaleBar.text(ofLength: length)
          let width = BitmapFont.width(of: words) * scale
          let middle = x + (columns - width) / 2
          let left = min(max(middle, margin), max(margin, picture.width - margin - width))
          let top = scaleBar.corner.isTop ? y + thickness + 2 * scale : y - line - scale
          canvas.write(words, x: left, y: top, scale: scale, scaleBar.color)
        }
      }
    }
    let lines = Self.lines(of: text, most: (picture.width - 2 * margin) / scale)
    // Out of the way of a bar in the same corner.
    let shift = scaleBar?.corner == labelCorner && pixelSizeUm != nil ? 2 * line : 0
    for (number, words) in lines.enumerated() {
      let width = BitmapFont.width(of: words) * scale
      let x = labelCorner.isLeft ? margin : max(margin, picture.width - margin - width)
      let step = line + scale
      let y =
        labelCorner.isTop
        ? margin + shift + number * step
        : picture.height - margin - shift - line - (lines.count - 1 - number) * step
      canvas.write(words, x: x, y: y, scale: scale, labelColor)
    }
    return try canvas.picture()
  }

  /// What stands between two labels.
  static let separator = "  "

  /// The text in lines of at most so many dots, where its labels allow that.
  static func lines(of text: String, most: Int) -> [String] {
    var lines: [String] = []
    var rest = Substring(text)
    while !rest.isEmpty {
      let end = rest.firstRange(of: separator)
      let label = String(rest[..<(end?.lowerBound ?? rest.endIndex)])
      rest = end.map { rest[$0.upperBound...] } ?? ""
      if let last = lines.last, BitmapFont.width(of: last + separator + label) <= most {
        lines[lines.count - 1] = last + separator + label
      } else {
        lines.append(label)
      }
    }
    return lines
  }

  /// A time since the start: `02:15.250` below an hour, `1:02:15` from there.
  static func text(ofTime milliseconds: Double) -> String {
    guard milliseconds.isFinite, milliseconds.magnitude < 1e14 else { return "" }
    let total = PictureMath.integer(milliseconds.magnitude, 0...(1 << 52))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (seconds, rest) = (total / 1000, total % 1000)
    let sign = milliseconds < 0 && total > 0 ? "-" : ""
    if seconds >= 3600 {
      return "\(sign)\(seconds / 3600):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }
    return "\(sign)\(two(seconds / 60)):\(two(seconds % 60))."
      + String(rest + 1000).dropFirst()
  }
}

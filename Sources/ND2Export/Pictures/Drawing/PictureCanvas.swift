import ND2

/// A picture that can be drawn on; what is outside is not drawn.
struct PictureCanvas {
  let width: Int
  let height: Int
  let layout: Picture.Layout
  private var bytes: [UInt8]

  init(_ picture: Picture) {
    width = picture.width
    height = picture.height
    layout = picture.layout
    bytes = picture.bytes
  }

  /// A canvas of one colour.
  ///
  /// - Throws: `ND2Error.Code.limitExceeded` when it would have more than a gigabyte.
  init(width: Int, height: Int, layout: Picture.Layout, colour: Color) throws {
    guard width > 0, height > 0,
      let count = Picture.byteCount(width: width, height: height, layout: layout), count <= 1 << 30
    else {
      throw ND2Error(.limitExceeded, "\(width) × \(height) pixels are too many for a picture")
    }
    self.width = width
    self.height = height
    self.layout = layout
    bytes = [UInt8](repeating: 0, count: count)
    if colour.r != 0 || colour.g != 0 || colour.b != 0 {
      fill(x: 0, y: 0, width: width, height: height, colour)
    }
  }

  /// The picture as drawn.
  func picture() throws -> Picture {
    guard let picture = Picture(width: width, height: height, layout: layout, bytes: bytes) else {
      throw ND2Error(.invalidRequest, "a picture cannot have \(width) × \(height) pixels")
    }
    return picture
  }

  /// Fills a rectangle.
  mutating func fill(x: Int, y: Int, width: Int, height: Int, _ colour: Color) {
    let columns = max(0, x)..<max(0, min(self.width, x + width), x)
    let rows = max(0, y)..<max(0, min(self.height, y + height), y)
    let pixel = samples(of: colour)
    for row in rows where row < self.height {
      for column in columns where column < self.width {
        let place = (row * self.width + column) * pixel.count
        for index in 0..<pixel.count { bytes[place + index] = pixel[index] }
      }
    }
  }

  /// Copies a picture of the same layout to a place.
  mutating func put(_ picture: Picture, x: Int, y: Int) {
    guard picture.layout == layout, x >= 0, y >= 0 else { return }
    let size = layout.bytesPerPixel
    let columns = min(picture.width, width - x)
    guard columns > 0 else { return }
    for row in 0..<max(0, min(picture.height, height - y)) {
      let from = row * picture.width * size
      let to = ((y + row) * width + x) * size
      bytes.withUnsafeMutableBufferPointer { target in
        picture.bytes.withUnsafeBufferPointer { source in
          for index in 0..<(columns * size) { target[to + index] = source[from + index] }
        }
      }
    }
  }

  /// Writes a line of text, its dots being squares of `scale` pixels.
  mutating func write(_ text: String, x: Int, y: Int, scale: Int, _ colour: Color) {
    var left = x
    for character in text {
      for (row, dots) in BitmapFont.rows(of: character).enumerated() {
        for dot in 0..<5 where dots & (16 >> UInt8(dot)) != 0 {
          fill(
            x: left + dot * scale, y: y + row * scale, width: scale, height: scale, colour)
        }
      }
      left += BitmapFont.advance * scale
    }
  }

  /// The bytes of a pixel of a colour; grey pictures show its luminance.
  private func samples(of colour: Color) -> [UInt8] {
    let grey = UInt8(
      truncatingIfNeeded: (Int(colour.r) * 299 + Int(colour.g) * 587 + Int(colour.b) * 114 + 500)
        / 1000)
    // A byte doubled is the same share of 65535.
    return switch layout {
    case .grey8: [grey]
    case .grey16: [grey, grey]
    case .rgb8: [colour.r, colour.g, colour.b]
    case .rgb16: [colour.r, colour.r, colour.g, colour.g, colour.b, colour.b]
    }
  }
}

import ND2Export

/// A picture as what a terminal understands.
enum TerminalPicture {
  /// The bytes that show a picture.
  ///
  /// - Parameter columns: how wide it is shown, in characters; for protocols that scale.
  static func bytes(
    of picture: Picture, as form: PictureProtocol, columns: Int
  ) throws -> [UInt8] {
    switch form {
    case .kitty: try kitty(PNGEncoder().encode(picture), columns: columns)
    case .iterm2: try iterm2(PNGEncoder().encode(picture), columns: columns)
    case .sixel: Sixel.bytes(of: picture)
    case .blocks: blocks(picture) { red, green, blue in "2;\(red);\(green);\(blue)" }
    case .blocks256: blocks(picture) { red, green, blue in "5;\(palette(red, green, blue))" }
    case .text: text(picture)
    }
  }

  /// A PNG file in pieces of 4096 letters.
  private static func kitty(_ file: [UInt8], columns: Int) -> [UInt8] {
    let letters = Base64.encode(file)
    var bytes: [UInt8] = []
    var start = 0
    repeat {
      let end = min(start + 4096, letters.count)
      let keys = start == 0 ? "f=100,a=T,c=\(columns),q=2," : ""
      bytes += Array("\u{1B}_G\(keys)m=\(end < letters.count ? 1 : 0);".utf8)
      bytes += letters[start..<end]
      bytes += Array("\u{1B}\\".utf8)
      start = end
    } while start < letters.count
    return bytes + [0x0A]
  }

  private static func iterm2(_ file: [UInt8], columns: Int) -> [UInt8] {
    Array(
      "\u{1B}]1337;File=inline=1;size=\(file.count);width=\(columns);preserveAspectRatio=1:".utf8)
      + Base64.encode(file) + [0x07, 0x0A]
  }

  /// Characters whose upper half is the text's colour and whose lower half the background's.
  private static func blocks(
    _ picture: Picture, _ colour: (UInt8, UInt8, UInt8) -> String
  ) -> [UInt8] {
    let pixels = Pixels(picture)
    var text = ""
    for row in stride(from: 0, to: pixels.height, by: 2) {
      var last = ("", "")
      for column in 0..<pixels.width {
        let (red, green, blue) = pixels[column, row]
        let upper = colour(red, green, blue)
        var lower = ""
        if row + 1 < pixels.height {
          let (red, green, blue) = pixels[column, row + 1]
          lower = colour(red, green, blue)
        }
        if upper != last.0 { text += "\u{1B}[38;\(upper)m" }
        if lower != last.1, !lower.isEmpty { text += "\u{1B}[48;\(lower)m" }
        last = (upper, lower)
        text += "▀"
      }
      text += "\u{1B}[0m\n"
    }
    return Array(text.utf8)
  }

  /// The nearest of the 216 colours and 24 greys of the palette.
  static func palette(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
    let steps = [0, 95, 135, 175, 215, 255]
    func nearest(_ value: Int) -> Int {
      steps.indices.min { abs(steps[$0] - value) < abs(steps[$1] - value) } ?? 0
    }
    let (r, g, b) = (Int(red), Int(green), Int(blue))
    let cube = (nearest(r), nearest(g), nearest(b))
    func distance(_ x: Int, _ y: Int, _ z: Int) -> Int {
      (x - r) * (x - r) + (y - g) * (y - g) + (z - b) * (z - b)
    }
    let grey = min(max(((r + g + b) / 3 - 3) / 10, 0), 23)
    let level = 8 + 10 * grey
    if distance(level, level, level)
      < distance(steps[cube.0], steps[cube.1], steps[cube.2])
    {
      return 232 + grey
    }
    return 16 + 36 * cube.0 + 6 * cube.1 + cube.2
  }

  /// Letters that cover more or less; two rows of pixels are one of letters.
  private static func text(_ picture: Picture) -> [UInt8] {
    let letters = Array(" .:-=+*#%@".utf8)
    let pixels = Pixels(picture)
    var bytes: [UInt8] = []
    for row in stride(from: 0, to: pixels.height, by: 2) {
      for column in 0..<pixels.width {
        let below = min(row + 1, pixels.height - 1)
        let brightness = (pixels.brightness(column, row) + pixels.brightness(column, below)) / 2
        bytes.append(letters[min(brightness * letters.count / 256, letters.count - 1)])
      }
      bytes.append(0x0A)
    }
    return bytes
  }
}

/// The pixels of a picture, 8 bits a component.
struct Pixels {
  let width: Int
  let height: Int
  private let bytes: [UInt8]

  init(_ picture: Picture) {
    let colour = picture.withEightBits().inColour()
    (width, height, bytes) = (colour.width, colour.height, colour.bytes)
  }

  subscript(column: Int, row: Int) -> (UInt8, UInt8, UInt8) {
    let place = 3 * (row * width + column)
    return (bytes[place], bytes[place + 1], bytes[place + 2])
  }

  /// The luminance, 0 to 255.
  func brightness(_ column: Int, _ row: Int) -> Int {
    let (red, green, blue) = self[column, row]
    return (Int(red) * 299 + Int(green) * 587 + Int(blue) * 114 + 500) / 1000
  }
}

/// Bytes as letters (RFC 4648).
enum Base64 {
  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var value = 0
      for place in 0..<3 {
        value = value << 8 | Int(place < group.count ? group[start + place] : 0)
      }
      for place in 0..<4 {
        text.append(
          place <= group.count ? letters[value >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return text
  }
}

import ND2
import ND2Export
import Testing

@testable import ND2Commands

@Suite("Pictures in terminals")
struct TerminalPictureTests {
  private func picture(_ width: Int, _ height: Int, _ bytes: [UInt8]) throws -> Picture {
    try #require(
      Picture(
        width: width, height: height, layout: bytes.count == width * height ? .grey8 : .rgb8,
        bytes: bytes))
  }

  private func text(_ picture: Picture, _ form: PictureProtocol) throws -> String {
    String(decoding: try TerminalPicture.bytes(of: picture, as: form, columns: 7), as: UTF8.self)
  }

  @Test("Half blocks have the upper pixel's colour in front, the lower one's behind")
  func blocks() throws {
    let picture = try picture(2, 3, [1, 2, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 8, 8, 8])
    #expect(
      try text(picture, .blocks)
        == "\u{1B}[38;2;1;2;3m\u{1B}[48;2;4;5;6m▀\u{1B}[48;2;7;8;9m▀\u{1B}[0m\n"
        + "\u{1B}[38;2;9;9;9m▀\u{1B}[38;2;8;8;8m▀\u{1B}[0m\n")
  }

  @Test("The palette's nearest colour is taken, of cube and greys")
  func palette() {
    #expect(TerminalPicture.palette(0, 0, 0) == 16)
    #expect(TerminalPicture.palette(255, 255, 255) == 231)
    #expect(TerminalPicture.palette(255, 0, 0) == 196)
    #expect(TerminalPicture.palette(128, 128, 128) == 244)
    #expect(TerminalPicture.palette(95, 135, 215) == 68)
  }

  @Test("Letters cover more where the picture is brighter")
  func letters() throws {
    let picture = try picture(3, 2, [0, 128, 255, 0, 128, 255])
    #expect(try text(picture, .text) == " +@\n" || text(picture, .text) == " =@\n")
  }

  @Test("kitty gets a PNG file in pieces of at most 4096 letters")
  func kitty() throws {
    var state: UInt32 = 1
    let noise = (0..<(90 * 90)).map { _ -> UInt8 in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(truncatingIfNeeded: state >> 24)
    }
    let text = try text(picture(90, 90, noise), .kitty)
    let pieces = text.dropLast(3).split(separator: "\u{1B}\\\u{1B}_G")
    #expect(pieces.count == 3)
    #expect(pieces[0].hasPrefix("\u{1B}_Gf=100,a=T,c=7,q=2,m=1;iVBORw0KGgo"))
    #expect(pieces[1].hasPrefix("m=1;") && pieces[1].utf8.count == 4100)
    #expect(pieces[2].hasPrefix("m=0;"))
    #expect(text.hasSuffix("\u{1B}\\\n"))
  }

  @Test("iTerm2 gets a PNG file with its size")
  func iterm2() throws {
    let picture = try picture(2, 2, [1, 2, 3, 4])
    let count = try PNGEncoder().encode(picture).count
    let text = try text(picture, .iterm2)
    #expect(
      text.hasPrefix(
        "\u{1B}]1337;File=inline=1;size=\(count);width=7;preserveAspectRatio=1:iVBORw0KGgo"))
    #expect(text.hasSuffix("\u{7}\n"))
  }

  @Test("Sixel bands give back the picture")
  func sixel() throws {
    // Colours of the palette, which need no scattering.
    let colours: [[UInt8]] = [[0, 0, 0], [255, 0, 0], [51, 102, 255]]
    var bytes: [UInt8] = []
    for index in 0..<72 { bytes += colours[(index * 5 + index / 9) % 3] }
    let picture = try picture(9, 8, bytes)
    let decoded = try SixelReader(TerminalPicture.bytes(of: picture, as: .sixel, columns: 1))
    #expect((decoded.width, decoded.height) == (9, 8))
    // In percent; all of them are whole.
    let percents: [Int] = bytes.map { (byte: UInt8) -> Int in Int(byte) * 100 / 255 }
    #expect(decoded.pixels == percents)
  }

  @Test("Letters of bytes are those of RFC 4648")
  func base64() {
    for (plain, letters) in [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ] {
      #expect(String(decoding: Base64.encode(Array(plain.utf8)), as: UTF8.self) == letters)
    }
  }

  @Test("The environment tells of graphics, but not inside a multiplexer")
  func environment() {
    func known(_ values: [String: String]) -> PictureProtocol? {
      PictureProtocol.known { values[$0] }
    }
    #expect(known(["TERM": "xterm-kitty"]) == .kitty)
    #expect(known(["TERM_PROGRAM": "ghostty"]) == .kitty)
    #expect(known(["TERM_PROGRAM": "iTerm.app"]) == .iterm2)
    #expect(known(["TERM_PROGRAM": "WezTerm"]) == .iterm2)
    #expect(known(["TERM": "xterm-256color"]) == nil)
    #expect(known(["TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"]) == nil)
    #expect(known(["TMUX": "/tmp/x", "TERM_PROGRAM": "iTerm.app"]) == nil)
    #expect(PictureProtocol.characters(.none) == .text)
    #expect(PictureProtocol.characters(.palette) == .blocks256)
    #expect(PictureProtocol.characters(.full) == .blocks)
  }

  @Test("A terminal's answer lists its graphics")
  func answers() {
    func has(_ text: String) -> Bool { PictureProtocol.hasSixel(Array(text.utf8)) }
    #expect(has("\u{1B}[?64;1;4;22c"))
    #expect(has("\u{1B}[?62;4c"))
    #expect(!has("\u{1B}[?64;1;44c"))
    #expect(!has("\u{1B}[?4;1c"))
    #expect(!has(""))
  }
}

/// Reads sixel graphics back, by the book of the VT340.
private struct SixelReader {
  var width = 0
  var height = 0
  /// Red, green, blue in percent; −1 where nothing was drawn.
  var pixels: [Int] = []

  struct Broken: Error {}

  init(_ bytes: [UInt8]) throws {
    var text = Substring(String(decoding: bytes, as: UTF8.self))
    guard text.hasPrefix("\u{1B}Pq\""), text.hasSuffix("\u{1B}\\\n") else { throw Broken() }
    text = text.dropFirst(4).dropLast(3)
    func numbers() -> [Int] {
      let digits = text.prefix { $0.isNumber || $0 == ";" }
      text = text.dropFirst(digits.count)
      return digits.split(separator: ";").compactMap { Int($0) }
    }
    let raster = numbers()
    guard raster.count == 4 else { throw Broken() }
    (width, height) = (raster[2], raster[3])
    pixels = [Int](repeating: -1, count: 3 * width * height)
    var palette: [Int: [Int]] = [:]
    var (colour, column, band, count) = (0, 0, 0, 1)
    while let letter = text.popFirst() {
      switch letter {
      case "#":
        let values = numbers()
        colour = values.first ?? 0
        if values.count == 5 { palette[colour] = Array(values[2...]) }
      case "!": count = numbers().first ?? 1
      case "$": column = 0
      case "-": (column, band) = (0, band + 1)
      default:
        guard let value = letter.asciiValue, (63...126).contains(value) else { throw Broken() }
        for _ in 0..<count {
          for row in 0..<6 where (value - 63) >> UInt8(row) & 1 == 1 {
            let place = 3 * ((6 * band + row) * width + column)
            pixels.replaceSubrange(place..<(place + 3), with: palette[colour] ?? [])
          }
          column += 1
        }
        count = 1
      }
    }
  }
}

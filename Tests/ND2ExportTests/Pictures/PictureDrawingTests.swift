import ND2
import Testing

@testable import ND2Export

@Suite("Bars, letters and grids in pictures")
struct PictureDrawingTests {
  private func black(_ width: Int, _ height: Int, _ layout: Picture.Layout = .grey8) throws
    -> Picture
  {
    try #require(
      Picture(
        width: width, height: height, layout: layout,
        bytes: [UInt8](repeating: 0, count: width * height * layout.bytesPerPixel)))
  }

  /// The picture as text: `#` for what is not black.
  private func art(_ picture: Picture) -> [String] {
    (0..<picture.height).map { row in
      String(
        (0..<picture.width).map { column in
          let start = (row * picture.width + column) * picture.layout.bytesPerPixel
          return picture.bytes[start..<(start + picture.layout.bytesPerPixel)]
            .allSatisfy { $0 == 0 } ? "." : "#"
        })
    }
  }

  @Test("A bar is as long as its length, and at its corner")
  func bar() throws {
    let annotations = PictureAnnotations(
      scaleBar: ScaleBar(lengthUm: 10, corner: .bottomRight, showsLength: false))
    let picture = try annotations.drawn(on: try black(40, 20), text: "", pixelSizeUm: 0.5)
    let rows = art(picture)
    let line = String(repeating: ".", count: 16) + String(repeating: "#", count: 20) + "...."
    #expect(rows[14] == line && rows[15] == line)
    #expect(rows[..<14].allSatisfy { !$0.contains("#") })
    #expect(rows[16...].allSatisfy { !$0.contains("#") })
  }

  @Test("Letters are drawn dot by dot")
  func letters() throws {
    let annotations = PictureAnnotations(labels: [.text("1µ")], textScale: 1)
    let picture = try annotations.drawn(on: try black(20, 16), text: "1µ", pixelSizeUm: nil)
    #expect(
      art(picture)[4..<13].map { String($0.dropFirst(4).prefix(11)) } == [
        "..#........", ".##........", "..#...#...#", "..#...#...#", "..#...#...#", "..#...#..##",
        ".###..###.#", "......#....", "......#....",
      ])
  }

  @Test("All glyphs are within their five columns and nine rows, and differ")
  func glyphs() {
    var seen: [[UInt8]: Character] = [:]
    for character in " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
      + "abcdefghijklmnopqrstuvwxyz{|}~µ°±…"
    {
      let rows = BitmapFont.rows(of: character)
      #expect(rows.count == 7 || rows.count == 9, "\(character)")
      #expect(rows.allSatisfy { $0 < 32 }, "\(character)")
      #expect(seen[rows] == nil, "\(character) and \(seen[rows] ?? " ")")
      seen[rows] = character
    }
    #expect(BitmapFont.rows(of: "é") == BitmapFont.rows(of: "e"))
    #expect(BitmapFont.rows(of: "日") == [31, 17, 17, 17, 17, 17, 31])
  }

  @Test(
    "The automatic length is 1, 2 or 5 times a power of ten, at most a quarter of the width",
    arguments: [(100.0, 20.0), (80, 20), (79, 10), (0.9, 0.2), (4000, 1000), (2.0e7, 5.0e6)])
  func automaticLength(width: Double, length: Double) throws {
    let chosen = try #require(ScaleBar.automaticLength(widthUm: width))
    #expect(abs(chosen - length) < length * 1e-9)
    for odd in [0, -1, Double.nan, .infinity] {
      #expect(ScaleBar.automaticLength(widthUm: odd) == nil)
    }
  }

  @Test("Lengths and times have their units")
  func texts() {
    #expect(ScaleBar.text(ofLength: 0.5) == "500 nm")
    #expect(ScaleBar.text(ofLength: 20) == "20 µm")
    #expect(ScaleBar.text(ofLength: 2.5) == "2.5 µm")
    #expect(ScaleBar.text(ofLength: 1500) == "1.5 mm")
    #expect(PictureAnnotations.text(ofTime: 135_250.4) == "02:15.250")
    #expect(PictureAnnotations.text(ofTime: 3_735_000) == "1:02:15")
    #expect(PictureAnnotations.text(ofTime: -1500) == "-00:01.500")
    #expect(PictureAnnotations.text(ofTime: .nan) == "")
  }

  @Test("A colour on a grey picture makes it a colour picture")
  func colours() throws {
    var annotations = PictureAnnotations(
      scaleBar: ScaleBar(lengthUm: 4, color: Color(r: 255, g: 200, b: 0), showsLength: false))
    let coloured = try annotations.drawn(on: try black(30, 20), text: "", pixelSizeUm: 1)
    #expect(coloured.layout == .rgb8)
    annotations.scaleBar?.color = .white
    #expect(
      try annotations.drawn(on: try black(30, 20), text: "", pixelSizeUm: 1).layout == .grey8)
    let deep = try annotations.drawn(on: try black(30, 20, .grey16), text: "", pixelSizeUm: 1)
    #expect(deep.layout == .grey16 && deep.bytes.contains(255))
  }

  @Test("What does not fit is cut off")
  func tooLarge() throws {
    let annotations = PictureAnnotations(
      scaleBar: ScaleBar(lengthUm: 1e6), labels: [.text("x")], textScale: 200)
    let text = String(repeating: "W", count: 300)
    let picture = try annotations.drawn(on: try black(5, 3), text: text, pixelSizeUm: 0.1)
    #expect((picture.width, picture.height) == (5, 3))
  }

  @Test("Labels that do not fit beside the others stand in the next line")
  func lines() {
    let lines = PictureAnnotations.lines(
      of: "one  two  three", most: BitmapFont.width(of: "one  two"))
    #expect(lines == ["one  two", "three"])
    #expect(PictureAnnotations.lines(of: "one", most: 1) == ["one"])
    #expect(PictureAnnotations.lines(of: "", most: 100) == [])
  }

  @Test("A montage has its pictures in rows, with gaps in the colour between")
  func montage() throws {
    let pictures = try (1...3).map { value in
      try #require(
        Picture(
          width: 2, height: 1, layout: .grey8, bytes: [UInt8(value), UInt8(value)]))
    }
    let montage = try Picture.montage(
      of: pictures, options: .init(columnCount: 2, gap: 1, background: .white))
    #expect((montage.width, montage.height, montage.layout) == (5, 3, .grey8))
    #expect(
      montage.bytes == [1, 1, 255, 2, 2, 255, 255, 255, 255, 255, 3, 3, 255, 255, 255])
    let mixed = try Picture.montage(of: [pictures[0], black(2, 1, .rgb16)])
    #expect(mixed.layout == .rgb8)
    #expect(throws: ND2Error.self) { try Picture.montage(of: []) }
    #expect(throws: ND2Error.self) {
      try Picture.montage(of: pictures, options: .init(columnCount: 0))
    }
  }

  @Test("Smaller pictures are means of areas")
  func smaller() throws {
    let picture = try #require(
      Picture(
        width: 4, height: 2, layout: .grey8, bytes: [0, 10, 100, 100, 20, 30, 100, 104]))
    let half = picture.fitted(to: 2)
    #expect((half.width, half.height) == (2, 1))
    #expect(half.bytes == [15, 101])
    #expect(picture.fitted(to: 4) == picture)
    let deep = try #require(
      Picture(width: 2, height: 1, layout: .grey16, bytes: [0, 1, 2, 1]))
    #expect(deep.fitted(to: 1).bytes == [1, 1])
  }
}

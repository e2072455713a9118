import ND2
import ND2Export
import Testing

@Suite("PNG pictures")
struct PNGEncoderTests {
  /// Bytes that look like an image: gradients, a flat part, noise.
  private func samples(_ count: Int) -> [UInt8] {
    var state: UInt32 = 12345
    return (0..<count).map { index in
      state = state &* 1_664_525 &+ 1_013_904_223
      return switch index % 1000 {
      case 0..<400: UInt8(truncatingIfNeeded: index / 3)
      case 400..<600: 17
      default: UInt8(truncatingIfNeeded: state >> 24)
      }
    }
  }

  private func picture(_ width: Int, _ height: Int, _ layout: Picture.Layout) throws -> Picture {
    let bytes = samples(width * height * layout.bytesPerPixel)
    return try #require(Picture(width: width, height: height, layout: layout, bytes: bytes))
  }

  @Test("Grey and colour pictures come back byte for byte", arguments: [1, 2, 7, 64, 333])
  func eightBits(width: Int) throws {
    for layout in [Picture.Layout.grey8, .rgb8] {
      let picture = try picture(width, 41, layout)
      let reader = try PNGReader(PNGEncoder().encode(picture))
      #expect(reader.width == width)
      #expect(reader.height == 41)
      #expect(reader.depth == 8)
      #expect(reader.colour == (layout == .rgb8 ? 2 : 0))
      #expect(reader.pixels == picture.bytes)
    }
  }

  @Test("Samples of 16 bits are stored with the high byte first")
  func sixteenBits() throws {
    let picture = try picture(57, 23, .grey16)
    let reader = try PNGReader(PNGEncoder().encode(picture))
    #expect(reader.depth == 16)
    var swapped: [UInt8] = []
    for index in stride(from: 0, to: picture.bytes.count, by: 2) {
      swapped += [picture.bytes[index + 1], picture.bytes[index]]
    }
    #expect(reader.pixels == swapped)
  }

  @Test("The filter is chosen for each row")
  func filters() throws {
    let reader = try PNGReader(PNGEncoder().encode(picture(300, 60, .grey8)))
    #expect(reader.filters.count > 1)
  }

  @Test("The size of a pixel becomes the resolution")
  func resolution() throws {
    var encoder = PNGEncoder()
    encoder.pixelSize = (0.5, 0.25)
    let reader = try PNGReader(encoder.encode(picture(3, 3, .grey8)))
    let chunk = try #require(reader.chunks.first { $0.type == "pHYs" })
    #expect(chunk.data == [0, 0x1E, 0x84, 0x80, 0, 0x3D, 0x09, 0, 1])
  }

  @Test("A pixel size that makes no sense is left out", arguments: [0, -1, .nan, .infinity, 1e-12])
  func oddResolution(size: Double) throws {
    var encoder = PNGEncoder()
    encoder.pixelSize = (size, size)
    let reader = try PNGReader(encoder.encode(picture(3, 3, .grey8)))
    #expect(!reader.chunks.contains { $0.type == "pHYs" })
  }

  @Test("Notes are stored as international text")
  func notes() throws {
    var encoder = PNGEncoder()
    encoder.notes = [("Title", "Zellen, 0.65 µm")]
    let reader = try PNGReader(encoder.encode(picture(3, 3, .grey8)))
    let chunk = try #require(reader.chunks.first { $0.type == "iTXt" })
    #expect(chunk.data == Array("Title".utf8) + [0, 0, 0, 0, 0] + Array("Zellen, 0.65 µm".utf8))
  }

  @Test("A picture needs exactly the bytes of its size")
  func wrongSizes() {
    #expect(Picture(width: 2, height: 2, layout: .rgb8, bytes: [0]) == nil)
    #expect(Picture(width: 0, height: 2, layout: .rgb8, bytes: []) == nil)
    #expect(Picture(width: .max, height: .max, layout: .rgb8, bytes: []) == nil)
  }
}

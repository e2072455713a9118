import ND2
import ND2Export
import Testing

@Suite("Pictures of channels")
struct PictureComposerTests {
  private typealias Colour = PictureComposer.Colour
  private let full = ContrastRange(low: 0, high: 255)

  /// A picture of 8-bit channels with fixed contrast.
  private func merge(
    _ channels: [([UInt8], Colour)], width: Int, height: Int
  ) throws -> Picture {
    var buffers: [UnsafeMutableRawBufferPointer] = []
    defer { for buffer in buffers { buffer.deallocate() } }
    let planes = channels.map { samples, colour in
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: samples.count, alignment: 8)
      buffer.copyBytes(from: samples)
      buffers.append(buffer)
      return PictureComposer.Plane(
        samples: UnsafeRawBufferPointer(buffer), type: .uint8, colour: colour, contrast: full)
    }
    return try PictureComposer.merge(planes, width: width, height: height)
  }

  @Test("One white channel gives a grey picture")
  func grey() throws {
    let picture = try merge([([0, 10, 200, 255], .white)], width: 2, height: 2)
    #expect(picture.layout == .grey8)
    #expect(picture.bytes == [0, 10, 200, 255])
  }

  @Test("A channel with a colour is shown in it")
  func coloured() throws {
    let picture = try merge(
      [([0, 100, 255], Colour(red: 1, green: 0.5, blue: 0))], width: 3, height: 1)
    #expect(picture.layout == .rgb8)
    #expect(picture.bytes == [0, 0, 0, 100, 50, 0, 255, 128, 0])
  }

  @Test("Channels add up and stop at full brightness")
  func merging() throws {
    let picture = try merge(
      [
        ([100, 200], Colour(red: 1, green: 0, blue: 0)),
        ([50, 250], Colour(red: 1, green: 1, blue: 0)),
      ], width: 2, height: 1)
    #expect(picture.bytes == [150, 50, 0, 255, 250, 0])
  }

  @Test("Contrast stretches the range to black and white")
  func contrast() throws {
    let samples: [UInt16] = [90, 100, 150, 200, 300]
    let picture = try samples.withUnsafeBytes { bytes in
      try PictureComposer.merge(
        [
          .init(samples: bytes, type: .uint16, contrast: ContrastRange(low: 100, high: 200))
        ], width: 5, height: 1)
    }
    #expect(picture.bytes == [0, 0, 128, 255, 255])
  }

  @Test("Large integers with a small spread keep their differences")
  func wideIntegers() throws {
    let samples: [UInt32] = [4_000_000_000, 4_000_000_005, 4_000_000_010]
    let picture = try samples.withUnsafeBytes { bytes in
      try PictureComposer.merge(
        [
          .init(
            samples: bytes, type: .uint32,
            contrast: ContrastRange(low: 4_000_000_000, high: 4_000_000_010))
        ], width: 3, height: 1)
    }
    #expect(picture.bytes == [0, 128, 255])
  }

  @Test("Not-a-number and infinity are black and white")
  func notNumbers() throws {
    let samples: [Float] = [.nan, -.infinity, .infinity, 0.5]
    let picture = try samples.withUnsafeBytes { bytes in
      try PictureComposer.merge(
        [.init(samples: bytes, type: .float32, contrast: ContrastRange(low: 0, high: 1))],
        width: 4, height: 1)
    }
    #expect(picture.bytes == [0, 0, 255, 128])
  }

  @Test("Colour images of 8 bits pass unchanged")
  func rgb() throws {
    let samples: [UInt8] = [1, 2, 3, 250, 251, 252]
    let picture = try samples.withUnsafeBytes {
      try PictureComposer.rgb($0, type: .uint8, width: 2, height: 1)
    }
    #expect(picture.bytes == samples)
  }

  @Test("Colour images of more bits are scaled by the bits that count")
  func deepRGB() throws {
    let samples: [UInt16] = [0, 2048, 4095]
    let picture = try samples.withUnsafeBytes {
      try PictureComposer.rgb($0, type: .uint16, width: 1, height: 1, significantBits: 12)
    }
    #expect(picture.bytes == [0, 128, 255])
  }

  @Test("Planes of the wrong size are refused")
  func wrongSizes() {
    #expect(throws: ND2Error.self) { try merge([([1, 2, 3], .white)], width: 2, height: 2) }
    #expect(throws: ND2Error.self) { try merge([], width: 2, height: 2) }
    #expect(throws: ND2Error.self) { try merge([([], .white)], width: 0, height: 2) }
    #expect(throws: ND2Error.self) {
      try merge([([], .white)], width: .max, height: .max)
    }
  }
}

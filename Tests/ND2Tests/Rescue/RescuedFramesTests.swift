import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Rescued frames")
struct RescuedFramesTests {
  private static let sample = SampleFile(
    width: 21, height: 12, channels: [.init("a"), .init("b")], loops: [.time(count: 5)])

  @Test("all frames come in file order, with numbers, times and pixels")
  func all() throws {
    let frames = try RescuedFrames(
      reading: try Self.sample.source(with: .removeMap),
      shape: FrameShape(width: 21, height: 12, componentCount: 2))
    var count = 0
    for frame in frames {
      #expect(frame.index == count)
      #expect(frame.timeMs == Double(count) * 100)
      #expect(frame.isWhole)
      let array = try frame.array()
      #expect(array.sizes.axes == [.y, .x, .sample])
      #expect(ArrayReadingTests.bytes(array) == Self.sample.packedFrame(count))
      count += 1
    }
    #expect(count == 5)
    #expect(frames.failure == nil)
    #expect(frames.share == 1)
  }

  @Test("without a shape a frame is one row of samples as they are stored")
  func noShape() throws {
    let source = try Self.sample.source()
    let frame = try #require(try RescuedFrames(reading: source).nextFrame())
    #expect(try frame.array().shape == [12 * 42])
    let bytes = try RescuedFrames(reading: source, sampleType: .uint8).nextFrame()
    #expect(try bytes?.array().shape == [12 * 84])
  }

  @Test("a file that cannot be opened gives its frames all the same")
  func beyondOpening() throws {
    var bytes = try Self.sample.bytes(with: .removeMap)
    bytes.replaceSubrange(0..<4096, with: [UInt8](repeating: 0xEE, count: 4096))
    #expect(throws: ND2Error.self) { try ND2File(reading: MemorySource(bytes)) }
    let frames = try RescuedFrames(reading: MemorySource(bytes))
    #expect(frames.map(\.index) == [0, 1, 2, 3, 4])
  }

  @Test("a limit ends the search early")
  func limit() throws {
    let source = CountingByteSource(try Self.sample.source())
    #expect(try RescuedFrames(reading: source, limit: 2).map(\.index) == [0, 1])
    #expect(try RescuedFrames(reading: source, limit: 0).map(\.index) == [])
  }

  @Test("a frame that is cut off says so, and has the rows that are there")
  func torn() throws {
    let bytes = try Self.sample.bytes()
    let place = try ChunkPlaces(of: bytes).frame(3)
    let cut = Array(bytes[..<(place.dataOffset + 8 + 84 * 4 + 10)])
    let frames = try RescuedFrames(
      reading: MemorySource(cut), shape: FrameShape(width: 21, height: 12, componentCount: 2))
    let all = Array(frames)
    #expect(all.map(\.isWhole) == [true, true, true, false])
    let pixels = ArrayReadingTests.bytes(try all[3].array())
    let expected = Self.sample.packedFrame(3)
    #expect(Array(pixels[..<(84 * 4)]) == Array(expected[..<(84 * 4)]))
    #expect(pixels[(84 * 4 + 10)...].allSatisfy { $0 == 0 })
  }

  @Test("compressed frames are inflated when their shape is known")
  func compressed() throws {
    var sample = Self.sample
    sample.storage.compression = .lossless
    let frames = try RescuedFrames(
      reading: try sample.source(), shape: FrameShape(width: 21, height: 12, componentCount: 2))
    for frame in frames {
      #expect(ArrayReadingTests.bytes(try frame.array()) == sample.packedFrame(frame.index))
    }
  }

  @Test("a shape that frames cannot have is an error, not an allocation")
  func absurdShape() throws {
    let source = try Self.sample.source()
    for shape in [
      FrameShape(width: 1 << 20, height: 1 << 20), FrameShape(width: 0, height: 3),
      FrameShape(width: 3, height: 3, componentCount: -1),
    ] {
      let frame = try #require(try RescuedFrames(reading: source, shape: shape).nextFrame())
      #expect(throws: ND2Error.self) { try frame.array() }
    }
  }
}

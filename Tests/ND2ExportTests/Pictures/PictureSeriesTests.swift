import ND2
import ND2TestSupport
import ND2Writer
import Synchronization
import Testing

@testable import ND2Export

@Suite("Animations and sequences")
struct PictureSeriesTests {
  private func file() throws -> ND2File {
    try ND2File(
      reading: SampleFile(
        width: 16, height: 10, channels: [.init("DAPI"), .init("a/b")],
        loops: [.time(count: 5), .zStack(count: 2)]
      ).source())
  }

  private func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

  @Test("An animation has a frame for each picture, numbered through")
  func animation() throws {
    let file = try file()
    let renderer = PictureRenderer(file)
    let views = PictureView().along(.time, of: file)
    var bytes: [UInt8] = []
    var shares: [Double] = []
    try renderer.writeAnimation(
      of: views, options: .init(delayMs: 250, loopCount: 3), progress: { shares.append($0) }
    ) { bytes += $0 }
    let reader = try PNGReader(bytes)
    #expect(
      reader.chunks.map(\.type).filter { $0 != "pHYs" } == [
        "IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "fcTL", "fdAT", "fcTL", "fdAT", "fcTL",
        "fdAT", "IEND",
      ])
    let control = try #require(reader.chunks.first { $0.type == "acTL" }).data
    #expect(number(control[0..<4]) == 5 && number(control[4..<8]) == 3)
    let frames = reader.chunks.filter { $0.type == "fcTL" || $0.type == "fdAT" }
    #expect(frames.map { number($0.data[0..<4]) } == Array(0..<9))
    for frame in frames where frame.type == "fcTL" {
      #expect(number(frame.data[4..<8]) == 16 && number(frame.data[8..<12]) == 10)
      #expect(number(frame.data[20..<22]) == 250 && number(frame.data[22..<24]) == 1000)
    }
    #expect(shares.count == 5 && shares.last == 1)
    let fixed = try renderer.withCommonContrast(for: views)
    #expect(try fixed.picture(of: views[0]).inColour().bytes == reader.pixels)
    // The last picture, as a file of its own.
    let last = try #require(reader.chunks.last { $0.type == "fdAT" }).data.dropFirst(4)
    #expect(try Array(last) == PNGEncoder().compressed(fixed.picture(of: views[4])))
  }

  @Test("Animations without pictures or with wrong times are refused")
  func refusals() throws {
    let renderer = PictureRenderer(try file())
    #expect(throws: ND2Error.self) { try renderer.writeAnimation(of: []) { _ in } }
    for options in [
      AnimationOptions(delayMs: -1), AnimationOptions(delayMs: 70_000),
      AnimationOptions(delayMs: .nan), AnimationOptions(loopCount: -1),
    ] {
      #expect(throws: ND2Error.self) {
        try renderer.writeAnimation(of: [PictureView()], options: options) { _ in }
      }
    }
  }

  @Test("Patterns put numbers and names into their places")
  func patterns() throws {
    let pattern = try FileNamePattern("{name}_t{t:04}{{z{z}}}_{channel}.png")
    #expect(pattern.fields == [.name, .t, .z, .channel])
    #expect(
      pattern.name(numbers: [.t: 7, .z: 12], texts: [.name: "cells", .channel: "a/b\n:c"])
        == "cells_t0007{z12}_a_b__c.png")
    for wrong in ["", "a/b", "{x}", "{t", "t}", "{t:}", "{t:99}", "{t:1:2}", "{}"] {
      #expect(throws: ND2Error.self, "\(wrong)") { try FileNamePattern(wrong) }
    }
  }

  @Test("A sequence has a file for each frame and channel that the pattern names")
  func sequence() throws {
    let file = try file()
    let sequence = try PictureSequence(
      PictureRenderer(file), pattern: FileNamePattern("{name}{t}{z}{channel}.png"),
      selected: [.time: [1, 3]], title: "s")
    #expect(
      sequence.items.map(\.name) == [
        "s10DAPI.png", "s10a_b.png", "s11DAPI.png", "s11a_b.png", "s30DAPI.png", "s30a_b.png",
        "s31DAPI.png", "s31a_b.png",
      ])
    var written: [String: [UInt8]] = [:]
    try sequence.write { picture, _ in
      picture.bytes
    } to: { name, bytes in
      written[name] = bytes
    }
    #expect(written.count == 8)
    var renderer = try PictureRenderer(file)
      .withCommonContrast(for: sequence.items.map(\.view))
    renderer.style.channels = [1]
    let wanted = try renderer.picture(of: PictureView(at: [.time: 3, .z: 1]))
    #expect(written["s31a_b.png"] == wanted.bytes)
  }

  @Test("Names that come twice are an error, not lost pictures")
  func ambiguous() throws {
    let renderer = PictureRenderer(try file())
    #expect(throws: ND2Error.self) {
      try PictureSequence(renderer, pattern: FileNamePattern("{t}.png"), title: "s")
    }
    #expect(throws: ND2Error.self) {
      try PictureSequence(
        renderer, pattern: FileNamePattern("{t}{z}.png"), selected: [.time: [5]], title: "s")
    }
  }

  @Test("The error of a picture ends a sequence")
  func failing() throws {
    let sequence = try PictureSequence(
      PictureRenderer(try file()), pattern: FileNamePattern("{t}{z}.png"), title: "s")
    #expect(throws: ND2Error.self) {
      try sequence.write { _, _ in
        throw ND2Error(.io, "full")
      } to: { _, _ in
      }
    }
  }
}

@Suite("Thumbnails")
struct PictureThumbnailTests {
  @Test("A file with a pyramid is read in a few bytes")
  func pyramid() throws {
    var sample = SampleFile(width: 2200, height: 300, sampleType: .uint8)
    sample.storage.writesPyramid = true
    let source = CountedSource(try sample.source())
    let file = try ND2File(reading: source)
    let renderer = PictureRenderer(file)
    #expect(renderer.thumbnailView(side: 256).level == 2)
    let before = source.byteCountRead
    let picture = try renderer.thumbnail(side: 256)
    #expect(picture.width == 256)
    #expect(source.byteCountRead - before < 2200 * 300 / 8)
  }

  @Test("The middle position and plane are shown")
  func middle() throws {
    let file = try ND2File(
      reading: SampleFile(
        width: 16, height: 10, loops: [.positions(count: 5), .zStack(count: 4)]
      ).source())
    let view = PictureRenderer(file).thumbnailView(side: 8)
    #expect(view.indices == [.position: 2, .z: 1])
    #expect(view.level == 0)
    #expect(PictureRenderer(file).thumbnailView(side: 8, projectingFocus: .max).reduction == .max)
  }
}

/// A source that counts the bytes that are read from it.
private final class CountedSource: ByteSource {
  private let source: MemorySource
  private let count = Atomic<Int>(0)
  var byteCountRead: Int { count.load(ordering: .relaxed) }
  var name: String { source.name }

  init(_ source: MemorySource) { self.source = source }

  func byteCount() throws -> UInt64 { source.byteCount() }

  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws {
    count.wrappingAdd(buffer.count, ordering: .relaxed)
    try source.read(at: offset, into: buffer)
  }
}

import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Run-length masks")
struct RunLengthMaskTests {
  private func decode(_ chunk: [UInt8]) throws -> RunLengthMaskDecoder.Result? {
    try RunLengthMaskDecoder.decode(chunk, imagePixelCount: 100)
  }

  private func chunk(words: [UInt32]) throws -> [UInt8] {
    [UInt8](littleEndian: [UInt32(words.count * 4)]) + (try zlib([UInt8](littleEndian: words)))
  }

  @Test("The vector of the format notes is a ring of eight pixels without its upper half")
  func vector() throws {
    let bytes = Hex.bytes(
      """
      6800000078da6366606060056216206604621f20966180004624cc0cc44c5079106d82470d139a1888060046e80110
      """)
    let result = try #require(try decode(bytes))
    #expect(result.problems.isEmpty)
    let mask = result.mask
    #expect(mask.width == 5 && mask.height == 4)
    #expect(mask.objects.map(\.id) == [1])
    #expect(mask.objects[0].bounds == PixelBox(left: 1, top: 1, right: 4, bottom: 3))
    #expect(
      try mask.labelImage().labels == [
        0, 0, 0, 0, 0,
        0, 1, 1, 1, 0,
        0, 1, 0, 1, 0,
        0, 0, 0, 0, 0,
      ])
    let region = try #require(mask.measure(mask.objects[0]))
    #expect(region.pixelCount == 5 && region.centerX == 2 && region.centerY == 1.4)
    #expect(region.seedX == 1 && region.seedY == 1)
  }

  @Test(
    "Both versions of objects give the pixels that were written", arguments: [2, 3] as [UInt32])
  func roundTrip(version: UInt32) throws {
    let source = SampleFile.Mask(width: 37, height: 23) { x, y in
      (x * y) % 7 < 3 ? UInt32((x / 9 + y / 5) % 6) : 0
    }
    let result = try #require(try decode(try RunLengthMask.chunk(source, version: version)))
    #expect(result.problems.isEmpty)
    let image = try result.mask.labelImage()
    #expect(image.labels == source.objects)
    #expect(image.uint16Labels == source.objects.map { UInt16($0) })
    #expect(image.regions.count == result.mask.objects.count)
    for (region, object) in zip(image.regions, result.mask.objects) {
      #expect(region == result.mask.measure(object))
      #expect(region.bounds == object.bounds)
    }
  }

  @Test("Numbers above 65535 are kept and have no 16-bit form")
  func largeNumbers() throws {
    let source = SampleFile.Mask(width: 3, height: 1, objects: [0, 70_000, 0])
    let image = try #require(try decode(try RunLengthMask.chunk(source))).mask.labelImage()
    #expect(image.labels == [0, 70_000, 0])
    #expect(image.uint16Labels == nil)
  }

  @Test("A chunk too short for a size, or with a size only, is no mask", arguments: 0..<5)
  func noMask(count: Int) throws {
    #expect(try decode([UInt8](repeating: 0, count: count)) == nil)
  }

  @Test("A mask without objects is a mask")
  func emptyMask() throws {
    let result = try #require(try decode(try chunk(words: [3, 4, 2, 0, 0, 0, 0])))
    #expect(try result.mask.labelImage().labels == [UInt32](repeating: 0, count: 8))
  }

  @Test("Later objects cover earlier ones")
  func overlap() throws {
    let words: [UInt32] =
      [3, 4, 1, 2, 104, 0, 0]
      + [1, 0, 0, 2, 0, 52, 1, 36, 0] + [0, 1, 0, 3]
      + [2, 2, 0, 3, 0, 52, 1, 36, 0] + [0, 1, 2, 2]
    let result = try #require(try decode(try chunk(words: words)))
    #expect(try result.mask.labelImage().labels == [1, 1, 2, 2])
  }

  @Test("Runs outside of the mask are cut")
  func clipping() throws {
    let words: [UInt32] =
      [3, 4, 2, 1, 0, 0, 0] + [9, 0, 0, 0, 0, 0, 3, 0, 0]
      + [0, 2, 3, 100, 4, 1] + [7, 1, 0, 2] + [1, 1, .max, .max]
    let result = try #require(try decode(try chunk(words: words)))
    #expect(try result.mask.labelImage().labels == [0, 0, 0, 9, 0, 0, 0, 0])
    #expect(result.mask.clippedRuns(of: result.mask.objects[0]).count == 1)
  }

  @Test("An object that says that it is longer is skipped to its end")
  func longerObjects() throws {
    let words: [UInt32] =
      [3, 4, 1, 2, 0, 0, 0] + [1, 0, 0, 0, 0, 60, 1, 36, 0] + [0, 1, 0, 1] + [99, 99]
      + [2, 0, 0, 0, 0, 52, 1, 36, 0] + [0, 1, 3, 1]
    let result = try #require(try decode(try chunk(words: words)))
    #expect(try result.mask.labelImage().labels == [1, 0, 0, 2])
  }

  @Test("A mask that is cut keeps what is there and says so")
  func cutMask() throws {
    let words: [UInt32] =
      [3, 4, 1, 5, 0, 0, 0] + [1, 0, 0, 0, 0, 0, 9, 0, 0] + [0, 1000, 1, 2]
    let result = try #require(try decode(try chunk(words: words)))
    #expect(result.problems.count == 1)
    #expect(try result.mask.labelImage().labels == [0, 1, 1, 0])
  }

  @Test("Unknown versions and enormous sizes are refused")
  func refusals() throws {
    for header in [
      [1, 4, 4, 0, 0, 0, 0], [4, 4, 4, 0, 0, 0, 0], [3, .max, .max, 0, 0, 0, 0],
      [3, 1 << 22, 1 << 22, 0, 0, 0, 0],
    ] as [[UInt32]] {
      let bytes = try chunk(words: header)
      #expect(throws: Malformed.self) { try decode(bytes) }
    }
  }

  @Test("The size word is a hint only", arguments: [0, 1, .max] as [UInt32])
  func sizeWord(hint: UInt32) throws {
    let bytes =
      [UInt8](littleEndian: [hint])
      + (try zlib([UInt8](littleEndian: [3, 1, 1, 0, 0, 0, 0] as [UInt32])))
    #expect(try decode(bytes)?.mask.width == 1)
  }

  @Test("Objects that cover the mask again and again are refused")
  func endlessOverlap() throws {
    let runs = [[UInt32]](repeating: [0, 1, 0, 1 << 20], count: 200).flatMap(\.self)
    let object: [UInt32] = [1, 0, 0, 0, 0, 0, 200, 0, 0] + runs
    let bytes = try chunk(words: [3, 1 << 20, 1, 1, 0, 0, 0] + object)
    let mask = try #require(try decode(bytes)).mask
    #expect(throws: ND2Error.self) { try mask.labelImage() }
  }

  @Test("Hostile bytes never trap")
  func hostile() throws {
    let source = SampleFile.Mask(width: 9, height: 6) { x, y in UInt32((x / 3 + y) % 3) }
    let good = try RunLengthMask.chunk(source)
    func check(_ bytes: [UInt8]) {
      guard let result = try? decode(bytes) else { return }
      let image = try? result.mask.labelImage()
      for object in result.mask.objects { _ = result.mask.measure(object) }
      _ = image?.regions
    }
    for bytes in HostileBytes.prefixes(of: good) { check(bytes) }
    for bytes in HostileBytes.flips(of: good) { check(bytes) }
    let inflated = [UInt8](littleEndian: RunLengthMask.encode(source, version: 3))
    for bytes in HostileBytes.prefixes(of: inflated) { check([0, 0, 0, 0] + (try zlib(bytes))) }
    for bytes in HostileBytes.flips(of: inflated, step: 4) {
      check([0, 0, 0, 0] + (try zlib(bytes)))
    }
  }
}

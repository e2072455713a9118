import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

/// Files with bytes missing, put in, zeroed or doubled, at many places: every frame that is whole is
/// found, and none that is not is given as sound where that can be known.
@Suite("Damaged files")
struct DamagedFileTests {
  static let sample: SampleFile = {
    var sample = SampleFile(
      width: 40, height: 25, channels: [.init("a"), .init("b")],
      loops: [.time(count: 3), .zStack(count: 2)])
    sample.flaws.writesEarlyAttributes = true
    return sample
  }()

  static let options: ReadingOptions = {
    var options = ReadingOptions()
    options.frameShape = FrameShape(width: 40, height: 25, componentCount: 2)
    return options
  }()

  /// The sound file and where its frames are, from header to the end of the data.
  private static func sound() throws -> (bytes: [UInt8], frames: [Range<Int>]) {
    let bytes = try sample.bytes()
    let places = try ChunkPlaces(of: bytes)
    return (
      bytes,
      try (0..<sample.frameCount).map { index in
        let place = try places.frame(index)
        return place.headerOffset..<(place.dataOffset + place.byteCount)
      }
    )
  }

  /// Checks that every whole frame has its pixels, and that others are not given as sound.
  private static func check(
    _ damaged: TracedBytes, _ frames: [Range<Int>], _ what: String, tellsAll: Bool = true
  ) throws {
    let file: ND2File
    do {
      file = try ND2File(reading: MemorySource(damaged.bytes), options: options)
    } catch {
      // Without any frame there may be nothing to open.
      #expect(!frames.contains { damaged.holdsWhole($0) }, "\(what): \(error)")
      return
    }
    for (index, range) in frames.enumerated() {
      let isWhole = damaged.holdsWhole(range)
      guard index < max(file.frameCount, file.storedFrameBound) else {
        #expect(!isWhole, "\(what), frame \(index)")
        continue
      }
      let pixels = ArrayReadingTests.bytes(try file.readStoredFrame(index))
      let isRight = pixels == sample.packedFrame(index)
      if isWhole { #expect(isRight, "\(what), frame \(index)") }
      guard tellsAll, !isRight else { continue }
      let name = ChunkName.frame(index)
      #expect(
        file.diagnostics.contains { $0.severity == .damage && $0.location.chunk == name },
        "\(what), frame \(index) is given as sound")
    }
  }

  private static let distances = [
    1, 7, 16, 24, 512, 1000, 2000, 4095, 4096, 4097, 8192, 10_000, 20_000,
  ]

  @Test("a file that ends at any place keeps the frames in front of it")
  func truncated() throws {
    let (bytes, frames) = try Self.sound()
    for length in stride(from: 4096, to: bytes.count, by: 331) {
      var damaged = TracedBytes(bytes)
      damaged.truncate(at: length)
      try Self.check(damaged, frames, "cut at \(length)")
    }
  }

  @Test("bytes missing anywhere cost only what they lay in", arguments: distances)
  func cut(count: Int) throws {
    let (bytes, frames) = try Self.sound()
    for position in stride(from: 4096, to: bytes.count, by: 1237) {
      var damaged = TracedBytes(bytes)
      damaged.cut(position..<(position + count))
      // Whole chunks that are missing, or whole blocks behind which others fit, cannot be known.
      try Self.check(
        damaged, frames, "\(count) bytes missing at \(position)", tellsAll: count % 4096 != 0)
    }
  }

  @Test("bytes put in anywhere cost only what they were put into", arguments: distances)
  func inserted(count: Int) throws {
    let (bytes, frames) = try Self.sound()
    var random = Randomness(seed: UInt64(count))
    let noise = random.bytes(count)
    for position in stride(from: 4096, to: bytes.count, by: 1237) {
      var damaged = TracedBytes(bytes)
      damaged.insert(noise, at: position)
      try Self.check(
        damaged, frames, "\(count) bytes put in at \(position)", tellsAll: count % 4096 != 0)
    }
  }

  @Test("bytes that are zero or come twice cost only what they lie in", arguments: distances)
  func zeroedAndDoubled(count: Int) throws {
    let (bytes, frames) = try Self.sound()
    for position in stride(from: 4096, to: bytes.count, by: 1237) {
      var zeroed = TracedBytes(bytes)
      zeroed.zero(position..<(position + count))
      // Zeros may be pixels.
      try Self.check(
        zeroed, frames, "\(count) zeros at \(position)", tellsAll: false)
      var doubled = TracedBytes(bytes)
      doubled.duplicate(position..<(position + count))
      try Self.check(
        doubled, frames, "\(count) bytes doubled at \(position)", tellsAll: count % 4096 != 0)
    }
  }

  @Test("several damages at once")
  func several() throws {
    let (bytes, frames) = try Self.sound()
    var random = Randomness(seed: 2026)
    for round in 0..<400 {
      var damaged = TracedBytes(bytes)
      var what = "round \(round):"
      for _ in 0..<random.int(2..<5) {
        let position = random.int(4096..<max(4097, damaged.bytes.count))
        let count = Self.distances[random.int(0..<Self.distances.count)]
        let kind = random.int(0..<5)
        what += " \(kind)@\(position)×\(count)"
        switch kind {
        case 0: damaged.cut(position..<(position + count))
        case 1: damaged.insert(random.bytes(count), at: position)
        case 2: damaged.zero(position..<(position + count))
        case 3: damaged.duplicate(position..<(position + count))
        default: damaged.truncate(at: max(4096, damaged.bytes.count - count))
        }
      }
      try Self.check(damaged, frames, what, tellsAll: false)
    }
  }

  @Test("a header inside pixels is no chunk, whatever is missing around it")
  func headerInPixels() throws {
    var tricky = SampleFile(width: 64, height: 64, loops: [.time(count: 4)])
    let other = try tricky.bytes()
    let place = try ChunkPlaces(of: other).frame(3)
    let fake = Array(other[place.headerOffset..<(place.headerOffset + 64)])
    var pixels = (0..<4).map { tricky.packedFrame($0) }
    for index in 0..<3 {
      let start = 2049 + index * 100
      pixels[index].replaceSubrange(start..<(start + 64), with: fake)
    }
    tricky.pixels = .packed(pixels)
    tricky.flaws.writesEarlyAttributes = true
    let bytes = try tricky.bytes()
    let frames = try ChunkPlaces(of: bytes)
    let first = try frames.frame(0)
    let second = try frames.frame(1)
    let damages: [(Damage, Set<Int>)] = [
      (.removeMap, []), (.cut(first.dataOffset + 40..<first.dataOffset + 140), [0]),
      (.insert([1, 2, 3], at: first.dataOffset + 40), [0]),
      (.overwrite([UInt8](repeating: 0, count: 64), at: second.headerOffset), [1]),
    ]
    for (damage, lost) in damages {
      let file = try ND2File(
        reading: MemorySource(Damage.removeMap.applied(to: damage.applied(to: bytes))))
      for index in 0..<4 where !lost.contains(index) {
        let read = ArrayReadingTests.bytes(try file.readStoredFrame(index))
        #expect(read == tricky.packedFrame(index), "\(damage), frame \(index)")
      }
    }
  }

  @Test("a map that is wrong about many frames is given up after a few searches")
  func wrongMapIsGivenUp() throws {
    var sample = SampleFile(width: 16, height: 16, loops: [.time(count: 500)])
    sample.flaws.mapEdit = { entries in
      for index in entries.indices where ChunkName.frameIndex(entries[index].name) != nil {
        entries[index].offset += 100
      }
    }
    let source = CountingByteSource(MemorySource(try sample.bytes()))
    let file = try ND2File(reading: source)
    for index in 0..<500 {
      let pixels = ArrayReadingTests.bytes(try file.readStoredFrame(index))
      #expect(pixels == sample.packedFrame(index))
    }
    // A search takes 200 kB; 500 of them would be 100 MB.
    #expect(source.byteCount(least: 0) < 6_000_000)
    #expect(file.diagnostics.contains { $0.severity == .damage })
  }

  @Test("attributes that are gone are inferred, or taken from the caller, or asked for")
  func noAttributes() throws {
    var sample = SampleFile(width: 20, height: 10, loops: [.time(count: 3)])
    sample.flaws.omittedChunks = ["ImageAttributesLV!", "ImageMetadataSeqLV|0!"]
    let source = try sample.source()
    let error = #expect(throws: ND2Error.self) { try ND2File(reading: source) }
    #expect(error?.message.contains("frameShape") == true)
    var options = ReadingOptions()
    options.frameShape = FrameShape(width: 20, height: 10)
    let file = try ND2File(reading: source, options: options)
    #expect(file.sizes.description.contains("T 3"))
    for index in 0..<3 {
      let pixels = ArrayReadingTests.bytes(try file.readStoredFrame(index))
      #expect(pixels == sample.packedFrame(index))
    }
  }

  @Test("a map of which a part is missing is replaced by a search")
  func shortMap() throws {
    let bytes = try Self.sample.bytes()
    let offset = try #require(ChunkMapParser.mapOffset(tail: bytes).flatMap { Int(exactly: $0) })
    var damaged = TracedBytes(bytes)
    damaged.cut((offset + 48 + 40)..<(offset + 48 + 200))
    let file = try ND2File(reading: MemorySource(damaged.bytes))
    #expect(file.storedFrameCount == 6)
    #expect(file.diagnostics.contains { $0.severity == .damage })
  }
}

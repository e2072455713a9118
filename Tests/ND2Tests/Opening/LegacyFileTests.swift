import ND2
import ND2Codecs
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite(
  "Files of version 1.0",
  .enabled(if: JPEG2000Decoder.isAvailable, "built without JPEG 2000"))
struct LegacyFileTests {
  static func sample() -> SampleFile {
    var sample = SampleFile(
      version: .v1_0, width: 40, height: 30, channels: [.init("phase"), .init("GFP")],
      loops: [
        .time(count: 2),
        .positions(
          .init([.init(x: 10, y: 20, z: 30), .init(x: -11, y: 21, z: 31)], usesZ: true)),
        .zStack(count: 3, stepUm: 0.5),
      ])
    sample.events = [.init(timeMs: 12.5, meaning: 7, description: "note", data: "Wait(2);")]
    return sample
  }

  /// Where a box begins.
  static func place(_ name: String, in bytes: [UInt8]) throws -> Int {
    let file = try ND2File(reading: MemorySource(bytes))
    return Int(try #require(file.chunks.first { $0.name == name }).offset)
  }

  @Test("Everything that newer files say is there")
  func metadata() throws {
    let sample = Self.sample()
    let file = try ND2File(reading: try sample.source())
    #expect(file.version == FormatVersion(major: 1, minor: 0))
    #expect(file.isLegacy)
    #expect(file.sizes == [.time: 2, .position: 2, .z: 3, .channel: 2, .y: 30, .x: 40])
    #expect(file.sampleType == .uint16)
    #expect(file.attributes.compressionType == .lossless)
    #expect(file.metadata.channels.map(\.channel.name) == ["phase", "GFP"])
    #expect(file.metadata.channels[0].microscope.objectiveMagnification == 20)
    #expect(file.voxelSize == VoxelSize(x: 0.325, y: 0.325, z: 0.5))
    #expect(file.experiment.map(\.type) == [.time, .xyPositions, .zStack])
    guard case .xyPositions(let positions) = file.experiment[1],
      case .zStack(let stack) = file.experiment[2]
    else {
      Issue.record("other loops")
      return
    }
    #expect(positions.parameters.points.map(\.stagePositionUm.x) == [10, -11])
    #expect(stack.parameters.homeIndex == 1)
    #expect(stack.parameters.bottomToTop)
    #expect(file.textInfo.description?.hasPrefix("Metadata:") == true)
    #expect(file.textInfo.optics == "Plan Apo λ 20x")
    #expect(file.acquisitionDate != nil)
    #expect(file.diagnostics.isEmpty)
  }

  @Test("Frames say when and where they were taken")
  func frames() throws {
    let sample = Self.sample()
    let file = try ND2File(reading: try sample.source())
    for index in [0, 4, 11] {
      #expect(try file.frameTime(index).relativeTimeMs == Double(index) * 100)
      let position = try file.framePosition(index).stagePositionUm
      #expect(position.x == (index / 3 % 2 == 0 ? 10 : -11))
      #expect(position.z == (index / 3 % 2 == 0 ? 30 : 31) + Double(index % 3 - 1) * 0.5)
      #expect(try file.frameMetadata(index).channels.count == 2)
    }
    #expect(try file.frameTimes() == (0..<12).map { Double($0) * 100 })
    let table = try file.framesTable()
    #expect(table["Z [µm]"]?.doubles?[3] == 30.5)
    #expect(try file.experimentEvents().first?.timeMs == 12.5)
    #expect(try file.events().rowCount == 13)
    #expect(try file.rois().isEmpty)
    #expect(try file.binaryLayers().isEmpty)
    #expect(try file.jobs() == nil)
    #expect(try file.recordedData().isEmpty)
    #expect(try file.customData() == .object([]))
    #expect(file.diagnostics.isEmpty)
  }

  @Test("Boxes are listed and can be read by name")
  func boxes() throws {
    let file = try ND2File(reading: try Self.sample().source())
    let names = file.chunks.map(\.name)
    #expect(names.starts(with: ["jP!", "ftyp!", "jp2h!", "LUNK|0!", "LUNK|1!"]))
    #expect(names.filter { $0.hasPrefix("LUNK|") }.count == 24)
    #expect(try file.chunk("LUNK|3").starts(with: [0xFF, 0x4F, 0xFF, 0x51]))
    #expect(try file.chunk("TINF!").starts(with: Array("<?xml".utf8)))
    #expect(try file.metadataTree(ofChunk: "ARTT")["AdvancedImageAttributes"] != nil)
    let raw = try file.unstructuredMetadata()
    #expect(raw["VIMD|5"]?["TimeMSec"]?.double == 500)
    #expect(raw["TINF"] != nil)
    #expect(raw["LUNK|0"] == nil)
    #expect(file.frameOffset(1) == file.chunks.first { $0.name == "LUNK|2!" }?.offset)
  }

  @Test("Parts, frames and lazy arrays are those of the whole")
  func parts() throws {
    for tileSide in [nil, 16] as [Int?] {
      var sample = Self.sample()
      sample.storage.tileSide = tileSide
      let file = try ND2File(reading: try sample.source())
      let box = ArraySelection(.time, 1).with(.channel, 1).with(.y, 5..<9).with(.x, 7..<30)
      let part = ArrayReadingTests.bytes(try file.read(box))
      #expect(
        part
          == ArrayReadingTests.expectedArray(
            sample, planes: [[1]], rows: 5..<9, columns: 7..<30, frames: Array(6..<12)))
      #expect(
        ArrayReadingTests.bytes(try file.read())
          == ArrayReadingTests.expectedArray(sample, planes: [[0], [1]]))
      #expect(ArrayReadingTests.bytes(try file.readStoredFrame(7)) == sample.packedFrame(7))
      #expect(
        ArrayReadingTests.bytes(try file.lazyArray()[.z, 2].compute())
          == ArrayReadingTests.bytes(try file.read(ArraySelection(.z, 2))))
      #expect(file.diagnostics.isEmpty)
    }
  }

  @Test("Colour is red, green, blue in the file and in the array")
  func colour() throws {
    var sample = SampleFile(
      version: .v1_0, width: 12, height: 7, sampleType: .uint8, channels: [.rgb()])
    sample.pixels = .computed { Double($0.component * 100 + $0.x) }
    let file = try ND2File(reading: try sample.source())
    #expect(file.isRGB)
    #expect(file.sizes == [.y: 7, .x: 12, .sample: 3])
    #expect(ArrayReadingTests.bytes(try file.read()) == sample.packedFrame(0))
    #expect(file.metadata.channels[0].channel.emissionLambdaNm == nil)
  }

  @Test("Asynchronous sources give the same, in few requests")
  func asynchronous() async throws {
    let sample = Self.sample()
    let source = SlowAsyncSource(CountingByteSource(MemorySource(try sample.bytes())))
    let file = try await ND2File(reading: source)
    let expected = ArrayReadingTests.expectedArray(sample, planes: [[0], [1]])
    #expect(ArrayReadingTests.bytes(try await file.read()) == expected)
    #expect(try await file.frameTime(3).relativeTimeMs == 300)
    #expect(try await file.frameTimes().count == 12)
  }

  @Test("Lossy images are read, and said to be lossy")
  func lossy() throws {
    var sample = SampleFile(version: .v1_0, width: 64, height: 64)
    sample.pixels = .computed { Double(1000 + $0.x * 3 + $0.y) }
    sample.storage.compression = .lossy(ratio: 10)
    let file = try ND2File(reading: try sample.source())
    #expect(file.attributes.compressionType == .lossy)
    let read = ArrayReadingTests.bytes(try file.read())
    let exact = sample.packedFrame(0)
    for index in stride(from: 0, to: read.count, by: 2) {
      let value = Int(read[index]) | Int(read[index + 1]) << 8
      let expected = Int(exact[index]) | Int(exact[index + 1]) << 8
      #expect(abs(value - expected) < 12)
    }
  }

  // MARK: - Damage

  @Test("Without a usable map the boxes are searched for", arguments: [true, false])
  func withoutMap(zeroTail: Bool) throws {
    var sample = Self.sample()
    sample.flaws.writesBoxMap = zeroTail
    let bytes = zeroTail ? try sample.bytes(with: .zeroTail) : try sample.bytes()
    let file = try ND2File(reading: MemorySource(bytes))
    #expect(!file.diagnostics.isEmpty)
    try OpeningTests.expectSound(file, sample)
    #expect(try file.frameTime(5).relativeTimeMs == 500)
  }

  @Test("Lines of 12 bytes are read too")
  func narrowMap() throws {
    var sample = Self.sample()
    sample.flaws.boxMapStride = 12
    let file = try ND2File(reading: try sample.source())
    try OpeningTests.expectSound(file, sample)
    #expect(file.diagnostics.isEmpty)
  }

  @Test("A codestream that is not in its place is searched for")
  func displaced() throws {
    let sample = Self.sample()
    var bytes = try sample.bytes()
    let place = try Self.place("LUNK|8!", in: bytes)
    // The line of the box in the map.
    var pattern = Array("LUNK".utf8)
    pattern.append(littleEndian: UInt64(place))
    let line = try #require((0..<bytes.count).last { bytes[$0...].starts(with: pattern) })
    bytes.replace(at: line + 4, littleEndian: UInt64(place + 5))
    let file = try ND2File(reading: MemorySource(bytes))
    try OpeningTests.expectSound(file, sample)
    #expect(!file.diagnostics.isEmpty)
  }

  @Test("A frame without its codestream is zeros, or an error when reading strictly")
  func missing() throws {
    var sample = Self.sample()
    sample.storedFrameCount = 10
    sample.flaws.omittedChunks = ["LUNK|19!"]
    let bytes = try sample.bytes()
    let file = try ND2File(reading: MemorySource(bytes))
    #expect(file.frameCount == 12)
    #expect(file.isMissing(frame: 11))
    #expect(!file.isMissing(frame: 9))
    let last = ArrayReadingTests.bytes(try file.readFrame(11))
    #expect(last.allSatisfy { $0 == 0 })
    let half = ArrayReadingTests.bytes(try file.readFrame(9))
    #expect(
      half.prefix(2400) == ArrayReadingTests.expectedArray(sample, planes: [[0]], frames: [9])[...])
    #expect(half.suffix(2400).allSatisfy { $0 == 0 })
    #expect(file.diagnostics.contains { $0.message.contains("frame 11") })
    var options = ReadingOptions()
    options.isStrict = true
    let strict = try ND2File(reading: MemorySource(bytes), options: options)
    #expect(throws: ND2Error.self) { try strict.readFrame(11) }
    #expect(throws: Never.self) { try strict.readFrame(0) }
  }

  @Test("A damaged codestream costs its own channel only")
  func damagedCodestream() throws {
    let sample = Self.sample()
    var bytes = try sample.bytes()
    let place = try Self.place("LUNK|2!", in: bytes)
    // Another size than the file's.
    bytes[place + 8 + 11] ^= 1
    let file = try ND2File(reading: MemorySource(bytes))
    let frame = ArrayReadingTests.bytes(try file.readFrame(1))
    #expect(frame.prefix(2400).allSatisfy { $0 == 0 })
    #expect(
      Array(frame.suffix(2400))
        == ArrayReadingTests.expectedArray(sample, planes: [[1]], frames: [1]))
    #expect(!file.diagnostics.isEmpty)
    try OpeningTests.expectFrame(file, sample, 2)
  }

  @Test("A file that was cut off in the midst of its images gives those that are there")
  func cut() throws {
    let sample = Self.sample()
    let whole = try sample.bytes()
    let bytes = Array(whole.prefix(try Self.place("LUNK|5!", in: whole) + 60))
    let file = try ND2File(reading: MemorySource(bytes))
    #expect(file.storedFrameCount == 6)
    // Nothing says that two of them are a frame.
    let first = ArrayReadingTests.bytes(try file.readFrame(1))
    #expect(first == ArrayReadingTests.expectedArray(sample, planes: [[1]], frames: [0]))
    _ = try file.readFrame(5)
    #expect(file.diagnostics.contains { $0.message.contains("frame 5") })
  }

  @Test("An ordinary JPEG 2000 picture is no ND2 file")
  func ordinary() throws {
    var sample = SampleFile(version: .v1_0, width: 8, height: 8)
    sample.flaws.writesBoxMap = false
    let bytes = try sample.bytes()
    let end = try Self.place("VIMD|0!", in: bytes)
    #expect {
      _ = try ND2File(reading: MemorySource(Array(bytes.prefix(end))))
    } throws: { error in
      (error as? ND2Error)?.code == .notAnND2File
    }
  }

  @Test("Without an experiment the text tells the loops, else the places of the frames")
  func withoutExperiment() throws {
    var sample = Self.sample()
    sample.flaws.omittedChunks = ["AIM1!"]
    let told = try ND2File(reading: try sample.source())
    #expect(told.sizes == [.time: 2, .position: 2, .z: 3, .channel: 2, .y: 30, .x: 40])
    sample.textInfo[.description] = "nothing"
    let inferred = try ND2File(reading: try sample.source())
    #expect(inferred.sizes == told.sizes)
    #expect(inferred.voxelSize.z == 0.5)
    try OpeningTests.expectSound(inferred, sample)
  }

  @Test("Opening takes few reads, and only those of the ends and the documents")
  func reads() throws {
    var sample = SampleFile(version: .v1_0, width: 300, height: 300, loops: [.time(count: 8)])
    sample.pixels = .computed { Double(($0.x &* 7919 &+ $0.y &* 104_729) % 65_521) }
    let bytes = try sample.bytes()
    #expect(bytes.count > 700_000)
    let source = CountingByteSource(MemorySource(bytes))
    let file = try ND2File(reading: source)
    #expect(source.byteCount() < 200_000)
    source.reset()
    _ = try file.readFrame(3)
    #expect(source.byteCount() < bytes.count / 6)
    #expect(source.mostReads(least: 1) == 1)
  }

  // MARK: - Hostile bytes

  @Test("Any byte changed, any length cut")
  func hostile() throws {
    var random = Randomness(seed: 1_0)
    var sample = SampleFile(
      version: .v1_0, width: 9, height: 6, channels: [.init("a"), .init("b")],
      loops: [.time(count: 2)])
    sample.events = [.init(timeMs: 5, meaning: 7)]
    let bytes = try sample.bytes()
    var opened = 0
    for position in HostileFileTests.interesting(bytes, stride: 7) {
      var damaged = bytes
      damaged[position] = random.oneIn(3) ? 0xFF : UInt8(truncatingIfNeeded: random.bits())
      if try HostileFileTests.exercise(damaged) { opened += 1 }
    }
    #expect(opened > 0)
    // Headers and the map, byte by byte.
    for position in Array(0..<300) + Array((bytes.count - 250)..<bytes.count) {
      for value in [0, 0xFF, 0x7F, 0x80] as [UInt8] {
        var damaged = bytes
        damaged[position] = value
        try HostileFileTests.exercise(damaged)
      }
    }
    for length in HostileFileTests.interesting(bytes, stride: 41) {
      try HostileFileTests.exercise(Array(bytes.prefix(length)))
    }
  }

  @Test("Numbers near the limits in the headers of boxes and images")
  func hostileNumbers() throws {
    let bytes = try SampleFile(version: .v1_0, width: 9, height: 6, loops: [.time(count: 2)])
      .bytes()
    for damaged in HostileBytes.numbers(of: Array(bytes.prefix(200)), step: 2) {
      try HostileFileTests.exercise(damaged + bytes.dropFirst(200))
    }
    let tail = Array(bytes.suffix(320))
    for damaged in HostileBytes.numbers(of: tail, step: 2) {
      try HostileFileTests.exercise(bytes.dropLast(320) + damaged)
    }
  }
}

import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Rescue of files")
struct FileRescueTests {
  private static let sample: SampleFile = {
    var sample = SampleFile(
      width: 31, height: 17, channels: [.init("a"), .init("b")],
      loops: [.time(count: 3), .zStack(count: 2)])
    sample.textInfo = [.description: "worth saving"]
    return sample
  }()

  /// Saves a file; gives the saved one and the report.
  static func rescue(
    _ bytes: [UInt8], _ change: (inout FileRescue.Options) -> Void = { _ in }
  ) throws -> (file: ND2File, report: RescueReport, bytes: [UInt8]) {
    var options = FileRescue.Options()
    change(&options)
    let sink = MemorySink()
    let report = try FileRescue(reading: MemorySource(bytes), options: options).write(to: sink)
    return (try ND2File(reading: MemorySource(sink.bytes)), report, sink.bytes)
  }

  /// Checks that a saved file is sound and has the pixels of all but the lost frames.
  static func expect(
    _ file: ND2File, _ sample: SampleFile, without lost: Set<Int> = []
  ) throws {
    #expect(!file.isSearched)
    #expect(!file.diagnostics.contains { $0.severity == .damage })
    #expect(try file.validate(deep: true).verdict != .damaged)
    for index in 0..<sample.frameCount where !lost.contains(index) {
      #expect(try stored(file, index) == sample.packedFrame(index), "frame \(index)")
    }
    for index in lost { #expect(file.isMissing(frame: index)) }
  }

  private static func stored(_ file: ND2File, _ index: Int) throws -> [UInt8] {
    try file.readStoredFrame(index).withUnsafeBytes { Array($0) }
  }

  @Test("a sound file is copied with all its chunks, and nothing is lost")
  func sound() throws {
    let saved = try Self.rescue(try Self.sample.bytes())
    try Self.expect(saved.file, Self.sample)
    #expect(saved.report.isComplete)
    #expect(saved.report.savedFrameCount == 6)
    #expect(saved.report.rebuiltChunks.isEmpty)
    #expect(saved.file.textInfo.description == "worth saving")
    let original = try ND2File(reading: try Self.sample.source())
    #expect(Set(saved.file.chunks.map(\.name)) == Set(original.chunks.map(\.name)))
    for chunk in original.chunks {
      #expect(try saved.file.chunk(chunk.name) == original.chunk(chunk.name))
    }
  }

  @Test("all files of the gallery are saved whole", arguments: Gallery.all.keys.sorted())
  func gallery(name: String) throws {
    let sample = try #require(Gallery.all[name])
    let saved = try Self.rescue(try sample.bytes())
    #expect(saved.report.isComplete, "\(saved.report)")
    let original = try ND2File(reading: try sample.source())
    for index in 0..<max(original.frameCount, original.storedFrameBound)
    where !original.isMissing(frame: index) {
      #expect(try Self.stored(saved.file, index) == Self.stored(original, index))
    }
    #expect(saved.file.sizes == original.sizes)
  }

  @Test(
    "a file without its map is saved whole",
    arguments: [Damage.removeMap, .zeroTail, .breakMapHeader, .mapOffset(7)])
  func noMap(damage: Damage) throws {
    let saved = try Self.rescue(try Self.sample.bytes(with: damage))
    try Self.expect(saved.file, Self.sample)
    #expect(saved.report.isComplete, "\(saved.report)")
  }

  @Test("bytes that are missing in a frame cost this frame, which is named")
  func cut() throws {
    let bytes = try Self.sample.bytes()
    let place = try ChunkPlaces(of: bytes).frame(2)
    let start = place.dataOffset + 500
    let saved = try Self.rescue(Damage.cut(start..<(start + 2345)).applied(to: bytes))
    try Self.expect(saved.file, Self.sample, without: [2])
    #expect(saved.report.lostFrames.map(\.index) == [2])
    #expect(!saved.report.isComplete)
    #expect(saved.report.lostFrames.first?.offset == UInt64(place.headerOffset))
  }

  @Test("a frame in which or behind which bytes are missing is kept and called doubtful")
  func doubtful() throws {
    let bytes = try Self.sample.bytes()
    let start = try ChunkPlaces(of: bytes).frame(2).dataOffset + 500
    // The fill behind the frame is larger than what is missing, so that both may be.
    let saved = try Self.rescue(Damage.cut(start..<(start + 1234)).applied(to: bytes))
    #expect(saved.report.doubtfulFrames.map(\.index) == [2])
    #expect(saved.report.lostFrames.isEmpty)
    #expect(!saved.report.isComplete)
    #expect(saved.file.storedFrameCount == 6)
  }

  @Test("a frame whose header is gone is named by the old map")
  func header() throws {
    let bytes = try Self.sample.bytes()
    let place = try ChunkPlaces(of: bytes).frame(4)
    let zeros = [UInt8](repeating: 0, count: 30)
    let saved = try Self.rescue(Damage.overwrite(zeros, at: place.headerOffset).applied(to: bytes))
    try Self.expect(saved.file, Self.sample, without: [4])
    #expect(saved.report.lostFrames.map(\.index) == [4])
    #expect(!saved.report.gaps.isEmpty)
  }

  @Test("of a frame that is cut off the rows that are there can be kept")
  func partial() throws {
    var sample = Self.sample
    sample.flaws.writesEarlyAttributes = true
    let bytes = try sample.bytes()
    let place = try ChunkPlaces(of: bytes).frame(4)
    let row = sample.rowByteCount
    let cut = Array(bytes[..<(place.dataOffset + 8 + row * 5 + 3)])
    let without = try Self.rescue(cut)
    #expect(without.report.lostFrames.map(\.index) == [4])
    #expect(without.file.storedFrameCount == 4)
    let with = try Self.rescue(cut) { $0.keepsPartialFrames = true }
    #expect(with.report.partialFrames.map(\.index) == [4])
    #expect(with.file.storedFrameCount == 5)
    let pixels = try Self.stored(with.file, 4)
    let kept = sample.packedRowByteCount * 5
    #expect(Array(pixels[..<kept]) == Array(sample.packedFrame(4)[..<kept]))
    #expect(pixels[kept...].allSatisfy { $0 == 0 })
    // The early attributes said that there are no frames.
    #expect(with.report.rebuiltChunks == ["ImageAttributesLV!"])
    #expect(with.file.attributes.sequenceCount == 5)
  }

  @Test(
    "attributes that are gone are written anew",
    arguments: [SampleFile.Version.v3_0, .v2_1], [true, false])
  func attributes(version: SampleFile.Version, isCompressed: Bool) throws {
    var sample = Self.sample
    sample.version = version
    if isCompressed { sample.storage.compression = .lossless }
    sample.flaws.omittedChunks = Set(ChunkName.attributes)
    let bytes = try sample.bytes(with: .removeMap)
    let saved = try Self.rescue(bytes) {
      $0.frameShape = FrameShape(width: 31, height: 17, componentCount: 2)
    }
    try Self.expect(saved.file, sample)
    #expect(saved.report.rebuiltChunks.count == 1)
    #expect(saved.file.version == FormatVersion(major: version.major, minor: version.minor))
  }

  @Test("without attributes and anything that tells the size nothing is written")
  func unknownSize() throws {
    var sample = Self.sample
    sample.flaws.omittedChunks = ["ImageAttributesLV!", "ImageMetadataSeqLV|0!"]
    let folder = try TemporaryDirectory()
    let path = try folder.write(try sample.bytes(), as: "in.nd2")
    let error = #expect(throws: ND2Error.self) {
      try FileRescue(reading: try FileSource(path: path)).write(to: folder.file("out.nd2"))
    }
    #expect(error?.code == .invalidRequest)
    #expect(error?.message.contains("shape") == true)
    #expect(folder.fileNames == ["in.nd2"])
  }

  @Test("a file whose beginning is gone is saved")
  func noSignature() throws {
    let zeros = [UInt8](repeating: 0xFF, count: 4096)
    let bytes = try Self.sample.bytes(with: .overwrite(zeros, at: 0))
    try Self.expect(try Self.rescue(bytes).file, Self.sample)
  }

  @Test("frames with name fields of any size get the usual one", arguments: [16, 36, 4071, 9000])
  func nameFields(size: Int) throws {
    var sample = Self.sample
    sample.flaws.frameNameField = size
    let saved = try Self.rescue(try sample.bytes())
    try Self.expect(saved.file, sample)
    for index in 0..<6 {
      let offset = Int(try #require(saved.file.frameOffset(index)))
      #expect(Array(saved.bytes[(offset + 4)..<(offset + 8)]) == [0xE8, 0x0F, 0, 0])
    }
  }

  @Test("of nothing, of noise and of other files nothing is written")
  func nothing() throws {
    var random = Randomness(seed: 4)
    for bytes in [[], random.bytes(100), random.bytes(100_000), Array("II*\0".utf8)] {
      let sink = MemorySink()
      let error = #expect(throws: ND2Error.self) {
        try FileRescue(reading: MemorySource(bytes)).write(to: sink)
      }
      #expect(error?.code == .notAnND2File)
      #expect(sink.bytes.isEmpty)
    }
    let head = try Array(Self.sample.bytes()[..<12_000])
    #expect(throws: ND2Error.self) {
      try FileRescue(reading: MemorySource(head)).write(to: MemorySink())
    }
  }

  @Test("the input is never replaced, an output only when that is allowed")
  func names() throws {
    let folder = try TemporaryDirectory()
    let bytes = try Self.sample.bytes(with: .removeMap)
    let path = try folder.write(bytes, as: "in.nd2")
    var options = FileRescue.Options()
    options.overwrites = true
    let rescue = FileRescue(reading: try FileSource(path: path), options: options)
    #expect(throws: ND2Error.self) { try rescue.write(to: path) }
    #expect(try folder.read("in.nd2") == bytes)
    var shares: [Double] = []
    let report = try rescue.write(to: folder.file("out.nd2")) { shares.append($0) }
    #expect(report.byteCount == UInt64(try folder.read("out.nd2").count))
    #expect(shares.last == 1)
    let careful = FileRescue(reading: try FileSource(path: path))
    #expect(throws: ND2Error.self) { try careful.write(to: folder.file("out.nd2")) }
    #expect(folder.fileNames == ["in.nd2", "out.nd2"])
  }

  @Test("files damaged at random are saved as sound files, or refused with an error")
  func random() throws {
    let bytes = try Self.sample.bytes()
    Randomness.repeated(150) { random in
      var damaged = bytes
      for _ in 0..<random.int(1..<4) {
        let position = random.int(0..<damaged.count)
        let count = random.int(1..<9000)
        damaged =
          switch random.int(0..<3) {
          case 0: Damage.cut(position..<(position + count)).applied(to: damaged)
          case 1: Damage.insert(random.bytes(count), at: position).applied(to: damaged)
          default:
            Damage.overwrite(random.bytes(count), at: position).applied(to: damaged)
          }
      }
      let sink = MemorySink()
      do {
        _ = try FileRescue(reading: MemorySource(damaged)).write(to: sink)
      } catch {
        #expect(error is ND2Error)
        return
      }
      do {
        let file = try ND2File(reading: MemorySource(sink.bytes))
        #expect(!file.isSearched)
        #expect(!(try file.validate().findings.contains { $0.code == "chunk.torn" }))
      } catch {
        Issue.record("the saved file does not open: \(error)")
      }
    }
  }

  // MARK: - Version 1.0

  @Test("files of version 1.0 get their list of boxes back")
  func legacy() throws {
    var sample = SampleFile(
      version: .v1_0, width: 24, height: 20, channels: [.init("a"), .init("b")],
      loops: [.time(count: 3)])
    sample.flaws.writesBoxMap = false
    let bytes: [UInt8]
    do {
      bytes = try sample.bytes()
    } catch let error as ND2Error where error.code == .unsupported {
      return  // Built without JPEG 2000.
    }
    let saved = try Self.rescue(bytes)
    #expect(saved.report.isComplete, "\(saved.report)")
    #expect(!saved.file.isSearched)
    #expect(saved.file.diagnostics.isEmpty)
    for index in 0..<3 {
      #expect(try Self.stored(saved.file, index) == sample.packedFrame(index))
    }
    let cut = try Self.rescue(Array(bytes[..<(bytes.count / 3)]))
    #expect(!cut.report.isComplete || cut.report.savedFrameCount < 6)
  }
}

import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Flaws on purpose")
struct FlawsTests {
  private var file: SampleFile {
    SampleFile(width: 16, height: 8, loops: [.time(count: 4)])
  }

  /// The lines of a file's map.
  private func map(_ bytes: [UInt8]) throws -> ChunkMap {
    let offset = try #require(ChunkMapParser.mapOffset(tail: bytes).flatMap { Int(exactly: $0) })
    return bytes[(offset + 48)...].withUnsafeBytes {
      ChunkMapParser.parse($0, at: 0, fileByteCount: UInt64(bytes.count)).map
    }
  }

  @Test("Trees can be edited below their roots, in both encodings")
  func edits() throws {
    for version in [SampleFile.Version.v2_1, .v3_0] {
      var file = file
      file.version = version
      file.flaws.edits[.attributes] = { $0.set("uiSequenceCount", .uint32(0)) }
      file.flaws.edits[.experiment] = { $0.remove("uLoopPars") }
      let bytes = try file.bytes()
      let places = try ChunkPlaces(of: bytes).places
      let names = version.major == 3 ? 0 : 1
      let attributes = try #require(places[ChunkName.attributes[names]])
      let root = try MetadataDecoder.decode(Array(bytes[attributes.dataRange])).root
      #expect((root["SLxImageAttributes"] ?? root)["uiSequenceCount"] == .uint32(0))
      let experiment = try #require(places[ChunkName.experiment[names]])
      let loops = try MetadataDecoder.decode(Array(bytes[experiment.dataRange])).root
      #expect((loops["SLxExperiment"] ?? loops)["uLoopPars"] == nil)
      #expect((loops["SLxExperiment"] ?? loops)["eType"] == .uint32(1))
    }
  }

  @Test("Version text and encoding can disagree")
  func versionAndEncoding() throws {
    var file = file
    file.flaws.versionText = "Ver2.1"
    let bytes = try file.bytes()
    #expect(FileSignature(bytes) == .modern(major: 2, minor: 1))
    #expect(try map(bytes)["ImageAttributesLV!"] != nil)
  }

  @Test("Map lines can have the offset for a size, be shifted, doubled and left out")
  func mapEdits() throws {
    let sound = try map(file.bytes())
    var file = file
    file.flaws.mapEdit = SampleFile.Flaws.sizesAreOffsets
    let sizes = try map(file.bytes())
    #expect(sizes.frames[2] == ChunkEntry(offset: sound.frames[2]?.offset ?? 0, byteCount: nil))
    #expect(sizes["ImageAttributesLV!"]?.byteCount == sound["ImageAttributesLV!"]?.byteCount)
    let from = try #require(sound.frames[2]?.offset)
    file.flaws.mapEdit = SampleFile.Flaws.shift(-24, from: from)
    let shifted = try map(file.bytes())
    #expect(shifted.frames[1]?.offset == sound.frames[1]?.offset)
    #expect(shifted.frames[2]?.offset == from - 24)
    file.flaws.mapEdit = { $0.append(.init(name: "ImageDataSeq|1!", offset: 0, byteCount: 5)) }
    let doubled = try map(file.bytes())
    #expect(doubled.frames[1] == sound.frames[1])
    file.flaws.mapEdit = { entries in entries.removeAll { $0.name == "ImageDataSeq|1!" } }
    #expect(try map(file.bytes()).frames[1] == nil)
  }

  @Test("Chunks can be left out, rewritten, and numbered from one")
  func chunks() throws {
    var file = file
    file.flaws.omittedChunks = ["ImageAttributesLV!", "CustomData|AcqTimesCache!"]
    file.flaws.rewrittenChunks = [.init("CustomData|X!", [1]), .init("CustomData|X!", [1, 2])]
    file.flaws.firstFrameNumber = 1
    let found = ChunkScan.run(over: try file.bytes()).map
    #expect(found["ImageAttributesLV!"] == nil)
    #expect(found["CustomData|AcqTimesCache!"] == nil)
    #expect(found["CustomData|X!"]?.byteCount == 2)
    #expect(found.frames.stored.map(\.index) == [1, 2, 3, 4])
  }

  @Test("Attributes in front of the frames are not listed once they are rewritten")
  func earlyAttributes() throws {
    var file = file
    file.flaws.writesEarlyAttributes = true
    let bytes = try file.bytes()
    #expect(try header(bytes, at: 4096) == "ImageAttributesLV!")
    #expect(try #require(map(bytes)["ImageAttributesLV!"]).offset > 40_000)
  }

  @Test("Name fields, stored bytes and gaps of single frames can be chosen")
  func frames() throws {
    var file = file
    file.flaws.frameNameFields = [1: 36]
    file.flaws.framePayloads = [2: [1, 2, 3]]
    file.flaws.gaps = [3: [UInt8](repeating: 0x55, count: 5000)]
    let bytes = try file.bytes()
    let places = try ChunkPlaces(of: bytes)
    let frames = try (0..<4).map { try places.frame($0) }
    #expect(frames[1].dataOffset - frames[1].headerOffset == 52)
    #expect(frames[0].dataOffset - frames[0].headerOffset == 4088)
    #expect(frames[2].byteCount == 11)
    #expect(frames[3].headerOffset - frames[2].headerOffset == 4096 * 4)
  }

  private func header(_ bytes: [UInt8], at offset: Int) throws -> String {
    try ChunkHeader(Array(bytes[offset..<(offset + 300)]), at: 0).name
  }
}

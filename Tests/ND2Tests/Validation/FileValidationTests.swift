import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Validation")
struct FileValidationTests {
  private static func sample() -> SampleFile {
    SampleFile(width: 24, height: 18, loops: [.time(count: 4)])
  }

  private static func validate(
    _ bytes: [UInt8], deep: Bool = false
  ) throws -> FileValidation {
    try ND2File(reading: MemorySource(bytes)).validate(deep: deep)
  }

  private static func codes(_ validation: FileValidation) -> Set<String> {
    Set(validation.findings.filter { $0.severity == .damage }.map(\.code))
  }

  @Test("a sound file has no findings")
  func sound() throws {
    for compression in [SampleFile.Storage.Compression.none, .lossless] {
      var sample = Self.sample()
      sample.storage.compression = compression
      let validation = try Self.validate(try sample.bytes(), deep: true)
      #expect(validation.findings.isEmpty)
      #expect(validation.verdict == .sound)
      #expect(validation.frameCount == 4)
      #expect(validation.decodedFrameCount == (compression == .none ? 0 : 4))
    }
  }

  @Test("no file of the gallery is damaged", arguments: Gallery.all.keys.sorted())
  func gallery(name: String) throws {
    let sample = try #require(Gallery.all[name])
    let validation = try Self.validate(try sample.bytes(), deep: true)
    #expect(validation.verdict != .damaged, "\(validation.findings)")
  }

  @Test("a map that is wrong about a chunk is damage, with the right place")
  func offsets() throws {
    var sample = Self.sample()
    sample.flaws.mapEdit = { entries in
      for index in entries.indices where entries[index].name == "ImageDataSeq|2!" {
        entries[index].offset += 64
      }
    }
    let validation = try Self.validate(try sample.bytes())
    #expect(validation.verdict == .damaged)
    let finding = validation.findings.first { $0.code == "map.offset" }
    #expect(finding?.frame == 2)
    #expect(finding?.chunk == "ImageDataSeq|2!")
    #expect(finding?.message.contains("lies at") == true)
  }

  @Test("a map that names too little, or wrong sizes, is noticed")
  func map() throws {
    var sample = Self.sample()
    sample.flaws.mapEdit = { $0.removeAll { $0.name == "ImageDataSeq|1!" } }
    #expect(Self.codes(try Self.validate(try sample.bytes())).contains("map.unlisted"))
    sample.flaws.mapEdit = { entries in
      for index in entries.indices { entries[index].byteCount += 8 }
    }
    let validation = try Self.validate(try sample.bytes())
    #expect(validation.findings.contains { $0.code == "map.size" })
  }

  @Test("frames that are cut off, or too small, are damage")
  func frames() throws {
    let bytes = try Self.sample().bytes()
    let place = try ChunkPlaces(of: bytes).frame(2)
    var early = Self.sample()
    early.flaws.writesEarlyAttributes = true
    let cutBytes = try early.bytes()
    let cutPlace = try ChunkPlaces(of: cutBytes).frame(2)
    let cut = try Self.validate(Array(cutBytes[..<(cutPlace.dataOffset + 100)]))
    #expect(Self.codes(cut).contains("chunk.torn"))
    var short = bytes
    short.replace(at: place.headerOffset + 8, littleEndian: UInt64(100))
    #expect(Self.codes(try Self.validate(short)).contains("frame.decode"))
  }

  @Test("compressed frames that do not inflate are damage; all are looked at when asked for")
  func compressed() throws {
    var sample = Self.sample()
    sample.loops = [.time(count: 9)]
    sample.storage.compression = .lossless
    var bytes = try sample.bytes()
    let place = try ChunkPlaces(of: bytes).frame(2)
    for position in (place.dataOffset + 30)..<(place.dataOffset + 60) { bytes[position] ^= 0x55 }
    let quick = try Self.validate(bytes)
    #expect(quick.decodedFrameCount == 3)
    #expect(quick.verdict == .sound)
    let deep = try Self.validate(bytes, deep: true)
    #expect(deep.decodedFrameCount == 9)
    #expect(deep.findings.map(\.frame) == [2])
    #expect(deep.findings.first?.code == "frame.decode")
  }

  @Test("metadata that cannot be decoded is damage")
  func metadata() throws {
    var sample = Self.sample()
    sample.flaws.dataEdits["ImageTextInfoLV!"] = { $0 = [UInt8](repeating: 0x33, count: 300) }
    let validation = try Self.validate(try sample.bytes())
    #expect(validation.findings.contains { $0.chunk == "ImageTextInfoLV!" })
    #expect(validation.verdict == .damaged)
  }

  @Test("frames that were never taken, and times that do not fit, are no damage")
  func notes() throws {
    var sample = Self.sample()
    sample.storedFrameCount = 3
    let stopped = try Self.validate(try sample.bytes())
    #expect(stopped.verdict == .usable)
    #expect(stopped.findings.contains { $0.code == "frames.missing" })
    var backwards = Self.sample()
    backwards.frameTimes = .list([0, 5, 3, 9])
    let times = try Self.validate(try backwards.bytes())
    #expect(times.verdict == .usable)
    #expect(times.findings.map(\.code) == ["times.order"])
  }

  @Test(
    "the samples beside the package are as their names say",
    .enabled(if: SampleCollection.isPresent))
  func samples() throws {
    for name in SampleCollection.names {
      let path = try #require(SampleCollection.path(name))
      let validation = try ND2File(path: path).validate(deep: true)
      #expect(
        (validation.verdict == .damaged) == name.hasPrefix("bad_"),
        "\(name): \(validation.findings)")
    }
  }

  @Test("long rows of findings of one kind are shortened")
  func many() throws {
    var sample = SampleFile(width: 8, height: 8, loops: [.time(count: 200)])
    sample.flaws.mapEdit = { entries in
      for index in entries.indices where ChunkName.frameIndex(entries[index].name) != nil {
        entries[index].offset += 32
      }
    }
    let validation = try Self.validate(try sample.bytes())
    #expect(validation.findings.count < 60)
    #expect(validation.findings.contains { $0.message.contains("150 more") })
  }
}

import ND2
import ND2TestSupport
import ND2Writer
import Testing

/// Opening sound, odd and damaged files, and what it costs.
struct OpeningTests {
  static func sample() -> SampleFile {
    SampleFile(
      width: 20, height: 10, channels: [SampleFile.Channel("a"), SampleFile.Channel("b")],
      loops: [.time(count: 3), .zStack(count: 2)])
  }

  /// Every frame of a file equals what was written.
  static func expectSound(_ file: ND2File, _ sample: SampleFile) throws {
    #expect(file.frameCount == sample.frameCount)
    for index in 0..<sample.frameCount { try expectFrame(file, sample, index) }
  }

  /// A frame of a file equals what was written.
  static func expectFrame(_ file: ND2File, _ sample: SampleFile, _ index: Int) throws {
    let frame = try file.readStoredFrame(index)
    #expect(ArrayReadingTests.bytes(frame) == sample.packedFrame(index), "frame \(index)")
  }

  @Test(
    "every modern version opens", arguments: [SampleFile.Version.v2_0, .v2_1, .v2_2, .v3_0])
  func everyModernVersionOpens(version: SampleFile.Version) throws {
    var sample = Self.sample()
    sample.version = version
    let file = try ND2File(reading: try sample.source())
    #expect(file.version.major == version.major)
    #expect(file.version.minor == version.minor)
    try Self.expectSound(file, sample)
    #expect(file.diagnostics.isEmpty)
  }

  @Test(
    "the encoding is told by the payload, whatever the version says",
    arguments: [SampleFile.Encoding.xml, .liteVariant, .compressedLiteVariant])
  func theEncodingIsToldByThePayloadWhateverThe(
    encoding: SampleFile.Encoding
  ) throws {
    var sample = Self.sample()
    sample.version = .v2_1
    sample.flaws.encoding = encoding
    try Self.expectSound(try ND2File(reading: try sample.source()), sample)
  }

  @Test(
    "pixels are found behind name fields of any size", arguments: [16, 17, 36, 4071, 4073, 9000])
  func pixelsAreFoundBehindNameFieldsOfAnySize(size: Int) throws {
    var sample = Self.sample()
    sample.flaws.frameNameField = size
    let file = try ND2File(reading: try sample.source())
    try Self.expectSound(file, sample)
    #expect(file.diagnostics.isEmpty)
  }

  @Test("a map that repeats offsets as sizes is believed about offsets only")
  func aMapThatRepeatsOffsetsAsSizesIsBelieved() throws {
    var sample = Self.sample()
    sample.flaws.mapEdit = SampleFile.Flaws.sizesAreOffsets
    let file = try ND2File(reading: try sample.source())
    try Self.expectSound(file, sample)
    #expect(file.diagnostics.isEmpty)
  }

  @Test(
    "chunks beside the place that the map names are found and reported",
    arguments: [Int64(-24), 7, 4096, -4096, 60_000])
  func chunksBesideThePlaceThatTheMapNamesAre(shift: Int64) throws {
    var sample = Self.sample()
    sample.flaws.mapEdit = SampleFile.Flaws.shift(shift)
    let file = try ND2File(reading: try sample.source())
    try Self.expectSound(file, sample)
    #expect(!file.diagnostics.isEmpty)
  }

  @Test(
    "a file without a usable map is searched",
    arguments: [
      Damage.zeroTail, .removeMap, .breakMapHeader, .mapOffset(.max), .mapOffset(4096),
    ])
  func aFileWithoutAUsableMapIsSearched(damage: Damage) throws {
    let sample = Self.sample()
    let file = try ND2File(reading: try sample.source(with: damage))
    try Self.expectSound(file, sample)
    #expect(file.diagnostics.contains { $0.severity == .damage })
  }

  @Test("bytes that are missing in the middle cost no more than the frame they lay in")
  func bytesThatAreMissingInTheMiddleCostNo() throws {
    let sample = Self.sample()
    let layout = try ChunkPlaces(of: try sample.bytes())
    let place = try layout.frame(2)
    let file = try ND2File(
      reading: try sample.source(with: .cut(place.dataOffset + 100..<place.dataOffset + 2100)))
    for index in 0..<sample.frameCount where index != 2 {
      let frame = try file.readStoredFrame(index)
      #expect(ArrayReadingTests.bytes(frame) == sample.packedFrame(index), "frame \(index)")
    }
  }

  @Test("of chunks of one name the one written last counts")
  func ofChunksOfOneNameTheOneWrittenLast() throws {
    var sample = Self.sample()
    sample.flaws.writesEarlyAttributes = true
    let file = try ND2File(reading: try sample.source())
    #expect(file.attributes.sequenceCount == 6)
    try Self.expectSound(file, sample)
  }

  @Test("frames that are numbered from one are found and reported")
  func framesThatAreNumberedFromOneAreFoundAnd() throws {
    var sample = Self.sample()
    sample.flaws.firstFrameNumber = 1
    let file = try ND2File(reading: try sample.source())
    try Self.expectSound(file, sample)
    #expect(!file.diagnostics.isEmpty)
  }

  @Test("frames whose compression is flagged wrongly are read all the same")
  func framesWhoseCompressionIsFlaggedWronglyAreReadAll() throws {
    for (compression, declared) in [
      (SampleFile.Storage.Compression.lossless, Int32(2)), (.none, 0), (.none, 1), (.lossless, 1),
    ] {
      var sample = Self.sample()
      sample.storage.compression = compression
      sample.flaws.declaredCompression = declared
      try Self.expectSound(try ND2File(reading: try sample.source()), sample)
    }
  }

  @Test("rows without the fill that the attributes speak of are read as they are")
  func rowsWithoutTheFillThatTheAttributesSpeakOf() throws {
    var sample = Self.sample()
    sample.storage.rowByteCount = 96
    sample.flaws.packsRows = true
    try Self.expectSound(try ND2File(reading: try sample.source()), sample)
  }

  @Test("opening takes two rounds and little more than the metadata")
  func openingTakesTwoRoundsAndLittleMoreThanThe() async throws {
    var sample = Self.sample()
    sample.width = 256
    sample.height = 256
    sample.loops = [.time(count: 40)]
    let source = CountingAsyncSource(try sample.bytes())
    let file = try await ND2File(reading: source)
    #expect(file.frameCount == 40)
    #expect(await source.roundCount <= 2)
    #expect(await source.byteTotal <= 512 << 10)
  }

  @Test("one frame of an open file takes one round")
  func oneFrameOfAnOpenFileTakesOneRound() async throws {
    let sample = Self.sample()
    let source = CountingAsyncSource(try sample.bytes())
    let file = try await ND2File(reading: source)
    let before = await source.roundCount
    _ = try await file.readFrame(1)
    #expect(await source.roundCount == before + 1)
  }

  @Test(
    "files of other kinds are named",
    arguments: [
      (Array("II*\0 and more".utf8), "TIFF"),
      (Array("version https://git-lfs.github.com".utf8), "LFS"),
      (Array("<!DOCTYPE html><html>".utf8), "HTML"), ([], "empty"),
    ])
  func filesOfOtherKindsAreNamed(bytes: [UInt8], word: String) throws {
    let error = #expect(throws: ND2Error.self) { try ND2File(reading: MemorySource(bytes)) }
    #expect(error?.code == .notAnND2File)
    #expect(error?.message.contains(word) == true)
  }

  @Test("a JPEG 2000 picture is told from a legacy file by its end", arguments: [100, 9000])
  func aJPEG2000PictureIsToldApart(size: Int) throws {
    let head: [UInt8] = [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A]
    let body = head + [UInt8](repeating: 7, count: size)
    let picture = #expect(throws: ND2Error.self) { try ND2File(reading: MemorySource(body)) }
    #expect(picture?.code == .notAnND2File)
    let tail = Array("LABORATORY IMAGING ND BOX MAP 00".utf8) + [UInt8](repeating: 0, count: 8)
    let legacy = #expect(throws: ND2Error.self) { try ND2File(reading: MemorySource(body + tail)) }
    #expect(legacy?.code == .malformed)
  }

  @Test("positions are found by their labels")
  func positionsAreFoundByTheirLabels() throws {
    var sample = Self.sample()
    sample.loops = [.positions(count: 3)]
    let file = try ND2File(reading: try sample.source())
    #expect(file.positionLabels == ["#1", "#2", "#3"])
    #expect(try file.positionIndex(named: "#2") == 1)
    let error = #expect(throws: ND2Error.self) { try file.positionIndex(named: "B07") }
    #expect(error?.message.contains("#1, #2, #3") == true)
  }

  @Test("a directory and a missing file are errors that name the path")
  func aDirectoryAndAMissingFileAreErrorsThat() throws {
    for path in ["/", "/nowhere/to/be/found.nd2"] {
      let error = #expect(throws: ND2Error.self) { try ND2File(path: path) }
      #expect(error?.code == .io)
      #expect(error?.location.file == path)
    }
  }
}

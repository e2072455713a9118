import ND2
import ND2Format
import Testing

@Suite struct ImageAttributesTests {
  private func decode(
    _ tree: MetadataValue, log: inout DiagnosticLog
  ) throws -> ImageAttributes {
    try ImageAttributesDecoder.decode(tree, channelCount: 2, log: &log)
  }

  private func decode(_ tree: MetadataValue) throws -> ImageAttributes {
    var log = DiagnosticLog()
    return try decode(tree, log: &log)
  }

  @Test("Decodes the same from the binary and the XML form") func decodesTheSameFromTheBinary()
    throws
  {
    let binary = try decode(chunk("SLxImageAttributes", smallAttributes))
    let xml = try decode(list([smallAttributes]))
    #expect(binary == xml)
    #expect(binary == (try decode(smallAttributes)))
    #expect(binary.widthPx == 38)
    #expect(binary.heightPx == 31)
    #expect(binary.componentCount == 2)
    #expect(binary.bitsPerComponentInMemory == 16)
    #expect(binary.bitsPerComponentSignificant == 12)
    #expect(binary.sequenceCount == 30)
    #expect(binary.widthBytes == 152)
    #expect(binary.channelCount == 2)
    #expect(binary.compressionType == nil)
    #expect(binary.compressionLevel == nil)
    #expect(binary.tileWidthPx == nil)
    #expect(binary.sampleType == .uint16)
  }

  @Test(
    "Honours the pixel type and takes 32 bits without one for float",
    arguments: [
      (0, 8, SampleType.int8), (0, 16, .int16), (0, 32, .int32), (1, 8, .uint8), (1, 16, .uint16),
      (1, 32, .uint32), (2, 32, .float32), (2, 64, .float64), (nil, 8, .uint8), (nil, 16, .uint16),
      (nil, 32, .float32), (nil, 64, .float64),
    ] as [(Int?, Int, SampleType)])
  func honoursThePixelTypeAndTakes(
    _ code: Int?, _ bits: Int, _ expected: SampleType
  ) throws {
    let tree = smallAttributes.with("ePixelType", code.map { .int32(Int32($0)) })
      .with("uiBpcInMemory", .int32(Int32(bits))).with("uiBpcSignificant", .int32(Int32(bits)))
    #expect(try decode(tree).sampleType == expected)
  }

  @Test("Reports as nd2 does on request") func reportsAsNd2DoesOnRequest() throws {
    let signed = try decode(smallAttributes.with("ePixelType", 0))
    #expect(signed.pixelDataType == .signed)
    #expect(signed.nd2Compatible.pixelDataType == .unsigned)
    #expect(signed.nd2CompatibleSampleType == .uint16)
    let wide = try decode(smallAttributes.with("uiBpcInMemory", 32))
    #expect(wide.sampleType == .uint32)
    #expect(wide.nd2CompatibleSampleType == .float32)
    #expect(wide.nd2Compatible.pixelDataType == .float)
  }

  @Test("Reads a pixel type that makes no sense by its bits and says so")
  func readsAPixelTypeThatMakes() throws {
    var log = DiagnosticLog()
    let attributes = try decode(smallAttributes.with("ePixelType", 2), log: &log)
    #expect(attributes.sampleType == .uint16)
    #expect(log.entries.count == 1)
  }

  @Test("Names compression and its parameter only for compressed frames")
  func namesCompressionAndItsParameterOnly() throws {
    let lossless = try decode(
      smallAttributes.with("eCompression", 0).with("dCompressionParam", 1.0))
    #expect(lossless.compressionType == .lossless)
    #expect(lossless.compressionLevel == 1)
    #expect(try decode(smallAttributes.with("eCompression", 1)).compressionType == .lossy)
    #expect(try decode(smallAttributes.with("eCompression", nil)).compressionType == nil)
    #expect(try decode(smallAttributes.with("eCompression", 77)).compressionType == nil)
  }

  @Test("Names tiles only when they are smaller than the image") func namesTilesOnlyWhenTheyAre()
    throws
  {
    let tiled = try decode(smallAttributes.with("uiTileWidth", 16))
    #expect(tiled.tileWidthPx == 16)
    #expect(tiled.tileHeightPx == 31)
    #expect(try decode(smallAttributes.with("uiTileHeight", 0)).tileWidthPx == nil)
  }

  @Test("Computes the distance of rows where it is missing or too small")
  func computesTheDistanceOfRowsWhere() throws {
    let odd = smallAttributes.with("uiWidth", 5).with("uiComp", 3).with("uiBpcInMemory", 8)
    #expect(try decode(odd.with("uiWidthBytes", nil)).widthBytes == 16)
    var log = DiagnosticLog()
    #expect(try decode(odd.with("uiWidthBytes", 7), log: &log).widthBytes == 16)
    #expect(log.entries.contains { $0.message.contains("rows of 7 bytes") })
    #expect(try decode(odd.with("uiWidthBytes", 128)).widthBytes == 128)
  }

  @Test(
    "Refuses sizes that cannot be", arguments: ["uiWidth", "uiHeight", "uiComp"])
  func refusesSizesThatCannotBe(_ name: String) throws {
    for value: MetadataValue in [0, .uint32(.max), .int32(-1), .double(.nan), "38"] {
      let error = #expect(throws: ND2Error.self) { try decode(smallAttributes.with(name, value)) }
      #expect(error?.message.contains(name) == true)
    }
  }

  @Test("Refuses a missing size") func refusesAMissingSize() {
    #expect(throws: ND2Error.self) { try decode(smallAttributes.with("uiWidth", nil)) }
    #expect(throws: ND2Error.self) { try decode(object([:])) }
    #expect(throws: ND2Error.self) { try decode(.string("no tree")) }
  }

  @Test("Refuses a frame that no file can hold") func refusesAFrameThatNoFile() {
    let huge = smallAttributes.with("uiWidth", 4_000_000).with("uiHeight", 4_000_000)
      .with("uiComp", 4000).with("uiWidthBytes", .uint32(.max))
    let error = #expect(throws: ND2Error.self) { try decode(huge) }
    #expect(error?.code == .limitExceeded)
  }

  @Test("Refuses bits that cannot be") func refusesBitsThatCannotBe() {
    for bits: MetadataValue in [0, 65, .uint32(.max), .int32(-16)] {
      #expect(throws: ND2Error.self) {
        try decode(
          smallAttributes.with("uiBpcInMemory", bits).with("uiBpcSignificant", bits))
      }
    }
  }

  @Test("Rounds bits in memory up and takes silly significant bits for all")
  func roundsBitsInMemoryUpAnd() throws {
    let rounded = try decode(smallAttributes.with("uiBpcInMemory", 12))
    #expect(rounded.bitsPerComponentInMemory == 16)
    #expect(rounded.bitsPerComponentSignificant == 12)
    let silly = try decode(smallAttributes.with("uiBpcSignificant", 400))
    #expect(silly.bitsPerComponentSignificant == 16)
    let absent = try decode(smallAttributes.with("uiBpcInMemory", nil))
    #expect(absent.bitsPerComponentInMemory == 16)
  }

  @Test("Row sizes of attributes that anyone can make do not trap")
  func rowSizesOfAttributesThatAnyone() {
    let attributes = ImageAttributes(
      widthPx: .max, heightPx: .max, componentCount: .max, bitsPerComponentInMemory: 16,
      bitsPerComponentSignificant: 16)
    #expect(attributes.rowByteCount == .max)
  }
}

@Suite struct ImageAttributesInferenceTests {
  private func setting(
    left: Int = 0, top: Int = 0, right: Int = 22, bottom: Int = 18, bits: Int = 16,
    binning: Double = 1
  ) -> MetadataValue {
    object([
      "uiModeFQ": 2,
      "pCameraSetting": object([
        "FormatQuality": object([
          "fmtDesc": object([
            "sizeSensorPixels": object(["cx": 2048, "cy": 2044]),
            "dBinningX": .double(binning), "dBinningY": .double(binning),
            "uiBpc": .uint32(UInt32(bits)),
          ]),
          "rectSensorUser": object([
            "left": .int32(Int32(left)), "top": .int32(Int32(top)),
            "right": .int32(Int32(right)), "bottom": .int32(Int32(bottom)),
          ]),
        ])
      ]),
    ])
  }

  private func infer(
    _ tree: MetadataValue, payload: Int, log: inout DiagnosticLog
  ) -> ImageAttributes? {
    ImageAttributesInference.infer(
      from: PictureMetadata(tree), payloadByteCount: payload, sequenceCount: 2, log: &log)
  }

  @Test("Finds the size that fits a stored frame") func findsTheSizeThatFitsA() {
    var log = DiagnosticLog()
    let found = infer(picture([plane("A")], settings: [setting()]), payload: 792, log: &log)
    #expect(found?.widthPx == 22)
    #expect(found?.heightPx == 18)
    #expect(found?.widthBytes == 44)
    #expect(found?.sampleType == .uint16)
    #expect(found?.sequenceCount == 2)
    #expect(log.entries.count == 1)
  }

  @Test("Counts from the corner of the part of the chip in use") func countsFromTheCornerOfThe() {
    var log = DiagnosticLog()
    let tree = picture(
      [plane("A")], settings: [setting(left: 100, top: 50, right: 123, bottom: 68)])
    // Rows of 23 pixels are filled up to 48 bytes.
    #expect(infer(tree, payload: 48 * 18, log: &log)?.widthPx == 23)
  }

  @Test("Tries binning, the whole chip and other numbers of bits")
  func triesBinningTheWholeChipAnd() {
    var log = DiagnosticLog()
    let binned = picture([plane("A")], settings: [setting(right: 44, bottom: 36, binning: 2)])
    #expect(infer(binned, payload: 792, log: &log)?.widthPx == 22)
    let whole = infer(
      picture([plane("A")], settings: [setting()]), payload: 2048 * 2 * 2044, log: &log)
    #expect(whole?.heightPx == 2044)
    let bytes = infer(
      picture([plane("A")], settings: [setting(bits: 12)]), payload: 24 * 18, log: &log)
    #expect(bytes?.bitsPerComponentInMemory == 8)
    #expect(bytes?.bitsPerComponentSignificant == 8)
  }

  @Test("Counts the components of all channels") func countsTheComponentsOfAllChannels() {
    var log = DiagnosticLog()
    let tree = picture([plane("RGB", components: 3), plane("M")], settings: [setting()])
    #expect(infer(tree, payload: 22 * 4 * 2 * 18, log: &log)?.componentCount == 4)
  }

  @Test("Finds nothing rather than something that does not fit")
  func findsNothingRatherThanSomethingThat() {
    var log = DiagnosticLog()
    let tree = picture([plane("A")], settings: [setting()])
    #expect(infer(tree, payload: 791, log: &log) == nil)
    #expect(infer(tree, payload: -1, log: &log) == nil)
    #expect(infer(object([:]), payload: 792, log: &log) == nil)
    let hostile = picture(
      [plane("A", components: Int(UInt32.max))],
      settings: [setting(left: -2_000_000_000, top: 5, right: Int(Int32.max), bottom: 1)])
    #expect(infer(hostile, payload: 792, log: &log) == nil)
    #expect(log.entries.isEmpty)
  }
}

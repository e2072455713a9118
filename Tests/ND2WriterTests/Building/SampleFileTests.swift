import ND2
import ND2Codecs
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Sample files")
struct SampleFileTests {
  /// The stored bytes of a frame, behind its time.
  private func payload(_ bytes: [UInt8], frame: Int) throws -> [UInt8] {
    let place = try ChunkPlaces(of: bytes).frame(frame)
    return Array(bytes[place.dataRange].dropFirst(8))
  }

  /// A decoded metadata chunk.
  private func tree(_ bytes: [UInt8], _ name: String) throws -> MetadataValue {
    let place = try ChunkPlaces(of: bytes).place(of: name)
    let decoded = try MetadataDecoder.decode(Array(bytes[place.dataRange]))
    #expect(decoded.problems.isEmpty)
    return decoded.root
  }

  @Test("Chunks lie in the order of real files")
  func chunkOrder() throws {
    let bytes = try SampleFile.demo(width: 16, height: 16, times: 2, slices: 1).bytes()
    let names = ChunkScan.run(over: bytes).map.inFileOrder.map(\.name)
    #expect(
      names == [
        "ImageMetadataLV!", "ImageCalibrationLV|0!", "ImageMetadataSeqLV|0!", "ImageDataSeq|0!",
        "ImageDataSeq|1!", "ImageTextInfoLV!", "CustomDataVar|CustomDataV2_0!",
        "CustomData|CameraTemp1!", "CustomData|PFS_STATUS!", "CustomData|X!", "CustomData|Y!",
        "CustomData|Z1!", "CustomDataVar|AppInfo_V1_0!", "CustomData|RoiMetadata_v1!",
        "CustomData|ExperimentEventsV1_0!", "CustomData|AcqTimesCache!",
        "CustomData|AcqTimes2Cache!", "CustomData|AcqFramesCache!", "ImageAttributesLV!",
      ])
  }

  @Test("Version 2 files have XML metadata under the older names")
  func version2() throws {
    let bytes = try SampleFile(version: .v2_1, loops: [.time(count: 2)]).bytes()
    #expect(FileSignature(bytes) == .modern(major: 2, minor: 1))
    let places = try ChunkPlaces(of: bytes)
    for name in ["ImageAttributes!", "ImageMetadata!", "ImageMetadataSeq|0!", "ImageTextInfo!"] {
      let place = try places.place(of: name)
      #expect(bytes[place.dataOffset...].starts(with: "<?xml".utf8), "\(name)")
    }
    let attributes = try tree(bytes, "ImageAttributes!")
    #expect(attributes["uiWidth"] == .uint32(32))
    #expect(attributes["ePixelType"] == nil)
  }

  @Test("Attributes say what is stored")
  func attributes() throws {
    var file = SampleFile(
      width: 5, height: 4, sampleType: .uint8, channels: [.rgb()], loops: [.time(count: 3)])
    file.significantBitCount = 7
    let attributes = try #require(
      try tree(file.bytes(), "ImageAttributesLV!")["SLxImageAttributes"])
    #expect(attributes["uiWidthBytes"] == .uint32(16))
    #expect(attributes["uiComp"] == .uint32(3))
    #expect(attributes["uiBpcInMemory"] == .int32(8))
    #expect(attributes["uiBpcSignificant"] == .int32(7))
    #expect(attributes["uiSequenceCount"] == .uint32(3))
    #expect(attributes["eCompression"] == .int32(2))
    #expect(attributes.fields.count == 13)
  }

  @Test("Rows are padded with zeros to the size that the attributes say")
  func rowPadding() throws {
    var file = SampleFile(width: 5, height: 2, sampleType: .uint8, channels: [.rgb()])
    let packed = file.packedFrame(0)
    #expect(packed.count == 30)
    #expect(
      try payload(file.bytes(), frame: 0) == packed[..<15] + [0] + packed[15...] + [0])
    file.flaws.packsRows = true
    #expect(try payload(file.bytes(), frame: 0) == packed)
    file.flaws.packsRows = false
    file.storage.rowByteCount = 20
    #expect(try payload(file.bytes(), frame: 0).count == 40)
  }

  @Test("Lossless frames inflate to the padded rows")
  func lossless() throws {
    var file = SampleFile(width: 5, height: 9, loops: [.time(count: 2)])
    let plain = try payload(file.bytes(), frame: 1)
    file.storage.compression = .lossless
    let stream = try payload(file.bytes(), frame: 1)
    let inflater = try Inflater()
    #expect(try stream.withUnsafeBytes { try inflater.inflate($0, limit: 10_000) } == plain)
    #expect(plain.count == 12 * 9)
  }

  @Test("Patterns differ between frames, components, rows and columns, and fit the type")
  func patterns() {
    for type in SampleType.allCases {
      let file = SampleFile(
        width: 6, height: 5, sampleType: type, channels: [.rgb(), .init("b")],
        loops: [.time(count: 3)])
      let frames = (0..<3).map { file.packedFrame($0) }
      #expect(Set(frames).count == 3)
      #expect(frames[0].count == 6 * 5 * 4 * type.byteCount)
      let planes = (0..<4).map { component in
        (0..<30).map { file.patternValue(frame: 0, component: component, x: $0 % 6, y: $0 / 6) }
      }
      #expect(Set(planes).count == 4)
      #expect(Set(planes[0]).count > 20, "\(type)")
    }
  }

  @Test("Values beyond a type are clamped, and NaN becomes zero in integers")
  func clamping() {
    var file = SampleFile(width: 6, height: 1, sampleType: .int16)
    let values = [-1e9, 1e9, .nan, .infinity, -0.6, 2.5]
    file.pixels = .computed { values[$0.x] }
    #expect(
      file.packedFrame(0) == [UInt8](littleEndian: [.min, .max, 0, .max, -1, 3] as [Int16]))
    file.sampleType = .uint8
    #expect(file.packedFrame(0) == [0, 255, 0, 255, 0, 3])
  }

  @Test("Frame indices run through the loops, the last one fastest")
  func loopIndices() {
    let file = SampleFile(
      loops: [
        .time(count: 2), .positions(.init([.init(), .init(isValid: false), .init()])), .spectral,
        .zStack(count: 3),
      ])
    #expect(file.frameCount == 12)
    #expect(file.loopIndices(ofFrame: 0) == [0, 0, 0, 0])
    #expect(file.loopIndices(ofFrame: 4) == [0, 1, 0, 1])
    #expect(file.loopIndices(ofFrame: 11) == [1, 1, 0, 2])
  }

  @Test("Missing frames have no chunk, and more or fewer frames than the loops say can be stored")
  func frameCounts() throws {
    var file = SampleFile(loops: [.time(count: 4)])
    file.missingFrames = [1]
    #expect(ChunkScan.run(over: try file.bytes()).map.frames.stored.map(\.index) == [0, 2, 3])
    file.missingFrames = []
    file.storedFrameCount = 6
    let bytes = try file.bytes()
    #expect(ChunkScan.run(over: bytes).map.frames.upperBound == 6)
    #expect(
      try tree(bytes, "ImageAttributesLV!")["SLxImageAttributes"]?["uiSequenceCount"]
        == .uint32(6))
  }

  @Test("Descriptions that contradict themselves are refused")
  func contradictions() {
    var bad = [SampleFile(width: 0), SampleFile(height: 0), SampleFile(channels: [])]
    var rows = SampleFile(width: 10)
    rows.storage.rowByteCount = 19
    bad.append(rows)
    var frames = SampleFile(width: 2, height: 2, loops: [.time(count: 2)])
    frames.pixels = .packed([[UInt8](repeating: 0, count: 8)])
    bad.append(frames)
    frames.pixels = .packed([[UInt8](repeating: 0, count: 8), [1]])
    bad.append(frames)
    for file in bad {
      let error = #expect(throws: ND2Error.self) { try file.bytes() }
      #expect(error?.code == .invalidRequest)
    }
  }

  @Test("Wells have the names of plates")
  func wellNames() {
    #expect(SampleFile.WellPlate.Well(row: 0, column: 0).name == "A1")
    #expect(SampleFile.WellPlate.Well(row: 7, column: 11).name == "H12")
    #expect(SampleFile.WellPlate.Well(row: 25, column: 0).name == "Z1")
    #expect(SampleFile.WellPlate.Well(row: 26, column: 47).name == "AA48")
  }

  @Test("Reduced images have the sizes of real files")
  func pyramid() throws {
    var file = SampleFile(width: 2102, height: 40, sampleType: .uint8)
    file.storage.writesPyramid = true
    file.pixels = .computed { Double($0.x & 7 + $0.y & 3) }
    let bytes = try file.bytes()
    let places = try ChunkPlaces(of: bytes)
    #expect(
      places.places.keys.filter { $0.contains("Downsampled") }.sorted() == [
        "CustomDataSeq|DownsampledColorData_1024|0!", "CustomDataSeq|DownsampledColorData_2048|0!",
      ])
    let first = try places.place(of: "CustomDataSeq|DownsampledColorData_2048|0!")
    let second = try places.place(of: "CustomDataSeq|DownsampledColorData_1024|0!")
    #expect(first.byteCount == 1052 * 20)
    // 1051 bytes a row, padded to 1052; then 525, padded to 528.
    #expect(second.byteCount == 528 * 10)
    // The mean of (0 + 1 + 1 + 2) and of (2 + 3 + 3 + 4).
    #expect(bytes[first.dataOffset] == 1)
    #expect(bytes[first.dataOffset + 1] == 3)
  }
}

import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Metadata of files that are written frame by frame")
struct StreamingMetadataTests {
  private let versions: [ND2FileDescription.Version] = [.v3_0, .v2_1]

  /// A description with something of everything.
  private func description(_ version: ND2FileDescription.Version) -> ND2FileDescription {
    var description = ND2FileDescription(
      version: version, width: 6, height: 4, sampleType: .uint8,
      channels: [.init("DAPI", excitationNm: 395, emissionNm: 460)],
      loops: [.time(count: 3, periodMs: 40)])
    description.recordedColumns = [
      .init(id: "CameraTemp1", description: "Temperature", unit: "°C"),
      .init(id: "PFS_STATUS", description: "PFS Status", kind: .integers),
      .init(id: "Note", description: "Note", kind: .strings),
      .init(id: "Whole", description: "Whole", values: .doubles([5, 6, 7])),
    ]
    description.maskLayers = [.init(id: 1, name: "cells", masks: [:])]
    description.rasterLayers = [
      .init(id: 2, name: "tiles", tileWidth: 4, tileHeight: 4, masks: [:])
    ]
    return description
  }

  private func frame(_ value: UInt8) -> [UInt8] { [UInt8](repeating: value, count: 24) }

  @Test("What comes with frames, and at any time before the end, is in the file")
  func everything() throws {
    for version in versions {
      let mask = ND2FileDescription.Mask(width: 6, height: 4) { x, y in x > 2 && y > 1 ? 9 : 0 }
      let bytes = try ND2FileWriter.bytes(description: description(version)) { writer in
        try writer.append(
          frame(1),
          record: FrameRecord(
            timeMs: 12.5, xUm: 100, yUm: -3, zUm: 7.25,
            values: ["CameraTemp1": -20.5, "PFS_STATUS": 1, "Note": "first µ"]))
        try writer.append(mask, toLayer: 1, frame: 0)
        try writer.append(ND2FileDescription.CustomChunk("CustomData|Mine!", [1, 2, 3]))
        try writer.append(ND2FileDescription.Event(timeMs: 20, meaning: 7, description: "drug"))
        try writer.append(frame(3), at: 2, record: FrameRecord(timeMs: 90, xUm: 102))
        try writer.append(mask, toRasterLayer: 2, frame: 2)
        try writer.append(
          frame(2), at: 1, record: FrameRecord(timeMs: 50, values: ["CameraTemp1": -20]))
        try writer.append(
          ND2FileDescription.Region(id: 3, shape: 3, centerX: 0.5, sizeX: 0.2, sizeY: 0.1))
        try writer.update {
          $0.textInfo[.author] = "A. Writer"
          $0.microscope.pixelSizeUm = 0.2
          $0.channels[0].name = "Hoechst"
        }
      }
      let file = try FrameLayoutTests.open(bytes)
      #expect(file.diagnostics.isEmpty, "\(file.diagnostics)")
      #expect(try file.frameTimes() == [12.5, 50, 90])
      #expect(file.textInfo.author == "A. Writer")
      #expect(file.voxelSize.x == 0.2)
      #expect(file.channelNames == ["Hoechst"])
      #expect(try file.rois().count == 1)

      let table = try file.events()
      #expect(table.events.map(\.timeMs) == [20])
      func column(_ title: String) -> [Double?] { table[title]?.doubles ?? [] }
      #expect(column("Temperature [°C]").compactMap { $0 }.filter { !$0.isNaN } == [-20.5, -20])
      #expect(column("X Coord [µm]").compactMap { $0 }.filter { !$0.isNaN } == [100, 102])
      #expect(column("Z Coord [µm]").compactMap { $0 }.filter { !$0.isNaN } == [7.25])
      #expect(column("Whole").compactMap { $0 }.filter { !$0.isNaN } == [5, 6, 7])
      #expect((table["Note"]?.strings ?? [])?.contains("first µ") == true)

      let layers = try file.binaryLayers()
      #expect(Set(layers.map(\.name)) == ["cells", "tiles"])
      for layer in layers {
        let (given, other) = layer.name == "cells" ? (0, 2) : (2, 0)
        #expect(try file.mask(of: layer, frame: given)?.labels == mask.objects)
        let none = try file.mask(of: layer, frame: other)?.labels ?? []
        #expect(none.allSatisfy { $0 == 0 })
      }
      let places = try ChunkPlaces(of: bytes)
      #expect(Array(bytes[try places.place(of: "CustomData|Mine!").dataRange]) == [1, 2, 3])
    }
  }

  @Test("Compressed trees are read like plain ones")
  func compressedTrees() throws {
    var options = ND2FileWriter.Options()
    options.compressesMetadata = true
    let bytes = try ND2FileWriter.bytes(description: description(.v3_0), options: options) {
      for value in 0..<3 { try $0.append(frame(UInt8(value))) }
    }
    let place = try ChunkPlaces(of: bytes).place(of: "ImageAttributesLV!")
    #expect(bytes[place.dataOffset...].starts(with: "LV0Z".utf8))
    let file = try FrameLayoutTests.open(bytes)
    #expect(file.sizes.shape == [3, 4, 6])
    #expect(file.channelNames == ["DAPI"])
  }

  @Test("A sample and the same file frame by frame hold the same chunks")
  func sameAsSample() throws {
    var sample = SampleFile.demo(width: 33, height: 20, times: 2, positions: 2, slices: 3)
    sample.storage.compression = .lossless
    sample.storage.writesPyramid = true
    let streamed = try ND2FileWriter.bytes(description: sample.description) { writer in
      for frame in 0..<sample.frameCount {
        try writer.append(
          sample.packedFrame(frame), layout: .stored,
          record: FrameRecord(timeMs: sample.timeMs(ofFrame: frame)))
      }
    }
    let whole = try sample.bytes()
    let (left, right) = (try ChunkPlaces(of: whole), try ChunkPlaces(of: streamed))
    #expect(Set(left.places.keys) == Set(right.places.keys))
    for (name, place) in left.places {
      let other = try right.place(of: name)
      #expect(whole[place.dataRange].elementsEqual(streamed[other.dataRange]), "\(name)")
    }
  }

  @Test("What contradicts the declaration is refused")
  func refusals() throws {
    let writer = try ND2FileWriter(MemorySink(), description: description(.v3_0))
    func refuses(_ part: String, _ body: () throws -> Void) {
      let error = #expect(throws: ND2Error.self) { try body() }
      #expect(error?.code == .invalidRequest)
      #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }
    refuses("'Nope'; declared: CameraTemp1, PFS_STATUS") {
      try writer.append(frame(1), record: FrameRecord(values: ["Nope": 1]))
    }
    refuses("is of type integer; given") {
      try writer.append(frame(1), record: FrameRecord(values: ["PFS_STATUS": 1.5]))
    }
    refuses("given as a whole") {
      try writer.append(frame(1), record: FrameRecord(values: ["Whole": 1.5]))
    }
    refuses("cannot change") { try writer.update { $0.width = 7 } }
    refuses("cannot change") { try writer.update { $0.loops = [.time(count: 4)] } }
    refuses("a chunk of that name") { try writer.append(.init("ImageAttributesLV!", [])) }
    refuses("a chunk of that name") { try writer.append(.init("ImageDataSeq|5!", [])) }
    refuses("a chunk's name") { try writer.append(.init("no mark", [])) }
    try writer.append(.init("CustomData|a!", []))
    refuses("a chunk of that name") { try writer.append(.init("CustomData|a!", [])) }
    let mask = ND2FileDescription.Mask(width: 6, height: 4)
    refuses("no layer") { try writer.append(mask, toLayer: 5, frame: 0) }
    refuses("no frame 3") { try writer.append(mask, toLayer: 1, frame: 3) }
    try writer.append(mask, toLayer: 1, frame: 0)
    refuses("already") { try writer.append(mask, toLayer: 1, frame: 0) }
    refuses("6 × 4 pixels; given: 3 × 4") {
      try writer.append(ND2FileDescription.Mask(width: 3, height: 4), toLayer: 1, frame: 1)
    }
    refuses("at least one frame") { try writer.finish() }
    try writer.append(frame(1))
    try writer.finish()
    refuses("is finished") { try writer.append(frame(1)) }
    refuses("is finished") { try writer.finish() }
  }

  @Test("Descriptions that contradict themselves are refused")
  func descriptions() {
    func refuses(_ change: (inout ND2FileDescription) -> Void) {
      var description = description(.v3_0)
      change(&description)
      #expect(throws: ND2Error.self) {
        try ND2FileWriter(MemorySink(), description: description)
      }
    }
    refuses { $0.width = 0 }
    refuses { $0.channels = [] }
    refuses { $0.version = .v1_0 }
    refuses { $0.significantBitCount = 9 }
    refuses { $0.storage.rowByteCount = 5 }
    refuses { $0.storage.compression = .lossy(ratio: 2) }
    refuses { $0.loops = [.positions(count: 0)] }
    refuses { $0.loops = [.positions(count: 2), .openEndedTime()] }
    refuses { $0.loops = [.openEndedTime(), .zStack(count: 0)] }
    refuses { $0.loops = [.time(count: .max), .zStack(count: 4)] }
    refuses { $0.recordedColumns.append($0.recordedColumns[0]) }
    refuses { $0.maskLayers.append($0.maskLayers[0]) }
    refuses { $0.customChunks = [.init("a!b!", [])] }
  }
}

import ND2
import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2Export

@Suite("OME documents of files")
struct OMEDocumentTests {
  private func document(
    _ sample: SampleFile, _ change: (inout OMEOptions) -> Void = { _ in }
  ) throws -> OMEDocument {
    var options = OMEOptions()
    change(&options)
    let file = try ND2File(reading: sample.source())
    return try OMEDocument(of: file, options: options)
  }

  @Test("Each stage position is an image with sizes, channels and planes")
  func positions() throws {
    let sample = SampleFile(
      width: 12, height: 6, channels: [.init("A"), .init("B")],
      loops: [.time(count: 2), .positions(count: 3), .zStack(count: 4)])
    let document = try document(sample)
    #expect(document.images.count == 3)
    for (index, image) in document.images.enumerated() {
      #expect(image.id == "Image:\(index)")
      #expect(image.pixels.sizeX == 12)
      #expect(image.pixels.sizeY == 6)
      #expect(image.pixels.sizeZ == 4)
      #expect(image.pixels.sizeC == 2)
      #expect(image.pixels.sizeT == 2)
      #expect(image.pixels.channels.map(\.name) == ["A", "B"])
      #expect(image.pixels.channels.map(\.id) == ["Channel:\(index):0", "Channel:\(index):1"])
      #expect(image.pixels.planes.count == 16)
      #expect(image.pixels.dimensionOrder == .xyczt)
      #expect(image.stageLabel != nil)
    }
  }

  @Test("The height of a plane is its own")
  func heights() throws {
    let sample = SampleFile(
      width: 4, height: 4,
      loops: [.zStack(.init(count: 5, stepUm: 1, type: 0, lowUm: -1, highUm: 3, homeUm: 0))])
    let file = try ND2File(reading: sample.source())
    let document = try OMEDocument(of: file)
    let heights = document.images[0].pixels.planes.compactMap(\.positionZUm)
    #expect(heights.count == 5)
    for (index, height) in heights.enumerated() {
      #expect(abs(height - (try file.framePosition(index)).stagePositionUm.z) < 1e-6)
    }
    #expect(Set(heights).count == 5)
    #expect(document.images[0].pixels.physicalSizeZUm == 1)
  }

  @Test("Planes of all images have directories of their own in one file")
  func directories() throws {
    let sample = SampleFile(
      width: 4, height: 4, channels: [.init("A"), .init("B")],
      loops: [.positions(count: 2), .time(count: 3)])
    let uuid = OME.UUID()
    let document = try document(sample) { $0.storage = .tiffFile(name: "a.ome.tif", uuid: uuid) }
    let data = document.images.flatMap(\.pixels.tiffData)
    #expect(data.map(\.ifd) == Array(0..<12))
    #expect(data.allSatisfy { $0.file == .init(name: "a.ome.tif", uuid: uuid) })
    #expect(data.prefix(4).map(\.firstC) == [0, 1, 0, 1])
    #expect(data.prefix(4).map(\.firstT) == [0, 0, 1, 1])
    #expect(document.xmlText().contains("<UUID FileName=\"a.ome.tif\">\(uuid)</UUID>"))
  }

  @Test("A file for each image counts its directories from zero")
  func severalFiles() throws {
    let sample = SampleFile(width: 4, height: 4, loops: [.positions(count: 2), .time(count: 3)])
    let files = (0..<2).map { OME.TiffData.File(name: "\($0).tif", uuid: .init()) }
    let document = try document(sample) { $0.storage = .tiffFiles(files) }
    for (image, file) in zip(document.images, files) {
      #expect(image.pixels.tiffData.map(\.ifd) == [0, 1, 2])
      #expect(image.pixels.tiffData.allSatisfy { $0.file == file })
    }
  }

  @Test("Coloured channels count three samples each")
  func colour() throws {
    let document = try document(
      SampleFile(
        width: 5, height: 9, sampleType: .uint8, channels: [.rgb()], loops: [.time(count: 2)]))
    let pixels = document.images[0].pixels
    #expect(pixels.sizeC == 3)
    #expect(pixels.channels.map(\.samplesPerPixel) == [3])
    #expect(pixels.channels[0].color == nil)
    #expect(pixels.planes.map(\.theC) == [0, 0])
  }

  @Test("Coloured beside plain channels become components")
  func mixed() throws {
    let document = try document(
      SampleFile(width: 9, height: 6, channels: [.rgb(), .init("GFP")]))
    let pixels = document.images[0].pixels
    #expect(pixels.sizeC == 4)
    #expect(pixels.channels.map(\.samplesPerPixel) == [1, 1, 1, 1])
    #expect(
      pixels.channels.map(\.name)
        == ["Brightfield Red", "Brightfield Green", "Brightfield Blue", "GFP"])
    #expect(pixels.channels[0].color == OME.Color(red: 255, green: 0, blue: 0))
  }

  @Test("A part of a file has the sizes and planes of the part")
  func parts() throws {
    let sample = SampleFile(
      width: 12, height: 6, channels: [.init("A"), .init("B"), .init("C")],
      loops: [.time(count: 5), .positions(count: 3), .zStack(count: 4)])
    let document = try document(sample) {
      $0.selection = ArraySelection(.time, 2..<4).with(.z, 1).with(.channel, 1..<3)
        .with(.x, 3..<10).with(.y, 2..<6)
      $0.positions = [2, 0]
    }
    #expect(document.images.count == 2)
    let pixels = document.images[0].pixels
    #expect(
      [pixels.sizeX, pixels.sizeY, pixels.sizeZ, pixels.sizeC, pixels.sizeT] == [7, 4, 1, 2, 2])
    #expect(pixels.channels.map(\.name) == ["B", "C"])
    #expect(pixels.planes.map(\.theT) == [0, 0, 1, 1])
    #expect(pixels.planes.map(\.theC) == [0, 1, 0, 1])
    #expect(pixels.planes.allSatisfy { $0.theZ == 0 })
  }

  @Test("Parts that the file does not have are refused")
  func wrongParts() throws {
    let sample = SampleFile(width: 12, height: 6, loops: [.time(count: 5), .positions(count: 2)])
    func refuses(_ change: (inout OMEOptions) -> Void) throws {
      #expect { try document(sample, change) } throws: {
        ($0 as? ND2Error)?.code == .invalidRequest
      }
    }
    try refuses { $0.selection = ArraySelection(.time, 3..<6) }
    try refuses { $0.selection = ArraySelection(.z, 1) }
    try refuses { $0.selection = ArraySelection(.time, 2..<2) }
    try refuses { $0.positions = [2] }
    try refuses { $0.positions = [] }
    try refuses { $0.positions = [1, 1] }
    try refuses { $0.positions = [-1] }
  }

  @Test("Loops that users defined become time points")
  func customLoops() throws {
    let document = try document(
      SampleFile(width: 4, height: 4, loops: [.custom(count: 3), .time(count: 2)]))
    #expect(document.images[0].pixels.sizeT == 6)
    #expect(document.images[0].pixels.planes.map(\.theT) == Array(0..<6))
  }

  @Test("Frames that are not stored have no plane, and are listed")
  func missingFrames() throws {
    var sample = SampleFile(width: 4, height: 4, loops: [.time(count: 4)])
    sample.missingFrames = [1, 2]
    let document = try document(sample) { $0.storage = .tiffFile(name: nil, uuid: nil) }
    #expect(document.images[0].pixels.planes.map(\.theT) == [0, 3])
    #expect(document.images[0].pixels.tiffData.count == 4)
    #expect(document.images[0].annotations == ["Annotation:0"])
    guard case .map(let map)? = document.annotations.first?.content else {
      Issue.record("no annotation")
      return
    }
    #expect(map["Count"] == "2")
    #expect(map["Frames"] == "T1 Z0, T2 Z0")
  }

  @Test("Optics and equipment are described")
  func optics() throws {
    var sample = try #require(Gallery.all["optics"])
    sample.microscope.objectiveName = "Plan Apo λ 60x Oil"
    sample.microscope.refractiveIndex = 1.515
    let document = try document(sample)
    let instrument = try #require(document.instruments.first)
    let objective = try #require(instrument.objectives.first)
    #expect(objective.correction == .planApo)
    #expect(objective.immersion == .oil)
    #expect(document.images[0].objectiveSettings?.medium == .oil)
    let channel = document.images[0].pixels.channels[0]
    #expect(channel.acquisitionMode == .laserScanningConfocal)
    #expect(channel.contrast == .fluorescence)
    #expect(channel.illumination == .epifluorescence)
    #expect(channel.emissionWavelengthNm == 525)
    #expect(channel.excitationWavelengthNm == 488)
    #expect(channel.pinholeSizeUm == 38.3)
    #expect(channel.color == OME.Color(red: 1, green: 250, blue: 3))
    #expect(document.images[0].pixels.planes[0].exposureMs == 12.5)
    #expect(instrument.detectors.count == 1)
    #expect(channel.detectorSettings?.id == "Detector:0")
  }

  @Test("Phase contrast and interference are not taken for bright field")
  func contrast() throws {
    let document = try document(
      SampleFile(
        width: 4, height: 4,
        channels: [
          .init("phase", modality: .phaseContrast),
          .init("dic", modality: .differentialInterference),
          .init("plain", modality: .brightfield),
        ]))
    let channels = document.images[0].pixels.channels
    #expect(channels.map(\.contrast) == [.phase, .dic, .brightfield])
    #expect(channels.allSatisfy { $0.illumination == .transmitted })
  }

  @Test("What is not calibrated has no size")
  func uncalibrated() throws {
    let document = try document(try #require(Gallery.all["uncalibrated"]))
    #expect(document.images[0].pixels.physicalSizeZUm == nil)
    #expect(!document.xmlText().contains("LensNA"))
  }

  @Test("The file's name names its only image")
  func names() throws {
    let bytes = try SampleFile(width: 4, height: 4).bytes()
    let file = try ND2File(reading: MemorySource(bytes, name: "folder.d/cells.1.nd2"))
    #expect(try OMEDocument(of: file).images[0].name == "cells.1")
  }

  @Test("Callers may change the document, or refuse it")
  func modification() throws {
    let sample = SampleFile(width: 4, height: 4)
    let changed = try document(sample) { $0.modify = { $0.images[0].name = "changed" } }
    #expect(changed.images[0].name == "changed")
    struct Refusal: Error {}
    #expect(throws: Refusal.self) { try document(sample) { $0.modify = { _ in throw Refusal() } } }
  }

  @Test("Everything that a file says can be kept, whatever characters it has")
  func unstructured() throws {
    var sample = SampleFile(width: 4, height: 4)
    sample.textInfo[.description] = "control \u{1}\u{B} <&>"
    sample.textInfo[.author] = "Ada"
    let document = try document(sample) { $0.includesUnstructuredMetadata = true }
    guard case .map(let map)? = document.annotations.last?.content else {
      Issue.record("no annotation")
      return
    }
    #expect(map.entries.count > 3)
    for entry in map.entries {
      #expect(throws: Never.self) { try JSONParser.parse(Array(entry.value.utf8)) }
    }
    #expect(document.experimenters.map(\.userName) == ["Ada"])
    #expect(!document.xml().contains { $0 < 0x20 && $0 != 0x0A })
  }

  @Test("Legacy files are described like all others")
  func legacy() throws {
    let name = try #require(Gallery.legacy.keys.sorted().first)
    let document = try document(try #require(Gallery.legacy[name]))
    #expect(!document.images[0].pixels.planes.isEmpty)
  }

  @Test("The asynchronous form gives the same")
  func asynchronous() async throws {
    let file = try ND2File(
      reading: SampleFile(width: 4, height: 4, loops: [.time(count: 3)]).source())
    let awaited = try await OMEDocument(of: file)
    #expect(awaited == (try blocking(file)))
  }

  private func blocking(_ file: ND2File) throws -> OMEDocument { try OMEDocument(of: file) }

  @Test("Temperatures of the sample are told, those of cameras are not")
  func environment() throws {
    func environment(_ column: SampleFile.RecordedColumn) throws -> OME.ImagingEnvironment? {
      var sample = SampleFile(width: 4, height: 4, loops: [.time(count: 2)])
      sample.recordedColumns = [column]
      return try document(sample).images[0].imagingEnvironment
    }
    let camera = try environment(
      .init(
        id: "CameraTemp1", description: "Camera 1 Temperature", unit: "°C", group: 2,
        values: .doubles([-5, -5])))
    #expect(camera == nil)
    let stage = try environment(
      .init(
        id: "StageTemp", description: "Stage Temperature", unit: "°C", values: .doubles([36, 38])))
    #expect(stage?.temperatureC == 37)
  }
}

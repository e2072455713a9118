import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Regions of interest")
struct ROIDecoderTests {
  private func decode(_ regions: [SampleFile.Region]) throws -> (ROICollection, DiagnosticLog) {
    var file = SampleFile(width: 40, height: 30, loops: [.positions(count: 3)])
    file.regions = regions
    var log = DiagnosticLog()
    let tree = try ChunkBox(file).tree(ChunkName.rois)
    return (ROIDecoder.decode(tree, log: &log), log)
  }

  @Test("All fields of a region are read")
  func fields() throws {
    var region = SampleFile.Region(
      id: 7, shape: 5, centerX: -0.5, centerY: 0.25, points: [.init(-0.05, -0.1), .init(0.1, 0.05)])
    region.label = "polygon é"
    region.guid = "{7}"
    region.interpretation = 4
    region.stimulationGroup = 3
    region.isLocked = true
    let (regions, log) = try decode([region])
    let read = try #require(regions[id: 7])
    #expect(read.info.shape == .polygon)
    #expect(read.info.interpretation == .stimulation)
    #expect(read.info.label == "polygon é")
    #expect(read.info.stimulationGroup == 3)
    #expect(read.info.isLocked)
    #expect(read.info.scope == .global)
    #expect(read.guid == "{7}")
    #expect(read.positionIndex == nil)
    let place = try #require(read.animationParameters.first)
    #expect(place.centerX == -0.5 && place.centerY == 0.25)
    #expect(place.extrudedShape.basePoints == [.init(x: -0.05, y: -0.1), .init(x: 0.1, y: 0.05)])
    #expect(log.entries.isEmpty)
  }

  @Test("Regions of single positions keep the index of their position")
  func positions() throws {
    var first = SampleFile.Region(id: 1, shape: 3)
    var second = SampleFile.Region(id: 2, shape: 3)
    first.position = 2
    second.position = nil
    let (regions, log) = try decode([first, second])
    #expect(regions.map(\.id) == [2, 1])
    #expect(regions[id: 1]?.positionIndex == 2)
    #expect(regions.regions(atPosition: 0).map(\.id) == [2])
    #expect(regions.regions(atPosition: 2).map(\.id) == [2, 1])
    #expect(log.entries.isEmpty)
  }

  @Test("Numbers that are not known are kept and have a name")
  func unknownNumbers() throws {
    let (regions, _) = try decode([SampleFile.Region(id: 1, shape: 99)])
    #expect(regions[0].info.shape.rawValue == 99)
    #expect(regions[0].info.shape.description == "Unknown(99)")
    #expect(ROI.Shape.polyLine.description == "PolyLine")
    #expect(ROI.Interpretation.background.description == "BackgroundROI")
    #expect(ROI.Scope.position.description == "MPoint")
  }

  @Test("What the file does not say has the values that other readers give")
  func defaults() {
    var log = DiagnosticLog()
    let tree = MetadataValue.object([
      "RoiMetadata_v1": .object([
        "m_vectGlobal_Size": .int32(1),
        "m_vectGlobal_0": .object(["m_uiId": .uint32(4), "m_sInfo": .object([:])]),
      ])
    ])
    let region = ROIDecoder.decode(tree, log: &log)[0]
    #expect(region == ROI(id: 4))
    #expect(region.info.color == 255 && region.info.componentCount == 2)
    #expect(region.info.bitsPerComponent == 16 && region.info.scope == .global)
  }

  @Test("Regions that are missing or have no id are left out and reported")
  func missingRegions() {
    var log = DiagnosticLog()
    let tree = MetadataValue.object([
      "RoiMetadata_v1": .object([
        "m_vectGlobal_Size": .int32(3),
        "m_vectGlobal_0": .object(["m_sInfo": .object([:])]),
        "m_vectGlobal_2": .object(["m_uiId": .uint32(4), "m_sInfo": .object([:])]),
      ])
    ])
    #expect(ROIDecoder.decode(tree, log: &log).map(\.id) == [4])
    #expect(log.entries.count == 2)
  }

  @Test("An enormous number of regions costs nothing")
  func enormousCount() {
    var log = DiagnosticLog()
    let tree = MetadataValue.object([
      "RoiMetadata_v1": .object([
        "m_vectGlobal_Size": .int32(.max), "m_vect2PerMPoint_Size": .int32(.max),
      ])
    ])
    #expect(ROIDecoder.decode(tree, log: &log).isEmpty)
  }

  @Test("Of several regions of one id the last is found by id, and all are listed")
  func duplicateIDs() throws {
    var second = SampleFile.Region(id: 1, shape: 4)
    second.label = "second"
    let (regions, _) = try decode([SampleFile.Region(id: 1, shape: 3), second])
    #expect(regions.count == 2)
    #expect(regions[id: 1]?.info.label == "second")
    #expect(try JSONValue(encoding: regions).members.count == 1)
  }

  @Test("JSON has the names that other readers use, and the position only where there is one")
  func json() throws {
    var local = SampleFile.Region(id: 2, shape: 3)
    local.position = 1
    let (regions, _) = try decode([SampleFile.Region(id: 1, shape: 4, sizeX: 0.5), local])
    let json = try JSONValue(encoding: regions)
    #expect(json.members.map(\.name) == ["1", "2"])
    #expect(json["1"]?.members.map(\.name) == ["id", "info", "guid", "animParams"])
    #expect(json["2"]?["positionIndex"] == 1)
    #expect(
      json["1"]?["info"]?.members.map(\.name) == [
        "shapeType", "interpType", "cookie", "color", "label", "stimulationGroup", "scope",
        "appData", "multiFrame", "locked", "compCount", "bpc", "autodetected",
        "gradientStimulation", "gradientStimulationBitDepth", "gradientStimulationLo",
        "gradientStimulationHi",
      ])
    #expect(
      json["1"]?["animParams"]?.elements.first?.members.map(\.name) == [
        "timeMs", "enabled", "centerX", "centerY", "centerZ", "rotationZ", "boxShape",
        "extrudedShape",
      ])
    #expect(try json.decode() == regions)
  }

  @Test("Hostile bytes never trap")
  func hostile() throws {
    var file = SampleFile(width: 4, height: 3, loops: [.positions(count: 2)])
    var local = SampleFile.Region(id: 2, shape: 5, points: [.init(0, 1)])
    local.position = 1
    file.regions = [SampleFile.Region(id: 1, shape: 3), local]
    let bytes = try #require(try ChunkBox(file)[ChunkName.rois])
    func check(_ bytes: [UInt8]) {
      var log = DiagnosticLog()
      guard let tree = try? MetadataDecoder.decode(bytes).root else { return }
      _ = ROIDecoder.decode(tree, log: &log)
    }
    for damaged in HostileBytes.prefixes(of: bytes) { check(damaged) }
    for damaged in HostileBytes.flips(of: bytes, step: 3) { check(damaged) }
    for damaged in HostileBytes.numbers(of: bytes, step: 7) { check(damaged) }
  }
}

@Suite("Geometry of regions")
struct ROIGeometryTests {
  private func parameters(
    centerX: Double, centerY: Double, sizeX: Double = 0, sizeY: Double = 0,
    points: [ROI.Point] = []
  ) -> ROI.AnimationParameters {
    var result = ROI.AnimationParameters()
    result.centerX = centerX
    result.centerY = centerY
    result.boxShape = .init(sizeX: sizeX, sizeY: sizeY)
    result.extrudedShape.basePoints = points
    return result
  }

  @Test("The centre is counted from the middle of the image in halves of its size")
  func center() {
    let corner = parameters(centerX: -1, centerY: 1)
    #expect(corner.centerInPixels(imageWidth: 100, imageHeight: 60) == .init(x: 0, y: 60))
    let middle = parameters(centerX: 0, centerY: 0.5)
    #expect(middle.centerInPixels(imageWidth: 100, imageHeight: 60) == .init(x: 50, y: 45))
  }

  @Test("A box of size 2 covers the image")
  func boxes() {
    let whole = parameters(centerX: 0, centerY: 0, sizeX: 2, sizeY: 2)
    #expect(
      whole.boundingBoxInPixels(imageWidth: 100, imageHeight: 60)
        == .init(x: 0, y: 0, width: 100, height: 60))
  }

  @Test("Points are counted from the centre of the region")
  func points() {
    let shape = parameters(
      centerX: 0, centerY: 0, points: [.init(x: -0.5, y: 0), .init(x: 0.5, y: -0.2)])
    #expect(
      shape.pointsInPixels(imageWidth: 100, imageHeight: 100)
        == [.init(x: 25, y: 50), .init(x: 75, y: 40)])
    #expect(
      shape.boundingBoxInPixels(imageWidth: 100, imageHeight: 100)
        == .init(x: 25, y: 40, width: 50, height: 10))
  }

  @Test("A moving region stands where its last step put it")
  func animation() {
    var (first, second) = (parameters(centerX: 0, centerY: 0), parameters(centerX: 1, centerY: 0))
    first.timeMs = 10
    second.timeMs = 20
    let region = ROI(id: 1, animationParameters: [first, second])
    #expect(region.animationParameters(atMs: 0)?.centerX == 0)
    #expect(region.animationParameters(atMs: 19.9)?.centerX == 0)
    #expect(region.animationParameters(atMs: 20)?.centerX == 1)
    #expect(ROI(id: 2).animationParameters(atMs: 0) == nil)
  }
}

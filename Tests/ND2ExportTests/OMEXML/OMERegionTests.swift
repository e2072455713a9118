import ND2
import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2Export

@Suite("Regions and plates of OME documents")
struct OMERegionTests {
  private func document(
    _ sample: SampleFile, _ change: (inout OMEOptions) -> Void = { _ in }
  ) throws -> OMEDocument {
    var options = OMEOptions()
    change(&options)
    return try OMEDocument(of: try ND2File(reading: sample.source()), options: options)
  }

  private func sample(_ regions: SampleFile.Region...) -> SampleFile {
    var sample = SampleFile(width: 40, height: 30, loops: [.time(count: 3)])
    sample.regions = regions
    return sample
  }

  @Test("Shapes are in pixels from the top left corner")
  func shapes() throws {
    let document = try document(
      sample(
        .init(id: 1, shape: 3, sizeX: 0.5, sizeY: 1),
        .init(id: 2, shape: 4, centerX: -0.5, centerY: 0.5, sizeX: 0.5, sizeY: 0.2),
        .init(id: 3, shape: 5, points: [.init(-0.5, 0), .init(0.5, 0), .init(0, 1)]),
        .init(id: 4, shape: 7, points: [.init(-1, -1), .init(1, 1)]),
        .init(id: 5, shape: 8, points: [.init(-1, -1), .init(0, 0), .init(1, -1)]),
        .init(id: 6, shape: 2, centerX: 1, centerY: -1)))
    #expect(
      document.rois.map { $0.shapes[0].form } == [
        .rectangle(x: 15, y: 7.5, width: 10, height: 15),
        .ellipse(x: 10, y: 22.5, radiusX: 5, radiusY: 1.5),
        .polygon([.init(x: 10, y: 15), .init(x: 30, y: 15), .init(x: 20, y: 30)]),
        .line(from: .init(x: 0, y: 0), to: .init(x: 40, y: 30)),
        .polyline([.init(x: 0, y: 0), .init(x: 20, y: 15), .init(x: 40, y: 0)]),
        .point(.init(x: 40, y: 0)),
      ])
    #expect(document.images[0].rois == document.rois.map(\.id))
    #expect(document.xmlText().contains("Points=\"10,15 30,15 20,30\""))
  }

  @Test("A crop moves the shapes")
  func crop() throws {
    let document = try document(sample(.init(id: 1, shape: 2))) {
      $0.selection = ArraySelection(.x, 5..<35).with(.y, 10..<30)
    }
    #expect(document.rois[0].shapes[0].form == .point(.init(x: 15, y: 5)))
  }

  @Test("A region that moves has a shape for each time point")
  func moving() throws {
    var region = SampleFile.Region(id: 1, shape: 2, centerX: -1)
    var later = region.keyFrames[0]
    later.centerX = 1
    later.timeMs = 1
    region.keyFrames.append(later)
    let document = try document(sample(region))
    let shapes = document.rois[0].shapes
    #expect(shapes.map(\.theT) == [0, 1, 2])
    #expect(shapes[0].form != shapes[2].form)
    #expect(Set(shapes.map(\.id)).count == 3)
  }

  @Test("Regions of one position belong to its image only")
  func ofPosition() throws {
    let document = try document(try #require(Gallery.all["regions"]))
    #expect(document.images[0].rois == ["ROI:0"])
    #expect(document.images[1].rois == ["ROI:0", "ROI:1"])
    let second = try self.document(try #require(Gallery.all["regions"])) { $0.positions = [1] }
    #expect(second.images.map(\.rois) == [["ROI:0", "ROI:1"]])
    let without = try self.document(try #require(Gallery.all["regions"])) {
      $0.includesROIs = false
    }
    #expect(without.rois.isEmpty)
  }

  @Test("A rotation about the centre leaves the centre in its place")
  func rotation() {
    let transform = OME.Shape.Transform.rotation(by: 0.5, around: .init(x: 20, y: 15))
    let x = transform.a00 * 20 + transform.a01 * 15 + transform.a02
    let y = transform.a10 * 20 + transform.a11 * 15 + transform.a12
    #expect(abs(x - 20) < 1e-12)
    #expect(abs(y - 15) < 1e-12)
  }

  @Test("Wells refer to the images that were taken in them")
  func plate() throws {
    let document = try document(try #require(Gallery.all["jobs_and_plate"]))
    let plate = try #require(document.plates.first)
    #expect(plate.name == "96 Well Plate")
    #expect(plate.rowCount == 8)
    #expect(plate.columnCount == 12)
    #expect(plate.rowNaming == .letter)
    #expect(plate.columnNaming == .number)
    #expect(plate.wells.map { [$0.row, $0.column] } == [[0, 0], [7, 11]])
    let samples = plate.wells.flatMap(\.samples)
    #expect(samples.map(\.image) == ["Image:0", "Image:1"])
    #expect(samples.map(\.index) == [0, 1])
    #expect(plate.acquisitions.first?.samples == samples.map(\.id))
    let second = try self.document(try #require(Gallery.all["jobs_and_plate"])) {
      $0.positions = [1]
    }
    #expect(second.plates[0].wells.map { [$0.row, $0.column] } == [[7, 11]])
    #expect(second.plates[0].wells[0].samples.map(\.image) == ["Image:0"])
  }

  @Test("Names of objectives tell correction and medium")
  func objectives() {
    #expect(EquipmentName.correction("Plan Fluor 10x Ph1 DLL") == .planFluor)
    #expect(EquipmentName.correction("Apo LWD 25x NA1.10 W DIC N2") == .apo)
    #expect(EquipmentName.correction("S Fluor 40x") == .superFluor)
    #expect(EquipmentName.correction("3x") == nil)
    #expect(EquipmentName.immersion("Plan Apo VC 60x WI DIC N2") == .water)
    #expect(EquipmentName.immersion("Plan Apo λ 100x Oil") == .oil)
    #expect(EquipmentName.immersion("Plan Apo λ 20x") == nil)
    #expect(EquipmentName.medium(ofIndex: 1.33) == .water)
    #expect(EquipmentName.medium(ofIndex: -1) == nil)
  }
}

import ND2
import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2Export

@Suite(
  "OME documents and the published schema",
  .enabled(if: PeerPython.isPresent, "needs the programs of scripts/setup-peers"))
struct OMESchemaTests {
  @Test("Documents of files of every kind are valid")
  func gallery() throws {
    let directory = try TemporaryDirectory()
    let uuid = OME.UUID()
    var paths: [String] = []
    for (name, sample) in Gallery.all.sorted(by: { $0.key < $1.key }) {
      let file = try ND2File(reading: sample.source())
      var options = OMEOptions()
      options.includesUnstructuredMetadata = true
      let plain = try OMEDocument(of: file, options: options)
      paths.append(try directory.write(plain.xml(), as: "\(name).xml"))
      options.storage = .tiffFile(name: "\(name).ome.tif", uuid: uuid)
      options.modify = { $0.uuid = uuid }
      let tiff = try OMEDocument(of: file, options: options)
      paths.append(try directory.write(tiff.xml(), as: "\(name)-tiff.xml"))
    }
    let outcome = try #require(PeerPython.shared).run(
      script: "validate_ome.py", arguments: paths)
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(outcome.output.contains("\(paths.count) documents, 0 refused"))
  }

  @Test("Every value of every enumeration is in the schema")
  func enumerations() throws {
    var document = OMEDocument(uuid: OME.UUID(), creator: "test")
    var instrument = OME.Instrument(id: "Instrument:0")
    instrument.lightSources = [
      OME.LightSource.Kind.laser(wavelengthNm: 488), .arc, .filament, .lightEmittingDiode, .generic,
    ].enumerated().map { OME.LightSource(id: "LightSource:\($0)", kind: $1) }
    instrument.detectors = OME.Detector.Kind.allCases.enumerated().map {
      OME.Detector(id: "Detector:\($0)", kind: $1)
    }
    for correction in OME.Objective.Correction.allCases {
      var objective = OME.Objective(id: "Objective:\(instrument.objectives.count)")
      objective.correction = correction
      instrument.objectives.append(objective)
    }
    for immersion in OME.Objective.Immersion.allCases {
      var objective = OME.Objective(id: "Objective:\(instrument.objectives.count)")
      objective.immersion = immersion
      instrument.objectives.append(objective)
    }
    instrument.filters = OME.Filter.Kind.allCases.enumerated().map {
      OME.Filter(id: "Filter:\($0)", kind: $1)
    }
    instrument.dichroics = [OME.Dichroic(id: "Dichroic:0")]
    var set = OME.FilterSet(id: "FilterSet:0")
    set.path.excitationFilters = ["Filter:0", "Filter:1"]
    set.path.dichroic = "Dichroic:0"
    set.path.emissionFilters = ["Filter:2"]
    instrument.filterSets = [set]
    document.instruments = [instrument]
    for kind in OME.Microscope.Kind.allCases {
      var other = OME.Instrument(id: "Instrument:\(document.instruments.count)")
      other.microscope = OME.Microscope(kind: kind)
      document.instruments.append(other)
    }
    func add(_ pixels: OME.Pixels) {
      var pixels = pixels
      let number = document.images.count
      pixels.id = "Pixels:\(number)"
      document.images.append(OME.Image(id: "Image:\(number)", pixels: pixels))
    }
    for order in OME.DimensionOrder.allCases {
      add(.init(id: "", dimensionOrder: order, type: .uint8, sizeX: 1, sizeY: 1))
    }
    for type in OME.PixelType.allCases { add(.init(id: "", type: type, sizeX: 1, sizeY: 1)) }
    var pixels = OME.Pixels(id: "", type: .uint8, sizeX: 1, sizeY: 1)
    func addChannel(_ change: (inout OME.Channel) -> Void) {
      var channel = OME.Channel(id: "Channel:0:\(pixels.channels.count)")
      change(&channel)
      pixels.channels.append(channel)
    }
    for value in OME.Channel.AcquisitionMode.allCases { addChannel { $0.acquisitionMode = value } }
    for value in OME.Channel.Contrast.allCases { addChannel { $0.contrast = value } }
    for value in OME.Channel.Illumination.allCases { addChannel { $0.illumination = value } }
    for value in OME.DetectorSettings.Binning.allCases {
      addChannel {
        $0.detectorSettings = OME.DetectorSettings(id: "Detector:0")
        $0.detectorSettings?.binning = value
        $0.detectorSettings?.readOutRateMHz = 10
        $0.lightSourceSettings = .init(id: "LightSource:0", attenuation: 0.5, wavelengthNm: 488)
        $0.filterSet = "FilterSet:0"
        $0.lightPath = set.path
      }
    }
    add(pixels)
    for medium in OME.ObjectiveSettings.Medium.allCases {
      add(.init(id: "", type: .uint8, sizeX: 1, sizeY: 1))
      document.images[document.images.count - 1].objectiveSettings = .init(
        id: "Objective:0", medium: medium, refractiveIndex: 1.33)
    }
    var environment = OME.ImagingEnvironment()
    (environment.temperatureC, environment.airPressureMbar) = (37, 1013)
    (environment.humidity, environment.co2Fraction) = (0.9, 0.05)
    environment.map = OME.Map([.init("a", "b")])
    document.images[0].imagingEnvironment = environment
    var shape = OME.Shape(id: "Shape:0:0", form: .label(.init(x: 1, y: 2)))
    shape.fillColor = OME.Color(rgba: 1)
    shape.theC = 0
    document.rois = [OME.ROI(id: "ROI:0", name: "label", shapes: [shape])]
    document.annotations = [OME.Annotation(id: "Annotation:0", content: .comment("text"))]
    var plate = OME.Plate(id: "Plate:0", name: "plate")
    (plate.rowNaming, plate.columnNaming) = (.number, .letter)
    document.plates = [plate]

    let directory = try TemporaryDirectory()
    let path = try directory.write(document.xml(), as: "all.xml")
    let outcome = try #require(PeerPython.shared).run(
      script: "validate_ome.py", arguments: [path])
    #expect(outcome.status == 0, "\(outcome.output)")
  }
}

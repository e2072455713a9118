import ND2Format
import Testing

@testable import ND2

@Suite struct ImageMetadataTests {
  private func device(use: Int = 1, x: Int = 1, y: Int = -1) -> MetadataValue {
    object([
      "m_iXYUse0": .int32(Int32(use)), "m_iXOrientation0": .int32(Int32(x)),
      "m_iYOrientation0": .int32(Int32(y)), "m_sMicroscopeFullName": "Ti2",
    ])
  }

  private func matrix(_ values: [Double], columns: Int = 2) -> MetadataValue {
    let bytes = values.flatMap { value in
      (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(8 * $0)) }
    }
    return object(["Columns": .int32(Int32(columns)), "Rows": 2, "Data": .bytes(bytes)])
  }

  private func setting(_ device: MetadataValue?, _ matrix: MetadataValue? = nil) -> MetadataValue {
    object(["dExposureTime": 100.0]).with("pDeviceSetting", device)
      .with("matCameraToStage", matrix)
  }

  private func describe(
    _ picture: MetadataValue, experiment: MetadataValue? = nil, text: MetadataValue? = nil,
    calibration: MetadataValue? = nil, isND2Compatible: Bool = false
  ) throws -> ImageMetadata {
    var log = DiagnosticLog()
    return try ImageDescription(
      DescriptionChunks(
        attributes: smallAttributes, picture: chunk("SLxPictureMetadata", picture),
        experiment: experiment, textInfo: text, calibration: calibration),
      storedCount: 30, upperBound: 30, isND2Compatible: isND2Compatible, log: &log
    ).metadata
  }

  @Test("Combines channels, loops and attributes") func combinesChannelsLoopsAndAttributes() throws
  {
    let metadata = try describe(
      picture([plane("A"), plane("B")]), experiment: timeLoop(3, [zLoop(10, step: 0.5)]))
    #expect(metadata.contents == .init(channelCount: 2, frameCount: 30))
    let channel = metadata.channels[1]
    #expect(channel.channel.name == "B")
    #expect(channel.channel.index == 1)
    #expect(channel.channel.color == Color(r: 0, g: 255, b: 0))
    #expect(channel.loops == LoopIndices(timeLoop: 0, zStackLoop: 1))
    #expect(channel.volume.voxelCount == [38, 31, 10])
    #expect(channel.volume.axesCalibration == [0.5, 0.5, 0.5])
    #expect(channel.volume.axesCalibrated == [true, true, true])
    #expect(channel.volume.componentMaxima == [0])
    #expect(channel.volume.componentDataType == .unsigned)
    #expect(channel.acquisition.firstComponent == 1)
    #expect(channel.acquisition.rawModality == 0x101)
  }

  @Test("There are no places of loops without an experiment") func thereAreNoPlacesOfLoops() throws
  {
    #expect(try describe(picture([plane("A")])).channels[0].loops == nil)
  }

  @Test("Planes of files before 3.0 are read") func planesOfFilesBefore30() throws {
    var tree = picture([plane("A").with("uiModalityMask", nil).with("eModality", 4)])
    let planes = tree["sPicturePlanes"]?["sPlaneNew"]
    tree = tree.with("sPicturePlanes", object(["sPlane": planes ?? 0, "uiCount": 1]))
      .with("dPinholeRadius", 20.0)
    let channel = try describe(tree).channels[0]
    #expect(channel.channel.name == "A")
    #expect(channel.microscope.modalityFlags == [.fluorescence, .sweptFieldConfocalSlit])
    #expect(channel.microscope.pinholeDiameterUm == 40)
    #expect(channel.acquisition.rawModality == 0x801)
  }

  @Test("Takes the optics from where the file has them") func takesTheOpticsFromWhereThe() throws {
    let bare = picture([plane("A")])
    let named = try describe(
      bare.with("wsObjectiveName", "Plan Apo 20xC").with("dObjectiveMag", -1.0)
        .with("dObjectiveNA", 0.75).with("dRefractIndex1", -1.0).with("dRefractIndex2", 1.33)
        .with("dZoom", 2.5).with("dProjectiveMag", -1.0)
    ).channels[0].microscope
    #expect(named.objectiveName == "Plan Apo 20xC")
    #expect(named.objectiveMagnification == nil)
    #expect(named.inferred?.magnification == 20)
    #expect(named.objectiveNumericalAperture == 0.75)
    #expect(named.immersionRefractiveIndex == 1.33)
    #expect(named.zoomMagnification == 2.5)
    #expect(named.projectiveMagnification == nil)

    let text = object([
      "TextInfoItem_13": "Plan Apo λ 60x", "TextInfoItem_5": "Numerical Aperture: .45\r\nx",
    ])
    let fromText = try describe(bare.with("dObjectiveMag", 0.0), text: text).channels[0].microscope
    #expect(fromText.objectiveMagnification == 60)
    #expect(fromText.objectiveNumericalAperture == nil)
    #expect(fromText.inferred?.numericalAperture == 0.45)
    #expect(fromText.objectiveName == nil)
    #expect(fromText.inferred?.name == "Plan Apo λ 60x")

    let calibration = object(["sObjective": "40x", "dCalibration": 0.3, "bValid": true])
    let fromCalibration = try describe(bare, calibration: calibration).channels[0].microscope
    #expect(fromCalibration.inferred?.name == "40x")
    #expect(fromCalibration.inferred?.magnification == 40)
  }

  @Test(
    "Finds the magnification in a name",
    arguments: [
      ("Plan Apo λ 60x", 60), ("20xC", 20), ("x", nil), ("", nil), ("Apo x 1.5x", 1.5),
      ("lens.x 10x", 10), ("..x", nil), ("0x", nil), ("100X", nil),
    ] as [(String, Double?)])
  func findsTheMagnificationInAName(_ text: String, _ expected: Double?) {
    #expect(ObjectiveText.magnification(text) == expected)
  }

  @Test("The matrix of a channel is that of its setting") func theMatrixOfAChannelIs() throws {
    let settings = [
      setting(device(x: -1, y: 1), matrix([0, 1, -1, 0])),
      setting(device(x: -1, y: 1), matrix([0.6, -0.8, 0.8, 0.6])),
    ]
    let tree = picture([plane("A", sample: 1), plane("B", sample: 0)], settings: settings)
    let channels = try describe(tree).channels
    #expect(channels[0].volume.cameraTransformationMatrix == [0.6, -0.8, 0.8, 0.6])
    // The way to the stage is that of the file's matrix all the same (nd2-format §3.2.5).
    let expected = [-0.5, 0, 9.5, 0, 0.5, -7.75]
    #expect(channels[0].volume.pixelToStageTransformationMatrix == expected)
    #expect(channels[1].volume.cameraTransformationMatrix == [0, 1, -1, 0])
    #expect(channels[1].volume.pixelToStageTransformationMatrix == expected)
  }

  @Test("Without a matrix of its own a channel has that of the file") func withoutAMatrixOfItsOwn()
    throws
  {
    let odd = setting(device(), matrix([1, 2, 3, 4], columns: 3))
    let tree = picture([plane("A")], settings: [odd]).with("dStgLgCT11", -1.0)
    #expect(try describe(tree).channels[0].volume.cameraTransformationMatrix == [-1, 0, 0, 1])
    let broken = setting(device(), matrix([.nan, 0, 0, 1]))
    let volume = try describe(picture([plane("A")], settings: [broken])).channels[0].volume
    #expect(volume.cameraTransformationMatrix == [1, 0, 0, 1])
  }

  @Test("There is no way to the stage without stage, setting or calibration")
  func thereIsNoWayToThe() throws {
    func transformation(_ tree: MetadataValue) throws -> [Double]? {
      try describe(tree).channels[0].volume.pixelToStageTransformationMatrix
    }
    #expect(try transformation(picture([plane("A")], settings: [setting(device())])) != nil)
    #expect(try transformation(picture([plane("A")], settings: [setting(device(use: 0))])) == nil)
    #expect(try transformation(picture([plane("A")], settings: [setting(nil)])) == nil)
    #expect(
      try transformation(picture([plane("A", sample: 7)], settings: [setting(device())])) == nil)
    #expect(
      try transformation(
        picture([plane("A")], settings: [setting(device())]).with("bCalibrated", false)) == nil)
  }

  @Test("A single setting tells the exposure of all channels") func aSingleSettingTellsTheExposure()
    throws
  {
    let tree = picture([plane("A"), plane("B", sample: 1)], settings: [setting(nil)])
    let channels = try describe(tree).channels
    #expect(channels.map(\.acquisition.exposureMs) == [100, 100])
    let two = picture(
      [plane("A", sample: 1), plane("B", sample: 5)],
      settings: [setting(nil), setting(nil).with("dExposureTime", 20.0)])
    #expect(try describe(two).channels.map(\.acquisition.exposureMs) == [20, nil])
  }

  @Test("Reads camera, binning and gain") func readsCameraBinningAndGain() throws {
    let camera = object([
      "CameraUserName": "Evolve",
      "FormatFast": object(["fmtDesc": object(["dBinningX": 4.0, "dBinningY": 4.0])]),
      "FormatQuality": object(["fmtDesc": object(["dBinningX": 2.0, "dBinningY": 1.0])]),
      "PropertiesQuality": object(["Exposure": 33.0, "GainMultiplier": 300.0]),
    ])
    let setting = object([
      "pCameraSetting": camera, "uiModeFQ": 2, "dExposureTime": 0.0,
      "sOpticalConfigs": object(["_0": object(["sOpticalConfigName": "GFP"])]),
    ])
    let acquisition = try describe(picture([plane("A")], settings: [setting])).channels[0]
      .acquisition
    #expect(acquisition.cameraName == "Evolve")
    #expect(acquisition.binningX == 2)
    #expect(acquisition.binningY == 1)
    #expect(acquisition.exposureMs == 33)
    #expect(acquisition.gain == 300)
    #expect(acquisition.opticalConfigurations == ["GFP"])

    let old = plane("A").with(
      "sCameraSetting",
      object(["sCameraName": "HQ2", "dExposure": 200.0, "dGain": 2.0, "dCamBinningX": 1.0]))
    let before = try describe(picture([old])).channels[0].acquisition
    #expect(before.cameraName == "HQ2")
    #expect(before.exposureMs == 200)
    #expect(before.gain == 2)
  }

  @Test("The calibration chunk stands in for the picture metadata")
  func theCalibrationChunkStandsInFor() throws {
    let bare = picture([plane("A")]).with("dCalibration", -1.0).with("bCalibrated", false)
    #expect(try describe(bare).channels[0].volume.axesCalibration == [1, 1, 1])
    #expect(try describe(bare).channels[0].volume.axesCalibrated == [false, false, false])
    let calibration = chunk("SLxCalibration", object(["dCalibration": 0.25, "bValid": true]))
    let volume = try describe(bare, calibration: calibration).channels[0].volume
    #expect(volume.axesCalibration == [0.25, 0.25, 1])
    #expect(volume.axesCalibrated == [true, true, false])
  }

  @Test("Line scans run along time") func lineScansRunAlongTime() throws {
    let tree = picture([plane("A")]).with("ePictureYAxis", 2)
    #expect(
      try describe(tree).channels[0].volume.axesInterpretation == [.distance, .time, .distance])
  }

  @Test("A fourth coloured channel has no wavelength and is no error")
  func aFourthColouredChannelHasNo() throws {
    var log = DiagnosticLog()
    let description = try ImageDescription(
      DescriptionChunks(
        attributes: smallAttributes.with("uiComp", 12),
        picture: picture((0..<4).map { plane("C\($0)", components: 3) })),
      storedCount: 1, upperBound: 1, log: &log)
    #expect(
      description.metadata.channels.map(\.channel.emissionLambdaNm) == [420, 515, 590, nil])
    #expect(description.sizes[.channel] == 4)
    #expect(description.sizes[.sample] == 3)
  }

  @Test("Made-up channels say so") func madeUpChannelsSaySo() throws {
    let metadata = try describe(picture([plane("A")]))
    #expect(metadata.channels.map(\.channel.name) == ["A", "Channel_2"])
    #expect(metadata.channels.map(\.acquisition.isSynthesized) == [false, true])
    #expect(metadata.channels[1].microscope.modalityFlags == [.fluorescence])
    #expect(metadata.channels[1].channel.color == .white)
  }

  @Test("Trees that are no trees describe nothing") func treesThatAreNoTreesDescribe() throws {
    for tree: MetadataValue in [0, "x", object([:]), list([1, 2]), object(["sPicturePlanes": 7])] {
      #expect(try describe(tree).channels.count == 2)
    }
  }
}

package import ND2Format

/// The picture metadata of a file, decoded but not yet combined with anything else: planes,
/// sample settings, calibration, objective, stage (`SLxPictureMetadata`, nd2-format §3.2).
package struct PictureMetadata: Sendable, Hashable {
  /// Start of the experiment as Julian day number, UTC; as stored, plausible or not.
  package var timeAbsolute: Double?
  /// Time of the picture since the start, ms.
  package var timeMs: Double?
  /// Stage position, µm.
  package var stagePositionUm = StagePosition(x: 0, y: 0, z: 0)
  /// Size of a pixel, µm; nil when it is not above zero.
  package var calibrationUm: Double?
  /// Whether the size of a pixel was calibrated.
  package var isCalibrated = false
  /// What the columns and the rows of a frame mean.
  package var axes: (x: Int, y: Int) {
    get { (axisX, axisY) }
    set { (axisX, axisY) = newValue }
  }
  private var axisX = 0
  private var axisY = 1
  /// Camera-to-stage matrix of all channels, row-major 2×2.
  package var stageMatrix: [Double] = [1, 0, 0, 1]
  /// Objective and other optics.
  package var optics = Optics()
  /// Channels in stored order.
  package var planes: [PicturePlane] = []
  /// Number of channels that the file says to have.
  package var declaredPlaneCount: Int?
  /// Sum of the channels' components that the file says to have.
  package var declaredComponentCount: Int?
  /// Camera and device settings, by their number.
  package var sampleSettings: [SampleSetting] = []

  package init() {}

  /// Decodes the chunk; what is absent keeps its default.
  package init(_ root: MetadataValue) {
    let tree = root.content(named: "SLxPictureMetadata")
    timeAbsolute = tree.number("dTimeAbsolute")
    timeMs = tree.number("dTimeMSec")
    stagePositionUm = StagePosition(
      x: tree.number("dXPos") ?? 0, y: tree.number("dYPos") ?? 0, z: tree.number("dZPos") ?? 0)
    calibrationUm = tree.positive("dCalibration")
    isCalibrated = tree.flag("bCalibrated") ?? false
    axisX = tree.integer("ePictureXAxis") ?? 0
    axisY = tree.integer("ePictureYAxis") ?? 1
    stageMatrix = [
      tree.number("dStgLgCT11") ?? 1, tree.number("dStgLgCT12") ?? 0,
      tree.number("dStgLgCT21") ?? 0, tree.number("dStgLgCT22") ?? 1,
    ]
    optics = Optics(tree)

    guard let pictures = tree["sPicturePlanes"] else { return }
    declaredPlaneCount = pictures.integer("uiCount")
    declaredComponentCount = pictures.integer("uiCompCount")
    let stored = pictures[anyOf: "sPlaneNew", "sPlane"]
    planes = (stored?.elements ?? []).filter(\.hasChildren).map(PicturePlane.init)
    sampleSettings = (pictures["sSampleSetting"]?.fields ?? []).enumerated().map { rank, field in
      SampleSetting(
        field.value, number: IndexedChildren.number(atEndOf: field.name) ?? rank)
    }
  }

  /// The sample setting of a channel.
  ///
  /// A file with a single setting, such as that of a point scanner, uses it for all channels;
  /// `isShared` allows that.
  func sampleSetting(_ number: Int, isShared: Bool = false) -> SampleSetting? {
    if let setting = sampleSettings.first(where: { $0.number == number }) { return setting }
    return isShared && sampleSettings.count == 1 ? sampleSettings.first : nil
  }
}

extension PictureMetadata {
  /// Optics that all channels share.
  package struct Optics: Sendable, Hashable {
    var objectiveName: String?
    var magnification: Double?
    var numericalAperture: Double?
    var refractiveIndex: Double?
    var zoom: Double?
    var projectiveMagnification: Double?
    var pinholeRadiusUm: Double?

    init() {}

    init(_ tree: MetadataValue) {
      objectiveName = tree.text("wsObjectiveName")
      magnification = tree.positive("dObjectiveMag")
      numericalAperture = tree.positive("dObjectiveNA")
      refractiveIndex = tree.positive("dRefractIndex1") ?? tree.positive("dRefractIndex2")
      zoom = tree.positive("dZoom")
      projectiveMagnification = tree.number("dProjectiveMag").flatMap { $0 >= 0 ? $0 : nil }
      pinholeRadiusUm = tree.positive("dPinholeRadius")
    }
  }
}

/// A channel as the picture metadata describes it (nd2-format §3.2.2).
package struct PicturePlane: Sendable, Hashable {
  /// Name of the channel.
  var name: String?
  /// Components of the channel; 1 where the file says less.
  var componentCount = 1
  /// Number of the sample setting, where the file names one.
  var sampleIndex: Int?
  /// Colour, `0xAABBGGRR`.
  var color: UInt32?
  /// Modality bits, or those that follow from the older enumeration.
  var modality: ModalityMask
  /// Name of the dye.
  var probeName: String?
  /// Dye.
  var probe = FilterSpectra()
  /// Optical filters in stored order.
  var filters: [OpticalFilter] = []
  /// Diameter of the pinhole, µm.
  var pinholeDiameterUm: Double?
  /// Size of the camera's chip in pixels.
  var fullChipSize: (width: Double, height: Double)? {
    guard let chipWidth, let chipHeight else { return nil }
    return (chipWidth, chipHeight)
  }
  private var chipWidth: Double?
  private var chipHeight: Double?
  /// Camera settings of files before 3.0.
  var camera: PlaneCamera?
  /// Name of the optical configuration in files before 3.0.
  var opticalConfiguration: String?

  init(_ tree: MetadataValue) {
    name = tree.text("sDescription")
    componentCount = max(1, tree.integer("uiCompCount") ?? 1)
    sampleIndex = tree.integer("uiSampleIndex").flatMap { $0 >= 0 ? $0 : nil }
    color = tree["uiColor"]?.bits.map { UInt32(truncatingIfNeeded: $0) }
    modality = ModalityMask(mask: tree["uiModalityMask"]?.bits, code: tree.integer("eModality"))
    if let probe = tree["pFluorescentProbe"] {
      self.probe = FilterSpectra(probe)
      probeName = probe.text("m_sName")
    }
    filters = IndexedChildren.sortedValues(tree["pFilterPath"]?["m_pFilter"])
      .map(OpticalFilter.init)
    pinholeDiameterUm = tree.positive("dPinholeDiameter")
    chipWidth = tree.positive("sizeObjFullChip.cx")
    chipHeight = tree.positive("sizeObjFullChip.cy")
    camera = tree["sCameraSetting"].map(PlaneCamera.init)
    opticalConfiguration = tree.text("sOpticalConfigName")
  }
}

/// Camera settings that files before 3.0 keep with each channel.
struct PlaneCamera: Sendable, Hashable {
  var name: String?
  var exposureMs: Double?
  var gain: Double?
  var binningX: Double?
  var binningY: Double?
  /// What the settings say to people, `key: value` in lines.
  var description: String?

  init(_ tree: MetadataValue) {
    name = tree.text("sCameraName")
    description = tree.text("sSpecSettings")
    exposureMs = tree.positive("dExposure")
    gain = tree.positive("dGain")
    binningX = tree.positive("dCamBinningX")
    binningY = tree.positive("dCamBinningY")
  }
}

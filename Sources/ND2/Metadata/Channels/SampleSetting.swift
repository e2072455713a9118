import ND2Format

/// Camera, device and objective of one or several channels (nd2-format §3.2.5).
package struct SampleSetting: Sendable, Hashable {
  /// The setting's number: channels refer to it.
  var number: Int
  /// Name of the camera for people.
  var cameraName: String?
  /// Family of the camera, which is its model; else its name for people.
  var cameraModel: String?
  /// Name that tells the camera from others of its model.
  var cameraSerialNumber: String?
  /// Name of the light source in the light path.
  var excitationSource: String?
  /// Exposure time, ms.
  var exposureMs: Double?
  /// Multiplier of an EM gain.
  var gain: Double?
  /// Formats of the camera, the one in use first.
  var formats: [CameraFormat] = []
  /// Where the stage stands and how its axes run; nil when the file has no device setting.
  var device: DeviceSetting?
  /// Camera-to-stage matrix, row-major 2×2.
  var cameraToStage: [Double]?
  /// Objective of this setting.
  var objectiveName: String?
  var magnification: Double?
  var numericalAperture: Double?
  var refractiveIndex: Double?
  /// Names of the optical configurations.
  var opticalConfigurations: [String] = []
  /// What the setting says to people, `key: value` in lines.
  var description: String?

  init(_ tree: MetadataValue, number: Int) {
    self.number = number
    if let camera = tree["pCameraSetting"] {
      cameraName =
        camera.text("CameraUserName") ?? camera.text("CameraFamilyName")
        ?? camera.text("CameraUniqueName")
      cameraModel = camera.text("CameraFamilyName") ?? camera.text("CameraUserName")
      cameraSerialNumber = camera.text("CameraUniqueName")
      excitationSource = camera["LightPath"]?.text("ExcitationSourceName")
      // 1: the fast mode's settings were used, 2: those of the quality mode.
      let isFast = tree.integer("uiModeFQ") == 1
      let names = isFast ? ["FormatFast", "FormatQuality"] : ["FormatQuality", "FormatFast"]
      formats = names.compactMap { camera[$0] }.map(CameraFormat.init)
      let properties = camera[isFast ? "PropertiesFast" : "PropertiesQuality"]
      exposureMs = properties?.positive("Exposure")
      gain = properties?.positive("GainMultiplier")
    }
    exposureMs = tree.positive("dExposureTime") ?? exposureMs
    device = tree["pDeviceSetting"].flatMap { $0.hasChildren ? DeviceSetting($0) : nil }
    cameraToStage = tree["matCameraToStage"].flatMap(Self.matrix)
    if let objective = tree["pObjectiveSetting"] {
      objectiveName = objective.text("wsObjectiveName")
      magnification = objective.positive("dObjectiveMag")
      numericalAperture = objective.positive("dObjectiveNA")
      refractiveIndex = objective.positive("dRefractIndex")
    }
    opticalConfigurations = (tree["sOpticalConfigs"]?.elements ?? []).compactMap {
      $0.text("sOpticalConfigName")
    }
    description = tree.text("sSpecSettings")
  }

  /// A 2×2 matrix of doubles; nil for any other size.
  private static func matrix(_ tree: MetadataValue) -> [Double]? {
    guard tree.integer("Columns") == 2, tree.integer("Rows") == 2,
      let bytes = tree["Data"]?.bytes, bytes.count == 32
    else { return nil }
    let values = (0..<4).map { element -> Double in
      var bits: UInt64 = 0
      for byte in bytes[(element * 8)..<(element * 8 + 8)].reversed() {
        bits = bits << 8 | UInt64(byte)
      }
      return Double(bitPattern: bits)
    }
    return values.allSatisfy(\.isFinite) ? values : nil
  }
}

/// A format of a camera: the part of the chip in use, binning, bits.
package struct CameraFormat: Sendable, Hashable {
  private var userWidth: Double?
  private var userHeight: Double?
  private var sensorWidth: Double?
  private var sensorHeight: Double?
  /// Binning along rows.
  var binningX: Double?
  /// Binning along columns.
  var binningY: Double?
  /// Significant bits.
  var bitCount: Int?

  /// Size of the part in use, in pixels.
  var userSize: (width: Double, height: Double)? { Self.size(userWidth, userHeight) }
  /// Size of the whole chip, in pixels.
  var sensorSize: (width: Double, height: Double)? { Self.size(sensorWidth, sensorHeight) }

  init(_ tree: MetadataValue) {
    if let rect = tree["rectSensorUser"], let left = rect.number("left"),
      let top = rect.number("top"), let right = rect.number("right"),
      let bottom = rect.number("bottom")
    {
      userWidth = right - left
      userHeight = bottom - top
    }
    guard let description = tree["fmtDesc"] else { return }
    sensorWidth = description["sizeSensorPixels"]?.positive("cx")
    sensorHeight = description["sizeSensorPixels"]?.positive("cy")
    binningX = description.positive("dBinningX")
    binningY = description.positive("dBinningY")
    bitCount = description.integer("uiBpc").flatMap { $0 > 0 ? $0 : nil }
  }

  private static func size(_ width: Double?, _ height: Double?) -> (Double, Double)? {
    guard let width, let height, width >= 1, height >= 1 else { return nil }
    return (width, height)
  }
}

/// The stage's axes as the device setting says.
struct DeviceSetting: Sendable, Hashable {
  /// Whether the stage was in use.
  var usesXY: Bool
  /// 1 or −1: whether the stage's x axis runs along the image's columns or against them.
  var orientationX: Double
  /// 1 or −1: the same of rows.
  var orientationY: Double
  /// Name of the microscope.
  var microscopeName: String?
  /// Name of the stand that the microscope is.
  var microscopeModel: String?

  init(_ tree: MetadataValue) {
    usesXY = false
    orientationX = 1
    orientationY = 1
    // One pass over names of the right lengths: this level has up to 500 children.
    guard case .level(let fields) = tree else { return }
    for index in fields.indices {
      switch fields[index].name.utf8.count {
      case 9 where fields[index].name == "m_iXYUse0":
        usesXY = fields[index].value.bool ?? false
      case 16 where fields[index].name == "m_iXOrientation0":
        orientationX = fields[index].value.finiteDouble ?? 1
      case 16 where fields[index].name == "m_iYOrientation0":
        orientationY = fields[index].value.finiteDouble ?? 1
      case 21 where fields[index].name == "m_sMicroscopeFullName":
        microscopeName = fields[index].value.nonEmptyString
      case 25 where fields[index].name == "m_sMicroscopePhysFullName":
        microscopeModel = fields[index].value.nonEmptyString
      default: break
      }
    }
  }
}

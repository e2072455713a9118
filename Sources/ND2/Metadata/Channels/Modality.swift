/// What a channel was taken with, by the names that the Python package nd2 and the vendor's
/// library use.
public enum Modality: String, Sendable, Hashable, Codable, CaseIterable, CustomStringConvertible {
  /// Fluorescence.
  case fluorescence
  /// Transmitted light.
  case brightfield
  /// Phase contrast.
  case phaseContrast
  /// Differential interference contrast.
  case diContrast
  /// A camera.
  case camera
  /// Laser scanning confocal.
  case laserScanConfocal
  /// Spinning disk confocal.
  case spinningDiskConfocal
  /// Swept field confocal with a slit.
  case sweptFieldConfocalSlit
  /// Swept field confocal with pinholes.
  case sweptFieldConfocalPinhole
  /// Differential spinning disk.
  case dsdConfocal
  /// Structured illumination.
  case structuredIllumination = "SIM"
  /// Instant structured illumination.
  case instantSIM = "iSIM"
  /// Rescan confocal.
  case rescanConfocal = "RCM"
  /// Virtual confocal.
  case virtualConfocal = "VCS"
  /// Super-resolution by optical pixel reassignment.
  case sora
  /// Live super-resolution.
  case liveSR
  /// Multiphoton excitation.
  case multiphoton
  /// Total internal reflection.
  case tirf = "TIRF"
  /// A photomultiplier.
  case pmt
  /// A spectral detector.
  case spectral
  /// Virtual adaptable aperture, in focus.
  case vaasIF
  /// Virtual adaptable aperture, not in focus.
  case vaasNF
  /// A detector of transmitted light.
  case transmitDetector
  /// A non-descanned detector.
  case nonDescannedDetector
  /// A virtual filter.
  case virtualFilter
  /// A gallium arsenide phosphide detector.
  case gaasp
  /// What unmixing left over.
  case remainder
  /// An auxiliary input.
  case aux

  /// The name, such as `spinningDiskConfocal`.
  public var description: String { rawValue }

  /// The bit of the file's mask (nd2-format §3.2.3).
  var bit: UInt64 {
    switch self {
    case .fluorescence: 0x1
    case .brightfield: 0x2
    case .phaseContrast: 0x10
    case .diContrast: 0x20
    case .rescanConfocal: 0x40
    case .virtualConfocal: 0x80
    case .camera: 0x100
    case .laserScanConfocal: 0x200
    case .spinningDiskConfocal: 0x400
    case .sweptFieldConfocalSlit: 0x800
    case .sweptFieldConfocalPinhole: 0x1000
    case .dsdConfocal: 0x2000
    case .structuredIllumination: 0x4000
    case .instantSIM: 0x8000
    case .multiphoton: 0x10000
    case .tirf: 0x20000
    case .liveSR: 0x40000
    case .pmt: 0x100000
    case .spectral: 0x200000
    case .vaasIF: 0x400000
    case .vaasNF: 0x800000
    case .transmitDetector: 0x1000000
    case .nonDescannedDetector: 0x2000000
    case .virtualFilter: 0x4000000
    case .gaasp: 0x8000000
    case .remainder: 0x10000000
    case .aux: 0x20000000
    case .sora: 0x40000000
    }
  }
}

/// The modality bits of a channel, with what follows from them.
struct ModalityMask: Sendable, Hashable {
  /// The bits as stored, or those that the older enumeration stands for.
  var rawValue: UInt64

  /// Bits that the list of nd2's names lacks, with their names, lowest first.
  private static let newer: [(bit: UInt64, name: String)] = [
    (0x4, "darkfield"), (0x8, "NAMC"), (0x80000, "lightSheet"),
    (0x8000_0000, "customDescriptionChannel"), (0x1_0000_0000, "STED"),
    (0x2_0000_0000, "galvano"), (0x4_0000_0000, "resonant"), (0x8_0000_0000, "AX"),
    (0x10_0000_0000, "storm"), (0x20_0000_0000, "deepSIM"), (0x40_0000_0000, "NSPARC"),
    (0x80_0000_0000, "pmtIRGaAsP"), (0x100_0000_0000, "pmtGaAs"),
  ]

  /// The mask if there is one, else the bits of the enumeration of files before 3.0.
  init(mask: UInt64?, code: Int?) {
    rawValue = mask ?? Self.bits(of: code)
  }

  /// The names in the order that the Python package nd2 reports them.
  ///
  /// A mask that names neither fluorescence nor brightfield is not valid; the channel then counts
  /// as brightfield when it is coloured, else as fluorescence.
  func flags(componentCount: Int) -> [Modality] {
    guard rawValue & 3 != 0 else { return componentCount == 3 ? [.brightfield] : [.fluorescence] }
    return Modality.allCases.filter { rawValue & $0.bit != 0 }
  }

  /// Names of the set bits that ``Modality`` does not know.
  var additionalNames: [String] {
    Self.newer.filter { rawValue & $0.bit != 0 }.map(\.name)
  }

  /// Bits of `eModality` (nd2-format §3.2.3).
  private static func bits(of code: Int?) -> UInt64 {
    let modalities: [Modality] =
      switch code {
      case 1: [.brightfield, .camera]
      case 2: [.fluorescence, .laserScanConfocal]
      case 3: [.fluorescence, .spinningDiskConfocal]
      case 4: [.fluorescence, .sweptFieldConfocalSlit]
      case 5: [.fluorescence, .multiphoton, .laserScanConfocal]
      case 6: [.brightfield, .phaseContrast]
      case 7: [.brightfield, .diContrast]
      case 8: [.fluorescence, .spectral, .laserScanConfocal]
      case 9, 11: [.fluorescence, .laserScanConfocal, .vaasNF]
      case 10: [.fluorescence, .laserScanConfocal, .vaasIF]
      case 12: [.fluorescence, .dsdConfocal]
      default: [.fluorescence, .camera]
      }
    return modalities.reduce(0) { $0 | $1.bit }
  }
}

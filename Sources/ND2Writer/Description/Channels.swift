extension ND2FileDescription {
  /// A channel: one stored plane of one component (grey) or three (colour).
  public struct Channel: Hashable, Sendable {
    /// The name.
    public var name: String
    /// Samples of a pixel that belong to it: 1, or 3 for colour, stored as blue, green, red.
    public var componentCount: Int
    /// Display colour.
    public var color: Color
    /// How the light was made and detected.
    public var modality: Modality
    /// Exposure in ms; nil writes none.
    public var exposureMs: Double?
    /// Diameter of the pinhole in µm; nil writes none.
    public var pinholeDiameterUm: Double?
    /// Which of the sample settings belongs to the channel; nil for its own.
    public var sampleIndex: Int?
    /// Spectra of the dye, if one is known.
    public var probe: Filter?
    /// Filters in the light path.
    public var filters: [Filter]

    /// Creates a channel with one filter of single lines.
    public init(
      _ name: String, componentCount: Int = 1, color: Color = .white, excitationNm: Double? = nil,
      emissionNm: Double? = nil, modality: Modality = .widefieldFluorescence,
      exposureMs: Double? = 50
    ) {
      self.name = name
      self.componentCount = componentCount
      self.color = color
      self.modality = modality
      self.exposureMs = exposureMs
      filters = []
      if excitationNm != nil || emissionNm != nil {
        filters.append(
          Filter(
            name: name, excitation: excitationNm.map { [.peak($0)] } ?? [],
            emission: emissionNm.map { [.peak($0)] } ?? []))
      }
    }

    /// A colour camera: one channel of three components.
    public static func rgb(_ name: String = "Brightfield") -> Channel {
      Channel(name, componentCount: 3, modality: .brightfield)
    }
  }

  /// A display colour.
  public struct Color: Hashable, Sendable {
    /// Red.
    public var red: UInt8
    /// Green.
    public var green: UInt8
    /// Blue.
    public var blue: UInt8

    /// Creates a colour.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
      self.red = red
      self.green = green
      self.blue = blue
    }

    /// White.
    public static let white = Color(red: 255, green: 255, blue: 255)

    /// The stored form: red in the lowest byte.
    var stored: UInt32 { UInt32(red) | UInt32(green) << 8 | UInt32(blue) << 16 }
  }

  /// How the light was made and detected: bits of nd2-format §3.2.3.
  public struct Modality: OptionSet, Hashable, Sendable {
    /// The stored bits.
    public var rawValue: UInt64

    /// Creates a modality from stored bits.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Fluorescence with a camera.
    public static let widefieldFluorescence = Modality(rawValue: 0x101)
    /// Transmitted light with a camera.
    public static let brightfield = Modality(rawValue: 0x102)
    /// Fluorescence with a laser scanner.
    public static let laserScanConfocal = Modality(rawValue: 0x201)
    /// Fluorescence through a spinning disk.
    public static let spinningDisk = Modality(rawValue: 0x401)
    /// Phase contrast with a camera.
    public static let phaseContrast = Modality(rawValue: 0x112)
    /// Differential interference contrast with a camera.
    public static let differentialInterference = Modality(rawValue: 0x122)

    /// The code that XML metadata has in place of bits.
    var legacyCode: UInt32 {
      switch self {
      case .brightfield: 1
      case .laserScanConfocal: 2
      case .spinningDisk: 3
      case .phaseContrast: 6
      case .differentialInterference: 7
      default: 0
      }
    }
  }

  /// A filter or a dye: an excitation and an emission spectrum.
  public struct Filter: Hashable, Sendable {
    /// The name.
    public var name: String
    /// Excitation spectrum; may be empty.
    public var excitation: [SpectrumPoint]
    /// Emission spectrum; may be empty.
    public var emission: [SpectrumPoint]

    /// Creates a filter.
    public init(name: String, excitation: [SpectrumPoint], emission: [SpectrumPoint]) {
      self.name = name
      self.excitation = excitation
      self.emission = emission
    }
  }

  /// A point of a spectrum.
  public struct SpectrumPoint: Hashable, Sendable {
    /// Kind: 1 point, 2 rising edge, 3 falling edge, 4 peak, 5 range.
    public var kind: UInt32
    /// Wavelength in nm.
    public var wavelengthNm: Double
    /// Transmission.
    public var transmission: Double

    /// Creates a point.
    public init(kind: UInt32, wavelengthNm: Double, transmission: Double = 0) {
      self.kind = kind
      self.wavelengthNm = wavelengthNm
      self.transmission = transmission
    }

    /// A single line.
    public static func peak(_ wavelengthNm: Double, transmission: Double = 0) -> SpectrumPoint {
      SpectrumPoint(kind: 4, wavelengthNm: wavelengthNm, transmission: transmission)
    }
  }
}

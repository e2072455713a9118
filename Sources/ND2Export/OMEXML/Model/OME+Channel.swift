extension OME {
  /// A channel.
  public struct Channel: Sendable, Hashable {
    /// How light reaches the sample.
    public enum Illumination: String, Sendable, Hashable, CaseIterable {
      /// Through it.
      case transmitted = "Transmitted"
      /// Through the objective.
      case epifluorescence = "Epifluorescence"
      /// Askew.
      case oblique = "Oblique"
      /// Several photons at once.
      case nonLinear = "NonLinear"
      /// Otherwise.
      case other = "Other"
    }

    /// How an image is made.
    public enum AcquisitionMode: String, Sendable, Hashable, CaseIterable {
      /// Wide field.
      case wideField = "WideField"
      /// Laser scanning confocal.
      case laserScanningConfocal = "LaserScanningConfocalMicroscopy"
      /// Spinning disk confocal.
      case spinningDiskConfocal = "SpinningDiskConfocal"
      /// Slit scanning confocal.
      case slitScanConfocal = "SlitScanConfocal"
      /// Several photons at once.
      case multiPhoton = "MultiPhotonMicroscopy"
      /// Structured illumination.
      case structuredIllumination = "StructuredIllumination"
      /// Single molecules.
      case singleMolecule = "SingleMoleculeImaging"
      /// Total internal reflection.
      case totalInternalReflection = "TotalInternalReflection"
      /// Lifetimes.
      case fluorescenceLifetime = "FluorescenceLifetime"
      /// Spectra.
      case spectral = "SpectralImaging"
      /// Correlations.
      case correlation = "FluorescenceCorrelationSpectroscopy"
      /// Near field.
      case nearField = "NearFieldScanningOpticalMicroscopy"
      /// Second harmonics.
      case secondHarmonic = "SecondHarmonicGenerationImaging"
      /// Localisation of photo-activated molecules.
      case palm = "PALM"
      /// Stochastic optical reconstruction.
      case storm = "STORM"
      /// Stimulated emission depletion.
      case sted = "STED"
      /// Total internal reflection, by its other name.
      case tirf = "TIRF"
      /// Speckles.
      case fsm = "FSM"
      /// Laser capture.
      case lcm = "LCM"
      /// Bright field.
      case brightField = "BrightField"
      /// Swept field confocal.
      case sweptFieldConfocal = "SweptFieldConfocal"
      /// Light sheet.
      case spim = "SPIM"
      /// Otherwise.
      case other = "Other"
    }

    /// What makes things visible.
    public enum Contrast: String, Sendable, Hashable, CaseIterable {
      /// Absorption.
      case brightfield = "Brightfield"
      /// Phase.
      case phase = "Phase"
      /// Differential interference.
      case dic = "DIC"
      /// Hoffman modulation.
      case hoffmanModulation = "HoffmanModulation"
      /// Oblique light.
      case obliqueIllumination = "ObliqueIllumination"
      /// Polarised light.
      case polarizedLight = "PolarizedLight"
      /// Scattered light.
      case darkfield = "Darkfield"
      /// Fluorescence.
      case fluorescence = "Fluorescence"
      /// Otherwise.
      case other = "Other"
    }

    /// The identifier, such as `Channel:0:1`.
    public var id: String
    /// The name.
    public var name: String?
    /// Samples of a pixel: 1, or 3 for colour.
    public var samplesPerPixel: Int
    /// How light reaches the sample.
    public var illumination: Illumination?
    /// Diameter of the pinhole, µm.
    public var pinholeSizeUm: Double?
    /// How the image is made.
    public var acquisitionMode: AcquisitionMode?
    /// What makes things visible.
    public var contrast: Contrast?
    /// Wavelength of the exciting light, nm.
    public var excitationWavelengthNm: Double?
    /// Wavelength of the recorded light, nm.
    public var emissionWavelengthNm: Double?
    /// The dye.
    public var fluor: String?
    /// Display colour.
    public var color: Color?
    /// The light source.
    public var lightSourceSettings: LightSourceSettings?
    /// The detector.
    public var detectorSettings: DetectorSettings?
    /// Identifier of the set of filters.
    public var filterSet: String?
    /// Single filters in the way of the light.
    public var lightPath: LightPath?
    /// Identifiers of the annotations.
    public var annotations: [String] = []

    /// Creates a channel.
    public init(id: String, name: String? = nil, samplesPerPixel: Int = 1) {
      self.id = id
      self.name = name
      self.samplesPerPixel = samplesPerPixel
    }
  }

  /// How a detector was used.
  public struct DetectorSettings: Sendable, Hashable {
    /// Camera pixels per image pixel.
    public enum Binning: String, Sendable, Hashable, CaseIterable {
      /// One.
      case one = "1x1"
      /// Two by two.
      case two = "2x2"
      /// Four by four.
      case four = "4x4"
      /// Eight by eight.
      case eight = "8x8"
      /// Any other number.
      case other = "Other"
    }

    /// Identifier of the detector.
    public var id: String
    /// The gain.
    public var gain: Double?
    /// Speed of reading, MHz.
    public var readOutRateMHz: Double?
    /// Camera pixels per image pixel.
    public var binning: Binning?

    /// Creates settings.
    public init(id: String) { self.id = id }
  }

  /// How a light source was used.
  public struct LightSourceSettings: Sendable, Hashable {
    /// Identifier of the light source.
    public var id: String
    /// Share of the light that is kept away, 0 to 1.
    public var attenuation: Double?
    /// Wavelength that was used, nm.
    public var wavelengthNm: Double?

    /// Creates settings.
    public init(id: String, attenuation: Double? = nil, wavelengthNm: Double? = nil) {
      self.id = id
      self.attenuation = attenuation
      self.wavelengthNm = wavelengthNm
    }
  }
}

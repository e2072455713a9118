extension OME {
  /// A microscope with its parts.
  public struct Instrument: Sendable, Hashable {
    /// The identifier, such as `Instrument:0`.
    public var id: String
    /// The stand.
    public var microscope: Microscope?
    /// Lamps and lasers.
    public var lightSources: [LightSource] = []
    /// Cameras and other detectors.
    public var detectors: [Detector] = []
    /// Objectives.
    public var objectives: [Objective] = []
    /// Filters that are used together, such as the cubes of a turret.
    public var filterSets: [FilterSet] = []
    /// Filters.
    public var filters: [Filter] = []
    /// Dichroic mirrors.
    public var dichroics: [Dichroic] = []

    /// Creates an instrument without parts.
    public init(id: String) { self.id = id }
  }

  /// Who made something, and which one it is.
  public struct Manufacturing: Sendable, Hashable {
    /// The maker.
    public var manufacturer: String?
    /// The model.
    public var model: String?
    /// The serial number.
    public var serialNumber: String?
    /// The number of the lot.
    public var lotNumber: String?

    /// Creates a description.
    public init(
      manufacturer: String? = nil, model: String? = nil, serialNumber: String? = nil,
      lotNumber: String? = nil
    ) {
      self.manufacturer = manufacturer
      self.model = model
      self.serialNumber = serialNumber
      self.lotNumber = lotNumber
    }
  }

  /// The stand of a microscope.
  public struct Microscope: Sendable, Hashable {
    /// How a stand is built.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
      /// The objective above the sample.
      case upright = "Upright"
      /// The objective below the sample.
      case inverted = "Inverted"
      /// For dissection.
      case dissection = "Dissection"
      /// For electrophysiology.
      case electrophysiology = "Electrophysiology"
      /// Otherwise.
      case other = "Other"
    }

    /// Maker and model.
    public var manufacturing: Manufacturing
    /// How it is built.
    public var kind: Kind?

    /// Creates a stand.
    public init(_ manufacturing: Manufacturing = .init(), kind: Kind? = nil) {
      self.manufacturing = manufacturing
      self.kind = kind
    }
  }

  /// A lamp or a laser.
  public struct LightSource: Sendable, Hashable {
    /// The kinds of light source.
    public enum Kind: Sendable, Hashable {
      /// A laser, with its wavelength in nm where it has one.
      case laser(wavelengthNm: Double?)
      /// An arc lamp.
      case arc
      /// A lamp with a filament.
      case filament
      /// A light-emitting diode.
      case lightEmittingDiode
      /// Anything else.
      case generic
    }

    /// The identifier, such as `LightSource:0`.
    public var id: String
    /// The kind.
    public var kind: Kind
    /// Maker and model.
    public var manufacturing: Manufacturing

    /// Creates a light source.
    public init(id: String, kind: Kind = .generic, _ manufacturing: Manufacturing = .init()) {
      self.id = id
      self.kind = kind
      self.manufacturing = manufacturing
    }
  }

  /// A camera or another detector.
  public struct Detector: Sendable, Hashable {
    /// The kinds of detector.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
      /// A charge-coupled device.
      case ccd = "CCD"
      /// The same with an image intensifier.
      case intensifiedCCD = "IntensifiedCCD"
      /// Analogue video.
      case analogVideo = "AnalogVideo"
      /// A photomultiplier.
      case pmt = "PMT"
      /// A photodiode.
      case photodiode = "Photodiode"
      /// For spectra.
      case spectroscopy = "Spectroscopy"
      /// For lifetimes.
      case lifetimeImaging = "LifetimeImaging"
      /// For correlations.
      case correlationSpectroscopy = "CorrelationSpectroscopy"
      /// Fourier-transform infrared.
      case ftir = "FTIR"
      /// An electron-multiplying charge-coupled device.
      case emccd = "EMCCD"
      /// An avalanche photodiode.
      case apd = "APD"
      /// A CMOS camera.
      case cmos = "CMOS"
      /// An electron-bombarded charge-coupled device.
      case ebccd = "EBCCD"
      /// Anything else.
      case other = "Other"
    }

    /// The identifier, such as `Detector:0`.
    public var id: String
    /// The kind.
    public var kind: Kind?
    /// Maker, model, serial number.
    public var manufacturing: Manufacturing

    /// Creates a detector.
    public init(id: String, kind: Kind? = nil, _ manufacturing: Manufacturing = .init()) {
      self.id = id
      self.kind = kind
      self.manufacturing = manufacturing
    }
  }

  /// An objective.
  public struct Objective: Sendable, Hashable {
    /// The corrections of objectives.
    public enum Correction: String, Sendable, Hashable, CaseIterable {
      /// Ultraviolet.
      case uv = "UV"
      /// Plan apochromat.
      case planApo = "PlanApo"
      /// Plan fluorite.
      case planFluor = "PlanFluor"
      /// Super fluor.
      case superFluor = "SuperFluor"
      /// Corrected for violet.
      case violetCorrected = "VioletCorrected"
      /// Achromat.
      case achro = "Achro"
      /// Achromat.
      case achromat = "Achromat"
      /// Fluorite.
      case fluor = "Fluor"
      /// Fluorite.
      case fl = "Fl"
      /// Fluar.
      case fluar = "Fluar"
      /// Neofluar.
      case neofluar = "Neofluar"
      /// Fluotar.
      case fluotar = "Fluotar"
      /// Apochromat.
      case apo = "Apo"
      /// Plan neofluar.
      case planNeofluar = "PlanNeofluar"
      /// Otherwise.
      case other = "Other"
    }

    /// The media that objectives are made for.
    public enum Immersion: String, Sendable, Hashable, CaseIterable {
      /// Oil.
      case oil = "Oil"
      /// Water, under a cover glass.
      case water = "Water"
      /// Water, without cover glass.
      case waterDipping = "WaterDipping"
      /// Air.
      case air = "Air"
      /// Several.
      case multi = "Multi"
      /// Glycerol.
      case glycerol = "Glycerol"
      /// Anything else.
      case other = "Other"
    }

    /// The identifier, such as `Objective:0`.
    public var id: String
    /// Maker and model.
    public var manufacturing: Manufacturing
    /// The correction.
    public var correction: Correction?
    /// The medium that it is made for.
    public var immersion: Immersion?
    /// Numerical aperture.
    public var lensNA: Double?
    /// Magnification that is written on it.
    public var nominalMagnification: Double?

    /// Creates an objective.
    public init(id: String, _ manufacturing: Manufacturing = .init()) {
      self.id = id
      self.manufacturing = manufacturing
    }
  }

  /// A filter.
  public struct Filter: Sendable, Hashable {
    /// The kinds of filter.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
      /// A dichroic mirror.
      case dichroic = "Dichroic"
      /// Lets long waves through.
      case longPass = "LongPass"
      /// Lets short waves through.
      case shortPass = "ShortPass"
      /// Lets a band through.
      case bandPass = "BandPass"
      /// Lets several bands through.
      case multiPass = "MultiPass"
      /// Weakens all light.
      case neutralDensity = "NeutralDensity"
      /// Can be tuned.
      case tuneable = "Tuneable"
      /// Anything else.
      case other = "Other"
    }

    /// The identifier, such as `Filter:0`.
    public var id: String
    /// The kind.
    public var kind: Kind?
    /// Maker and model.
    public var manufacturing: Manufacturing
    /// Where the band begins, nm.
    public var cutInNm: Double?
    /// Where the band ends, nm.
    public var cutOutNm: Double?

    /// Creates a filter.
    public init(id: String, kind: Kind? = nil, _ manufacturing: Manufacturing = .init()) {
      self.id = id
      self.kind = kind
      self.manufacturing = manufacturing
    }
  }

  /// A dichroic mirror.
  public struct Dichroic: Sendable, Hashable {
    /// The identifier, such as `Dichroic:0`.
    public var id: String
    /// Maker and model.
    public var manufacturing: Manufacturing

    /// Creates a mirror.
    public init(id: String, _ manufacturing: Manufacturing = .init()) {
      self.id = id
      self.manufacturing = manufacturing
    }
  }

  /// Filters that are used together.
  public struct FilterSet: Sendable, Hashable {
    /// The identifier, such as `FilterSet:0`.
    public var id: String
    /// Maker and model.
    public var manufacturing: Manufacturing
    /// The filters and the mirror.
    public var path = LightPath()

    /// Creates a set without filters.
    public init(id: String, _ manufacturing: Manufacturing = .init()) {
      self.id = id
      self.manufacturing = manufacturing
    }
  }

  /// What light passes on its way, by identifiers.
  public struct LightPath: Sendable, Hashable {
    /// Filters of the exciting light.
    public var excitationFilters: [String] = []
    /// The mirror.
    public var dichroic: String?
    /// Filters of the recorded light.
    public var emissionFilters: [String] = []

    /// Creates a path through nothing.
    public init() {}

    /// Whether nothing is in the way.
    public var isEmpty: Bool {
      excitationFilters.isEmpty && dichroic == nil && emissionFilters.isEmpty
    }
  }
}

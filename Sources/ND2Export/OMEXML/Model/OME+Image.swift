extension OME {
  /// An image: all pixels of one stage position.
  public struct Image: Sendable, Hashable {
    /// The identifier, such as `Image:0`.
    public var id: String
    /// The name.
    public var name: String?
    /// When it was taken, by ISO 8601.
    public var acquisitionDate: String?
    /// Identifier of the person who took it.
    public var experimenter: String?
    /// What it shows, for people.
    public var description: String?
    /// Identifier of the instrument.
    public var instrument: String?
    /// The objective and the medium in front of it.
    public var objectiveSettings: ObjectiveSettings?
    /// What surrounded the sample.
    public var imagingEnvironment: ImagingEnvironment?
    /// Where the stage stood.
    public var stageLabel: StageLabel?
    /// The pixels.
    public var pixels: Pixels
    /// Identifiers of the regions of interest.
    public var rois: [String] = []
    /// Identifiers of the annotations.
    public var annotations: [String] = []

    /// Creates an image.
    public init(id: String, name: String? = nil, pixels: Pixels) {
      self.id = id
      self.name = name
      self.pixels = pixels
    }
  }

  /// How an objective was used.
  public struct ObjectiveSettings: Sendable, Hashable {
    /// Media in front of an objective.
    public enum Medium: String, Sendable, Hashable, CaseIterable {
      /// Air.
      case air = "Air"
      /// Oil.
      case oil = "Oil"
      /// Water.
      case water = "Water"
      /// Glycerol.
      case glycerol = "Glycerol"
      /// Anything else.
      case other = "Other"
    }

    /// Identifier of the objective.
    public var id: String
    /// The medium.
    public var medium: Medium?
    /// Its refractive index.
    public var refractiveIndex: Double?

    /// Creates settings.
    public init(id: String, medium: Medium? = nil, refractiveIndex: Double? = nil) {
      self.id = id
      self.medium = medium
      self.refractiveIndex = refractiveIndex
    }
  }

  /// What surrounded the sample.
  public struct ImagingEnvironment: Sendable, Hashable {
    /// Temperature, °C.
    public var temperatureC: Double?
    /// Pressure of the air, mbar.
    public var airPressureMbar: Double?
    /// Relative humidity, 0 to 1.
    public var humidity: Double?
    /// Share of carbon dioxide, 0 to 1.
    public var co2Fraction: Double?
    /// Anything else.
    public var map: Map?

    /// Creates a description of nothing.
    public init() {}

    /// Whether nothing is known.
    public var isEmpty: Bool { self == ImagingEnvironment() }
  }

  /// A place of the stage, with its name.
  public struct StageLabel: Sendable, Hashable {
    /// The name.
    public var name: String
    /// Along the stage's x axis, µm.
    public var x: Double?
    /// Along the stage's y axis, µm.
    public var y: Double?
    /// Focus, µm.
    public var z: Double?

    /// Creates a place.
    public init(name: String, x: Double? = nil, y: Double? = nil, z: Double? = nil) {
      self.name = name
      self.x = x
      self.y = y
      self.z = z
    }
  }
}

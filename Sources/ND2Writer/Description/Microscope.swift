extension ND2FileDescription {
  /// Microscope, calibration and stage.
  public struct Microscope: Hashable, Sendable {
    /// Size of a pixel in µm.
    public var pixelSizeUm = 0.325
    /// Whether the size of a pixel is known.
    public var isCalibrated = true
    /// Stage position in µm when the first frame was taken.
    public var stage = Position(x: 1200.5, y: -340.25, z: 2500.75)
    /// Angle of the camera in radians.
    public var cameraAngle = 0.0
    /// From camera to stage axes, row by row: a11, a12, a21, a22.
    public var cameraMatrix = [1.0, 0.0, 0.0, 1.0]
    /// Orientation of the stage axes, 1 or -1 each; nil when no stage is described.
    public var stageOrientation: [Int32]? = [1, 1]
    /// Name of the objective.
    public var objectiveName = "Plan Apo λ 20x"
    /// Magnification of the objective; -1 when unknown.
    public var magnification = 20.0
    /// Numerical aperture; -1 when unknown.
    public var numericalAperture = 0.75
    /// Refractive index of the immersion; -1 when unknown.
    public var refractiveIndex = 1.0
    /// Zoom; -1 when unknown.
    public var zoom = 1.0
    /// Magnification of the projective lens; -1 when unknown.
    public var projectiveMagnification = -1.0
    /// Start of the acquisition as a Julian day number, in UTC.
    public var startJulianDay = 2_460_310.5
    /// Name of the camera.
    public var cameraName = "Sample Camera"

    /// Creates the default microscope.
    public init() {}
  }

  /// Identity of the program that took the images.
  public struct Application: Hashable, Sendable {
    /// Name of the program.
    public var name = "swift-nd2"
    /// Name of the camera driver.
    public var grabber = ""
    /// Version of the program.
    public var version = "1.0"
    /// Copyright notice.
    public var copyright = ""
    /// Name of the company.
    public var company = ""
    /// Number of the licence.
    public var licence = ""

    /// Creates the default identity.
    public init() {}
  }

  /// The text fields of a file, by their number in the format.
  public enum TextItem: Int, Hashable, Sendable, CaseIterable {
    /// Identity of the image.
    case imageID
    /// Kind of image.
    case type
    /// Group.
    case group
    /// Identity of the sample.
    case sampleID
    /// Author.
    case author
    /// Description, which programs write and people extend.
    case description
    /// Camera settings.
    case capturing
    /// Sampling.
    case sampling
    /// Place.
    case location
    /// Date in the format of the author's country.
    case date
    /// Conclusion.
    case conclusion
    /// First free text.
    case info1
    /// Second free text.
    case info2
    /// Objective.
    case optics
    /// Version of the program.
    case applicationVersion
  }
}

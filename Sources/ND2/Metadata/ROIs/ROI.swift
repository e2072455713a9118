/// A region of interest drawn in NIS-Elements.
///
/// Lengths are in units of half the image: a centre of (−1, −1) is the image's top left corner,
/// (1, 1) its bottom right one, and a box as wide as the image has the size 2
/// (nd2-format §3.9). ``AnimationParameters`` has methods that give pixels.
public struct ROI: Hashable, Sendable, Identifiable {
  /// Number of the region, unique in intact files.
  public var id: Int
  /// Kind, name, colour and role.
  public var info: Info
  /// Identity across files; empty when the file does not say it.
  public var guid: String
  /// Place and shape; several, in order of time, for a region that moves.
  public var animationParameters: [AnimationParameters]
  /// Index of the stage position that the region belongs to, or nil when it belongs to all.
  public var positionIndex: Int?

  /// Creates a region.
  public init(
    id: Int, info: Info = Info(), guid: String = "",
    animationParameters: [AnimationParameters] = [], positionIndex: Int? = nil
  ) {
    self.id = id
    self.info = info
    self.guid = guid
    self.animationParameters = animationParameters
    self.positionIndex = positionIndex
  }

  /// The place and shape at a time: those of the last step that is not later, else of the first.
  ///
  /// - Parameter timeMs: milliseconds since the start of the acquisition.
  public func animationParameters(atMs timeMs: Double) -> AnimationParameters? {
    animationParameters.last { $0.timeMs <= timeMs } ?? animationParameters.first
  }
}

extension ROI {
  /// Kind, name, colour and role of a region.
  public struct Info: Hashable, Sendable {
    /// The kind of shape.
    public var shape = Shape.any
    /// What the region is for.
    public var interpretation = Interpretation.any
    /// A number of the program that wrote the file.
    public var cookie = 0
    /// Colour as `0xAABBGGRR`.
    public var color = 255
    /// The name that the user sees.
    public var label = ""
    /// Stimulation group; 0 when the region is not for stimulation.
    public var stimulationGroup = 0
    /// Whether the region belongs to one stage position or to all.
    public var scope = Scope.global
    /// A number of the program that wrote the file.
    public var appData = 0
    /// Whether the region exists in several frames.
    public var isMultiFrame = false
    /// Whether the region is protected against changes.
    public var isLocked = false
    /// Number of components of a gradient stimulation.
    public var componentCount = 2
    /// Bits of a component.
    public var bitsPerComponent = 16
    /// Whether the region was found by the program.
    public var isAutodetected = false
    /// Whether the stimulation has a gradient.
    public var hasGradientStimulation = false
    /// Bits of the gradient.
    public var gradientStimulationBitDepth = 0
    /// Lower end of the gradient.
    public var gradientStimulationLow = 0.0
    /// Upper end of the gradient.
    public var gradientStimulationHigh = 0.0

    /// Creates the description that a region has when the file says nothing.
    public init() {}
  }
}

extension ROI.Info: Codable {
  private enum CodingKeys: String, CodingKey {
    case shape = "shapeType"
    case interpretation = "interpType"
    case cookie, color, label, stimulationGroup, scope, appData
    case isMultiFrame = "multiFrame"
    case isLocked = "locked"
    case componentCount = "compCount"
    case bitsPerComponent = "bpc"
    case isAutodetected = "autodetected"
    case hasGradientStimulation = "gradientStimulation"
    case gradientStimulationBitDepth
    case gradientStimulationLow = "gradientStimulationLo"
    case gradientStimulationHigh = "gradientStimulationHi"
  }
}

extension ROI: Codable {
  private enum CodingKeys: String, CodingKey {
    case id, info, guid, positionIndex
    case animationParameters = "animParams"
  }

  /// Writes the region; the position only when it has one.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(info, forKey: .info)
    try container.encode(guid, forKey: .guid)
    try container.encode(animationParameters, forKey: .animationParameters)
    if let positionIndex { try container.encode(positionIndex, forKey: .positionIndex) }
  }
}

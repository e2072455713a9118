/// A loop over stage positions.
public struct XYPosLoop: Sendable, Hashable, Codable {
  /// Number of positions.
  public var count: Int
  /// Depth: 0 for the outermost loop.
  public var nestingLevel: Int
  /// The positions.
  public var parameters: Parameters

  /// The positions of a loop.
  public struct Parameters: Sendable, Hashable, Codable {
    /// Whether the focus was set at each position.
    public var isSettingZ: Bool
    /// The positions that were visited, in their order.
    public var points: [Point]

    /// Creates parameters.
    public init(isSettingZ: Bool, points: [Point]) {
      self.isSettingZ = isSettingZ
      self.points = points
    }
  }

  /// A stage position.
  public struct Point: Sendable, Hashable, Codable {
    /// Where it is, µm; z is 0 unless the loop sets the focus.
    public var stagePositionUm: StagePosition
    /// Offset of the focus system; nil when it was not in use.
    public var pfsOffset: Double?
    /// Name of the position.
    public var name: String?

    /// Creates a position.
    public init(stagePositionUm: StagePosition, pfsOffset: Double? = nil, name: String? = nil) {
      self.stagePositionUm = stagePositionUm
      self.pfsOffset = pfsOffset
      self.name = name
    }
  }

  /// Creates a loop.
  public init(nestingLevel: Int = 0, isSettingZ: Bool = false, points: [Point]) {
    count = points.count
    self.nestingLevel = nestingLevel
    parameters = Parameters(isSettingZ: isSettingZ, points: points)
  }

  /// The position at an index of the loop.
  func point(_ index: Int) -> Point? {
    parameters.points.indices.contains(index) ? parameters.points[index] : nil
  }
}

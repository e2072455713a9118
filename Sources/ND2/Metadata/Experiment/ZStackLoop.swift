/// A loop over focus planes.
public struct ZStackLoop: Sendable, Hashable, Codable {
  /// Number of planes.
  public var count: Int
  /// Depth: 0 for the outermost loop.
  public var nestingLevel: Int
  /// Step, direction, home plane.
  public var parameters: Parameters

  /// Step, direction and home plane of a stack.
  public struct Parameters: Sendable, Hashable, Codable {
    /// Index of the plane at the focus from which the stack was planned.
    public var homeIndex: Int
    /// Distance between planes, µm.
    public var stepUm: Double
    /// Whether planes were taken from the bottom to the top.
    public var bottomToTop: Bool
    /// Name of the focus drive.
    public var deviceName: String?

    /// Creates parameters.
    public init(homeIndex: Int, stepUm: Double, bottomToTop: Bool, deviceName: String? = nil) {
      self.homeIndex = homeIndex
      self.stepUm = stepUm
      self.bottomToTop = bottomToTop
      self.deviceName = deviceName
    }
  }

  /// Creates a loop.
  public init(count: Int, nestingLevel: Int = 0, parameters: Parameters) {
    self.count = count
    self.nestingLevel = nestingLevel
    self.parameters = parameters
  }

  /// Distance of a plane from the home plane, µm: upwards with the index from the bottom to the
  /// top, downwards else.
  public func offsetUm(plane index: Int) -> Double {
    let planes = Double(index) - Double(parameters.homeIndex)
    return (parameters.bottomToTop ? planes : -planes) * parameters.stepUm
  }
}

/// A loop that a user defined.
public struct CustomLoop: Sendable, Hashable, Codable {
  /// Number of turns.
  public var count: Int
  /// Depth: 0 for the outermost loop.
  public var nestingLevel: Int

  /// Creates a loop.
  public init(count: Int, nestingLevel: Int = 0) {
    self.count = count
    self.nestingLevel = nestingLevel
  }
}

/// A loop of a kind whose parameters the library does not interpret.
public struct OtherLoop: Sendable, Hashable, Codable {
  /// Number of turns.
  public var count: Int
  /// Depth: 0 for the outermost loop.
  public var nestingLevel: Int
  /// The kind as files number it.
  public var type: LoopType

  /// Creates a loop.
  public init(type: LoopType, count: Int, nestingLevel: Int = 0) {
    self.type = type
    self.count = count
    self.nestingLevel = nestingLevel
  }
}

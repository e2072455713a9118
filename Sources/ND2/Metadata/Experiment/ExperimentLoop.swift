/// A loop of an experiment: what was done again and again, and how often.
///
/// As JSON it is an object of `count`, `nestingLevel`, `parameters` and `type`.
public enum ExperimentLoop: Sendable, Hashable {
  /// Time points at one interval.
  case time(TimeLoop)
  /// Time points in phases of their own intervals.
  case neTime(NETimeLoop)
  /// Stage positions.
  case xyPositions(XYPosLoop)
  /// Focus planes.
  case zStack(ZStackLoop)
  /// A loop that a user defined.
  case custom(CustomLoop)
  /// A loop of a kind that has no parameters known to the library.
  case other(OtherLoop)

  /// Number of turns.
  public var count: Int {
    switch self {
    case .time(let loop): loop.count
    case .neTime(let loop): loop.count
    case .xyPositions(let loop): loop.count
    case .zStack(let loop): loop.count
    case .custom(let loop): loop.count
    case .other(let loop): loop.count
    }
  }

  /// Depth: 0 for the outermost loop.
  public var nestingLevel: Int {
    switch self {
    case .time(let loop): loop.nestingLevel
    case .neTime(let loop): loop.nestingLevel
    case .xyPositions(let loop): loop.nestingLevel
    case .zStack(let loop): loop.nestingLevel
    case .custom(let loop): loop.nestingLevel
    case .other(let loop): loop.nestingLevel
    }
  }

  /// The kind as files number it.
  public var type: LoopType {
    switch self {
    case .time: .time
    case .neTime: .neTime
    case .xyPositions: .xyPositions
    case .zStack: .zStack
    case .custom: .custom
    case .other(let loop): loop.type
    }
  }

  /// The axis of the image array that the loop runs along.
  public var axis: Axis { type.axis ?? .custom }
}

/// The kinds of loop, by the numbers that files use (nd2-format §3.3).
public enum LoopType: Int, Sendable, Hashable, Codable, CaseIterable {
  /// Not known.
  case unknown = 0
  /// Time points.
  case time = 1
  /// Stage positions.
  case xyPositions = 2
  /// Stage positions on a grid.
  case xyDiscrete = 3
  /// Focus planes.
  case zStack = 4
  /// Directions.
  case polar = 5
  /// Wavelengths: the channels within a frame.
  case spectral = 6
  /// Defined by a user.
  case custom = 7
  /// Time points in phases.
  case neTime = 8
  /// Time points set by hand.
  case manualTime = 9
  /// Focus planes that were approached exactly.
  case zStackAccurate = 10

  /// The name that the Python package nd2 and the vendor's library give loops of this kind.
  public var name: String {
    switch self {
    case .unknown: "Unknown"
    case .time: "TimeLoop"
    case .xyPositions: "XYPosLoop"
    case .xyDiscrete: "XYDiscrLoop"
    case .zStack: "ZStackLoop"
    case .polar: "PolarLoop"
    case .spectral: "SpectLoop"
    case .custom: "CustomLoop"
    case .neTime: "NETimeLoop"
    case .manualTime: "ManTimeLoop"
    case .zStackAccurate: "ZStackLoopAccurate"
    }
  }

  /// The axis that such a loop runs along; nil for those that add no frames.
  public var axis: Axis? {
    switch self {
    case .time, .neTime, .manualTime: .time
    case .xyPositions, .xyDiscrete: .position
    case .zStack, .zStackAccurate: .z
    case .custom, .polar: .custom
    case .unknown, .spectral: nil
    }
  }
}

/// Position in space, µm.
public struct StagePosition: Sendable, Hashable, Codable {
  /// Along the stage's x axis, µm.
  public var x: Double
  /// Along the stage's y axis, µm.
  public var y: Double
  /// Focus, µm.
  public var z: Double

  /// Creates a position.
  public init(x: Double, y: Double, z: Double) {
    self.x = x
    self.y = y
    self.z = z
  }
}

// The loops of an experiment by their kind.
extension [ExperimentLoop] {
  /// The outermost loop over focus planes.
  public var zStack: ZStackLoop? {
    for case .zStack(let loop) in self { return loop }
    return nil
  }

  /// The outermost loop over equidistant time points.
  public var time: TimeLoop? {
    for case .time(let loop) in self { return loop }
    return nil
  }

  /// The outermost loop over time points in several phases.
  public var neTime: NETimeLoop? {
    for case .neTime(let loop) in self { return loop }
    return nil
  }

  /// The outermost loop over stage positions.
  public var xyPositions: XYPosLoop? {
    for case .xyPositions(let loop) in self { return loop }
    return nil
  }
}

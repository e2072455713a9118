extension ND2FileDescription {
  /// A loop of the experiment.
  public enum Loop: Hashable, Sendable {
    /// Equidistant time points.
    case time(TimePhase)
    /// Several phases of equidistant time points.
    case timePhases([TimePhase])
    /// Stage positions.
    case positions(PositionList)
    /// A focus series.
    case zStack(ZStack)
    /// Channels taken one after the other; adds no frames.
    case spectral
    /// A loop without a meaning known to the format.
    case custom(count: Int)
    /// A loop of any type code that consists of a count only (nd2-format §3.3.6).
    case other(type: UInt32, count: Int)

    /// Time points at a fixed period.
    public static func time(count: Int, periodMs: Double = 1000) -> Loop {
      .time(TimePhase(count: count, periodMs: periodMs))
    }

    /// Planes at a fixed step around a home position in the middle.
    public static func zStack(count: Int, stepUm: Double = 0.5) -> Loop {
      .zStack(ZStack(count: count, stepUm: stepUm))
    }

    /// Named positions in a row, 100 µm apart.
    public static func positions(count: Int) -> Loop {
      .positions(
        PositionList((0..<count).map { Position(x: Double($0) * 100, name: "#\($0 + 1)") }))
    }

    /// By how much the loop multiplies the number of frames.
    public var frameFactor: Int {
      switch self {
      case .time(let phase): phase.count
      case .timePhases(let phases): phases.reduce(0) { $0 + ($1.isValid ? $1.count : 0) }
      case .positions(let list): list.points.count { $0.isValid }
      case .zStack(let stack): stack.count
      case .spectral: 1
      case .custom(let count), .other(_, let count): count
      }
    }
  }

  /// Equidistant time points.
  public struct TimePhase: Hashable, Sendable {
    /// Number of time points.
    public var count: Int
    /// Start, in ms after the start of the experiment.
    public var startMs: Double
    /// Distance of time points in ms; 0 for as fast as possible.
    public var periodMs: Double
    /// Planned duration in ms, or 0.
    public var durationMs: Double
    /// Measured distances of time points in ms: average, largest, smallest.
    public var measuredPeriodMs: (average: Double, maximum: Double, minimum: Double) {
      get { (measured[0], measured[1], measured[2]) }
      set { measured = [newValue.average, newValue.maximum, newValue.minimum] }
    }
    /// Whether the phase was carried out.
    public var isValid: Bool
    private var measured: [Double] = [0, 0, 0]

    /// Creates a phase.
    public init(
      count: Int, startMs: Double = 0, periodMs: Double = 1000, durationMs: Double = 0,
      isValid: Bool = true
    ) {
      self.count = count
      self.startMs = startMs
      self.periodMs = periodMs
      self.durationMs = durationMs
      self.isValid = isValid
    }
  }

  /// Stage positions.
  public struct PositionList: Hashable, Sendable {
    /// The positions; those not valid take no frames.
    public var points: [Position]
    /// Whether the z of the positions counts.
    public var usesZ: Bool
    /// What is added to all positions in x and y, in µm; nil for absolute positions.
    public var reference: Offset?

    /// Creates a list of positions.
    public init(_ points: [Position], usesZ: Bool = false, reference: Offset? = nil) {
      self.points = points
      self.usesZ = usesZ
      self.reference = reference
    }

    /// A shift in x and y, in µm.
    public struct Offset: Hashable, Sendable {
      /// Shift in x.
      public var x: Double
      /// Shift in y.
      public var y: Double

      /// Creates a shift.
      public init(x: Double, y: Double) {
        self.x = x
        self.y = y
      }
    }
  }

  /// A stage position.
  public struct Position: Hashable, Sendable {
    /// x in µm.
    public var x: Double
    /// y in µm.
    public var y: Double
    /// z in µm.
    public var z: Double
    /// Offset of the focus-keeping system; negative when unknown.
    public var focusOffset: Double
    /// The name; may be empty.
    public var name: String
    /// Whether frames were taken there.
    public var isValid: Bool

    /// Creates a position.
    public init(
      x: Double = 0, y: Double = 0, z: Double = 0, focusOffset: Double = -1, name: String = "",
      isValid: Bool = true
    ) {
      self.x = x
      self.y = y
      self.z = z
      self.focusOffset = focusOffset
      self.name = name
      self.isValid = isValid
    }
  }

  /// A focus series.
  public struct ZStack: Hashable, Sendable {
    /// Number of planes.
    public var count: Int
    /// Distance of planes in µm; 0 when only the ends are known.
    public var stepUm: Double
    /// How the series was defined, 0 to 7 (nd2-format §3.3.4); 4 and above go from top to bottom.
    public var type: Int32
    /// Lowest z in µm; nil for a series that is symmetric around home.
    public var lowUm: Double?
    /// Highest z in µm; nil for a series that is symmetric around home.
    public var highUm: Double?
    /// Home position in µm.
    public var homeUm: Double
    /// Whether the drive counts downwards.
    public var isInverted: Bool
    /// Whether low, high and home are absolute positions.
    public var isAbsolute: Bool
    /// Name of the drive.
    public var device: String

    /// Creates a series.
    public init(
      count: Int, stepUm: Double = 0.5, type: Int32 = 2, lowUm: Double? = nil,
      highUm: Double? = nil, homeUm: Double = 0, isInverted: Bool = false,
      isAbsolute: Bool = false, device: String = "Sample ZDrive"
    ) {
      self.count = count
      self.stepUm = stepUm
      self.type = type
      self.lowUm = lowUm
      self.highUm = highUm
      self.homeUm = homeUm
      self.isInverted = isInverted
      self.isAbsolute = isAbsolute
      self.device = device
    }

    /// Lowest and highest z in µm.
    var range: (low: Double, high: Double) {
      let half = stepUm * Double(max(0, count - 1)) / 2
      return (lowUm ?? homeUm - half, highUm ?? homeUm + half)
    }
  }
}

extension ND2FileDescription.Loop {
  /// Time points whose number is not known beforehand: as many as ``ND2FileWriter`` is given.
  ///
  /// Only the outermost loop can be of this kind. It is a time loop of count 0.
  public static func openEndedTime(periodMs: Double = 1000) -> ND2FileDescription.Loop {
    .time(ND2FileDescription.TimePhase(count: 0, periodMs: periodMs))
  }
}

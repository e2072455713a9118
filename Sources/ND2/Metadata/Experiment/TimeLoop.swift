/// A loop over time points at one interval.
public struct TimeLoop: Sendable, Hashable, Codable {
  /// Number of time points.
  public var count: Int
  /// Depth: 0 for the outermost loop.
  public var nestingLevel: Int
  /// Start and interval.
  public var parameters: TimeLoopParameters

  /// Creates a loop.
  public init(count: Int, nestingLevel: Int = 0, parameters: TimeLoopParameters = .init()) {
    self.count = count
    self.nestingLevel = nestingLevel
    self.parameters = parameters
  }
}

/// Start and interval of time points.
public struct TimeLoopParameters: Sendable, Hashable, Codable {
  /// Start, ms since the start of the experiment or of its phase.
  public var startMs: Double
  /// Planned interval, ms; 0 for as fast as possible.
  public var periodMs: Double
  /// Planned duration, ms; 0 when the count decides.
  public var durationMs: Double
  /// Measured intervals.
  public var periodDiff: PeriodDifference

  /// Creates parameters.
  public init(
    startMs: Double = 0, periodMs: Double = 0, durationMs: Double = 0,
    periodDiff: PeriodDifference = .init()
  ) {
    self.startMs = startMs
    self.periodMs = periodMs
    self.durationMs = durationMs
    self.periodDiff = periodDiff
  }

  /// The interval, ms: measured, else planned; nil when neither is known.
  public var intervalMs: Double? {
    periodDiff.avg > 0 ? periodDiff.avg : periodMs > 0 ? periodMs : nil
  }
}

/// Measured intervals between time points, ms; 0 when they were not recorded.
public struct PeriodDifference: Sendable, Hashable, Codable {
  /// Mean interval, ms.
  public var avg: Double
  /// Longest interval, ms.
  public var max: Double
  /// Shortest interval, ms.
  public var min: Double

  /// Creates a description.
  public init(avg: Double = 0, max: Double = 0, min: Double = 0) {
    self.avg = avg
    self.max = max
    self.min = min
  }
}

/// A loop over time points in phases of their own intervals.
public struct NETimeLoop: Sendable, Hashable, Codable {
  /// Number of time points of all phases.
  public var count: Int
  /// Depth: 0 for the outermost loop.
  public var nestingLevel: Int
  /// The phases.
  public var parameters: Parameters

  /// The phases of a loop.
  public struct Parameters: Sendable, Hashable, Codable {
    /// The phases that were run, in their order.
    public var periods: [Period]

    /// Creates parameters.
    public init(periods: [Period]) { self.periods = periods }
  }

  /// A phase: time points at one interval.
  public struct Period: Sendable, Hashable, Codable {
    /// Number of time points.
    public var count: Int
    /// Start, ms.
    public var startMs: Double
    /// Planned interval, ms.
    public var periodMs: Double
    /// Planned duration, ms.
    public var durationMs: Double
    /// Measured intervals.
    public var periodDiff: PeriodDifference

    /// Creates a phase.
    public init(count: Int, _ parameters: TimeLoopParameters = .init()) {
      self.count = count
      startMs = parameters.startMs
      periodMs = parameters.periodMs
      durationMs = parameters.durationMs
      periodDiff = parameters.periodDiff
    }

    /// The interval, ms: measured, else planned; nil when neither is known.
    public var intervalMs: Double? {
      periodDiff.avg > 0 ? periodDiff.avg : periodMs > 0 ? periodMs : nil
    }
  }

  /// Creates a loop.
  public init(count: Int, nestingLevel: Int = 0, periods: [Period]) {
    self.count = count
    self.nestingLevel = nestingLevel
    parameters = Parameters(periods: periods)
  }

  /// Time of a time point, ms since the start of the first phase.
  ///
  /// A phase begins when its start says, if that is after the phase before; else one interval
  /// after the last time point before it. Nil when a phase of several points has no interval.
  public func time(ofTurn turn: Int) -> Double? {
    var first = 0
    var last = -Double.infinity
    var next = 0.0
    for period in parameters.periods {
      let interval = period.intervalMs ?? 0
      guard interval > 0 || period.count <= 1 else { return nil }
      let start = period.startMs > Swift.max(last, 0) ? period.startMs : next
      if turn - first < period.count {
        return turn < first ? nil : start + Double(turn - first) * interval
      }
      first &+= period.count
      last = start + Double(period.count - 1) * interval
      next = last + interval
    }
    return nil
  }
}

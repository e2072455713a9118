extension SampleFile {
  /// Acquisition times, in ms after the start.
  public enum FrameTimes: Hashable, Sendable {
    /// Frame i at i times the period.
    case every(milliseconds: Double)
    /// One time for each frame.
    case list([Double])
    /// None: the frames say -1 and there is no chunk of times.
    case unknown
  }

  /// The time of a frame in ms, or -1 when unknown.
  public func timeMs(ofFrame frame: Int) -> Double {
    switch frameTimes {
    case .every(let period): Double(frame) * period
    case .list(let times): times.indices.contains(frame) ? times[frame] : -1
    case .unknown: -1
    }
  }
}

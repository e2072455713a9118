/// Where the planes of an image come from.
struct PlaneSource: Sendable {
  /// What there was of a frame.
  enum State: Sendable {
    /// Everything.
    case whole
    /// Some, or nothing that can be decoded; the rest are zeros.
    case damaged
    /// Nothing was stored; all are zeros.
    case missing
  }

  /// Planes that a frame has: elements along c.
  var planeCount: Int
  /// Whether rows can be had alone at little cost.
  var isDivisible = true
  /// Whether pixels are numbers of objects, which have no mean.
  var isLabels = false
  /// Reads rows of all planes of the frame at a t and a z into dense memory.
  var read:
    @Sendable (
      _ time: Int, _ focus: Int, _ rows: Range<Int>, _ into: UnsafeMutableRawBufferPointer,
      _ threads: Int
    ) throws -> State
  /// Levels that are stored for all frames.
  var storedLevels: Set<Int> = []
  /// Reads a stored level of all planes of a frame into dense memory; false when it cannot.
  var readLevel:
    @Sendable (
      _ time: Int, _ focus: Int, _ level: Int, _ into: UnsafeMutableRawBufferPointer
    ) throws -> Bool = { _, _, _, _ in false }
}

/// Rows of all planes of the frame at a t and a z.
struct PlanePlace: Hashable, Sendable {
  var time: Int
  var focus: Int
  var rows: Range<Int>
}

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
  /// Whether they come from far away, so that they are best read ahead.
  var isRemote = false
  /// Begins to read planes before they are wanted, in that order, with so much memory; nil where
  /// nothing is gained.
  var readAhead:
    @Sendable (
      _ places: [PlanePlace], _ memoryLimit: Int, _ isCancelled: @escaping @Sendable () -> Bool
    ) -> PlaneAhead? = { _, _, _ in nil }
  /// Threads that are of use because they mostly wait for what cannot be read ahead; nil when they
  /// do not.
  var waitingThreadCount: Int?
  /// Levels that are stored for all frames.
  var storedLevels: Set<Int> = []
  /// Reads a stored level of all planes of a frame into dense memory; false when it cannot.
  var readLevel:
    @Sendable (
      _ time: Int, _ focus: Int, _ level: Int, _ into: UnsafeMutableRawBufferPointer
    ) throws -> Bool = { _, _, _, _ in false }
}

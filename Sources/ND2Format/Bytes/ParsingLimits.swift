/// Bounds on what a file may make the library do before pixels are asked for.
///
/// Every limit is far above what microscopes write. A value beyond one of them ends in an error
/// (or, where the rest is usable, in a diagnostic) that names the limit and the value.
public struct ParsingLimits: Hashable, Sendable {
  /// Deepest nesting of metadata levels.
  public var depth: Int
  /// Largest number of items in one decoded metadata chunk.
  public var itemCount: Int
  /// Largest size of a compressed metadata chunk after inflation, in bytes.
  public var inflatedByteCount: Int
  /// Largest metadata chunk that is read into memory, in bytes.
  public var chunkByteCount: Int
  /// Largest number of frames that the loops of an experiment may describe.
  public var frameCount: Int
  /// Largest number of pixels along one side of an image.
  public var sideLength: Int

  /// The defaults.
  public static let standard = ParsingLimits()

  /// Creates limits; each defaults to a value far above what microscopes write.
  public init(
    depth: Int = 64, itemCount: Int = 1_000_000, inflatedByteCount: Int = 64 << 20,
    chunkByteCount: Int = 256 << 20, frameCount: Int = 50_000_000, sideLength: Int = 1 << 22
  ) {
    self.depth = depth
    self.itemCount = itemCount
    self.inflatedByteCount = inflatedByteCount
    self.chunkByteCount = chunkByteCount
    self.frameCount = frameCount
    self.sideLength = sideLength
  }
}

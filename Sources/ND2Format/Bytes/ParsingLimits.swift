/// Bounds on what a file may make the library do before pixels are asked for.
///
/// Every limit is far above what microscopes write. A value beyond one of them ends in an error
/// (or, where the rest is usable, in a diagnostic) that names the limit and the value. Items and
/// inflated bytes are counted over all metadata that one call decodes.
public struct ParsingLimits: Hashable, Sendable {
  /// Deepest nesting of metadata levels.
  public var depth: Int
  /// Largest number of items in the metadata that is decoded at once.
  public var itemCount: Int
  /// Largest size of compressed metadata after inflation, in bytes.
  public var inflatedByteCount: Int
  /// Largest metadata chunk that is read into memory, in bytes.
  public var chunkByteCount: Int
  /// Largest number of frames that the loops of an experiment may describe.
  public var frameCount: Int
  /// Largest number of pixels along one side of an image.
  public var sideLength: Int

  /// Whether the limits are narrowed to what a file of its size may ask for, so that opening it and
  /// looking at all its metadata takes no more than ``memoryBudget(forByteCount:)``.
  ///
  /// Set it to false for a file that an error or a diagnostic says to exceed a limit, and that is
  /// sound all the same.
  public var fitsFileSize = true

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

  /// Most memory in bytes that a file of that size can make the library hold before pixels are read:
  /// 64 MB and 32 times the size of the file.
  ///
  /// This holds for the limits as they are by default, or lower, with ``fitsFileSize``.
  public static func memoryBudget(forByteCount byteCount: UInt64) -> UInt64 {
    let (scaled, overflow) = byteCount.multipliedReportingOverflow(by: 32)
    return overflow ? .max : Checked.sum(scaled, 64 << 20) ?? .max
  }

  /// The limits for a file of that size: an item of metadata may take some hundred bytes of memory,
  /// a byte of text two, a frame in a list a few hundred.
  package func fitted(toByteCount byteCount: UInt64) -> ParsingLimits {
    guard fitsFileSize else { return self }
    let size = Int(clamping: min(byteCount, 1 << 46))
    var limits = self
    limits.itemCount = min(itemCount, 50_000 + size / 8)
    limits.inflatedByteCount = min(inflatedByteCount, (4 << 20) + size * 2)
    limits.frameCount = min(frameCount, 131_072 + size / 64)
    return limits
  }

  /// The limits that are left after some metadata was decoded.
  package mutating func spend(items: Int, inflatedBytes: Int) {
    itemCount = max(0, itemCount - items)
    inflatedByteCount = max(0, inflatedByteCount - inflatedBytes)
  }
}

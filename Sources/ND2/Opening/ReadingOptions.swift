/// How a file is opened and how forgiving the reading is.
public struct ReadingOptions: Hashable, Sendable {
  /// Whether a frame without data, or with data that cannot be decoded, is an error.
  ///
  /// When false, such a frame reads as zeros and is reported in ``ND2File/diagnostics``.
  public var isStrict = false
  /// Bytes before and after an expected place that are searched for a chunk that is not there.
  public var searchWindow: UInt64 = 100_000
  /// Whether a file without a usable chunk map is scanned for its chunks.
  public var scansForChunks = true
  /// Whether the file is still being written, as during an acquisition.
  ///
  /// That there is no chunk map yet is then no damage, and an image at the end of which it is not
  /// sure that all of it is there counts as missing; see ``ND2File/refreshed()-20aak``.
  public var isBeingWritten = false
  /// Size and number format of the frames, for files that have lost their attributes.
  ///
  /// Used when the file does not say it itself.
  public var frameShape: FrameShape?
  /// Bounds on what a file may make the library do.
  public var limits = ParsingLimits.standard
  /// Threads that read and decode side by side; nil for one a core.
  public var threadCount: Int?
  /// Requests that an asynchronous source is given at a time.
  public var maxConcurrency = 64
  /// Whether wavelengths, sample types, RGB order and z positions follow the Python package nd2
  /// where the library differs from it on purpose.
  public var isND2Compatible = false

  /// Creates options with the defaults.
  public init() {}

  /// The options for a file of that size.
  func fitted(toByteCount byteCount: UInt64) -> ReadingOptions {
    var options = self
    options.limits = limits.fitted(toByteCount: byteCount)
    return options
  }
}

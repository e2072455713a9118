/// How far an export is.
public struct ExportProgress: Sendable, Hashable {
  /// Planes that are written: images of one channel, time and height.
  public var planeCount: Int
  /// Planes in all.
  public var totalPlaneCount: Int
  /// Bytes of pixels that are written, before compression.
  public var byteCount: UInt64
  /// Bytes of pixels in all.
  public var totalByteCount: UInt64

  /// Creates a progress.
  public init(
    planeCount: Int, totalPlaneCount: Int, byteCount: UInt64, totalByteCount: UInt64
  ) {
    self.planeCount = planeCount
    self.totalPlaneCount = totalPlaneCount
    self.byteCount = byteCount
    self.totalByteCount = totalByteCount
  }

  /// The share that is done, 0 to 1.
  public var share: Double {
    totalByteCount == 0 ? 1 : Double(byteCount) / Double(totalByteCount)
  }
}

/// What an export did.
public struct ExportReport: Sendable, Hashable {
  /// The files that were written, in the order of what they hold.
  public var paths: [String] = []
  /// Their size in bytes, together.
  public var byteCount: UInt64 = 0
  /// Images, one for each stage position.
  public var imageCount = 0
  /// Planes.
  public var planeCount = 0
  /// Frames whose pixels are not all in the ND2 file; zeros were written for what is missing.
  public var incompleteFrames: [Int] = []

  /// Creates a report of nothing.
  public init() {}
}

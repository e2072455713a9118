extension ND2FileDescription {
  /// How frames are stored.
  public struct Storage: Hashable, Sendable {
    /// How the bytes of frames are encoded.
    public enum Compression: Hashable, Sendable {
      /// As they are.
      case none
      /// As zlib streams. Files of version 1.0 always have JPEG 2000; theirs are lossless too when
      /// nothing is asked for.
      case lossless
      /// As JPEG 2000 of so many times fewer bytes, in files of version 1.0 only.
      case lossy(ratio: Double)
    }

    /// How the bytes of frames are encoded.
    public var compression = Compression.none
    /// Effort of lossless compression, from 0 (store) and 1 (fastest) to 12 (slowest).
    public var compressionLevel = 1
    /// Size of a row in bytes; nil for the next multiple of 4.
    public var rowByteCount: Int?
    /// Whether reduced images are stored too.
    public var writesPyramid = false

    /// Side of the tiles into which the images of a file of version 1.0 are divided; nil for none.
    public var tileSide: Int?

    /// Creates the default: raw rows, padded to multiples of 4 bytes, no reduced images.
    public init() {}
  }
}

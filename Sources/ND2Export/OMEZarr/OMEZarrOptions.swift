public import ND2

/// How an OME-Zarr store is written, and what of the file goes into it.
public struct OMEZarrOptions: Sendable {
  /// The version of the OME-Zarr (NGFF) specification.
  public enum Version: String, Sendable, CaseIterable {
    /// 0.4, on Zarr version 2.
    case v0_4 = "0.4"
    /// 0.5, on Zarr version 3.
    case v0_5 = "0.5"
  }

  /// How images are arranged in the store.
  public enum Layout: Sendable, Hashable {
    /// A plate when the positions are wells; else an image at the root for one position, and images
    /// `0`, `1`, … for several.
    case automatic
    /// Images `0`, `1`, … also for one position and for wells.
    case series
  }

  /// How several chunks share a file.
  public enum Sharding: Sendable, Hashable {
    /// Files of about 64 MB before compression in version 0.5; 0.4 has none.
    case automatic
    /// Each chunk is a file.
    case none
    /// Elements of a shard along the axes T, C, Z, Y, X, rounded up to whole chunks; axes that are
    /// not named are chosen.
    case sizes([Axis: Int])
  }

  /// Which chunks are left out of the store, where readers then see zeros.
  public enum OmittedChunks: Sendable, Hashable {
    /// Those of frames for which the file has no image.
    case ofMissingFrames
    /// All whose pixels are zeros.
    case allZero
    /// None.
    case none
  }

  /// The version of the specification.
  public var version = Version.v0_5
  /// The part of the file that is written, one image for each stage position.
  public var selection = ExportSelection.all
  /// How images are arranged.
  public var layout = Layout.automatic
  /// How chunks are compressed.
  public var compression = OMEZarrCompression.blosc(.zstd, level: 3, shuffle: .bytes)
  /// Whether the level is used for all chunks, also where a sample shows that the fastest coding is at most
  /// a sixteenth larger, as with the noise of cameras; that takes several times as long.
  public var isLevelExact = false
  /// Elements of a chunk along the axes T, C, Z, Y, X; axes that are not named are chosen: planes of
  /// about a megabyte. Chunks are never larger than their array.
  public var chunkSizes: [Axis: Int] = [:]
  /// How several chunks share a file.
  public var sharding = Sharding.automatic
  /// Number of resolution levels; nil for halving until rows and columns are at most 256.
  public var levelCount: Int?
  /// Which chunks are left out.
  public var omittedChunks = OmittedChunks.ofMissingFrames
  /// Whether the axes t, c and z are there when they have one element.
  public var keepsSingletonAxes = false
  /// Whether binary layers become label images.
  public var includesMasks = true
  /// Whether regions of interest become a label image, drawn at full resolution.
  public var includesROIs = false
  /// Whether the store has a description in OME-XML (`OME/METADATA.ome.xml`).
  public var includesOMEXML = true
  /// Whether the attributes of the root have everything that the file says, under `nd2`.
  public var includesAllMetadata = false
  /// Whether images are placed where the stage stood, by translations in µm.
  public var usesStagePositions = false
  /// Whether a store that is there may be replaced.
  public var overwrites = false
  /// Whether an interrupted export with the same options and file is taken up where it stopped, and
  /// this one, should it be interrupted, can be.
  public var isResumable = false
  /// Whether frames that are missing or damaged are an error.
  public var isStrict = false
  /// About as much memory as the pixels under work may take, in bytes.
  public var memoryLimit = 160 << 20
  /// Number of threads; nil for one for each core.
  public var threadCount: Int?

  /// Writes everything as version 0.5 with pyramids.
  public init() {}
}

/// How chunks of an OME-Zarr store are compressed.
public enum OMEZarrCompression: Sendable, Hashable {
  /// Not at all.
  case none
  /// By Zstandard; levels 1 to 22, higher is smaller and slower.
  case zstd(level: Int)
  /// By deflate: as gzip in version 0.5, as zlib in 0.4; levels 0 to 12.
  case gzip(level: Int)
  /// By Blosc; levels 0 to 9.
  case blosc(BloscCompressor, level: Int, shuffle: BloscShuffle)

  /// The compressors within Blosc.
  public enum BloscCompressor: String, Sendable, CaseIterable {
    /// Fastest.
    case lz4
    /// Slower and smaller, as fast to read.
    case lz4hc
    /// Smallest.
    case zstd
    /// Deflate.
    case zlib
  }

  /// How Blosc reorders bytes before it compresses.
  public enum BloscShuffle: String, Sendable, CaseIterable {
    /// Not at all.
    case none = "noshuffle"
    /// All first bytes of numbers, then all second ones.
    case bytes = "shuffle"
    /// The same by bits.
    case bits = "bitshuffle"
  }
}

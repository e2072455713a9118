package import ND2

/// How a TIFF file is written.
public struct TIFFOptions: Sendable {
  /// How pixels are compressed.
  public enum Compression: Sendable, Hashable {
    /// As they are.
    case none
    /// LZW, which every program reads.
    case lzw
    /// Deflate, also called ZIP; levels 1 to 12.
    case deflate(level: Int = 6)
    /// Zstandard, which is faster and which fewer programs read; levels 1 to 22.
    case zstd(level: Int = 3)
  }

  /// What the file says about its pixels.
  public enum Metadata: Sendable, Hashable {
    /// OME-XML when the name of the file contains `.ome.`; else ImageJ's words when ImageJ can read
    /// the file as a hyperstack, and nothing when it cannot.
    case automatic
    /// OME-XML.
    case ome
    /// A hyperstack of ImageJ, which has one position and at most 4 GB.
    case imageJ
    /// Pages only.
    case none
  }

  /// Whether files have the larger form that goes beyond 4 GB.
  public enum BigTIFF: Sendable, Hashable {
    /// When they may need it.
    case automatic
    /// Always.
    case always
    /// Never; a file that would need it is an error.
    case never
  }

  /// What is exported.
  public var selection = ExportSelection.all
  /// How pixels are compressed.
  public var compression = Compression.none
  /// Whether the level is used everywhere, also where a sample of a block shows that the fastest coding
  /// is at most a sixteenth larger, as with the noise of cameras; that takes several times as long.
  public var isLevelExact = false
  /// Whether neighbouring pixels are subtracted before compression: nil for whenever there is one.
  public var usesPredictor: Bool?
  /// Side of square tiles, a multiple of 16; nil for strips, or for tiles of 512 with a pyramid.
  public var tileSide: Int?
  /// Whether each plane has reduced copies, halved by the mean until they fit into 256 pixels.
  public var hasPyramid = false
  /// What the file says about its pixels.
  public var metadata = Metadata.automatic
  /// Which planes go into files of their own; the OME-XML of each tells of all. Turns of loops that
  /// users defined count as time points.
  public var division: ExportDivision = []
  /// Whether files go beyond 4 GB.
  public var bigTIFF = BigTIFF.automatic
  /// Whether files that are there are replaced.
  public var overwrites = false
  /// Whether a frame that is missing or damaged is an error; else it becomes zeros and is reported.
  public var isStrict = false
  /// Whether the OME-XML has everything that the ND2 file says.
  public var includesUnstructuredMetadata = false
  /// Changes the OME-XML; places in files must stay as they are.
  public var modifyOME: (@Sendable (inout OMEDocument) throws -> Void)?
  /// What makes the file.
  public var creator = "swift-nd2"
  /// Threads; nil for one on each core.
  public var threadCount: Int?
  /// Asked now and then whether to stop, which becomes a `CancellationError`.
  public var isCancelled: @Sendable () -> Bool = { false }
  /// What to do about a file that is there, for the message.
  package var advice: String?
  /// Who wants to know of temporary files.
  package var watcher: (any TemporaryFileWatcher)?

  /// Writes everything into one file, uncompressed, in strips.
  public init() {}
}

extension TIFFOptions {
  /// The side of tiles; nil for strips.
  var tile: Int? { tileSide ?? (hasPyramid ? 512 : nil) }

  /// Bytes between strips, of which a page then has two at least.
  ///
  /// Tifffile takes a series whose pixels are one piece from the file that was opened, even when they
  /// are in another one: in files of one position each, which a series is in alone, they must not be.
  var stripGap: Int { division.contains(.positions) && compression == .none && tile == nil ? 8 : 0 }

  /// - Throws: `ND2Error.Code.invalidRequest`.
  func check() throws {
    if let tileSide, !(16...32768).contains(tileSide) || tileSide % 16 != 0 {
      throw ND2Error(
        .invalidRequest, "tiles of \(tileSide) pixels: sides are multiples of 16, at most 32768")
    }
    switch compression {
    case .deflate(let level) where !(1...12).contains(level):
      throw ND2Error(.invalidRequest, "deflate has the levels 1 to 12; \(level) is none of them")
    case .zstd(let level) where !(1...22).contains(level):
      throw ND2Error(.invalidRequest, "zstd has the levels 1 to 22; \(level) is none of them")
    default: break
    }
  }
}

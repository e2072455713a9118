import ND2

/// The shape of every page: size, numbers, and how the pixels are cut into blocks.
struct TIFFShape: Sendable, Hashable {
  /// The sizes of one level of a page, and of its blocks.
  struct Level: Sendable, Hashable {
    let width: Int
    let height: Int
    /// Width of a block: that of the level for strips.
    let blockWidth: Int
    /// Rows of a block; the last strip may have fewer.
    let blockHeight: Int

    /// Blocks side by side.
    var across: Int { (width + blockWidth - 1) / blockWidth }
    /// Blocks one below the other.
    var down: Int { (height + blockHeight - 1) / blockHeight }
    /// Blocks in all.
    var count: Int { across * down }
  }

  /// Strips have about this size.
  static let stripByteCount = 1 << 20
  /// Levels are made until they fit into a square of this side.
  static let smallestLevel = 256

  let sampleType: SampleType
  /// Numbers of a pixel: 3 for colour.
  let samples: Int
  /// Side of tiles; nil for strips.
  let tile: Int?
  /// The whole image, then the reduced ones.
  let levels: [Level]

  /// - Throws: `ND2Error.Code.invalidRequest` for images that TIFF cannot hold.
  init(width: Int, height: Int, samples: Int, sampleType: SampleType, options: TIFFOptions) throws {
    self.sampleType = sampleType
    self.samples = samples
    tile = options.tile
    let pixelByteCount = samples * sampleType.byteCount
    func level(_ width: Int, _ height: Int) -> Level {
      guard let tile = options.tile else {
        var rows = Self.stripByteCount / max(1, width * pixelByteCount)
        if options.stripGap > 0 { rows = min(rows, (height + 1) / 2) }
        return Level(
          width: width, height: height, blockWidth: width, blockHeight: max(1, min(rows, height)))
      }
      return Level(width: width, height: height, blockWidth: tile, blockHeight: tile)
    }
    var levels = [level(width, height)]
    while options.hasPyramid, let last = levels.last,
      max(last.width, last.height) > Self.smallestLevel, min(last.width, last.height) > 1
    {
      levels.append(level(last.width / 2, last.height / 2))
    }
    self.levels = levels
    guard
      let (size, overflow) = levels.first.map({
        ($0.blockWidth * $0.blockHeight).multipliedReportingOverflow(by: pixelByteCount)
      }), !overflow, size <= 1 << 30, UInt32(exactly: width) != nil, UInt32(exactly: height) != nil
    else {
      throw ND2Error(.invalidRequest, "images of \(width) × \(height) pixels do not fit into TIFF")
    }
  }

  var pixelByteCount: Int { samples * sampleType.byteCount }

  /// Bytes of the whole image, uncompressed.
  var planeByteCount: Int { levels[0].width * levels[0].height * pixelByteCount }

  /// Bytes of all blocks of a page, uncompressed.
  var storedByteCount: Int {
    levels.reduce(0) { sum, level in
      let rows = tile == nil ? level.height : level.down * level.blockHeight
      return sum + level.across * level.blockWidth * rows * pixelByteCount
    }
  }
}

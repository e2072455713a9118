import ND2Codecs
package import ND2Format

/// Names, decodes and assembles the tiles of raster masks (nd2-format §3.10, §4.7).
package struct RasterMask: Sendable {
  /// A tile and where it lies in the mask.
  package struct Tile: Hashable, Sendable {
    /// Row among the tiles.
    package var row: Int
    /// Column among the tiles.
    package var column: Int
    /// Name of the chunk with its pixels.
    package var chunkName: String
  }

  /// Size of the mask and its tiles, at the level asked for.
  package let geometry: BinaryLayer.RasterGeometry
  private let layer: Int
  private let frame: Int
  private let sizeNumber: Int?

  /// Most tiles that a mask may have.
  private static let mostTiles = 1 << 18

  /// Describes the mask of a frame.
  ///
  /// - Parameters:
  ///   - layer: number of the layer.
  ///   - level: 0 for the full size, else how often it is halved.
  package init(
    layer: Int, geometry: BinaryLayer.RasterGeometry, frame: Int, level: Int = 0,
    imagePixelCount: Int, limits: ParsingLimits = .standard
  ) throws(Malformed) {
    var geometry = geometry
    self.layer = layer
    self.frame = frame
    guard geometry.width > 0, geometry.height > 0, geometry.tileWidth > 0, geometry.tileHeight > 0
    else { throw Malformed(.unexpected(expected: "a mask with a size"), at: 0) }
    try MaskSize.check(
      width: geometry.width, height: geometry.height, imagePixelCount: imagePixelCount,
      limits: limits)
    if level > 0 {
      let full = PyramidLevel.powerOfTwo(holding: max(geometry.width, geometry.height))
      guard level < 40, full >> level >= 2 else {
        throw Malformed(.unsupported("level \(level) of a mask"), at: 0)
      }
      geometry.width = max(1, geometry.width >> level)
      geometry.height = max(1, geometry.height >> level)
      sizeNumber = full >> level
    } else {
      sizeNumber = nil
    }
    self.geometry = geometry
    try checkTiles(limits)
  }

  private func checkTiles(_ limits: ParsingLimits) throws(Malformed) {
    guard let count = Checked.product(rowCount, columnCount), count <= Self.mostTiles else {
      throw Malformed(
        .limitExceeded(limit: "tiles of a mask", value: UInt64(clamping: columnCount)), at: 0)
    }
    guard [8, 16, 32].contains(geometry.bitDepth) else {
      throw Malformed(.unsupported("masks of \(geometry.bitDepth) bits"), at: 0)
    }
    guard let bytes = Checked.product(geometry.tileWidth, geometry.tileHeight, 4),
      bytes <= limits.inflatedByteCount
    else {
      throw Malformed(
        .limitExceeded(limit: "inflatedByteCount", value: UInt64(limits.inflatedByteCount)), at: 0)
    }
  }

  private var columnCount: Int { (geometry.width - 1) / geometry.tileWidth + 1 }
  private var rowCount: Int { (geometry.height - 1) / geometry.tileHeight + 1 }

  /// All tiles, row after row.
  package var tiles: [Tile] {
    (0..<rowCount).flatMap { row in
      (0..<columnCount).map { column in
        Tile(row: row, column: column, chunkName: chunkName(row: row, column: column))
      }
    }
  }

  private func chunkName(row: Int, column: Int) -> String {
    let prefix = ChunkName.customSequencePrefix
    guard let sizeNumber else {
      return "\(prefix)TiledRasterBinaryData_\(layer)_\(row)_\(column)|\(frame)!"
    }
    return "\(prefix)DownsampledTiledRasterBinaryData_\(layer)_\(sizeNumber)_\(row)_\(column)"
      + "|\(frame)!"
  }

  /// Puts the mask together; nil when no tile has any data, which is how frames have no mask.
  ///
  /// - Parameter data: gives the data of a tile's chunk, or nil when there is no such chunk. The
  ///   pixels of such tiles, and of damaged ones, are background.
  package func assemble(
    log: inout DiagnosticLog, limits: ParsingLimits = .standard,
    data: (Tile) throws -> [UInt8]?
  ) rethrows -> LabelImage? {
    var labels: [UInt32] = []
    for tile in tiles {
      guard let bytes = try data(tile), !bytes.isEmpty else { continue }
      if labels.isEmpty {
        labels = [UInt32](repeating: 0, count: geometry.width * geometry.height)
      }
      do throws(Malformed) {
        try place(decode(bytes, limits: limits), of: tile, in: &labels)
      } catch {
        log.damage("a tile of a mask cannot be decoded: \(error)", chunk: tile.chunkName)
      }
    }
    if labels.isEmpty { return nil }
    return LabelImage(width: geometry.width, height: geometry.height, labels: labels)
  }

  private func decode(_ bytes: [UInt8], limits: ParsingLimits) throws(Malformed) -> [UInt8] {
    let size = geometry.tileWidth * geometry.tileHeight * (geometry.bitDepth / 8)
    switch geometry.compression.lowercased() {
    case "zlib": return try ZlibText.inflate(bytes[...], hint: size, limit: size, limits: limits)
    case "", "none": return bytes
    default: throw Malformed(.unsupported("compression '\(geometry.compression)' of masks"), at: 0)
    }
  }

  private func place(
    _ pixels: [UInt8], of tile: Tile, in labels: inout [UInt32]
  ) throws(Malformed) {
    let left = tile.column * geometry.tileWidth
    let top = tile.row * geometry.tileHeight
    let width = min(geometry.tileWidth, geometry.width - left)
    let height = min(geometry.tileHeight, geometry.height - top)
    let pixelBytes = geometry.bitDepth / 8
    // Tiles at the edge are padded; a writer that does not is recognised by the size.
    let isCut = pixels.count == width * height * pixelBytes
    let stride = isCut ? width : geometry.tileWidth
    try ByteReader.over(pixels) { (reader) throws(Malformed) in
      for y in 0..<height {
        try reader.seek(to: y * stride * pixelBytes)
        for x in 0..<width {
          let label: UInt32 =
            switch pixelBytes {
            case 1: UInt32(try reader.read(UInt8.self))
            case 2: UInt32(try reader.read(UInt16.self))
            default: try reader.read()
            }
          labels[(top + y) * geometry.width + left + x] = label
        }
      }
    }
  }
}

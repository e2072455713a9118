import ND2Codecs
import ND2Format

/// Encodes masks as compressed tiles (nd2-format §3.10, second form).
enum RasterTiles {
  /// The JSON text that describes the layers of a file.
  static func description(_ file: ND2FileDescription) -> [UInt8] {
    let items = file.rasterLayers.map { layer -> JSONValue in
      let size = layer.masks.values.first
      return [
        "binWidth": .integer(Int64(size?.width ?? file.width)),
        "binHeight": .integer(Int64(size?.height ?? file.height)),
        "binTileWidth": .integer(Int64(layer.tileWidth)),
        "binTileHeight": .integer(Int64(layer.tileHeight)),
        "binCompressionId": "zlib",
        "binCompressionLevel": 6,
        "binBitdepth": 32,
        "binLayerId": .integer(Int64(layer.id)),
        "binName": .string(layer.name),
        "binUuid": .string("{sample-\(layer.id)}"),
        "binComp": .string(layer.componentName),
        "binCompOrder": .integer(Int64(layer.componentOrder)),
        "binState": 0,
        "binColor": .integer(Int64(layer.color.stored)),
        "binColorMode": 0,
      ]
    }
    return Array(JSONValue.array(items).text().utf8)
  }

  /// The chunks of a mask's tiles; tiles at the edges are filled with zeros.
  static func chunks(
    _ mask: ND2FileDescription.Mask, frame: Int, of layer: ND2FileDescription.RasterLayer
  ) throws(CodecError) -> [ND2FileDescription.CustomChunk] {
    let deflater = try Deflater(level: 6)
    var chunks: [ND2FileDescription.CustomChunk] = []
    let rows = (mask.height + layer.tileHeight - 1) / layer.tileHeight
    let columns = (mask.width + layer.tileWidth - 1) / layer.tileWidth
    for row in 0..<rows {
      for column in 0..<columns {
        let tile = tile(of: mask, row: row, column: column, layer)
        if layer.omitsEmptyTiles, tile.allSatisfy({ $0 == 0 }) { continue }
        chunks.append(
          .init(
            "CustomDataSeq|TiledRasterBinaryData_\(layer.id)_\(row)_\(column)|\(frame)!",
            try deflater.deflate([UInt8](littleEndian: tile))))
      }
    }
    return chunks
  }

  private static func tile(
    of mask: ND2FileDescription.Mask, row: Int, column: Int, _ layer: ND2FileDescription.RasterLayer
  ) -> [UInt32] {
    var tile = [UInt32](repeating: 0, count: layer.tileWidth * layer.tileHeight)
    let (top, left) = (row * layer.tileHeight, column * layer.tileWidth)
    for y in 0..<min(layer.tileHeight, mask.height - top) {
      for x in 0..<min(layer.tileWidth, mask.width - left) {
        tile[y * layer.tileWidth + x] = mask.objects[(top + y) * mask.width + left + x]
      }
    }
    return tile
  }
}

import ND2
import ND2Codecs
import ND2Format

/// Cuts masks to the part of the frames that is taken (nd2-format §3.10).
struct MaskCutter {
  let columns: Range<Int>
  let rows: Range<Int>

  /// The chunk of a run-length mask, cut: objects outside are gone, the others are clipped.
  func chunk(_ mask: BinaryMask) throws -> [UInt8] {
    var objects: [[UInt32]] = []
    for object in mask.objects {
      if let words = words(of: object, in: mask) { objects.append(words) }
    }
    let byteCount = objects.reduce(0) { $0 + $1.count * 4 }
    let last = 28 + byteCount - (objects.last?.count ?? 0) * 4
    let header: [UInt32] = [
      3, UInt32(clamping: columns.count), UInt32(clamping: rows.count),
      UInt32(clamping: objects.count), UInt32(clamping: byteCount),
      objects.isEmpty ? 0 : UInt32(clamping: last), 0,
    ]
    let bytes = [UInt8](littleEndian: header + objects.joined())
    return try [UInt8](littleEndian: CollectionOfOne(UInt32(clamping: bytes.count)))
      + Deflater(level: 6).deflate(bytes)
  }

  private func words(of object: BinaryMask.Object, in mask: BinaryMask) -> [UInt32]? {
    let runs = mask.clippedRuns(of: object).compactMap(cut)
    guard let first = runs.first else { return nil }
    var (left, right) = (UInt32.max, UInt32(0))
    var (top, bottom) = (first.y, first.y)
    var words: [UInt32] = []
    var rowCount: UInt32 = 0
    var lastRow = 0
    var index = 0
    while index < runs.count {
      let y = runs[index].y
      let row = runs[index...].prefix { $0.y == y }
      lastRow = words.count
      words += [y, UInt32(clamping: row.count)]
      for run in row {
        words += [run.x, run.count]
        left = min(left, run.x)
        right = max(right, run.x + run.count - 1)
      }
      (top, bottom) = (min(top, y), max(bottom, y))
      rowCount += 1
      index += row.count
    }
    return [
      object.id, left, top, right, bottom, UInt32(clamping: (9 + words.count) * 4), rowCount,
      UInt32(clamping: (9 + lastRow) * 4), object.status,
    ] + words
  }

  private func cut(_ run: BinaryMask.Run) -> BinaryMask.Run? {
    let (y, x) = (Int(run.y), Int(run.x))
    guard rows.contains(y) else { return nil }
    let span = (x..<(x + Int(run.count))).clamped(to: columns)
    guard !span.isEmpty else { return nil }
    return BinaryMask.Run(
      y: UInt32(clamping: y - rows.lowerBound),
      x: UInt32(clamping: span.lowerBound - columns.lowerBound),
      count: UInt32(clamping: span.count))
  }

  /// The chunks of the tiles of a raster mask, cut.
  func tiles(
    _ mask: LabelImage, layer: Int, raster: BinaryLayer.RasterGeometry, frame: Int
  ) throws -> [(name: String, bytes: [UInt8])] {
    let deflater = try Deflater(level: 6)
    var chunks: [(name: String, bytes: [UInt8])] = []
    let (tileWidth, tileHeight) = (raster.tileWidth, raster.tileHeight)
    for top in stride(from: 0, to: rows.count, by: tileHeight) {
      for left in stride(from: 0, to: columns.count, by: tileWidth) {
        var bytes: [UInt8] = []
        for y in top..<(top + tileHeight) {
          for x in left..<(left + tileWidth) {
            var label: UInt32 = 0
            if y < rows.count, x < columns.count {
              label = mask.labels[(rows.lowerBound + y) * mask.width + columns.lowerBound + x]
            }
            bytes.append(littleEndian: label, bits: raster.bitDepth)
          }
        }
        let name = "TiledRasterBinaryData_\(layer)_\(top / tileHeight)_\(left / tileWidth)"
        let isPlain = ["", "none"].contains(raster.compression.lowercased())
        chunks.append(
          (
            "\(ChunkName.customSequencePrefix)\(name)|\(frame)!",
            isPlain ? bytes : try deflater.deflate(bytes)
          ))
      }
    }
    return chunks
  }
}

extension [UInt8] {
  fileprivate mutating func append(littleEndian label: UInt32, bits: Int) {
    switch bits {
    case 8: append(UInt8(truncatingIfNeeded: label))
    case 16: append(littleEndian: UInt16(truncatingIfNeeded: label))
    default: append(littleEndian: label)
    }
  }
}

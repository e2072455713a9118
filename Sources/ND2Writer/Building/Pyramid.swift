import ND2

/// Reduced copies of a frame: each level averages 2 × 2 pixels of the one before (nd2-format §4.7).
struct Pyramid {
  /// A reduced image.
  struct Level {
    /// The smallest power of two that is not below the image's longer side.
    var sizeNumber: Int
    /// Rows, padded to multiples of 4 bytes.
    var rows: [UInt8]
  }

  private(set) var levels: [Level] = []

  /// Reduces a frame of packed rows as often as real files do.
  init(_ file: ND2FileDescription, frame: [UInt8]) {
    var (width, height, bytes) = (file.width, file.height, frame)
    var power = PyramidLevel.powerOfTwo(holding: max(width, height))
    while power / 2 > 512, width > 1, height > 1 {
      bytes = Halving.halve(
        bytes, width: width, height: height, components: file.componentCount,
        type: file.sampleType)
      (width, height, power) = (width / 2, height / 2, power / 2)
      let row = width * file.componentCount * file.sampleType.byteCount
      levels.append(
        Level(
          sizeNumber: PyramidLevel.powerOfTwo(holding: max(width, height)),
          rows: RowPadding.pad(bytes, from: row, to: (row + 3) / 4 * 4)))
    }
  }
}

/// Zero bytes at the ends of rows.
enum RowPadding {
  /// Adds them.
  static func pad(_ packed: [UInt8], from packedRow: Int, to row: Int) -> [UInt8] {
    guard row > packedRow, packedRow > 0 else { return packed }
    var rows: [UInt8] = []
    rows.reserveCapacity(packed.count / packedRow * row)
    let fill = [UInt8](repeating: 0, count: row - packedRow)
    for start in stride(from: 0, to: packed.count, by: packedRow) {
      rows += packed[start..<min(start + packedRow, packed.count)]
      rows += fill
    }
    return rows
  }

  /// Removes them.
  static func unpad(_ rows: [UInt8], from row: Int, to packedRow: Int) -> [UInt8] {
    guard row > packedRow else { return rows }
    var packed: [UInt8] = []
    packed.reserveCapacity(rows.count / row * packedRow)
    for start in stride(from: 0, to: rows.count, by: row) {
      packed += rows[start..<min(start + packedRow, rows.count)]
    }
    return packed
  }
}

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
  init(_ file: SampleFile, frame: [UInt8]) {
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

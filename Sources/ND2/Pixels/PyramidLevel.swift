import ND2Format

/// A reduced-resolution level of the frames of a file: each level halves width and height.
///
/// Large images carry such levels in `DownsampledColorData` chunks (nd2-format §4.7).
public struct PyramidLevel: Hashable, Sendable, Codable {
  /// 1 for half the size, 2 for a quarter, …
  public let level: Int
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int

  /// The number by which chunks of the level are named: the power of two that holds the image.
  var sizeNumber: Int { Self.powerOfTwo(holding: max(width, height)) }

  func chunkName(frame: Int) -> String {
    "\(ChunkName.customSequencePrefix)DownsampledColorData_\(sizeNumber)|\(frame)!"
  }

  /// The levels that the format defines for an image of that size, finest first.
  static func levels(width: Int, height: Int) -> [PyramidLevel] {
    let whole = powerOfTwo(holding: max(width, height))
    var levels: [PyramidLevel] = []
    while levels.count < 40 {
      let level = levels.count + 1
      guard whole >> level > 512, width >> level > 0, height >> level > 0 else { break }
      levels.append(PyramidLevel(level: level, width: width >> level, height: height >> level))
    }
    return levels
  }

  /// The smallest power of two, at least 2, that is not below `value`.
  package static func powerOfTwo(holding value: Int) -> Int {
    var power = 2
    while power < value, power < 1 << 40 { power *= 2 }
    return power
  }
}

import ND2

/// Encoded blocks that wait for their place.
struct TIFFBand {
  private struct Block {
    var page: Int
    var level: Int
    var block: Int
    var size: Int
  }

  /// Bytes between blocks.
  private let gap: Int
  /// The bytes of all blocks.
  private(set) var bytes: [UInt8] = []
  private var blocks: [Block] = []

  init(gap: Int = 0) { self.gap = gap }

  /// Encodes the blocks of a row of blocks.
  mutating func append(
    _ plane: UnsafeRawBufferPointer, rowByteCount: Int, page: Int, level: Int, row: Int,
    shape: TIFFShape, encoder: TIFFBlockEncoder
  ) throws {
    let sizes = shape.levels[level]
    for column in 0..<sizes.across {
      let start = bytes.count
      try encoder.encode(
        plane, rowByteCount: rowByteCount, column: column, level: sizes, into: &bytes)
      blocks.append(
        Block(
          page: page, level: level, block: row * sizes.across + column,
          size: bytes.count - start))
      bytes += repeatElement(0, count: gap)
    }
  }

  /// Takes over a block that is encoded.
  mutating func append(_ encoded: [UInt8], page: Int, level: Int, block: Int) {
    bytes += encoded + [UInt8](repeating: 0, count: gap)
    blocks.append(Block(page: page, level: level, block: block, size: encoded.count))
  }

  /// Writes the bytes at their place and notes the blocks; then there are none.
  mutating func write(to output: PlacedOutput, at place: UInt64, _ ledger: TIFFBlockLedger) throws {
    try bytes.withUnsafeBytes { try output.write($0, at: place) }
    var next = place
    for block in blocks {
      ledger.note(
        page: block.page, level: block.level, block: block.block, place: next, size: block.size)
      next += UInt64(block.size + gap)
    }
    bytes.removeAll(keepingCapacity: true)
    blocks.removeAll(keepingCapacity: true)
  }
}

/// A few blocks of memory that arrays gave back, for the next arrays of about that size.
///
/// Who reads frame after frame gets memory whose pages are there already.
final class MemoryPool: Sendable {
  static let shared = MemoryPool()

  /// Most memory that is kept.
  static let mostBytes = 64 << 20

  private let blocks = Lock<[MemoryBlock]>([])

  /// A block of at least that size, and not of twice that size; what it holds is not zero.
  func take(_ byteCount: Int) -> MemoryBlock? {
    blocks.withLock { blocks in
      let fitting = blocks.indices.filter {
        blocks[$0].bytes.count >= byteCount && blocks[$0].bytes.count / 2 < byteCount
      }
      return fitting.min { blocks[$0].bytes.count < blocks[$1].bytes.count }
        .map { blocks.remove(at: $0) }
    }
  }

  /// Takes a block back; the oldest ones are released when there are too many.
  func give(_ block: MemoryBlock) {
    var superfluous: [MemoryBlock] = []
    if block.bytes.count > Self.mostBytes {
      superfluous = [block]
    } else {
      blocks.withLock { blocks in
        blocks.append(block)
        while blocks.reduce(0, { $0 + $1.bytes.count }) > Self.mostBytes {
          superfluous.append(blocks.removeFirst())
        }
      }
    }
    for block in superfluous { block.release() }
  }
}

import ND2

/// Where the blocks of the pages of a file are. Threads note blocks of their own only.
final class TIFFBlockLedger: @unchecked Sendable {
  // Each element is written by one thread, and read when all threads have ended.
  private let places: UnsafeMutableBufferPointer<UInt64>
  private let sizes: UnsafeMutableBufferPointer<UInt32>
  /// The first block of each level among those of a page.
  private let firsts: [Int]
  private let perPage: Int

  init(pageCount: Int, shape: TIFFShape) throws {
    var firsts: [Int] = []
    var count = 0
    for level in shape.levels {
      firsts.append(count)
      count += level.count
    }
    let (all, overflow) = pageCount.multipliedReportingOverflow(by: count)
    guard !overflow, all < 1 << 40 else {
      throw ND2Error(.limitExceeded, "\(pageCount) pages of \(count) blocks are too many")
    }
    self.firsts = firsts
    perPage = count
    places = .allocate(capacity: all)
    sizes = .allocate(capacity: all)
    places.initialize(repeating: 0)
    sizes.initialize(repeating: 0)
  }

  deinit {
    places.deallocate()
    sizes.deallocate()
  }

  /// Notes a block.
  func note(page: Int, level: Int, block: Int, place: UInt64, size: Int) {
    let index = page * perPage + firsts[level] + block
    places[index] = place
    sizes[index] = UInt32(clamping: size)
  }

  /// Where a block is, and its size.
  func block(page: Int, level: Int, block: Int) -> (place: UInt64, size: UInt32) {
    let index = page * perPage + firsts[level] + block
    return (places[index], sizes[index])
  }
}

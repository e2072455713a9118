/// The image chunks of a file, by frame index.
///
/// Files have up to millions of frames, so entries are kept in flat arrays. Indices are dense in
/// nearly all files; where they are not, a sorted list takes the place of the table.
package struct FrameTable: Sendable {
  private struct Item {
    var index: Int
    var offset: UInt64
    var byteCount: UInt64
  }

  private static let absent = UInt64.max
  private static let unknown = UInt64.max

  private var pending: [Item] = []
  private var dense: [(offset: UInt64, byteCount: UInt64)] = []
  private var sparse: [Item] = []
  /// Number of frames that have a chunk.
  package private(set) var storedCount = 0
  /// One more than the highest index that has a chunk.
  package private(set) var upperBound = 0

  package init() {}

  /// Makes place for the frames 0 ..< `count`, when about so many are to come.
  mutating func reserveCapacity(_ count: Int) {
    if pending.isEmpty { reserve(count) }
  }

  /// Adds a chunk; of several of one index the highest offset stays. False when the index is known.
  mutating func insert(_ index: Int, _ entry: ChunkEntry) -> Bool {
    // No chunk can begin there; the number marks absent frames.
    guard entry.offset != Self.absent else { return true }
    upperBound = max(upperBound, index + 1)
    guard index < dense.count else {
      let isRepeat = pending.last?.index == index && pending.last?.offset != entry.offset
      pending.append(
        Item(index: index, offset: entry.offset, byteCount: entry.byteCount ?? Self.unknown))
      return !isRepeat
    }
    return place(index, entry.offset, entry.byteCount ?? Self.unknown)
  }

  private mutating func place(_ index: Int, _ offset: UInt64, _ byteCount: UInt64) -> Bool {
    let known = dense[index].offset
    if known == Self.absent { storedCount += 1 }
    if known == Self.absent || offset >= known { dense[index] = (offset, byteCount) }
    return known == Self.absent || known == offset
  }

  /// Builds the table from what was inserted. More can be inserted afterwards, and finished again.
  mutating func finish() {
    let items = sparse + pending
    if upperBound <= (storedCount + pending.count) * 4 + 4096 {
      storedCount -= sparse.count
      sparse = []
      if !items.isEmpty { reserve(upperBound) }
      for item in items { _ = place(item.index, item.offset, item.byteCount) }
    } else if !pending.isEmpty {
      storedCount -= sparse.count
      sparse = []
      for item in items.sorted(by: { ($0.index, $0.offset) < ($1.index, $1.offset) }) {
        if sparse.last?.index == item.index { sparse.removeLast() }
        sparse.append(item)
      }
      storedCount += sparse.count
    }
    pending = []
    if dense.count > upperBound { dense.removeLast(dense.count - upperBound) }
  }

  private mutating func reserve(_ count: Int) {
    if count > dense.count {
      dense += repeatElement(
        (offset: Self.absent, byteCount: Self.unknown), count: count - dense.count)
    }
  }

  /// The chunk of a frame, or nil when there is none.
  package subscript(index: Int) -> ChunkEntry? {
    if index >= 0, index < dense.count {
      let (offset, byteCount) = dense[index]
      return offset == Self.absent ? nil : Self.entry(offset, byteCount)
    }
    guard !sparse.isEmpty else { return nil }
    var (low, high) = (0, sparse.count)
    while low < high {
      let middle = (low + high) / 2
      if sparse[middle].index < index { low = middle + 1 } else { high = middle }
    }
    guard low < sparse.count, sparse[low].index == index else { return nil }
    return Self.entry(sparse[low].offset, sparse[low].byteCount)
  }

  /// Indices that have a chunk, ascending, with their chunks.
  package var stored: [(index: Int, entry: ChunkEntry)] {
    dense.indices.compactMap { index in self[index].map { (index, $0) } }
      + sparse.map { ($0.index, Self.entry($0.offset, $0.byteCount)) }
  }

  /// The first frame whose chunk fulfils a condition.
  package func firstStored(where condition: (ChunkEntry) -> Bool) -> Int? {
    dense.indices.first { index in self[index].map(condition) ?? false }
      ?? sparse.first { condition(Self.entry($0.offset, $0.byteCount)) }?.index
  }

  private static func entry(_ offset: UInt64, _ byteCount: UInt64) -> ChunkEntry {
    ChunkEntry(offset: offset, byteCount: byteCount == unknown ? nil : byteCount)
  }
}

/// A file that remembers of each byte where it was before the file was damaged.
package struct TracedBytes: Sendable {
  /// The bytes.
  package private(set) var bytes: [UInt8]
  /// Where each byte was; -1 for those that were not there.
  private var origins: [Int]

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    origins = Array(bytes.indices)
  }

  private func clamped(_ range: Range<Int>) -> Range<Int> {
    range.clamped(to: bytes.startIndex..<bytes.endIndex)
  }

  package mutating func cut(_ range: Range<Int>) {
    let range = clamped(range)
    bytes.removeSubrange(range)
    origins.removeSubrange(range)
  }

  package mutating func insert(_ new: [UInt8], at position: Int) {
    let position = min(position, bytes.count)
    bytes.insert(contentsOf: new, at: position)
    origins.insert(contentsOf: [Int](repeating: -1, count: new.count), at: position)
  }

  package mutating func zero(_ range: Range<Int>) {
    for index in clamped(range) {
      bytes[index] = 0
      origins[index] = -1
    }
  }

  package mutating func duplicate(_ range: Range<Int>) {
    let range = clamped(range)
    bytes.insert(contentsOf: Array(bytes[range]), at: range.upperBound)
    origins.insert(contentsOf: Array(origins[range]), at: range.upperBound)
  }

  package mutating func truncate(at position: Int) { cut(position..<bytes.count) }

  /// Whether all bytes of a range of the sound file are still there, one behind the other.
  package func holdsWhole(_ range: Range<Int>) -> Bool {
    var start = origins.startIndex
    while let found = origins[start...].firstIndex(of: range.lowerBound) {
      start = found + 1
      if origins.count - found >= range.count,
        zip(range, origins[found...]).allSatisfy({ $0 == $1 })
      {
        return true
      }
    }
    return false
  }
}

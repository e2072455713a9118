/// Parts of a file in memory: ranges without overlap, ascending, never side by side.
package struct KeptRanges: Hashable, Sendable {
  /// The ranges.
  package let ranges: [Range<UInt64>]
  /// For each range where its bytes begin.
  private let places: [Int]
  /// The bytes of all ranges, one behind the other.
  package let bytes: [UInt8]

  /// Keeps nothing.
  package init() {
    ranges = []
    places = []
    bytes = []
  }

  /// Keeps ranges with their bytes; nil when they overlap, touch, are empty or not ascending, or when
  /// there are not as many bytes.
  package init?(_ ranges: [Range<UInt64>], bytes: [UInt8]) {
    var places: [Int] = []
    places.reserveCapacity(ranges.count)
    var count = 0
    var end: UInt64?
    for range in ranges {
      guard !range.isEmpty, end.map({ range.lowerBound > $0 }) ?? true else { return nil }
      end = range.upperBound
      guard range.upperBound - range.lowerBound <= UInt64(bytes.count - count) else { return nil }
      places.append(count)
      count += Int(range.upperBound - range.lowerBound)
    }
    guard count == bytes.count else { return nil }
    self.ranges = ranges
    self.places = places
    self.bytes = bytes
  }

  /// What is not kept of a range, apart from what is kept in its middle; empty when all of it is kept.
  ///
  /// What is kept at both ends need not be read. A part in the middle does not count, so that one
  /// range stays one.
  package func missing(of range: Range<UInt64>) -> Range<UInt64> {
    guard !range.isEmpty else { return range }
    var rest = range
    if let first = index(holding: range.lowerBound) {
      rest = min(ranges[first].upperBound, range.upperBound)..<range.upperBound
    }
    if !rest.isEmpty, let last = index(holding: range.upperBound - 1) {
      rest = rest.lowerBound..<max(ranges[last].lowerBound, rest.lowerBound)
    }
    return rest
  }

  /// Copies what is kept of a range at its ends into memory for all of it.
  ///
  /// - Parameter rest: what ``missing(of:)`` gave.
  package func copyEnds(
    of range: Range<UInt64>, missing rest: Range<UInt64>,
    into memory: UnsafeMutableRawBufferPointer
  ) {
    copy(range.lowerBound..<rest.lowerBound, to: memory, from: range.lowerBound)
    copy(rest.upperBound..<range.upperBound, to: memory, from: range.lowerBound)
  }

  /// The bytes of a range of which all is kept.
  package func bytes(_ range: Range<UInt64>) -> [UInt8]? {
    if range.isEmpty { return [] }
    guard let index = index(holding: range.lowerBound), range.upperBound <= ranges[index].upperBound
    else { return nil }
    let start = places[index] + Int(range.lowerBound - ranges[index].lowerBound)
    return Array(bytes[start..<(start + Int(range.upperBound - range.lowerBound))])
  }

  private func copy(
    _ range: Range<UInt64>, to memory: UnsafeMutableRawBufferPointer, from start: UInt64
  ) {
    guard !range.isEmpty, let index = index(holding: range.lowerBound),
      range.upperBound <= ranges[index].upperBound
    else { return }
    let source = places[index] + Int(range.lowerBound - ranges[index].lowerBound)
    let target = Int(range.lowerBound - start)
    let count = Int(range.upperBound - range.lowerBound)
    bytes.withUnsafeBytes { bytes in
      UnsafeMutableRawBufferPointer(rebasing: memory[target..<(target + count)])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[source..<(source + count)]))
    }
  }

  /// The number of the range that holds a position.
  private func index(holding position: UInt64) -> Int? {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].lowerBound <= position { low = middle + 1 } else { high = middle }
    }
    guard low > 0, position < ranges[low - 1].upperBound else { return nil }
    return low - 1
  }
}

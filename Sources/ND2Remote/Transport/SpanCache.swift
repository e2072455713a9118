/// Bytes that were read already, in spans that do not overlap; those used longest ago go first.
struct SpanCache: Sendable {
  private struct Span: Sendable {
    var start: UInt64
    var bytes: [UInt8]
    var use: UInt64

    var end: UInt64 { start + UInt64(bytes.count) }
  }

  private var spans: [Span] = []
  private var byteCount = 0
  private var clock: UInt64 = 0
  private let most: Int
  private static let mostSpans = 1024

  init(most: Int) { self.most = max(0, most) }

  var isEmpty: Bool { spans.isEmpty }

  /// Keeps bytes; of those that are there already nothing changes.
  mutating func insert(_ bytes: ArraySlice<UInt8>, at start: UInt64) {
    guard !bytes.isEmpty, bytes.count <= most else { return }
    clock += 1
    var position = start
    let end = start + UInt64(bytes.count)
    var index = firstIndex(endingAfter: start)
    while position < end {
      let next = index < spans.count ? min(end, max(position, spans[index].start)) : end
      if position < next {
        let from = bytes.startIndex + Int(position - start)
        let piece = Array(bytes[from..<(from + Int(next - position))])
        spans.insert(Span(start: position, bytes: piece, use: clock), at: index)
        byteCount += piece.count
        index += 1
        position = next
      }
      if index < spans.count, position < end {
        position = max(position, spans[index].end)
        index += 1
      }
    }
    while byteCount > most || spans.count > Self.mostSpans { evict() }
  }

  /// Copies what is there of a range into its memory, and gives what is missing as one range: its
  /// ends may be there, and what lies between them is asked for as a whole.
  mutating func copy(
    _ range: Range<UInt64>, into memory: UnsafeMutableRawBufferPointer
  ) -> Range<UInt64> {
    guard !spans.isEmpty, !range.isEmpty else { return range }
    clock += 1
    var low = range.lowerBound
    var index = firstIndex(endingAfter: low)
    while index < spans.count, spans[index].start <= low, low < range.upperBound {
      let end = min(range.upperBound, spans[index].end)
      copy(index, low..<end, of: range, into: memory)
      low = end
      index += 1
    }
    var high = range.upperBound
    while high > low {
      let last = firstIndex(endingAfter: high - 1)
      guard last < spans.count, spans[last].start < high else { break }
      let start = max(low, spans[last].start)
      copy(last, start..<high, of: range, into: memory)
      high = start
    }
    return low..<high
  }

  private mutating func copy(
    _ index: Int, _ part: Range<UInt64>, of range: Range<UInt64>,
    into memory: UnsafeMutableRawBufferPointer
  ) {
    spans[index].use = clock
    let span = spans[index]
    span.bytes.withUnsafeBytes { bytes in
      let from = Int(part.lowerBound - span.start)
      let count = Int(part.upperBound - part.lowerBound)
      let to = Int(part.lowerBound - range.lowerBound)
      UnsafeMutableRawBufferPointer(rebasing: memory[to..<(to + count)])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[from..<(from + count)]))
    }
  }

  /// Index of the first span that ends behind an offset.
  private func firstIndex(endingAfter offset: UInt64) -> Int {
    var low = 0
    var high = spans.count
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].end > offset { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private mutating func evict() {
    guard let oldest = spans.indices.min(by: { spans[$0].use < spans[$1].use }) else { return }
    byteCount -= spans[oldest].bytes.count
    spans.remove(at: oldest)
  }
}

package import ND2

/// What one request fetches, and where its bytes go.
package struct RangePart: Sendable {
  /// A run of bytes of the request and its memory.
  package struct Segment: @unchecked Sendable {
    package var offset: UInt64
    package var memory: UnsafeMutableRawBufferPointer

    var end: UInt64 { offset + UInt64(memory.count) }
  }

  /// The bytes that are asked for.
  package var range: Range<UInt64>
  /// Where they go, by their offset; bytes between segments are thrown away.
  package var segments: [Segment]
}

/// Decides which requests a number of reads becomes.
package struct RangeCoalescer: Sendable {
  /// Reads that lie at most so far apart share a request.
  package var gap: UInt64
  /// Most bytes of a request.
  package var most: UInt64
  /// Least bytes of a piece of a large read when pieces are made for more connections.
  package var leastPiece: UInt64 = 8 << 20

  package init(gap: Int, most: Int) {
    self.gap = UInt64(max(0, gap))
    self.most = UInt64(max(4096, most))
  }

  /// The requests, by their offset: no byte is asked for twice.
  ///
  /// - Parameter connectionCount: requests that may run side by side. When there are fewer requests,
  ///   large ones are split.
  package func parts(_ reads: [PlacedRead], connectionCount: Int = 1) -> [RangePart] {
    let sorted = reads.filter { !$0.memory.isEmpty }.sorted { $0.offset < $1.offset }
    var runs: [(range: Range<UInt64>, segments: [RangePart.Segment])] = []
    for read in sorted {
      let segment = RangePart.Segment(offset: read.offset, memory: read.memory)
      if let last = runs.last, joins(segment, last.range) {
        let end = max(last.range.upperBound, segment.end)
        runs[runs.count - 1].range = last.range.lowerBound..<end
        runs[runs.count - 1].segments.append(segment)
      } else {
        runs.append((segment.offset..<segment.end, [segment]))
      }
    }
    var parts: [RangePart] = []
    parts.reserveCapacity(runs.count)
    let share = connectionCount > runs.count ? UInt64(connectionCount / max(1, runs.count)) : 1
    for run in runs {
      let count = run.range.upperBound - run.range.lowerBound
      // A little more than the least piece stays one request.
      let pieceCount = max(min(share, count / max(1, leastPiece)), 1)
      let piece = min(most, (count + pieceCount - 1) / pieceCount)
      split(run.range, run.segments, piece: piece, into: &parts)
    }
    return parts
  }

  /// Whether a read goes into the same request: what overlaps always does.
  private func joins(_ segment: RangePart.Segment, _ run: Range<UInt64>) -> Bool {
    if segment.offset < run.upperBound { return true }
    guard segment.offset - run.upperBound <= gap else { return false }
    return segment.end - run.lowerBound <= most
  }

  private func split(
    _ range: Range<UInt64>, _ segments: [RangePart.Segment], piece: UInt64,
    into parts: inout [RangePart]
  ) {
    let count = range.upperBound - range.lowerBound
    guard count > piece else {
      parts.append(RangePart(range: range, segments: segments))
      return
    }
    let pieceCount = (count + piece - 1) / piece
    let even = (count + pieceCount - 1) / pieceCount
    var start = range.lowerBound
    var first = 0
    while start < range.upperBound {
      let end = min(range.upperBound, start + even)
      var cut: [RangePart.Segment] = []
      for segment in segments[first...] {
        if segment.offset >= end { break }
        let low = max(segment.offset, start)
        let high = min(segment.end, end)
        guard low < high else { continue }
        let from = Int(low - segment.offset)
        cut.append(
          .init(
            offset: low,
            memory: UnsafeMutableRawBufferPointer(
              rebasing: segment.memory[from..<(from + Int(high - low))])))
      }
      while first < segments.count, segments[first].end <= end { first += 1 }
      // A gap may fill a whole piece.
      if let low = cut.first?.offset, let high = cut.map(\.end).max() {
        parts.append(RangePart(range: low..<high, segments: cut))
      }
      start = end
    }
  }
}

package import ND2Format

/// Finds the chunks of a file without its map, or the boxes of a file of version 1.0.
package struct ScanPlan: ReadPlan {
  /// The chunks, and where the chain of chunks was broken.
  package struct Outcome: Sendable {
    package var map: ChunkMap
    package var gaps: [UInt64]
    /// Position of the last chunk that is sure, from which the scan can go on when the file grows.
    package var lastChunk: UInt64?
  }

  // Kept beside each other rather than in an enumeration: they grow in place, without a copy.
  private var chunks: ChunkScan?
  private var boxes: BoxWalk?

  package init(
    fileByteCount: UInt64, container: ChunkMap.Container = .chunks,
    continuing earlier: ChunkScan.Continuation? = nil, isGrowing: Bool = false
  ) {
    switch container {
    case .chunks:
      chunks = ChunkScan(
        fileByteCount: fileByteCount, continuing: earlier, isGrowing: isGrowing)
    case .boxes: boxes = BoxWalk(fileByteCount: fileByteCount)
    }
  }

  package mutating func advance(_ supplied: [[UInt8]]) -> ReadStep<Outcome> {
    if !supplied.isEmpty {
      chunks?.supply(supplied)
      if let bytes = supplied.first { boxes?.supply(bytes) }
    }
    if let needed = chunks?.needed, !needed.isEmpty { return .needs(needed) }
    if let range = boxes?.needed { return .needs([range]) }
    if let scan = chunks {
      chunks = nil
      let (gaps, lastChunk) = (scan.gaps, scan.lastChunk)
      return .done(Outcome(map: scan.finish(), gaps: gaps, lastChunk: lastChunk))
    }
    guard let walk = boxes else { return .done(Outcome(map: ChunkMap(), gaps: [])) }
    boxes = nil
    let gaps = walk.gaps
    return .done(Outcome(map: walk.finish(), gaps: gaps))
  }
}

extension ScanPlan.Outcome {
  /// Most defects of one kind that are reported.
  private static let mostReports = 20

  /// Reports where the chain of chunks is broken, and which chunks are not whole.
  func report(into log: inout DiagnosticLog) {
    for gap in gaps.prefix(Self.mostReports) {
      log.damage("the chain of chunks is broken here", offset: gap)
    }
    guard !map.tornEnds.isEmpty || !map.doubtfulChunks.isEmpty else { return }
    let chunks = map.inFileOrder
    for (name, entry) in chunks.filter({ map.tornEnds[$0.entry.offset] != nil })
      .prefix(Self.mostReports)
    {
      log.damage("part of this chunk is missing", chunk: name, offset: entry.offset)
    }
    for (name, entry) in chunks.filter({ map.doubtfulChunks.contains($0.entry.offset) })
      .prefix(Self.mostReports)
    {
      log.damage(
        "bytes are missing in this chunk or behind it, or were put in", chunk: name,
        offset: entry.offset)
    }
  }
}

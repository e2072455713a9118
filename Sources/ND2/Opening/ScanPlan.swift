package import ND2Format

/// Finds the chunks of a file without its map, or the boxes of a file of version 1.0.
package struct ScanPlan: ReadPlan {
  /// The chunks, and where the chain of chunks was broken.
  package struct Outcome: Sendable {
    package var map: ChunkMap
    package var gaps: [UInt64]
  }

  private enum Search: Sendable {
    case chunks(ChunkScan)
    case boxes(BoxWalk)
    /// During a step: a second reference to what was found would make every step copy it.
    case advancing
  }

  private var search: Search

  package init(fileByteCount: UInt64, container: ChunkMap.Container = .chunks) {
    switch container {
    case .chunks: search = .chunks(ChunkScan(fileByteCount: fileByteCount))
    case .boxes: search = .boxes(BoxWalk(fileByteCount: fileByteCount))
    }
  }

  package mutating func advance(_ supplied: [[UInt8]]) -> ReadStep<Outcome> {
    let current = search
    search = .advancing
    switch consume current {
    case .advancing: return .done(Outcome(map: ChunkMap(), gaps: []))
    case .chunks(var scan):
      if let bytes = supplied.first { scan.supply(bytes) }
      search = .chunks(scan)
      if let range = scan.needed { return .needs([range]) }
      return .done(Outcome(map: scan.finish(), gaps: scan.gaps))
    case .boxes(var walk):
      if let bytes = supplied.first { walk.supply(bytes) }
      search = .boxes(walk)
      if let range = walk.needed { return .needs([range]) }
      return .done(Outcome(map: walk.finish(), gaps: walk.gaps))
    }
  }
}

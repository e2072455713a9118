package import ND2Format

/// Finds the chunks of a file without its map.
package struct ScanPlan: ReadPlan {
  /// The chunks, and where the chain of chunks was broken.
  package struct Outcome: Sendable {
    package var map: ChunkMap
    package var gaps: [UInt64]
  }

  private var scan: ChunkScan

  package init(fileByteCount: UInt64) { scan = ChunkScan(fileByteCount: fileByteCount) }

  package mutating func advance(_ supplied: [[UInt8]]) -> ReadStep<Outcome> {
    if let bytes = supplied.first { scan.supply(bytes) }
    if let range = scan.needed { return .needs([range]) }
    return .done(Outcome(map: scan.finish(), gaps: scan.gaps))
  }
}

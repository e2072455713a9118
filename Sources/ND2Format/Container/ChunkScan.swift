/// Makes the map of a file that has none, by finding its chunks.
///
/// Of several chunks of one name the last whole one counts; a torn one only when there is no other.
package struct ChunkScan: Sendable {
  /// Where an earlier scan of a file that has grown since can be continued.
  package struct Continuation: Sendable {
    /// What was found then.
    package var map: ChunkMap
    /// Position of the last chunk of it.
    package var offset: UInt64

    package init(map: ChunkMap, offset: UInt64) {
      self.map = map
      self.offset = offset
    }
  }

  private var finder: ChunkFinder
  private var map: ChunkMap
  private let isGrowing: Bool
  /// Chunks that are not whole, the best of each name.
  private var torn: [ScannedChunk.Identity: ScannedChunk] = [:]

  /// Starts a scan at the beginning of a file, or where an earlier one ended.
  ///
  /// - Parameter isGrowing: whether the file is still being written. A last image of which it is not
  ///   sure that all of it is there is then left out.
  package init(
    fileByteCount: UInt64, continuing earlier: Continuation? = nil, isGrowing: Bool = false
  ) {
    self.isGrowing = isGrowing
    map = earlier?.map ?? ChunkMap()
    let start = earlier?.offset ?? 0
    map.forgetDamage(from: start)
    finder = ChunkFinder(
      fileByteCount: fileByteCount, from: min(start, fileByteCount), stopsAtZeros: isGrowing)
  }

  /// Where the chain of chunks was broken.
  package var gaps: [UInt64] { finder.gaps }

  /// Position of the last chunk that is sure.
  package var lastChunk: UInt64? { finder.lastChunk }

  /// The ranges that are needed next; none when the scan is done.
  package var needed: [Range<UInt64>] { finder.needed }

  /// Takes the bytes of the ranges that were needed.
  package mutating func supply(_ parts: [[UInt8]]) {
    finder.supply(parts)
    for chunk in finder.takeFinished() where !chunk.isStructure { take(chunk) }
  }

  private mutating func take(_ chunk: ScannedChunk) {
    if isGrowing, chunk.isLast, chunk.frame != nil, chunk.isTorn || finder.zerosBegin != nil {
      return
    }
    if chunk.isTorn {
      let known = torn[chunk.identity]
      guard torn.count < 1_000_000, chunk.availableByteCount >= known?.availableByteCount ?? 0
      else { return }
      torn[chunk.identity] = chunk
    } else {
      map.insert(chunk)
    }
  }

  /// The chunks that were found.
  package consuming func finish() -> ChunkMap {
    map.finish()
    if !torn.isEmpty {
      for chunk in torn.values.sorted(by: { $0.offset < $1.offset }) where map[chunk.name] == nil {
        map.insert(chunk)
      }
      map.finish()
    }
    return map
  }
}

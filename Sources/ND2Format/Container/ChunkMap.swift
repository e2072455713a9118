/// Where a chunk is, as the map or a scan says.
package struct ChunkEntry: Hashable, Sendable {
  /// Position of the chunk's header.
  package var offset: UInt64
  /// Size of its data, when it is known; some writers put the offset there instead.
  package var byteCount: UInt64?

  package init(offset: UInt64, byteCount: UInt64?) {
    self.offset = offset
    self.byteCount = byteCount
  }
}

/// All chunks of a file by name, with the image chunks in a table of their own.
package struct ChunkMap: Sendable {
  /// What holds the data of a file.
  package enum Container: Hashable, Sendable {
    /// Chunks with names, since version 2.
    case chunks
    /// Boxes of JPEG 2000: version 1. They have kinds only; see ``BoxName`` for their names here.
    case boxes
  }

  /// What holds the data of the file.
  package let container: Container
  /// The image chunks; the codestreams of a file of boxes.
  package private(set) var frames = FrameTable()
  /// All other chunks. Of several of one name the one with the highest offset, written last.
  package private(set) var chunks: [String: ChunkEntry] = [:]
  /// Number of names that came more than once.
  package private(set) var duplicateCount = 0
  /// Where the data of torn chunks ends, by the positions of their headers: in front of the next
  /// header, or at the end of the file.
  package private(set) var tornEnds: [UInt64: UInt64] = [:]
  /// Positions of the chunks in which bytes may be missing or may have been put in.
  package private(set) var doubtfulChunks: Set<UInt64> = []

  package init(_ container: Container = .chunks) { self.container = container }

  /// Number of the image chunk of that name; nil for other names.
  package func frameIndex(_ name: String) -> Int? {
    switch container {
    case .chunks: ChunkName.frameIndex(name)
    case .boxes: BoxName.codestreamIndex(name)
    }
  }

  /// Name of the image chunk of that number.
  package func frameName(_ index: Int) -> String {
    switch container {
    case .chunks: ChunkName.frame(index)
    case .boxes: BoxName.codestream(index)
    }
  }

  /// Adds a chunk; of several of one name the highest offset stays.
  package mutating func insert(_ name: String, _ entry: ChunkEntry) {
    if let index = frameIndex(name) {
      insert(frame: index, entry)
    } else if let known = chunks[name] {
      if entry.offset != known.offset { duplicateCount += 1 }
      if entry.offset >= known.offset { chunks[name] = entry }
    } else {
      chunks[name] = entry
    }
  }

  mutating func reserveCapacity(frames count: Int) { frames.reserveCapacity(count) }

  mutating func insert(frame index: Int, _ entry: ChunkEntry) {
    if !frames.insert(index, entry) { duplicateCount += 1 }
  }

  /// Adds a chunk that was found, and what is wrong with it.
  mutating func insert(_ chunk: ScannedChunk) {
    let entry = ChunkEntry(
      offset: chunk.offset, byteCount: chunk.isTorn ? nil : chunk.dataByteCount)
    switch chunk.identity {
    case .frame(let index): insert(frame: index, entry)
    case .named(let name): insert(name, entry)
    }
    if chunk.isTorn { tornEnds[chunk.offset] = chunk.end }
    if chunk.isDoubtful { doubtfulChunks.insert(chunk.offset) }
  }

  /// Forgets what was wrong with the chunks from a position on, which are looked at anew.
  mutating func forgetDamage(from offset: UInt64) {
    for key in tornEnds.keys where key >= offset { tornEnds[key] = nil }
    doubtfulChunks = doubtfulChunks.filter { $0 < offset }
  }

  /// Puts the image chunks in order; to be called once all chunks are in.
  package mutating func finish() { frames.finish() }

  /// The chunk of that name.
  package subscript(name: String) -> ChunkEntry? {
    if let index = frameIndex(name) { return frames[index] }
    return chunks[name]
  }

  /// The first of several names that is there, with its chunk.
  package func first(of names: [String]) -> (name: String, entry: ChunkEntry)? {
    for name in names { if let entry = chunks[name] { return (name, entry) } }
    return nil
  }

  /// Number of chunks.
  package var count: Int { chunks.count + frames.storedCount }

  /// Names of the chunks that are no images, in the order in which they lie in the file.
  package var chunksInFileOrder: [String] {
    chunks.sorted { ($0.value.offset, $0.key) < ($1.value.offset, $1.key) }.map(\.key)
  }

  /// Names and places of all chunks, in the order in which they lie in the file.
  package var inFileOrder: [(name: String, entry: ChunkEntry)] {
    var all = chunks.map { (name: $0.key, entry: $0.value) }
    all += frames.stored.map { (name: frameName($0.index), entry: $0.entry) }
    return all.sorted { ($0.entry.offset, $0.name) < ($1.entry.offset, $1.name) }
  }
}

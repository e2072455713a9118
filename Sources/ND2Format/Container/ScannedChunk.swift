/// A chunk that was found without the help of a map.
package struct ScannedChunk: Hashable, Sendable {
  /// What a chunk holds, by its name.
  package enum Identity: Hashable, Sendable {
    /// The image of a frame, by the number in its name.
    case frame(Int)
    /// Anything else, by its name with the `!`.
    case named(String)
  }

  /// What it holds.
  package var identity: Identity
  /// Position of the header.
  package var offset: UInt64
  /// Size of the name field.
  package var nameByteCount: Int
  /// Size of the data as the header says it.
  package var dataByteCount: UInt64
  /// Where its data ends: as its header says, but not behind the next header or the end of the file.
  package var end: UInt64
  /// Whether the chain of chunks is broken behind it in a way that bytes may be missing in it or may
  /// have been put into it.
  package var isDoubtful = false
  /// Whether no header stands behind it.
  package var isLast = false

  /// Position of the data.
  package var dataOffset: UInt64 { offset + UInt64(ChunkHeader.byteCount + nameByteCount) }
  /// Bytes of the data that are there.
  package var availableByteCount: UInt64 { end - min(end, dataOffset) }
  /// Whether the data is not all there.
  package var isTorn: Bool { availableByteCount < dataByteCount }
  /// The number of the frame whose image it holds.
  package var frame: Int? {
    if case .frame(let index) = identity { return index }
    return nil
  }
  /// The name, with its `!`.
  package var name: String {
    switch identity {
    case .frame(let index): ChunkName.frame(index)
    case .named(let name): name
    }
  }
  /// Whether it is the first chunk or the chunk map, which describe the container only.
  package var isStructure: Bool {
    guard case .named(let name) = identity else { return false }
    return name == ChunkName.map || name == "\(FileSignature.firstChunkName)"
  }
}

/// A header that was found, before it is known what follows.
struct ChunkCandidate: Sendable {
  var identity: ScannedChunk.Identity
  var offset: UInt64
  var nameByteCount: Int
  var dataByteCount: UInt64

  /// Where its data ends by its own word; `.max` when that is beyond all numbers.
  var end: UInt64 {
    let start = offset &+ UInt64(ChunkHeader.byteCount + nameByteCount)
    let (end, overflow) = start.addingReportingOverflow(dataByteCount)
    return overflow ? .max : end
  }

  /// Where the next header should stand. Chunks are multiples of 4096 long; where bytes are missing
  /// or were put in, those behind keep their distances but lie at other places.
  var next: UInt64 {
    let end = end
    guard end < .max - 4096 else { return .max }
    return offset &+ ((end &- offset &+ 4095) & ~4095)
  }

  /// Reads the header at a place in `bytes`, which begin at `start` of the file.
  ///
  /// - Parameter longestName: names of more bytes are taken for coincidences.
  init?(
    _ bytes: UnsafeRawBufferPointer, at place: Int, start: UInt64,
    longestName: Int = ChunkHeader.longestName
  ) {
    guard place >= 0, bytes.count - place > ChunkHeader.byteCount,
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
        == FileSignature.chunkMagic
    else { return nil }
    let field = UInt32(
      littleEndian: bytes.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self))
    let size = UInt64(
      littleEndian: bytes.loadUnaligned(fromByteOffset: place + 8, as: UInt64.self))
    guard field >= 1, field <= UInt32(ChunkHeader.longestNameField), size <= UInt64(Int64.max)
    else { return nil }
    offset = start &+ UInt64(place)
    nameByteCount = Int(field)
    dataByteCount = size
    let name = place + ChunkHeader.byteCount
    // Images are most chunks; for them no text is made.
    let text = bytes.bindMemory(to: UInt8.self)
    if let (index, end) = ChunkName.frame(in: text, at: name), end - name <= nameByteCount {
      identity = .frame(index)
      return
    }
    let window = Array(bytes[place..<min(bytes.count, name + ChunkHeader.longestName)])
    guard let header = try? ChunkHeader(window, at: offset), header.name.utf8.count <= longestName
    else { return nil }
    identity = .named(header.name)
  }

  /// The chunk, when its data ends there at the latest.
  func chunk(endingBefore limit: UInt64) -> ScannedChunk {
    ScannedChunk(
      identity: identity, offset: offset, nameByteCount: nameByteCount,
      dataByteCount: dataByteCount, end: min(end, limit))
  }
}

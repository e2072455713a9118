/// Finds the chunks of a file without its map, by walking from header to header.
///
/// A value that asks for ranges and is given their bytes; it reads nothing itself. Where the walk
/// loses the chain (bytes missing or inserted, a damaged length) it searches for the next header
/// byte by byte (nd2-format §1.6).
package struct ChunkScan: Sendable {
  private enum Mode: Sendable { case walking, searching }

  /// Bytes read for one header while walking.
  static let headerWindow: UInt64 = 512
  /// Most bytes read at once while searching.
  static let searchWindow: UInt64 = 1 << 20
  /// Bytes read at first while searching: headers may follow each other closely in hostile files.
  private static let firstSearchWindow: UInt64 = 4096

  private let fileByteCount: UInt64
  private var position: UInt64 = 0
  private var lastChunk: UInt64?
  private var mode = Mode.walking
  /// Bytes that the search reads next; more and more while it finds nothing.
  private var window = Self.firstSearchWindow
  private var map = ChunkMap()
  /// Where the chain of chunks was broken.
  package private(set) var gaps: [UInt64] = []

  /// Starts a scan at the beginning of a file.
  package init(fileByteCount: UInt64) { self.fileByteCount = fileByteCount }

  /// The range that is needed next, or nil when the scan is done.
  package var needed: Range<UInt64>? {
    guard position < fileByteCount, fileByteCount - position >= UInt64(ChunkHeader.byteCount) else {
      return nil
    }
    let window = mode == .walking ? Self.headerWindow : window
    return position..<min(fileByteCount, position.addingReportingOverflow(window).partialValue)
  }

  /// Takes the bytes of the range that was needed.
  package mutating func supply(_ bytes: [UInt8]) {
    switch mode {
    case .walking: walk(bytes)
    case .searching: search(bytes)
    }
  }

  /// The chunks that were found.
  package consuming func finish() -> ChunkMap {
    map.finish()
    return map
  }

  private mutating func walk(_ bytes: [UInt8]) {
    guard let header = try? ChunkHeader(bytes, at: position) else {
      // Search from behind the last header: its length may be what is wrong.
      gaps.append(position)
      position = lastChunk.map { $0 + UInt64(ChunkHeader.byteCount) } ?? position
      mode = .searching
      return
    }
    accept(header)
  }

  private mutating func accept(_ header: ChunkHeader) {
    let available = fileByteCount - position
    let end = header.dataOffset.addingReportingOverflow(header.dataByteCount)
    let isCut = end.overflow || end.partialValue > available
    if header.name != "\(FileSignature.firstChunkName)", header.name != ChunkName.map {
      map.insert(
        header.name,
        ChunkEntry(offset: position, byteCount: isCut ? nil : header.dataByteCount))
    }
    lastChunk = position
    if isCut {
      gaps.append(position)
      position += UInt64(ChunkHeader.byteCount)
      mode = .searching
      return
    }
    mode = .walking
    // Chunks are multiples of 4096 long; where bytes are missing or were put in, those behind keep
    // their distances but no longer lie at multiples of 4096.
    let size = Checked.roundUp(end.partialValue, to: 4096) ?? end.partialValue
    position = Checked.sum(position, size) ?? fileByteCount
  }

  private mutating func search(_ bytes: [UInt8]) {
    let magic: [UInt8] = [0xDA, 0xCE, 0xBE, 0x0A]
    var index = 0
    while let found = bytes[index...].firstIndex(of: magic[0]) {
      index = found + 1
      guard bytes.count - found >= 4, bytes[found + 1] == magic[1], bytes[found + 2] == magic[2],
        bytes[found + 3] == magic[3]
      else { continue }
      let candidate = Array(bytes[found..<min(bytes.count, found + Int(Self.headerWindow))])
      if let header = try? ChunkHeader(candidate, at: position + UInt64(found)),
        header.name.utf8.count <= 128
      {
        position += UInt64(found)
        window = Self.firstSearchWindow
        accept(header)
        return
      }
      // The header may straddle the end of the window: look again from there.
      if candidate.count < Int(Self.headerWindow), position + UInt64(bytes.count) < fileByteCount,
        found > 0
      {
        position += UInt64(found)
        return
      }
    }
    window = min(window * 4, Self.searchWindow)
    // Keep three bytes, so that a magic number across two windows is seen.
    let isLast = position + UInt64(bytes.count) >= fileByteCount
    position += UInt64(isLast ? bytes.count : max(1, bytes.count - 3))
  }
}

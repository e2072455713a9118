/// Finds the chunks of a file without its map, in file order (nd2-format §1.6).
///
/// A value that asks for ranges and is given their bytes; it reads nothing itself. It walks from
/// header to header. Where the chain is broken (bytes missing or put in, a damaged length) it
/// searches for the next header byte by byte: one whose chunk ends where another header stands is
/// believed at once, others are kept until it is clear what surrounds them. The magic number inside
/// the data of a sound chunk is never looked at. What it reads is bounded by the size of the file,
/// whatever the file says.
package struct ChunkFinder: Sendable {
  private enum Mode: Sendable { case walking, searching, ended }

  /// Bytes read for one header while walking.
  static let headerWindow: UInt64 = 512
  /// Bytes read for a header that is thought to be that of an image, whose name is short.
  private static let imageHeaderWindow: UInt64 = 64
  /// Bytes read at once while searching.
  static let searchWindow: UInt64 = 1 << 20
  /// Most headers that are asked for at a time.
  private static let largestBatch = 32
  /// Longest name of a chunk that is found by searching.
  private static let longestFoundName = 128
  /// Most headers that are kept although nothing follows their chunks.
  private static let mostWeak = 100_000
  /// Most breaks of the chain whose places are kept.
  private static let mostGaps = 10_000

  private let fileByteCount: UInt64
  private let stopsAtZeros: Bool
  private var mode = Mode.walking
  /// Where a header should stand, or where to search on.
  private var position: UInt64
  /// The last chunk; what follows it decides whether it is whole.
  private var pending: ChunkCandidate?
  private var isChainBroken = false
  /// Headers found behind it whose chunks do not lead to another header.
  private var weak: [ChunkCandidate] = []
  private var weakCount = 0
  /// Found by searching; whether a header stands behind its chunk is being asked.
  private var probed: ChunkCandidate?
  private var window: (start: UInt64, bytes: [UInt8]) = (0, [])
  private var stride: UInt64 = 0
  private var batch = 1
  private var finished: [ScannedChunk] = []
  /// Where the chain of chunks was broken.
  package private(set) var gaps: [UInt64] = []
  /// Where only zeros stood instead of a header, when the search stops there.
  package private(set) var zerosBegin: UInt64?
  /// Position of the last header that was reached by walking or believed at once.
  package private(set) var lastChunk: UInt64?

  /// Bytes that hold any header.
  package static let headerByteCount: UInt64 = headerWindow

  /// The chunk whose header begins `bytes`; nil when none stands there.
  package static func chunk(
    _ bytes: [UInt8], at offset: UInt64, fileByteCount: UInt64
  ) -> ScannedChunk? {
    bytes.withUnsafeBytes { ChunkCandidate($0, at: 0, start: offset) }?
      .chunk(endingBefore: fileByteCount)
  }

  /// Starts at the beginning of a file, or at a chunk that is known.
  ///
  /// - Parameter stopsAtZeros: whether zeros instead of a header are taken for the end of a file that
  ///   is still being written.
  package init(fileByteCount: UInt64, from position: UInt64 = 0, stopsAtZeros: Bool = false) {
    self.fileByteCount = fileByteCount
    self.position = position
    self.stopsAtZeros = stopsAtZeros
    if !hasHeader(at: position) { mode = .ended }
  }

  /// The position up to which the file was looked through.
  package var progress: UInt64 { mode == .ended ? fileByteCount : min(position, fileByteCount) }

  /// The chunks whose ends are known by now; each is given once.
  package mutating func takeFinished() -> [ScannedChunk] {
    if finished.isEmpty { return [] }
    defer { finished.removeAll(keepingCapacity: true) }
    return finished
  }

  /// The ranges that are needed next; none when the search is done.
  package var needed: [Range<UInt64>] {
    switch mode {
    case .ended: return []
    case .searching:
      if let probed { return [headerRange(probed.next)] }
      return [position..<(position + min(Self.searchWindow, fileByteCount - position))]
    case .walking:
      if batch == 1 { return [headerRange(position)] }
      var ranges: [Range<UInt64>] = []
      var place = position
      for _ in 0..<batch {
        guard hasHeader(at: place) else { break }
        ranges.append(
          place..<(place + min(Self.imageHeaderWindow, fileByteCount - place)))
        guard let next = Checked.sum(place, stride) else { break }
        place = next
      }
      return ranges
    }
  }

  /// Takes the bytes of the ranges that were needed.
  package mutating func supply(_ parts: [[UInt8]]) {
    switch mode {
    case .ended: return
    case .walking: walk(parts)
    case .searching:
      guard let bytes = parts.first else { return end() }
      if let candidate = probed {
        probed = nil
        let header = bytes.withUnsafeBytes { ChunkCandidate($0, at: 0, start: candidate.next) }
        judge(candidate, isFollowed: header != nil)
      } else {
        window = (position, bytes)
      }
    }
    if mode == .searching, probed == nil { search() }
  }

  private func hasHeader(at place: UInt64) -> Bool {
    place < fileByteCount && fileByteCount - place > UInt64(ChunkHeader.byteCount)
  }

  private func headerRange(_ place: UInt64) -> Range<UInt64> {
    place..<(place + min(Self.headerWindow, fileByteCount - place))
  }

  // MARK: - Walking

  private mutating func walk(_ parts: [[UInt8]]) {
    // Where the headers were thought to be that came with the first one.
    var place = position
    for bytes in parts {
      guard place == position else {
        batch = 1
        return
      }
      guard let header = bytes.withUnsafeBytes({ ChunkCandidate($0, at: 0, start: position) })
      else {
        batch = 1
        // A longer name: the same header is asked for once more, with more bytes.
        if bytes.count < Int(Self.headerWindow), position + UInt64(bytes.count) < fileByteCount {
          return
        }
        return loseChain(isZero: bytes.allSatisfy { $0 == 0 })
      }
      place = place.addingReportingOverflow(stride).partialValue
      accept(header)
      guard mode == .walking else { return }
    }
  }

  /// Takes a chunk for sure.
  private mutating func accept(_ chunk: ChunkCandidate) {
    settle(before: chunk)
    pending = chunk
    lastChunk = chunk.offset
    guard chunk.end <= fileByteCount else {
      isChainBroken = true
      note(gap: chunk.offset)
      return startSearch()
    }
    mode = .walking
    let size = chunk.next - chunk.offset
    batch = size == stride ? min(batch * 2, Self.largestBatch) : 1
    stride = size
    position = chunk.next
    if !hasHeader(at: position) { end() }
  }

  private mutating func loseChain(isZero: Bool) {
    if isZero, stopsAtZeros {
      zerosBegin = position
      return end()
    }
    isChainBroken = true
    note(gap: position)
    startSearch()
  }

  private mutating func note(gap: UInt64) {
    if gaps.count < Self.mostGaps { gaps.append(gap) }
  }

  private mutating func startSearch() {
    mode = .searching
    batch = 1
    stride = 0
    // From behind the last header: its length may be what is wrong.
    if let pending { position = pending.offset + UInt64(ChunkHeader.byteCount) }
    search()
  }

  // MARK: - Searching

  /// Looks through the bytes that are in memory, as far as they go.
  private mutating func search() {
    while mode == .searching, probed == nil {
      guard hasHeader(at: position) else { return end() }
      guard position >= window.start, position - window.start < UInt64(window.bytes.count) else {
        return
      }
      let from = Int(position - window.start)
      let isLast = fileByteCount - window.start == UInt64(window.bytes.count)
      guard let place = window.bytes.withUnsafeBytes({ MagicSearch.next(in: $0, from: from) })
      else {
        // Keep three bytes, so that a magic number across two windows is seen.
        let end = window.start + UInt64(window.bytes.count)
        position = isLast ? fileByteCount : max(position + 1, end - 3)
        if !isLast { return }
        continue
      }
      if !isLast, window.bytes.count - place < Int(Self.headerWindow), place > 0 {
        // The header may go on behind the window.
        position = window.start + UInt64(place)
        return window = (0, [])
      }
      position = window.start + UInt64(place) + 4
      if let candidate = window.bytes.withUnsafeBytes({
        ChunkCandidate($0, at: place, start: window.start, longestName: Self.longestFoundName)
      }) {
        consider(candidate)
      }
    }
  }

  private mutating func consider(_ candidate: ChunkCandidate) {
    position = candidate.offset + UInt64(ChunkHeader.byteCount)
    guard candidate.end <= fileByteCount else { return judge(candidate, isFollowed: false) }
    guard hasHeader(at: candidate.next) else { return judge(candidate, isFollowed: true) }
    let range = headerRange(candidate.next)
    let end = window.start + UInt64(window.bytes.count)
    guard range.lowerBound >= window.start, range.upperBound <= end else {
      probed = candidate
      return
    }
    let place = Int(range.lowerBound - window.start)
    let header = window.bytes.withUnsafeBytes {
      ChunkCandidate($0, at: place, start: window.start)
    }
    judge(candidate, isFollowed: header != nil)
  }

  /// Believes a header when its chunk leads to another one; else keeps it in mind.
  private mutating func judge(_ candidate: ChunkCandidate, isFollowed: Bool) {
    if isFollowed { return accept(candidate) }
    weakCount += 1
    guard weakCount <= Self.mostWeak else { return }
    if pending == nil {
      pending = candidate
      isChainBroken = true
    } else {
      weak.append(candidate)
    }
  }

  // MARK: - Ends of chunks

  /// Decides about the last chunk and those behind it, now that a header is sure, or the end.
  private mutating func settle(before next: ChunkCandidate?) {
    guard let first = pending else { return }
    let limit = next?.offset ?? fileByteCount
    if !isChainBroken, let next, first.end <= next.offset {
      finished.append(first.chunk(endingBefore: limit))
      pending = nil
      return
    }
    var row = [first]
    row += weak.filter { !isCoincidence($0, inside: first, before: next) }
    weak.removeAll()
    for (index, candidate) in row.enumerated() {
      let end = index + 1 < row.count ? row[index + 1].offset : limit
      var chunk = candidate.chunk(endingBefore: end)
      chunk.isLast = index + 1 == row.count && next == nil
      // Chunks keep their distances modulo 4096 unless bytes are missing or were put in.
      chunk.isDoubtful =
        isChainBroken && !chunk.isTorn && !chunk.isLast && (end &- candidate.offset) % 4096 != 0
      finished.append(chunk)
    }
    pending = nil
    isChainBroken = false
  }

  /// Whether a header is part of the data of a chunk that is whole: the next sure header lies
  /// behind that chunk and at the right distance, the header in question at no right distance.
  private func isCoincidence(
    _ candidate: ChunkCandidate, inside chunk: ChunkCandidate, before next: ChunkCandidate?
  ) -> Bool {
    guard let next, candidate.offset < chunk.end, next.offset >= chunk.end else { return false }
    return (next.offset - chunk.offset) % 4096 == 0
      && (candidate.offset - chunk.offset) % 4096 != 0
  }

  private mutating func end() {
    settle(before: nil)
    mode = .ended
    window = (0, [])
  }
}

/// Finds the magic number of chunks.
enum MagicSearch {
  /// The place of the next magic number; nil when there is none.
  static func next(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard bytes.count >= 4 else { return nil }
    let last = bytes.count - 4
    var place = start
    let ones: UInt64 = 0x0101_0101_0101_0101
    let pattern: UInt64 = 0xDADA_DADA_DADA_DADA
    while place <= last {
      // Eight bytes at a time are dismissed when none of them begins the number.
      while place + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self) ^ pattern
        if (word &- ones) & ~word & (ones &* 0x80) != 0 { break }
        place += 8
      }
      let stop = min(place + 8, last + 1)
      while place < stop {
        let value = UInt32(
          littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
        if value == FileSignature.chunkMagic { return place }
        place += 1
      }
    }
    return nil
  }
}

package import ND2Format

/// Finds out what a file is and where its chunks are: signature, tail, chunk map, else a scan.
package struct MapPlan: ReadPlan {
  /// What opening knows before any metadata is decoded.
  package struct Outcome: Sendable {
    package var signature: FileSignature
    package var map: ChunkMap
    /// Whether the map was rebuilt by a scan.
    package var isScanned = false
    /// Position of the last sure chunk of a scan, from which it can go on when the file grows.
    package var lastChunk: UInt64?
    /// The bytes at both ends, which hold most metadata of ordinary files.
    package var fetched = FetchedBytes()
    package var diagnostics = DiagnosticLog()
  }

  private enum State: Sendable {
    case start
    case ends(head: Range<UInt64>, tail: Range<UInt64>)
    case mapHeader(UInt64)
    /// The map, and the bytes before it, where writers put most metadata.
    case map(lead: Range<UInt64>, Range<UInt64>)
    case boxMap(Range<UInt64>)
    case scan
  }

  private let fileByteCount: UInt64
  private let headByteCount: UInt64
  private let tailByteCount: UInt64
  private let options: ReadingOptions
  private let earlier: ChunkScan.Continuation?
  private var state = State.start
  /// Beside the state rather than in it: it grows in place, without a copy.
  private var scan: ScanPlan?
  /// Whether the file ends like one of version 1.0.
  private var hasBoxMapMark = false
  private var outcome = Outcome(signature: .unknown(looksLike: nil), map: ChunkMap())

  /// Plans to open a file of that size.
  ///
  /// - Parameters:
  ///   - headByteCount: bytes at the start that are fetched at once.
  ///   - tailByteCount: bytes at the end that are fetched with them.
  ///   - earlier: what a scan of the file found before it grew.
  package init(
    fileByteCount: UInt64, headByteCount: UInt64, tailByteCount: UInt64, options: ReadingOptions,
    continuing earlier: ChunkScan.Continuation? = nil
  ) {
    self.fileByteCount = fileByteCount
    self.headByteCount = headByteCount
    self.tailByteCount = tailByteCount
    self.options = options
    self.earlier = earlier
  }

  package mutating func advance(_ supplied: [[UInt8]]) throws -> ReadStep<Outcome> {
    switch state {
    case .start:
      let head = 0..<min(headByteCount, fileByteCount)
      let tail =
        max(head.upperBound, fileByteCount - min(tailByteCount, fileByteCount))..<fileByteCount
      state = .ends(head: head, tail: tail)
      return .needs(tail.isEmpty ? [head] : [head, tail])
    case .ends(let head, let tail):
      return try takeEnds(supplied, head: head, tail: tail)
    case .mapHeader(let offset):
      return takeMapHeader(supplied.first ?? [], at: offset)
    case .map(let lead, let range):
      let bytes = supplied.count > 1 ? supplied[1] : []
      outcome.fetched.keep((supplied.first ?? []) + bytes, at: lead.lowerBound)
      return takeMap(bytes, at: range.lowerBound)
    case .boxMap(let range):
      return try takeBoxMap(supplied.first ?? [], at: range.lowerBound)
    case .scan:
      switch scan?.advance(supplied) {
      case .needs(let ranges): return .needs(ranges)
      case .done(let scanned): return try finishScan(scanned)
      case nil: return .done(outcome)
      }
    }
  }

  private mutating func takeEnds(
    _ supplied: [[UInt8]], head: Range<UInt64>, tail: Range<UInt64>
  ) throws -> ReadStep<Outcome> {
    let headBytes = supplied.first ?? []
    let tailBytes = supplied.count > 1 ? supplied[1] : []
    outcome.signature = FileSignature(Array(headBytes.prefix(FileSignature.byteCount)))
    // One run when both ends touch, so that a chunk across the seam is found in it.
    if tailBytes.isEmpty || head.upperBound == tail.lowerBound {
      outcome.fetched.keep(headBytes + tailBytes, at: 0)
    } else {
      outcome.fetched.keep(headBytes, at: 0)
      outcome.fetched.keep(tailBytes, at: tail.lowerBound)
    }
    switch outcome.signature {
    case .unknown(let looksLike):
      throw Self.notND2(head: headBytes, looksLike: looksLike)
    case .jpeg2000:
      outcome.map = ChunkMap(.boxes)
      return try findBoxMap()
    case .modern: break
    }
    let end = outcome.fetched.bytes(
      fileByteCount - min(UInt64(ChunkMapParser.tailByteCount), fileByteCount)..<fileByteCount)
    guard let offset = ChunkMapParser.mapOffset(tail: end ?? []) else {
      return startScan("the file does not end with the place of its chunk map")
    }
    guard offset < fileByteCount - UInt64(ChunkMapParser.tailByteCount) else {
      return startScan("the place of the chunk map, \(offset), lies outside the file")
    }
    if let bytes = outcome.fetched.bytes(offset..<fileByteCount) {
      return takeMap(bytes, at: offset)
    }
    // A map is the last chunk of a file. A far larger distance to the end is checked first.
    if fileByteCount - offset <= 8 << 20 {
      return needMap(offset..<fileByteCount)
    }
    state = .mapHeader(offset)
    return .needs([offset..<(offset + 64)])
  }

  private mutating func takeMapHeader(_ bytes: [UInt8], at offset: UInt64) -> ReadStep<Outcome> {
    guard let header = try? ChunkHeader(bytes, at: offset), header.name == ChunkName.map,
      let length = Checked.sum(header.dataOffset, header.dataByteCount),
      length <= fileByteCount - offset, length <= UInt64(Int32.max)
    else { return startScan("no chunk map stands at \(offset)") }
    return needMap(offset..<(offset + length))
  }

  /// Asks for the map together with the metadata before it, so that both take one round.
  private mutating func needMap(_ range: Range<UInt64>) -> ReadStep<Outcome> {
    let lead = (range.lowerBound - min(range.lowerBound, tailByteCount))..<range.lowerBound
    state = .map(lead: lead, range)
    return .needs([lead, range])
  }

  private mutating func takeMap(_ bytes: [UInt8], at offset: UInt64) -> ReadStep<Outcome> {
    guard let header = try? ChunkHeader(bytes, at: offset), header.name == ChunkName.map,
      header.dataOffset < UInt64(bytes.count)
    else { return startScan("no chunk map stands at \(offset)") }
    let start = Int(header.dataOffset)
    let count = min(bytes.count - start, Int(clamping: header.dataByteCount))
    let parsed = bytes.withUnsafeBytes { buffer in
      ChunkMapParser.parse(
        UnsafeRawBufferPointer(rebasing: buffer[start..<(start + count)]),
        at: offset + UInt64(start), fileByteCount: fileByteCount)
    }
    guard parsed.map.count > 0 else { return startScan("the chunk map is empty") }
    if let problem = parsed.problem {
      outcome.diagnostics.damage(
        "the chunk map is damaged: \(problem)", chunk: ChunkName.map, offset: problem.offset)
      return startScan("the chunk map is damaged", keeping: parsed.map)
    }
    if header.dataByteCount > UInt64(bytes.count - start) {
      return startScan("the chunk map is cut off", keeping: parsed.map)
    }
    if parsed.map.duplicateCount > 0 {
      outcome.diagnostics.note(
        "\(parsed.map.duplicateCount) chunks are listed more than once; the last written counts",
        chunk: ChunkName.map)
    }
    outcome.map = parsed.map
    return .done(outcome)
  }

  // MARK: - Version 1.0

  private mutating func findBoxMap() throws -> ReadStep<Outcome> {
    let tail = UInt64(BoxMapParser.tailByteCount)
    let end = outcome.fetched.bytes(fileByteCount - min(tail, fileByteCount)..<fileByteCount)
    guard let distance = BoxMapParser.distance(tail: end ?? []) else {
      return startScan("the file does not end with the place of its box map")
    }
    hasBoxMapMark = true
    guard distance > tail, distance < fileByteCount, distance <= UInt64(Int32.max) else {
      return startScan("the place of the box map, \(distance) bytes before the end, cannot be")
    }
    let range = (fileByteCount - distance)..<fileByteCount
    if let bytes = outcome.fetched.bytes(range) {
      return try takeBoxMap(bytes, at: range.lowerBound)
    }
    state = .boxMap(range)
    return .needs([range])
  }

  private mutating func takeBoxMap(
    _ bytes: [UInt8], at offset: UInt64
  ) throws -> ReadStep<Outcome> {
    let parsed = BoxMapParser.parse(bytes, at: offset)
    guard parsed.map.count > 0 else { return startScan("the box map is empty") }
    if let problem = parsed.problem {
      outcome.diagnostics.damage("the box map is damaged: \(problem)", offset: problem.offset)
      return startScan("the box map is damaged", keeping: parsed.map)
    }
    outcome.map = parsed.map
    return .done(outcome)
  }

  // MARK: - Scanning

  private mutating func startScan(
    _ reason: String, keeping map: ChunkMap? = nil
  ) -> ReadStep<Outcome> {
    guard options.scansForChunks else {
      outcome.diagnostics.damage(reason)
      outcome.map = map ?? ChunkMap(outcome.map.container)
      return .done(outcome)
    }
    if options.isBeingWritten {
      outcome.diagnostics.note("the file is still being written: \(reason)")
    } else {
      outcome.diagnostics.damage("\(reason); the file was searched for its chunks")
    }
    outcome.isScanned = true
    // Any file has at least the bytes that were recognised, so that there is something to scan.
    scan = ScanPlan(
      fileByteCount: fileByteCount, container: outcome.map.container, continuing: earlier,
      isGrowing: options.isBeingWritten)
    switch scan?.advance([]) {
    case .needs(let ranges):
      state = .scan
      return .needs(ranges)
    case .done(let scanned):
      outcome.map = scanned.map
      return .done(outcome)
    case nil: return .done(outcome)
    }
  }

  private mutating func finishScan(_ scanned: ScanPlan.Outcome) throws -> ReadStep<Outcome> {
    outcome.map = scanned.map
    outcome.lastChunk = scanned.lastChunk
    if scanned.map.container == .boxes, !hasBoxMapMark, !BoxWalk.isLegacy(scanned.map) {
      let head = outcome.fetched.bytes(0..<min(8, fileByteCount)) ?? []
      throw Self.notND2(head: head, looksLike: "an ordinary JPEG 2000 picture")
    }
    scanned.report(into: &outcome.diagnostics)
    return .done(outcome)
  }

  private static func notND2(head: [UInt8], looksLike: String?) -> ND2Error {
    let first = head.prefix(4).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined(separator: " ")
    let message =
      if let looksLike {
        "not an ND2 file: it looks like \(looksLike)"
      } else {
        "not an ND2 file: it begins with the bytes \(first), not with da ce be 0a"
      }
    return ND2Error(.notAnND2File, message, at: .init(offset: 0))
  }
}

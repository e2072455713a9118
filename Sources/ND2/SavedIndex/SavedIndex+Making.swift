import ND2Format

extension SavedIndex {
  /// Makes the index of a file: opens it once more, reads the chunks that are no images, and remembers
  /// the bytes. Sources that are waited for are asked side by side.
  ///
  /// - Parameters:
  ///   - file: an open file.
  ///   - mostByteCount: most bytes of the file that are kept. What opening takes has to fit; of the
  ///     other chunks the largest are left out first, and then read from the file when they are needed.
  /// - Throws: ``ND2Error/Code/limitExceeded`` when not even what opening takes fits, as with a damaged
  ///   file of which much has to be searched; ``ND2Error/Code/changedWhileReading``;
  ///   ``ND2Error/Code/io``.
  public init(of file: ND2File, mostByteCount: Int = standardByteCount) throws {
    if let remote = file.access.remote {
      self = try BlockingWait.value {
        try await SavedIndexMaker(file, mostByteCount: mostByteCount).make(from: remote)
      }
    } else {
      self = try SavedIndexMaker(file, mostByteCount: mostByteCount)
        .make(from: try file.access.blocking)
    }
  }

  /// Makes the index of a file; see the blocking form.
  public init(of file: ND2File, mostByteCount: Int = standardByteCount) async throws {
    let maker = try SavedIndexMaker(file, mostByteCount: mostByteCount)
    if let remote = file.access.remote {
      self = try await maker.make(from: remote)
    } else {
      let source = try file.access.blocking
      self = try await Offload.run { try maker.make(from: source) }
    }
  }
}

/// Reads what an index holds.
private struct SavedIndexMaker: Sendable {
  /// Bytes of chunks that are fetched at a time.
  private static let batchByteCount: UInt64 = 8 << 20
  /// Bytes that are read of a frame for its time: its header, the time, the first of its pixels.
  private static let frameTimeByteCount = 96

  private let file: ND2File
  private let recorder: RangeRecorder

  init(_ file: ND2File, mostByteCount: Int) throws {
    guard mostByteCount > 0, mostByteCount <= SavedIndex.largestByteCount else {
      throw ND2Error.invalidRequest(
        "an index holds from 1 to \(SavedIndex.largestByteCount) bytes of a file")
    }
    self.file = file
    recorder = RangeRecorder(mostByteCount: mostByteCount)
  }

  func make(from source: any ByteSource) throws -> SavedIndex {
    let identity = try checked(try source.identity())
    let recording = RecordingSource(base: source, recorder: recorder)
    let copy = try ND2File(
      reading: recording, options: file.options, continuing: nil, ends: .saved)
    try checkOpening()
    let choice = choose(in: copy.map)
    for names in choice.batches { _ = try recording.run(copy.fetchPlan(names)) }
    let frames = copy.framesWithoutTime(try copy.load(copy.frameFactsPart))
    let hasTimes = hasRoom(forTimesOf: frames, in: copy)
    if hasTimes { for frame in frames { _ = try copy.framePrefix(frame) } }
    _ = try checked(try source.identity())
    return index(identity, isComplete: choice.isComplete && hasTimes)
  }

  func make(from source: any AsyncByteSource) async throws -> SavedIndex {
    let identity = try checked(try await source.identity())
    let recording = AsyncRecordingSource(base: source, recorder: recorder)
    let copy = try await ND2File(
      reading: recording, options: file.options, continuing: nil, ends: .saved)
    try checkOpening()
    let choice = choose(in: copy.map)
    for names in choice.batches { _ = try await recording.run(copy.fetchPlan(names)) }
    let frames = copy.framesWithoutTime(try await copy.load(copy.frameFactsPart))
    let hasTimes = hasRoom(forTimesOf: frames, in: copy)
    if hasTimes { _ = try await copy.framePrefixes(frames) }
    _ = try checked(try await source.identity())
    return index(identity, isComplete: choice.isComplete && hasTimes)
  }

  /// The identity of the file, when it still is the one that was opened.
  private func checked(_ identity: SourceIdentity) throws -> SourceIdentity {
    guard identity.byteCount == file.byteCount else {
      throw ND2Error(
        .changedWhileReading,
        "the file has \(identity.byteCount) bytes; when it was opened it had \(file.byteCount)",
        at: .init(file: file.path))
    }
    return identity
  }

  private func checkOpening() throws {
    guard recorder.isOver else { return }
    throw ND2Error(
      .limitExceeded,
      "opening this file takes more than the \(recorder.mostByteCount) bytes that the index may hold",
      at: .init(file: file.path))
  }

  private func index(_ identity: SourceIdentity, isComplete: Bool) -> SavedIndex {
    SavedIndex(
      name: file.path, identity: identity, isComplete: isComplete && !recorder.isOver,
      kept: recorder.kept())
  }

  /// The chunks that are no images and fit, the smaller ones first, in batches in the order of the file.
  private func choose(in map: ChunkMap) -> (batches: [[String]], isComplete: Bool) {
    let all = map.chunksInFileOrder.compactMap { name in
      map[name].map { Piece(name: name, range: range($0)) }
    }
    var room = UInt64(max(0, recorder.mostByteCount - recorder.byteCount))
    var chosen = all
    if Self.unionByteCount(all) > room {
      chosen = []
      for piece in all.ordered(by: { ($0.byteCount, $0.name) < ($1.byteCount, $1.name) }) {
        guard piece.byteCount <= room else { break }
        room -= piece.byteCount
        chosen.append(piece)
      }
      chosen.sort { ($0.range.lowerBound, $0.name) < ($1.range.lowerBound, $1.name) }
    }
    var batches: [[String]] = []
    var left: UInt64 = 0
    for piece in chosen {
      if piece.byteCount > left || batches.isEmpty {
        batches.append([])
        left = max(piece.byteCount, Self.batchByteCount)
      }
      batches[batches.count - 1].append(piece.name)
      left -= piece.byteCount
    }
    return (batches, chosen.count == all.count)
  }

  /// A chunk and what is read for it.
  private struct Piece {
    var name: String
    var range: Range<UInt64>
    var byteCount: UInt64 { range.upperBound - range.lowerBound }
  }

  /// What is read for a chunk: header, name and data, up to the end of the page.
  private func range(_ entry: ChunkEntry) -> Range<UInt64> {
    let end = Checked.sum(entry.offset, entry.byteCount ?? 0).flatMap { Checked.sum($0, 256) }
      .flatMap { Checked.roundUp($0, to: 4096) }
    let start = min(entry.offset, file.byteCount)
    return start..<max(start, min(end ?? file.byteCount, file.byteCount))
  }

  /// Number of bytes of pieces in the order of the file, each counted once.
  private static func unionByteCount(_ pieces: [Piece]) -> UInt64 {
    var end: UInt64 = 0
    return pieces.reduce(0) { sum, piece in
      let start = max(end, piece.range.lowerBound)
      end = max(end, piece.range.upperBound)
      return sum + (end > start ? end - start : 0)
    }
  }

  /// Whether the times fit that only the frames themselves say.
  private func hasRoom(forTimesOf frames: [Int], in copy: ND2File) -> Bool {
    copy.isLegacy
      || frames.count <= (recorder.mostByteCount - recorder.byteCount) / Self.frameTimeByteCount
  }
}

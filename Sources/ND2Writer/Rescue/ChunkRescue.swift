import ND2
import ND2Format

/// Saves the chunks of a damaged file of version 2 or later.
struct ChunkRescue {
  private let source: any ByteSource
  private let fileByteCount: UInt64
  private let head: [UInt8]
  private let options: FileRescue.Options
  private let progress: (Double) -> Void
  private var report = RescueReport()
  /// The best chunk of each name.
  private var chunks: [ScannedChunk.Identity: ScannedChunk] = [:]
  /// What the old map says, whatever is wrong with its offsets.
  private var oldMap: ChunkMap?

  /// Finds the chunks.
  init(
    source: any ByteSource, byteCount: UInt64, head: [UInt8], options: FileRescue.Options,
    progress: @escaping (Double) -> Void
  ) throws {
    self.source = source
    self.head = head
    self.options = options
    self.progress = progress
    fileByteCount = byteCount
    try find()
    guard !chunks.isEmpty else {
      throw ND2Error(.notAnND2File, "nothing of an ND2 file was found; nothing was saved")
    }
  }

  private mutating func find() throws {
    var finder = ChunkFinder(fileByteCount: fileByteCount)
    var end: UInt64 = 0
    while !finder.needed.isEmpty {
      finder.supply(try finder.needed.map { try source.read($0) })
      for chunk in finder.takeFinished() {
        try note(gap: end..<max(end, chunk.offset))
        end = max(end, min(fileByteCount, Self.end(of: chunk)))
        if chunk.isStructure {
          if chunk.name == ChunkName.map { try takeMap(chunk) }
        } else {
          take(chunk)
        }
      }
    }
    try note(gap: end..<max(end, fileByteCount))
  }

  /// Where the next chunk should begin.
  private static func end(of chunk: ScannedChunk) -> UInt64 {
    guard !chunk.isTorn, let size = Checked.roundUp(chunk.end - chunk.offset, to: 4096) else {
      return chunk.end
    }
    return Checked.sum(chunk.offset, size) ?? .max
  }

  /// Whole chunks are better than torn ones, later ones better than earlier ones.
  private mutating func take(_ chunk: ScannedChunk) {
    if let known = chunks[chunk.identity] {
      if chunk.isTorn, !known.isTorn || known.availableByteCount > chunk.availableByteCount {
        return
      }
    }
    chunks[chunk.identity] = chunk
  }

  private mutating func note(gap: Range<UInt64>) throws {
    guard !gap.isEmpty, report.gaps.count < 1000, try !source.isZero(gap) else { return }
    // A map that has lost its header is replaced anyway.
    let tail = UInt64(ChunkMapParser.tailByteCount)
    if gap.upperBound == fileByteCount, gap.upperBound - gap.lowerBound >= tail {
      let end = try source.read((fileByteCount - tail)..<fileByteCount)
      let offset = ChunkMapParser.mapOffset(tail: end)
      if let offset, offset >= gap.lowerBound, offset < fileByteCount { return }
    }
    report.gaps.append(.init(offset: gap.lowerBound, byteCount: gap.upperBound - gap.lowerBound))
  }

  private mutating func takeMap(_ chunk: ScannedChunk) throws {
    guard chunk.availableByteCount <= UInt64(options.limits.chunkByteCount) else { return }
    let bytes = try source.read(min(chunk.dataOffset, chunk.end)..<chunk.end)
    oldMap = bytes.withUnsafeBytes {
      ChunkMapParser.parse($0, at: chunk.dataOffset, fileByteCount: fileByteCount).map
    }
  }

  // MARK: - Writing

  mutating func write(to sink: any ByteSink) throws -> RescueReport {
    let order = chunks.values.ordered { $0.offset < $1.offset }
    guard order.contains(where: { $0.frame != nil }) else {
      throw ND2Error(.malformed, "no frame was found; nothing was saved")
    }
    var attributes = try AttributesRescue(
      source: source, chunks: chunks, isXML: isXML, options: options)
    let partial = order.filter { $0.isTorn && $0.frame != nil }
    let keeps = options.keepsPartialFrames
    let kept = partial.filter { keeps && attributes.wholeRows(of: $0) > 0 }
    let savedFrames = Set(
      order.compactMap { $0.isTorn ? nil : $0.frame } + kept.compactMap(\.frame))
    guard let last = savedFrames.max() else {
      throw ND2Error(.malformed, "no whole frame was found; nothing was saved")
    }
    try attributes.count(frames: last + 1)
    var writer = try ChunkWriter(sink, version: versionText)
    for (number, chunk) in order.enumerated() {
      if let index = chunk.frame {
        try write(chunk, frame: index, attributes, &writer)
      } else if let data = attributes.replacement(for: chunk.name) {
        try writer.append(chunk.name, data)
        report.savedChunkCount += 1
      } else if chunk.isTorn {
        report.lostChunks.append(.init(name: chunk.name, reason: "part of it is missing"))
      } else {
        try copy(chunk, chunk.dataByteCount, isImage: false, &writer)
        report.savedChunkCount += 1
      }
      progress(Double(number + 1) / Double(order.count))
    }
    if let (name, data) = attributes.addition {
      try writer.append(name, data)
      report.savedChunkCount += 1
      report.lostChunks.removeAll { $0.name == name }
    }
    report.rebuiltChunks = attributes.rebuilt
    report.notes += attributes.notes
    try writer.finish()
    noteWhatIsMissing(savedFrames, upperBound: last + 1)
    return report
  }

  private func copy(
    _ chunk: ScannedChunk, _ byteCount: UInt64, isImage: Bool, _ writer: inout ChunkWriter
  ) throws {
    try writer.append(chunk.name, dataByteCount: byteCount, isImage: isImage) { sink in
      try source.copy(chunk.dataOffset..<(chunk.dataOffset + chunk.availableByteCount), to: sink)
    }
  }

  private mutating func write(
    _ chunk: ScannedChunk, frame index: Int, _ attributes: AttributesRescue,
    _ writer: inout ChunkWriter
  ) throws {
    func entry(_ reason: String) -> RescueReport.Frame {
      .init(index: index, reason: reason, offset: chunk.offset)
    }
    guard chunk.isTorn else {
      try copy(chunk, chunk.dataByteCount, isImage: true, &writer)
      report.savedFrameCount += 1
      if chunk.isDoubtful {
        report.doubtfulFrames.append(
          entry("bytes are missing in it or behind it, or were put in"))
      }
      return
    }
    let rows = options.keepsPartialFrames ? attributes.wholeRows(of: chunk) : 0
    guard rows > 0, let size = attributes.byteCount(ofRows: rows) else {
      report.lostFrames.append(
        entry("\(chunk.availableByteCount) of its \(chunk.dataByteCount) bytes are there"))
      return
    }
    let missing = chunk.dataByteCount - size
    try writer.append(chunk.name, dataByteCount: chunk.dataByteCount, isImage: true) { sink in
      try source.copy(chunk.dataOffset..<(chunk.dataOffset + size), to: sink)
      try sink.appendZeros(missing)
    }
    report.savedFrameCount += 1
    report.partialFrames.append(entry("\(rows) rows are there, the others are zeros"))
  }

  /// Frames and chunks that are known to have been there and were not found at all.
  private mutating func noteWhatIsMissing(_ saved: Set<Int>, upperBound: Int) {
    let reported = Set(report.lostFrames.map(\.index))
    func isUnknown(_ index: Int) -> Bool { !saved.contains(index) && !reported.contains(index) }
    if let map = oldMap {
      for (index, _) in map.frames.stored where isUnknown(index) {
        report.lostFrames.append(
          .init(index: index, reason: "the chunk map names it, but it was not found"))
      }
      for name in map.chunksInFileOrder where chunks[.named(name)] == nil {
        guard !report.rebuiltChunks.contains(name) else { continue }
        report.lostChunks.append(
          .init(name: name, reason: "the chunk map names it, but it was not found"))
      }
    } else if upperBound <= saved.count * 4 + 4096 {
      for index in 0..<upperBound where isUnknown(index) {
        report.lostFrames.append(
          .init(index: index, reason: "it was not found, but later frames were"))
      }
    }
    report.lostFrames.sort { $0.index < $1.index }
  }

  // MARK: - Version

  /// Whether the metadata is XML, as before version 3.
  private var isXML: Bool {
    if let version = FileSignature.version(head) { return version.major < 3 }
    let binary = [ChunkName.attributes, ChunkName.pictureMetadata, ChunkName.experiment]
      .contains { chunks[.named($0[0])] != nil }
    let text = [ChunkName.attributes, ChunkName.pictureMetadata, ChunkName.experiment]
      .contains { chunks[.named($0[1])] != nil }
    return text && !binary
  }

  private var versionText: String {
    guard let version = FileSignature.version(head), (2...9).contains(version.major) else {
      return isXML ? "Ver2.1" : "Ver3.0"
    }
    return "Ver\(version.major).\(version.minor)"
  }
}

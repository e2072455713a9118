import ND2
import ND2Format

/// Writes a sample: its frames, and the flaws that it shall have.
struct SampleFileBuilder {
  private let file: SampleFile
  private let assembly: FileAssembly
  private let pipeline: FramePipeline

  init(_ file: SampleFile, sink: any ByteSink) throws {
    self.file = file
    assembly = try FileAssembly(sink, version: file.version, flaws: file.flaws)
    pipeline = FramePipeline(file.description, threadCount: WorkerTeam.coreCount)
  }

  func writeAll() throws {
    let frameCount = file.storedFrameCount ?? file.frameCount
    if file.flaws.writesEarlyAttributes {
      try assembly.writeAttributes(file.description, sequenceCount: 0)
    }
    try assembly.writeOpening(file.description, firstTimeMs: file.timeMs(ofFrame: 0))
    try writeFrames()
    try assembly.writeClosing(file.description, times: times(frameCount))
    try assembly.writeAttributes(file.description, sequenceCount: frameCount)
    for chunk in file.flaws.rewrittenChunks { try assembly.append(chunk) }
    var entries = assembly.entries
    if file.flaws.writesEarlyAttributes,
      // A rewritten chunk is listed once, where it lies now.
      let first = entries.firstIndex(where: { $0.name == assembly.attributesName })
    {
      entries.remove(at: first)
    }
    file.flaws.mapEdit?(&entries)
    try assembly.finish(listing: entries)
  }

  private func writeFrames() throws {
    let flaws = file.flaws
    let (packedRow, row) = (file.packedRowByteCount, file.rowByteCount)
    for frame in file.storedFrames {
      let number = frame + flaws.firstFrameNumber
      let packed = file.packedFrame(frame)
      try pipeline.append(
        PendingFrame(
          number: number, timeMs: file.timeMs(ofFrame: frame),
          rows: flaws.packsRows ? packed : RowPadding.pad(packed, from: packedRow, to: row),
          isPadded: !flaws.packsRows, payload: flaws.framePayloads[frame],
          nameFieldByteCount: flaws.frameNameFields[frame] ?? flaws.frameNameField,
          gap: flaws.gaps[frame],
          isOmitted: flaws.omittedChunks.contains(ChunkName.frame(number))),
        to: assembly)
    }
    try pipeline.drain(to: assembly)
  }

  private func times(_ count: Int) -> [Double]? {
    if case .unknown = file.frameTimes { return nil }
    return (0..<count).map { file.timeMs(ofFrame: $0) }
  }
}

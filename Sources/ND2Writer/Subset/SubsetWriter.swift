public import ND2
import ND2Codecs
import ND2Format

/// Writes a part of a file as a file.
///
/// The chunks that describe come first through memory, one after the other; frames are streamed.
struct SubsetWriter {
  let file: ND2File
  let options: SubsetOptions
  private let plan: SubsetPlan
  private let cutter: FrameCutter
  private let progress: (Double) -> Void

  init(
    _ file: ND2File, selection: SubsetSelection, options: SubsetOptions,
    progress: @escaping (Double) -> Void
  ) throws {
    guard !file.isLegacy else {
      throw ND2Error(
        .unsupported,
        "files of version 1.0 are made of boxes; writing a part of one as a file is not supported",
        at: .init(file: file.path))
    }
    self.file = file
    self.options = options
    self.progress = progress
    plan = try SubsetPlan(selection, of: file)
    cutter = FrameCutter(file: file, plan: plan)
  }

  /// A chunk that is ready to be written.
  private struct Ready {
    var name: String
    var bytes: [UInt8]
    var isBeforeFrames: Bool
  }

  /// Writes the file and completes it.
  func write(to sink: any ByteSink) throws -> SubsetReport {
    var editor = ChunkEditor(file: file, plan: plan, rowByteCount: cutter.rowByteCount)
    let listed = file.chunks.filter {
      !$0.name.hasPrefix("ND2 FILE") && !$0.name.hasPrefix("ND2 CHUNK")
    }
    var ready = try describing(listed, &editor)
    var sequence = listed.map(\.name).compactMap { name -> SequenceChunk? in
      guard let chunk = SequenceChunk(name), chunk.kind != nil else { return nil }
      return chunk
    }
    var report = editor.report
    noteWhatStays(listed.map(\.name), &report)
    if let anonymisation = options.anonymisation {
      anonymise(anonymisation, &ready, &sequence, editor, &report)
    }
    var writer = try ChunkWriter(sink, version: try versionText())
    for chunk in ready where chunk.isBeforeFrames { try writer.append(chunk.name, chunk.bytes) }
    try writeFrames(sequence, &writer, &report)
    for chunk in ready where !chunk.isBeforeFrames { try writer.append(chunk.name, chunk.bytes) }
    try writer.finish()
    try sink.commit()
    report.frameCount = plan.loopedFrameCount
    report.sizes = plan.sizes
    report.byteCount = sink.position
    progress(1)
    return report
  }

  /// Notes what stays true of the input only, and cannot be said of the output.
  private func noteWhatStays(_ names: [String], _ report: inout SubsetReport) {
    let isCentred =
      plan.columns.lowerBound + plan.columns.upperBound == plan.width
      && plan.rows.lowerBound + plan.rows.upperBound == plan.height
    if !isCentred, let name = names.first(where: { ChunkName.pictureMetadata.contains($0) }) {
      report.note(
        .kept, name, "stage positions are those of the centre of the whole frames")
    }
    guard plan.components != nil, names.contains(ChunkName.binaryLayers) else { return }
    let channels = Set(plan.planes.map { file.channelLayout.planes[$0].name })
    let layers = (try? file.binaryLayers()) ?? []
    if layers.contains(where: { layer in
      layer.componentName.map { !$0.isEmpty && !channels.contains($0) } ?? false
    }) {
      report.note(
        .kept, ChunkName.binaryLayers, "masks stay, also those bound to channels left out")
    }
  }

  /// The text of the version in the first chunk.
  private func versionText() throws -> String {
    var text = [UInt8](repeating: 0, count: 64)
    if file.byteCount >= 112 {
      try text.withUnsafeMutableBytes { try file.readBytes(at: 48, into: $0) }
    }
    let version = text.prefix { (0x20..<0x7F).contains($0) }
    return version.starts(with: Array("Ver".utf8))
      ? String(decoding: version, as: UTF8.self) : "Ver\(file.version)"
  }

  // MARK: - Chunks that describe

  /// The chunks that belong to no single frame, fitted to the selection.
  private func describing(
    _ listed: [ChunkInfo], _ editor: inout ChunkEditor
  ) throws -> [Ready] {
    let names = listed.map(\.name)
    let firstFrame = names.firstIndex { file.frameNumber(ofChunk: $0) != nil } ?? names.count
    // The plan of the experiment tells how the focus of the picture metadata moves.
    var edited: [String: [UInt8]] = [:]
    for name in ChunkName.experiment where names.contains(name) {
      edited[name] = try describing(name, &editor)
    }
    var ready: [Ready] = []
    let families = SequenceChunk.pictureStems + SequenceChunk.calibrationStems
    for (place, name) in names.enumerated() {
      if file.frameNumber(ofChunk: name) != nil { continue }
      let chunk = SequenceChunk(name)
      if let chunk, chunk.kind != nil { continue }
      if let chunk, families.contains(chunk.stem) {
        if let one = try family(chunk, names, &editor) {
          ready.append(Ready(name: one.name, bytes: one.bytes, isBeforeFrames: place < firstFrame))
        }
        continue
      }
      if ChunkName.experiment.contains(name) {
        if let bytes = edited[name] {
          ready.append(Ready(name: name, bytes: bytes, isBeforeFrames: place < firstFrame))
        }
      } else if let bytes = try describing(name, &editor) {
        ready.append(Ready(name: name, bytes: bytes, isBeforeFrames: place < firstFrame))
      }
    }
    if !names.contains(where: { ChunkName.attributes.contains($0) }) {
      ready.append(madeUpAttributes(&editor.report))
    }
    return ready
  }

  private func describing(_ name: String, _ editor: inout ChunkEditor) throws -> [UInt8]? {
    let bytes: [UInt8]
    do {
      bytes = try file.chunk(name)
    } catch let error as ND2Error where error.code == .malformed && !options.isStrict {
      editor.report.note(.dropped, name, "the chunk cannot be read")
      return nil
    }
    switch try editor.edit(name, bytes) {
    case .copied: return bytes
    case .changed(let bytes): return bytes
    case .dropped: return nil
    }
  }

  /// Metadata of which there may be one for each frame; most files have that of frame 0 only.
  private func family(
    _ chunk: SequenceChunk, _ names: [String], _ editor: inout ChunkEditor
  ) throws -> (name: String, bytes: [UInt8])? {
    let old = chunk.name(frame: chunk.frame)
    var number = plan.newNumbers[chunk.frame]
    var isShared = false
    let first = plan.frames.first ?? 0
    if chunk.frame == 0, first != 0, !names.contains(chunk.name(frame: first)) {
      // The first frame that is taken has none of its own.
      number = 0
      isShared = true
    }
    guard let number else { return nil }
    let bytes = try file.chunk(old)
    guard SequenceChunk.pictureStems.contains(chunk.stem) else {
      return (chunk.name(frame: number), bytes)
    }
    switch try editor.editPicture(old, bytes, isShared: isShared) {
    case .copied: return (chunk.name(frame: number), bytes)
    case .changed(let bytes): return (chunk.name(frame: number), bytes)
    case .dropped: return nil
    }
  }

  /// Attributes for files that lost theirs.
  private func madeUpAttributes(_ report: inout SubsetReport) -> Ready {
    let attributes = file.attributes
    let components = plan.components?.count ?? attributes.componentCount
    let compression: Int32 = file.frameLayout.compression == .lossless ? 0 : 2
    let type: Int32 =
      switch attributes.pixelDataType {
      case .signed: 0
      case .unsigned: 1
      case .float: 2
      }
    let tree = MetadataValue.object([
      "uiWidth": .count(plan.columns.count),
      "uiWidthBytes": .count(cutter.rowByteCount),
      "uiHeight": .count(plan.rows.count),
      "uiComp": .count(components),
      "uiBpcInMemory": .int32(Int32(clamping: attributes.bitsPerComponentInMemory)),
      "uiBpcSignificant": .int32(Int32(clamping: attributes.bitsPerComponentSignificant)),
      "uiSequenceCount": .count(plan.frames.count),
      "uiTileWidth": .count(plan.columns.count),
      "uiTileHeight": .count(plan.rows.count),
      "eCompression": .int32(compression),
      "dCompressionParam": .double(0),
      "ePixelType": .int32(type),
      "uiVirtualComponents": .count(components),
    ])
    let isXML = file.version.major < 3
    let name = ChunkName.attributes[isXML ? 1 : 0]
    report.note(.adjusted, name, "the input has no attributes; they were inferred")
    let bytes =
      isXML
      ? XMLVariantEncoder.encode(tree)
      : LiteVariantEncoder.encode(MetadataField("SLxImageAttributes", tree))
    return Ready(name: name, bytes: bytes, isBeforeFrames: false)
  }

  // MARK: - Frames

  private func writeFrames(
    _ sequence: [SequenceChunk], _ writer: inout ChunkWriter, _ report: inout SubsetReport
  ) throws {
    let editor = SequenceEditor(file: file, plan: plan, isStrict: options.isStrict)
    let beside = Dictionary(grouping: sequence, by: \.frame)
    var next = 0
    // A few frames at a time: memory does not grow with the file.
    let size = max(1, file.frameLayout.frameByteCount)
    let threads = file.threadCount(forPiecesOf: size)
    let batch = max(1, min(threads * 2, (256 << 20) / size))
    while next < plan.frames.count {
      let frames = Array(plan.frames[next..<min(next + batch, plan.frames.count)])
      for (rank, cut) in try cut(frames, threads).enumerated() {
        let (old, new) = (frames[rank], next + rank)
        switch cut {
        case .stored(let time, let payload):
          try payload.withUnsafeBytes {
            try writer.appendFrame(new, timeMs: time, payload: $0)
          }
        case .missing: report.missingFrames.append(old)
        case .damaged(let reason):
          guard !options.isStrict else {
            throw ND2Error(
              .missingFrame, "frame \(old): \(reason)", at: .init(file: file.path))
          }
          report.damagedFrames.append(old)
        }
        for chunk in beside[old] ?? [] {
          guard let edited = try editor.edit(chunk, &report) else { continue }
          try writer.append(
            edited.name, try edited.bytes ?? file.chunk(chunk.name(frame: old)))
        }
        for tile in try editor.tiles(ofFrame: old, &report) {
          try writer.append(tile.name, tile.bytes)
        }
      }
      next += frames.count
      progress(Double(next) / Double(plan.frames.count))
    }
  }

  /// Cuts some frames, on several threads when that takes computing, or waiting.
  private func cut(_ frames: [Int], _ threads: Int) throws -> [CutFrame] {
    let (cutter, count) = (cutter, frames.count)
    if plan.copiesFrames && !file.isRemote || count == 1 { return try frames.map(cutter.cut) }
    let results = Lock([CutFrame](repeating: .missing, count: count))
    try ParallelWork.run(count: count, threads: min(count, threads)) { place in
      let frame = try cutter.cut(frames[place])
      results.withLock { $0[place] = frame }
    }
    return results.withLock { $0 }
  }

  // MARK: - Anonymising

  private func anonymise(
    _ anonymisation: Anonymisation, _ ready: inout [Ready], _ sequence: inout [SequenceChunk],
    _ editor: ChunkEditor, _ report: inout SubsetReport
  ) {
    var anonymiser = Anonymiser(
      anonymisation, inputName: file.path, limits: file.options.limits)
    let kinds = ready.map { chunk -> Anonymiser.ChunkKind in
      if editor.isTextColumn(chunk.name) { return .textColumn }
      return editor.isNumberColumn(chunk.name, byteCount: chunk.bytes.count) ? .numbers : .any
    }
    let outcome = anonymiser.run(
      zip(ready, kinds).map { (name: $0.name, bytes: $0.bytes, kind: $1) })
    ready = zip(ready, outcome).compactMap { chunk, bytes in
      bytes.map { Ready(name: chunk.name, bytes: $0, isBeforeFrames: chunk.isBeforeFrames) }
    }
    let tags = Set(((try? file.binaryLayers()) ?? []).map(\.fileTag))
    sequence = sequence.filter { chunk in
      let kind = chunk.kind.map(String.init) ?? ""
      let isNumeric =
        tags.contains(kind) || kind.hasPrefix("DownsampledColorData_")
        || kind.hasPrefix("TiledRasterBinaryData_")
        || kind.hasPrefix("DownsampledTiledRasterBinaryData_")
      if !isNumeric { anonymiser.drop(chunk.stem, "data of unknown form beside frames") }
      return isNumeric
    }
    report.audit = anonymiser.audit
  }
}

extension ND2File {
  /// Writes a part of the file as a smaller file of the same version, with its metadata made true of
  /// the part.
  ///
  /// Whole frames are copied as they are stored; parts of frames are cut without decoding more than
  /// they hold. What no longer fits is adjusted or left out, and the report says so. The output
  /// appears whole or not at all.
  ///
  /// - Parameters:
  ///   - path: where to write; not this file.
  ///   - selection: what to take.
  ///   - options: overwriting, damage, anonymising.
  ///   - progress: told which share is done, 0 to 1.
  /// - Returns: what was changed and what was left out.
  /// - Throws: `ND2Error.Code.invalidRequest` for indices that the file does not have and for an
  ///   output that exists, `ND2Error.Code.unsupported` for files of version 1.0 and for
  ///   experiments whose loops cannot be cut, `ND2Error.Code.missingFrame` for damaged frames when
  ///   they are errors, `ND2Error.Code.io`.
  @discardableResult
  public func writeSubset(
    to path: String, selection: SubsetSelection = .all, options: SubsetOptions = SubsetOptions(),
    progress: (Double) -> Void = { _ in }
  ) throws -> SubsetReport {
    var whole = WholeFile.Options(overwriting: options.overwrite)
    whole.inputs = [self.path]
    let sink = FileSink(try WholeFile(path: path, options: whole))
    return try writeSubset(to: sink, selection: selection, options: options, progress: progress)
  }

  /// Writes a part of the file to a sink.
  package func writeSubset(
    to sink: any ByteSink, selection: SubsetSelection, options: SubsetOptions = SubsetOptions(),
    progress: (Double) -> Void = { _ in }
  ) throws -> SubsetReport {
    try withoutActuallyEscaping(progress) { progress in
      try SubsetWriter(self, selection: selection, options: options, progress: progress)
        .write(to: sink)
    }
  }
}

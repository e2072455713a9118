import ND2Format

extension ND2File {
  /// Checks the file: its map against the chunks that are there, the frames against the attributes
  /// and the loops, times, recorded data, and whether everything can be decoded.
  ///
  /// The headers of all chunks are read, and all metadata. Of compressed images the first, the one in
  /// the middle and the last are decoded.
  ///
  /// - Parameters:
  ///   - deep: whether all compressed images and all masks are decoded.
  ///   - progress: told the share that is done, 0 to 1.
  /// - Throws: ``ND2Error/Code/io`` when the file cannot be read, and
  ///   ``ND2Error/Code/invalidRequest`` for asynchronous sources.
  public func validate(
    deep: Bool = false, progress: (Double) -> Void = { _ in }
  ) throws -> FileValidation {
    try located {
      var validator = FileValidator(file: self, source: try access.blocking)
      return try validator.run(deep: deep, progress: progress)
    }
  }

  /// Checks the file; see the blocking form.
  public func validate(deep: Bool = false) async throws -> FileValidation {
    try await Offload.run { try self.validate(deep: deep, progress: { _ in }) }
  }
}

/// Checks one file.
struct FileValidator {
  let file: ND2File
  let source: any ByteSource
  private var result = FileValidation()

  init(file: ND2File, source: any ByteSource) {
    self.file = file
    self.source = source
  }

  mutating func run(deep: Bool, progress: (Double) -> Void) throws -> FileValidation {
    result.isDeep = deep
    result.frameCount = file.storedFrameCount
    result.chunkCount = file.map.count
    if file.isLegacy { try checkBoxes() } else { try checkChunks() }
    progress(0.2)
    checkFrameCount()
    try checkTables()
    if !file.isLegacy { checkTrees() }
    checkParts()
    try checkPixels(deep: deep) { progress(0.3 + 0.6 * $0) }
    if deep { checkMasks() }
    for diagnostic in file.diagnostics where !isKnown(diagnostic) {
      result.add(
        diagnostic.severity, "reading", diagnostic.message, chunk: diagnostic.location.chunk,
        offset: diagnostic.location.offset,
        frame: diagnostic.location.chunk.flatMap { file.map.frameIndex($0) })
    }
    result.finish()
    progress(1)
    return result
  }

  /// Whether a defect that reading reported was found by a check of its own.
  private func isKnown(_ diagnostic: Diagnostic) -> Bool {
    // The same is said by a finding about the number of frames.
    if diagnostic.message.hasPrefix("frames that are not stored") { return true }
    guard let chunk = diagnostic.location.chunk else { return false }
    return result.findings.contains { $0.chunk == chunk && $0.severity == diagnostic.severity }
  }

  // MARK: - Container

  /// Compares the map with the chunks that a walk through the file meets.
  private mutating func checkChunks() throws {
    var finder = ChunkFinder(fileByteCount: file.byteCount)
    var found: [UInt64: ScannedChunk] = [:]
    while !finder.needed.isEmpty {
      finder.supply(try finder.needed.map { try source.read($0) })
      for chunk in finder.takeFinished() where !chunk.isStructure { found[chunk.offset] = chunk }
    }
    var listed: Set<UInt64> = []
    var misplaced: Set<String> = []
    var end: (name: String, position: UInt64) = ("", 0)
    for (name, entry) in file.map.inFileOrder {
      listed.insert(entry.offset)
      guard let chunk = try found[entry.offset] ?? header(at: entry.offset),
        chunk.name == name
      else {
        misplaced.insert(name)
        let place = found.values.first { $0.name == name && !$0.isTorn }
        result.add(
          .damage, "map.offset",
          place.map { "the chunk map is wrong: the chunk lies at \($0.offset)" }
            ?? "the chunk map names a chunk that is not there", chunk: name, offset: entry.offset,
          frame: file.map.frameIndex(name))
        continue
      }
      check(chunk, entry, name)
      if entry.offset < end.position {
        result.add(
          .damage, "chunk.overlap", "the chunk begins within \(end.name)", chunk: name,
          offset: entry.offset, frame: chunk.frame)
      }
      if chunk.end > end.position { end = (name, chunk.end) }
    }
    for chunk in found.values.ordered(by: { $0.offset < $1.offset })
    where !listed.contains(chunk.offset) && !misplaced.contains(chunk.name) && !file.isSearched {
      checkUnlisted(chunk)
    }
    checkVersion()
  }

  /// The chunk at a place that the walk did not come to.
  private func header(at offset: UInt64) throws -> ScannedChunk? {
    guard offset < file.byteCount else { return nil }
    let count = min(ChunkFinder.headerByteCount, file.byteCount - offset)
    return ChunkFinder.chunk(
      try source.read(offset..<(offset + count)), at: offset, fileByteCount: file.byteCount)
  }

  private mutating func check(_ chunk: ScannedChunk, _ entry: ChunkEntry, _ name: String) {
    if chunk.isTorn {
      result.add(
        .damage, "chunk.torn",
        "\(chunk.availableByteCount) of the \(chunk.dataByteCount) bytes of the chunk are there",
        chunk: name, offset: chunk.offset, frame: chunk.frame)
    } else if chunk.isDoubtful, file.isSearched {
      result.add(
        .damage, "chunk.doubtful", "bytes are missing in this chunk or behind it, or were put in",
        chunk: name, offset: chunk.offset, frame: chunk.frame)
    }
    if let size = entry.byteCount, size != chunk.dataByteCount {
      result.add(
        .warning, "map.size",
        "the chunk map says \(size) bytes, the chunk itself \(chunk.dataByteCount)", chunk: name,
        offset: chunk.offset, frame: chunk.frame)
    }
    if let index = chunk.frame, !chunk.isTorn { checkSize(of: chunk, frame: index) }
  }

  private mutating func checkSize(of chunk: ScannedChunk, frame index: Int) {
    let layout = file.store.layout
    guard layout.isDivisible else { return }
    let payload = chunk.dataByteCount - min(8, chunk.dataByteCount)
    if layout.rawStride(payload: payload) == nil {
      // Compressed against the word of the attributes, or too short; reading tells which.
      doubtfulFrames.append(index)
    } else if payload > UInt64(layout.frameByteCount) + 4096 {
      result.add(
        .note, "frame.size",
        "the image has \(payload) bytes, more than the \(layout.frameByteCount) of its rows",
        chunk: chunk.name, offset: chunk.offset, frame: index)
    }
  }

  /// Numbers of frames whose sizes are not those of their rows.
  private var doubtfulFrames: [Int] = []

  private mutating func checkUnlisted(_ chunk: ScannedChunk) {
    if file.map[chunk.name] != nil {
      if !chunk.isTorn {
        result.add(
          .note, "chunk.superseded", "the chunk was written again later", chunk: chunk.name,
          offset: chunk.offset, frame: chunk.frame)
      }
      return
    }
    result.add(
      chunk.frame == nil ? .warning : .damage, "map.unlisted",
      "the chunk map does not name this chunk", chunk: chunk.name, offset: chunk.offset,
      frame: chunk.frame)
  }

  private mutating func checkVersion() {
    let isBinary = file.map[ChunkName.attributes[0]] != nil
    let isText = file.map[ChunkName.attributes[1]] != nil
    if file.version.major >= 3, isText, !isBinary {
      result.add(
        .note, "version.names", "version \(file.version) with the chunk names of version 2")
    } else if file.version.major < 3, isBinary {
      result.add(
        .note, "version.names", "version \(file.version) with the chunk names of version 3")
    }
  }

  private mutating func checkBoxes() throws {
    for (name, entry) in file.map.inFileOrder {
      let end = min(Checked.sum(entry.offset, 16) ?? 0, file.byteCount)
      guard entry.offset < end else {
        result.add(
          .damage, "map.offset", "the box map names a box behind the end of the file", chunk: name,
          offset: entry.offset, frame: nil)
        continue
      }
      let bytes = try source.read(entry.offset..<end)
      let isBare = bytes.starts(with: [0xFF, 0x4F, 0xFF, 0x51])
      guard let header = try? BoxHeader(bytes, at: entry.offset),
        BoxName.matches(name, kind: header.kind)
      else {
        result.add(
          isBare ? .warning : .damage, "map.offset",
          isBare ? "the codestream has lost its box" : "another box stands in this place",
          chunk: name, offset: entry.offset)
        continue
      }
      let size = header.dataByteCount.flatMap { Checked.sum($0, header.dataOffset) } ?? 0
      if size > file.byteCount - entry.offset {
        result.add(
          .damage, "chunk.torn", "the file ends within this box", chunk: name,
          offset: entry.offset)
      }
    }
  }

  // MARK: - Frames and tables

  private mutating func checkFrameCount() {
    let missing = file.frameCount - file.storedFrameCount
    if missing > 0 {
      result.add(
        .warning, "frames.missing",
        "the loops describe \(file.frameCount) frames, \(file.storedFrameCount) are stored")
    }
    let said = file.attributes.sequenceCount
    if said != file.frameCount, said != file.storedFrameBound {
      result.add(
        .note, "frames.count",
        "the attributes say \(said) frames, the loops \(file.frameCount), "
          + "\(file.storedFrameCount) are stored")
    }
  }

  private mutating func checkTables() throws {
    let count = max(file.frameCount, file.storedFrameBound)
    let times = try file.frameTimes()
    if !times.isEmpty {
      if times.contains(where: { !$0.isFinite }), !file.isLegacy {
        result.add(
          .warning, "times.values", "times of frames are not numbers", chunk: ChunkName.frameTimes)
      }
      if times.count != count, times.count != file.frameCount {
        result.add(
          .note, "times.count", "there are \(times.count) times for \(count) frames",
          chunk: ChunkName.frameTimes)
      }
      if zip(times, times.dropFirst()).contains(where: { $0 > $1 }) {
        result.add(
          .note, "times.order", "times of frames go backwards", chunk: ChunkName.frameTimes)
      }
    }
    for column in try file.recordedData() {
      let length = column.values.count
      if length != count, length != file.frameCount, length != file.storedFrameCount {
        result.add(
          .note, "recorded.count",
          "the column \(column.id) has \(length) values for \(count) frames")
      }
    }
  }

  /// Decodes every chunk that holds a tree.
  private mutating func checkTrees() {
    for name in file.map.chunksInFileOrder where Self.holdsTree(name) {
      do {
        _ = try file.metadataTree(ofChunk: name)
      } catch {
        if let bytes = try? file.chunk(name),
          MetadataDump.document(bytes, limits: file.options.limits) != nil
        {
          continue
        }
        let message = (error as? ND2Error)?.message ?? "\(error)"
        result.add(
          .damage, "chunk.decode", message, chunk: name, offset: file.map[name]?.offset)
      }
    }
  }

  private static func holdsTree(_ name: String) -> Bool {
    if name.hasPrefix(ChunkName.customVariantPrefix) { return true }
    let names =
      ChunkName.attributes + ChunkName.pictureMetadata + ChunkName.experiment + ChunkName.textInfo
      + ChunkName.calibration + ChunkName.events
      + [
        ChunkName.rois, ChunkName.customDescription, ChunkName.jobDefinition,
        ChunkName.jobDescription, ChunkName.wellPlate,
      ]
    return names.contains(name)
  }

  /// Interprets what is decoded on demand; defects end up among the diagnostics.
  private mutating func checkParts() {
    let parts: [(String, () throws -> Void)] = [
      ("regions of interest", { [file] in _ = try file.rois() }),
      ("events", { [file] in _ = try file.experimentEvents() }),
      ("the custom description", { [file] in _ = try file.customDescription() }),
      ("the JOBS run", { [file] in _ = try file.jobs() }),
      ("the well plate", { [file] in _ = try file.wellPlate() }),
      ("the list of masks", { [file] in _ = try file.binaryLayers() }),
    ]
    for (what, read) in parts {
      do {
        try read()
      } catch {
        let message = (error as? ND2Error)?.message ?? "\(error)"
        result.add(.damage, "metadata", "\(what) cannot be read: \(message)")
      }
    }
  }

  // MARK: - Pixels

  private mutating func checkPixels(deep: Bool, progress: (Double) -> Void) throws {
    let store = file.store
    let isCompressed = !store.layout.isDivisible || store.codestreams != nil
    let stored = isCompressed ? storedFrames : []
    var frames = Set(doubtfulFrames.prefix(deep ? .max : 3))
    if deep {
      frames.formUnion(stored)
    } else if let first = stored.first, let last = stored.last {
      frames.formUnion([first, stored[stored.count / 2], last])
    }
    guard !frames.isEmpty else { return }
    let selection = file.geometry.frame(0, order: .stored)
    try file.check(byteCount: selection.gather.byteCount)
    let scratch = try ArrayStorage(byteCount: selection.gather.byteCount, zeroed: false)
    for (number, index) in frames.sorted().enumerated() {
      let note = LossNote()
      var reader = PixelReader(
        source: source, store: store, selection: file.geometry.frame(index, order: .stored),
        isCancelled: { false })
      reader.lossNote = note
      do {
        try reader.read(into: scratch.bytes, isZeroed: false)
        if store.codestreams == nil, note.take() {
          result.add(
            .damage, "frame.decode", "the image is not whole or cannot be decoded",
            chunk: ChunkName.frame(index + store.firstNumber), offset: file.frameOffset(index),
            frame: index)
        }
      } catch let error as ND2Error where error.code == .unsupported {
        result.add(.note, "frame.unchecked", error.message, frame: index)
        return
      }
      result.decodedFrameCount += 1
      progress(Double(number + 1) / Double(frames.count))
    }
  }

  private var storedFrames: [Int] {
    let bound = min(file.storedFrameBound, file.storedFrameCount &* 4 &+ 4096)
    return (0..<max(0, bound)).filter { !file.isMissing(frame: $0) }
  }

  private mutating func checkMasks() {
    guard let layers = try? file.binaryLayers() else { return }
    for layer in layers {
      for frame in storedFrames {
        do {
          _ = try file.mask(of: layer, frame: frame)
        } catch {
          let failure = error as? ND2Error
          result.add(
            .damage, "mask.decode", failure?.message ?? "\(error)", chunk: failure?.location.chunk,
            frame: frame)
        }
      }
    }
  }
}

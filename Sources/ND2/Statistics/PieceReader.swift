import ND2Format

/// Reads pieces of frames for one thread.
///
/// Rows that are stored as they are come straight from the source, each byte once; everything else is
/// decoded into planes.
struct PieceReader: ~Copyable {
  private let walk: FrameWalk
  private let planes: [[Int]]
  private let note = LossNote()
  private var memory = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
  private var capacity = 64
  /// The last frame whose rows are stored as they are, and all there.
  private var sound: (frame: Int, offset: UInt64, stride: Int)?

  init(_ walk: FrameWalk, planes: Range<Int>) {
    self.walk = walk
    self.planes = Array(walk.selection.gather.planes[planes])
  }

  deinit { memory.deallocate() }

  /// Reads some rows of a frame, unless it is left out.
  mutating func read(
    _ frame: Int, rows: Range<Int>, _ body: (PixelPiece) throws -> Void
  ) throws {
    if walk.isLost(frame) { return }
    if case .blocking(let source) = walk.file.access,
      walk.file.store.layout.compression != .lossless
    {
      guard try find(frame, in: source) else { return }
      if let sound, sound.frame == frame {
        return try body(try stored(rows, sound.offset, stride: sound.stride, in: source))
      }
    }
    if let piece = try decoded(frame, rows) { try body(piece) }
  }

  /// Memory, kept for the next piece.
  private mutating func buffer(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
    if capacity < byteCount {
      memory.deallocate()
      memory = .allocate(byteCount: byteCount, alignment: 4096)
      capacity = byteCount
    }
    return UnsafeMutableRawBufferPointer(start: memory, count: byteCount)
  }

  // MARK: - Rows as they are stored

  /// Finds the rows of a frame; false when it is left out.
  ///
  /// A frame is looked at as a whole, so that none of it counts if not all does.
  private mutating func find(_ frame: Int, in source: any ByteSource) throws -> Bool {
    if let sound, sound.frame == frame { return true }
    sound = nil
    let store = walk.file.store
    guard let payload = try store.locate(frame, in: source) else {
      return try lose(
        frame, store.isMissing(frame) ? "no image is stored" : "its image cannot be found")
    }
    guard case .raw(let stride) = payload.coding else { return true }
    let wanted = FrameAssembler.byteRange(
      rows: walk.selection.rows, stride: stride, layout: store.layout)
    guard wanted.upperBound <= payload.availableByteCount else {
      return try lose(frame, "the image is cut off", offset: payload.offset)
    }
    sound = (frame, payload.offset, stride)
    return true
  }

  /// Leaves a frame out.
  private func lose(_ frame: Int, _ reason: String, offset: UInt64? = nil) throws -> Bool {
    if walk.lose(frame) {
      try walk.file.store.reportLoss(frame, "\(reason); it is left out", offset: offset)
    }
    return false
  }

  private mutating func stored(
    _ rows: Range<Int>, _ offset: UInt64, stride: Int, in source: any ByteSource
  ) throws -> PixelPiece {
    let (layout, gather) = (walk.file.store.layout, walk.selection.gather)
    let range = FrameAssembler.byteRange(rows: rows, stride: stride, layout: layout)
    // No more than the file has: it was looked at before.
    try source.read(
      at: offset + range.lowerBound, into: buffer(Int(range.upperBound - range.lowerBound)))
    return PixelPiece(
      base: memory + gather.firstByte, layout: .stored(rowByteCount: stride),
      rowCount: rows.count, columnCount: gather.columnCount, stride: gather.componentCount,
      sampleByteCount: gather.sampleByteCount)
  }

  // MARK: - Everything else

  /// Some rows of a frame in planes; nil when it is left out.
  private mutating func decoded(_ frame: Int, _ rows: Range<Int>) throws -> PixelPiece? {
    let gather = walk.selection.gather
    let part = PlaneGather(
      planes: planes, componentCount: gather.componentCount,
      sampleByteCount: gather.sampleByteCount,
      columns: gather.firstColumn..<(gather.firstColumn + gather.columnCount),
      rowCount: rows.count)
    try fill(
      buffer(part.byteCount),
      ResolvedSelection(sizes: [:], frames: .numbered(frame), rows: rows, gather: part))
    if note.take() {
      walk.lose(frame)
      return nil
    }
    return PixelPiece(
      base: memory, layout: .planes(byteCount: part.planeByteCount), rowCount: rows.count,
      columnCount: part.columnCount, stride: part.sampleCount,
      sampleByteCount: part.sampleByteCount)
  }

  private func fill(
    _ target: UnsafeMutableRawBufferPointer, _ selection: ResolvedSelection
  ) throws {
    var reader = PixelReader(
      source: walk.file.access.waiting, store: walk.file.store, selection: selection,
      isCancelled: { false }, mostThreads: 1)
    reader.lossNote = note
    try reader.read(into: target, isZeroed: false)
  }
}

import ND2

/// Writes the pixels of a file, on all cores.
///
/// Uncompressed strips have their places beforehand, so that every thread reads some rows of a frame
/// and writes them at once, while they are in the processor's cache. All other blocks get their
/// places in their order when they are compressed.
struct TIFFPixels: Sendable {
  /// The first place for pixels: behind the header.
  static let start: UInt64 = 16
  /// Rows are taken in runs of about this size.
  private static let bandByteCount = 512 << 10
  /// Most memory for pixels on their way.
  static let mostBytes = 192 << 20

  let file: ND2File
  let plan: TIFFPlan
  let frames: [TIFFPlan.Frame]
  let output: PlacedOutput
  let ledger: TIFFBlockLedger
  let options: TIFFOptions
  let meter: ExportMeter

  var shape: TIFFShape { plan.shape }
  var level: TIFFShape.Level { plan.shape.levels[0] }
  var rowByteCount: Int { level.width * shape.pixelByteCount }
  var threadCount: Int {
    max(1, min(options.threadCount ?? file.options.threadCount ?? WorkerTeam.coreCount, 256))
  }

  /// Whether strips have their places beforehand.
  private var isDirect: Bool {
    options.compression == .none && shape.tile == nil && options.stripGap == 0
  }

  /// Writes all pixels.
  ///
  /// - Returns: the end of the pixels.
  func write() throws -> UInt64 {
    if isDirect { return try writeDirectly() }
    if shape.levels.count > 1 { return try TIFFPyramidPixels(pixels: self).write() }
    return try writeBlocks()
  }

  /// Rows that are taken at once: all where they cannot be read alone.
  private func rowsPerBand(_ blockHeight: Int?) -> Int {
    guard file.hasDivisibleFrames else { return level.height }
    let rows = Self.bandByteCount / max(1, rowByteCount * plan.channelCount)
    return min(level.height, max(1, blockHeight ?? rows))
  }

  private func threads(bandByteCount: Int, bands: Int) -> Int {
    // What is read, what is encoded, and what the reading itself takes.
    max(1, min(threadCount, bands, Self.mostBytes / max(1, 3 * bandByteCount)))
  }

  // MARK: - Strips with places

  private func writeDirectly() throws -> UInt64 {
    let planeByteCount = UInt64(shape.planeByteCount)
    let end = Self.start + planeByteCount * UInt64(frames.count * plan.channelCount)
    try output.reserve(end)
    try forEachBand(rows: rowsPerBand(nil)) { frame, _, rows, bytes, _ in
      let size = rows.count * rowByteCount
      for channel in 0..<plan.channelCount {
        let place =
          Self.start + planeByteCount * UInt64(frame * plan.channelCount + channel)
          + UInt64(rows.lowerBound * rowByteCount)
        let plane = UnsafeRawBufferPointer(
          rebasing: bytes[(channel * size)..<((channel + 1) * size)])
        try output.write(plane, at: place)
      }
    }
    for page in 0..<(frames.count * plan.channelCount) {
      for block in 0..<level.count {
        let first = block * level.blockHeight
        ledger.note(
          page: page, level: 0, block: block,
          place: Self.start + planeByteCount * UInt64(page) + UInt64(first * rowByteCount),
          size: min(level.blockHeight, level.height - first) * rowByteCount)
      }
    }
    return end
  }

  // MARK: - Blocks that are encoded

  private func writeBlocks() throws -> UInt64 {
    let turnstile = Turnstile(start: Self.start)
    try forEachBand(rows: rowsPerBand(level.blockHeight), stop: turnstile.stop) {
      frame, number, rows, bytes, encoder in
      let size = rows.count * rowByteCount
      var band = TIFFBand(gap: options.stripGap)
      for channel in 0..<plan.channelCount {
        var first = 0
        while first < rows.count {
          let count = min(level.blockHeight, rows.count - first)
          let start = channel * size + first * rowByteCount
          try band.append(
            UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count * rowByteCount)]),
            rowByteCount: rowByteCount, page: frame * plan.channelCount + channel, level: 0,
            row: (rows.lowerBound + first) / level.blockHeight, shape: shape, encoder: encoder)
          first += count
        }
      }
      guard let place = turnstile.place(number, byteCount: band.bytes.count) else { return }
      try band.write(to: output, at: place, ledger)
    }
    return turnstile.endOffset
  }

  // MARK: - Reading

  /// Reads all frames in bands, on all cores.
  ///
  /// - Parameter body: gets the place of the frame in the file, the number of the band among all, its
  ///   rows, its pixels plane after plane, and the encoder of its thread.
  private func forEachBand(
    rows rowsPerBand: Int, stop: @escaping @Sendable () -> Void = {},
    _ body:
      @escaping @Sendable (
        Int, Int, Range<Int>, UnsafeRawBufferPointer, TIFFBlockEncoder
      ) throws -> Void
  ) throws {
    let perFrame = (level.height + rowsPerBand - 1) / rowsPerBand
    let count = frames.count * perFrame
    let bandByteCount = rowsPerBand * rowByteCount * plan.channelCount
    let queue = WorkQueue(count: count, isCancelled: options.isCancelled)
    WorkerTeam.run(count: threads(bandByteCount: bandByteCount, bands: count)) { [self] _ in
      do {
        let encoder = try TIFFBlockEncoder(shape, options)
        let memory = UnsafeMutableRawBufferPointer.allocate(
          byteCount: bandByteCount, alignment: 4096)
        defer { memory.deallocate() }
        while let number = queue.take() {
          let frame = number / perFrame
          let first = number % perFrame * rowsPerBand
          let rows = first..<min(first + rowsPerBand, level.height)
          let bytes = UnsafeMutableRawBufferPointer(
            rebasing: memory[0..<(rows.count * rowByteCount * plan.channelCount)])
          try read(frames[frame], rows: rows, into: bytes)
          try body(frame, number, rows, UnsafeRawBufferPointer(bytes), encoder)
          meter.advance(by: bytes.count)
        }
      } catch {
        queue.fail(error)
        stop()
      }
      // Who has no more work because the work was stopped may have left a turn out.
      if queue.isStopped { stop() }
    }
    try queue.finish()
  }

  /// Reads rows of a frame, counted within the part that is exported.
  func read(
    _ frame: TIFFPlan.Frame, rows: Range<Int>, into bytes: UnsafeMutableRawBufferPointer
  ) throws {
    guard let number = frame.number else {
      bytes.initializeMemory(as: UInt8.self, repeating: 0)
      return
    }
    var part = plan.framePart
    let first = part.rows.lowerBound
    part.rows = (first + rows.lowerBound)..<(first + rows.upperBound)
    if try !file.readFrame(number, part, into: bytes) { try meter.lose(number) }
  }
}

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
  /// Keeps the values of a frame for the description of the file; nil where it is read again.
  var ranges: TIFFRanges?

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
    file.rowsPerRead(
      of: level.height, rowByteCount: rowByteCount * plan.channelCount,
      byteCount: blockHeight == nil ? Self.bandByteCount : 0, unit: blockHeight ?? 1)
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
      // In an order that does not depend on how many rows are read at a time.
      for first in stride(from: 0, to: rows.count, by: level.blockHeight) {
        let count = min(level.blockHeight, rows.count - first)
        for channel in 0..<plan.channelCount {
          let start = channel * size + first * rowByteCount
          try band.append(
            UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count * rowByteCount)]),
            rowByteCount: rowByteCount, page: frame * plan.channelCount + channel, level: 0,
            row: (rows.lowerBound + first) / level.blockHeight, shape: shape, encoder: encoder)
        }
      }
      guard let place = turnstile.place(number, byteCount: band.bytes.count) else { return }
      try band.write(to: output, at: place, ledger)
    }
    return turnstile.endOffset
  }

  // MARK: - Reading

  /// Most memory for pixels that are read ahead, when so much is needed for encoding.
  private static func mostBytesAhead(beside byteCount: Int) -> Int {
    max(mostBytes / 3, mostBytes + 16 << 20 - byteCount)
  }

  /// The pixels of all frames, in bands of that many rows, from the first to the last.
  ///
  /// - Parameter byteCount: memory that is needed for encoding.
  func supply(
    rowsPerBand: Int, beside byteCount: Int, isCancelled: @escaping @Sendable () -> Bool
  ) -> FrameSupply {
    let perFrame = (level.height + rowsPerBand - 1) / rowsPerBand
    let (frames, part, height) = (frames, plan.framePart, level.height)
    return FrameSupply(
      of: file, count: frames.count * perFrame,
      memoryLimit: Self.mostBytesAhead(beside: byteCount), isCancelled: isCancelled
    ) { number in
      frames[number / perFrame].number.map { frame in
        var part = part
        let (first, row) = (part.rows.lowerBound, number % perFrame * rowsPerBand)
        part.rows = (first + row)..<(first + min(row + rowsPerBand, height))
        return FrameRequest(frame, part)
      }
    }
  }

  /// Notes what there was of a band of a frame.
  func note(
    _ frame: Int, rows: Range<Int>, _ bytes: UnsafeRawBufferPointer, lost: Int?
  ) throws {
    if let lost { try meter.lose(lost) }
    ranges?.see(frame, rows: rows, bytes, isWhole: lost == nil)
  }

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
    let threads = threads(bandByteCount: bandByteCount, bands: count)
    let supply = supply(
      rowsPerBand: rowsPerBand, beside: isDirect ? 0 : 2 * threads * bandByteCount,
      isCancelled: { [options] in queue.isStopped || options.isCancelled() })
    defer { supply.stop() }
    WorkerTeam.run(count: threads) { [self] _ in
      do {
        let encoder = try TIFFBlockEncoder(shape, options)
        let memory = FrameMemory()
        while let number = queue.take() {
          let frame = number / perFrame
          let first = number % perFrame * rowsPerBand
          let rows = first..<min(first + rowsPerBand, level.height)
          let byteCount = rows.count * rowByteCount * plan.channelCount
          try supply.withPart(number, byteCount: byteCount, memory) { bytes, lost in
            try note(frame, rows: rows, bytes, lost: lost)
            try body(frame, number, rows, bytes, encoder)
          }
          meter.advance(by: byteCount)
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
}

import ND2Format

/// Reads the pixels of a selection from a blocking source, with a few threads.
struct PixelReader: Sendable {
  let source: any ByteSource
  let store: FrameStore
  let selection: ResolvedSelection
  let isCancelled: @Sendable () -> Bool
  /// The most threads that may be used, whatever the options say.
  var mostThreads = Int.max
  /// Told when pixels read as zeros because they are not in the file.
  var lossNote: LossNote?
  /// Told of the frames that are done.
  var meter: ReadMeter?

  /// A run of rows of one frame: what a thread takes at a time.
  private struct Item {
    var ordinal: Int
    var rows: Range<Int>
  }

  /// Where results go. Each item writes a part that is its own.
  struct Destination: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
  }

  /// Fills `buffer` with the selection, dense and row-major.
  ///
  /// - Parameter isZeroed: whether the memory holds zeros, so that missing frames need no writing.
  func read(into buffer: UnsafeMutableRawBufferPointer, isZeroed: Bool) throws {
    guard let base = buffer.baseAddress, !buffer.isEmpty else { return }
    let destination = Destination(base: base)
    if let waiting = source as? BlockingSource {
      let reader = AsyncPixelReader(
        source: waiting.base, store: store, selection: selection, isCancelled: isCancelled,
        lossNote: lossNote, meter: meter)
      try BlockingWait.value { try await reader.read(into: destination, isZeroed: isZeroed) }
      return
    }
    let threads = threadCount
    if let codestreams = store.codestreams {
      try readCodestreams(codestreams, threads: threads, into: destination, isZeroed: isZeroed)
      return
    }
    let pieces = piecesPerFrame(threads: threads)
    let queue = WorkQueue(
      count: selection.frameCount.multipliedReportingOverflow(by: pieces).partialValue,
      isCancelled: isCancelled)
    WorkerTeam.run(count: min(threads, max(1, selection.frameCount * pieces))) { _ in
      var assembler = FrameAssembler(
        layout: store.layout, rows: selection.rows, gather: selection.gather)
      while let number = queue.take() {
        do {
          try read(
            item(number, pieces: pieces), with: &assembler, into: destination.base,
            isZeroed: isZeroed)
          if number % pieces == pieces - 1 { meter?.advance() }
        } catch {
          queue.fail(error)
        }
      }
    }
    try queue.finish()
  }

  private var threadCount: Int {
    let wanted = store.options.threadCount ?? WorkerTeam.coreCount
    // A thread costs about as much as reading half a megabyte.
    let total = selection.gather.byteCount.multipliedReportingOverflow(by: selection.frameCount)
    // Decoding JPEG 2000 takes far longer than reading.
    let worthwhile = store.codestreams == nil ? 1 << 19 : 1 << 15
    let useful = total.overflow ? Int.max : total.partialValue / worthwhile
    return max(1, min(wanted, useful, 256, mostThreads))
  }

  /// Frames are split into runs of rows when there are too few to keep all threads busy.
  private func piecesPerFrame(threads: Int) -> Int {
    guard threads > 1, selection.frameCount < threads * 4, store.layout.isDivisible
    else { return 1 }
    let rowBytes = store.layout.rowByteCount
    let sensible =
      selection.rows.count.multipliedReportingOverflow(by: rowBytes).partialValue / (1 << 20)
    return max(1, min(threads * 2, sensible, selection.rows.count))
  }

  private func item(_ number: Int, pieces: Int) -> Item {
    let piece = number % pieces
    let count = selection.rows.count
    let low = selection.rows.lowerBound + count * piece / pieces
    let high = selection.rows.lowerBound + count * (piece + 1) / pieces
    return Item(ordinal: number / pieces, rows: low..<high)
  }

  private func read(
    _ item: Item, with assembler: inout FrameAssembler, into base: UnsafeMutableRawPointer,
    isZeroed: Bool
  ) throws {
    let index = selection.frameIndex(item.ordinal)
    let destination = base + item.ordinal * selection.gather.byteCount
    guard let payload = try store.locate(index, in: source) else {
      if !isZeroed { zero(item.rows, at: destination) }
      try reportLoss(
        index,
        store.isMissing(index)
          ? "no image is stored; it reads as zeros"
          : "its image cannot be found; it reads as zeros")
      return
    }
    switch payload.coding {
    case .raw(let stride):
      try readRaw(
        payload, item.rows, stride: stride, of: index, with: &assembler, into: destination,
        isZeroed: isZeroed)
    case .zlib:
      // A frame is inflated whole: rows other than the first run come with it.
      guard item.rows.lowerBound == selection.rows.lowerBound else { return }
      try inflate(payload, of: index, with: &assembler, into: destination, isZeroed: isZeroed)
    case .unsupported(let what):
      if !isZeroed { zero(item.rows, at: destination) }
      try reportLoss(index, "\(what) cannot be decoded", offset: payload.offset)
    }
  }

  private func readRaw(
    _ payload: FramePayload, _ rows: Range<Int>, stride: Int, of index: Int,
    with assembler: inout FrameAssembler, into destination: UnsafeMutableRawPointer, isZeroed: Bool
  ) throws {
    let layout = store.layout
    let wanted = FrameAssembler.byteRange(rows: rows, stride: stride, layout: layout)
    let end = min(wanted.upperBound, payload.availableByteCount)
    if end < wanted.upperBound {
      if !isZeroed { zero(rows, at: destination) }
      try reportLoss(
        index, "the image is cut off; what is missing reads as zeros", offset: payload.offset)
    }
    let gather = selection.gather
    if gather.isPlainCopy, stride == gather.planeRowByteCount, end == wanted.upperBound {
      let first = rows.lowerBound - selection.rows.lowerBound
      let target = UnsafeMutableRawBufferPointer(
        start: destination + first * stride, count: rows.count * stride)
      try source.read(at: payload.offset + wanted.lowerBound, into: target)
      return
    }
    let rowsPerBlock = max(1, FrameAssembler.blockByteCount / stride)
    var row = rows.lowerBound
    while row < rows.upperBound {
      let block = row..<min(rows.upperBound, row + rowsPerBlock)
      row = block.upperBound
      let range = FrameAssembler.byteRange(rows: block, stride: stride, layout: layout)
      guard range.lowerBound < end else { break }
      let bytes = assembler.scratch(Int(min(range.upperBound, end) - range.lowerBound))
      try source.read(at: payload.offset + range.lowerBound, into: bytes)
      assembler.place(UnsafeRawBufferPointer(bytes), rows: block, stride: stride, into: destination)
    }
  }

  private func inflate(
    _ payload: FramePayload, of index: Int, with assembler: inout FrameAssembler,
    into destination: UnsafeMutableRawPointer, isZeroed: Bool
  ) throws {
    guard let count = Int(exactly: payload.availableByteCount) else { return }
    let bytes = assembler.scratch(count)
    try source.read(at: payload.offset, into: bytes)
    if assembler.inflate(UnsafeRawBufferPointer(bytes), into: destination) { return }
    if let stride = store.layout.rawStride(payload: payload.byteCount) {
      try readRaw(
        payload, selection.rows, stride: stride, of: index, with: &assembler, into: destination,
        isZeroed: isZeroed)
      return
    }
    zero(selection.rows, at: destination)
    try reportLoss(
      index, "the compressed image is damaged; it reads as zeros", offset: payload.offset)
  }

  private func reportLoss(_ index: Int, _ reason: String, offset: UInt64? = nil) throws {
    lossNote?.set()
    try store.reportLoss(index, reason, offset: offset)
  }

  /// Clears the pixels of some rows in all planes of a frame.
  private func zero(_ rows: Range<Int>, at destination: UnsafeMutableRawPointer) {
    let gather = selection.gather
    let first = (rows.lowerBound - selection.rows.lowerBound) * gather.planeRowByteCount
    for plane in gather.planes.indices {
      UnsafeMutableRawBufferPointer(
        start: destination + plane * gather.planeByteCount + first,
        count: rows.count * gather.planeRowByteCount
      ).initializeMemory(as: UInt8.self, repeating: 0)
    }
  }
}

import ND2Format

/// Reads the pixels of a selection from an asynchronous source, several frames at a time.
struct AsyncPixelReader: Sendable {
  let source: any AsyncByteSource
  let store: FrameStore
  let selection: ResolvedSelection
  var isCancelled: @Sendable () -> Bool = { false }
  /// Told when pixels read as zeros because they are not in the file.
  var lossNote: LossNote?
  /// Told of the frames that are done.
  var meter: ReadMeter?
  /// Memory for bytes on their way that several reads share; nil for some of its own.
  var sharedScratch: ScratchPool?

  typealias Destination = PixelReader.Destination

  /// Fills memory with the selection, dense and row-major.
  ///
  /// - Parameter isZeroed: whether the memory holds zeros, so that missing frames need no writing.
  func read(into destination: Destination, isZeroed: Bool) async throws {
    let scratch = sharedScratch ?? ScratchPool()
    let width = max(1, min(store.options.maxConcurrency, framesInMemory))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for ordinal in 0..<selection.frameCount {
        if ordinal >= width { try await group.next() }
        try Task.checkCancellation()
        if isCancelled() { throw CancellationError() }
        group.addTask {
          try await read(frame: ordinal, into: destination, isZeroed: isZeroed, scratch)
          meter?.advance()
        }
      }
      try await group.waitForAll()
    }
  }

  /// Bytes that may be on their way to somewhere else than the result.
  private static let mostScratchBytes = 256 << 20

  /// How many frames may be on their way at a time.
  private var framesInMemory: Int {
    if isReadInPlace { return .max }
    return max(1, Self.mostScratchBytes / max(1, selection.rows.count * store.layout.rowByteCount))
  }

  private func read(
    frame ordinal: Int, into destination: Destination, isZeroed: Bool, _ scratch: ScratchPool
  ) async throws {
    let index = selection.frameIndex(ordinal)
    let base = destination.base + ordinal * selection.gather.byteCount
    let part = Destination(base: base)
    if try await readDirectly(index, into: part, scratch) { return }
    if !isZeroed || isReadInPlace {
      base.initializeMemory(as: UInt8.self, repeating: 0, count: selection.gather.byteCount)
    }
    if let codestreams = store.codestreams {
      try await readCodestreams(codestreams, of: index, ordinal, into: destination)
      return
    }
    guard !store.isMissing(index) else {
      try reportLoss(index, "no image is stored; it reads as zeros")
      return
    }
    guard var outcome = try await fetch(index) else {
      try reportLoss(index, "its image cannot be found; it reads as zeros")
      return
    }
    if case .zlib = outcome.payload.coding {
      if decode(outcome, ordinal, into: destination) { return }
      base.initializeMemory(as: UInt8.self, repeating: 0, count: selection.gather.byteCount)
      // Flagged as compressed, but of the size of plain rows.
      if let stride = store.layout.rawStride(payload: outcome.payload.byteCount) {
        outcome.payload.coding = .raw(rowStride: stride)
      }
    }
    try finish(outcome, index, ordinal, into: destination)
  }

  private func fetch(_ index: Int) async throws -> FrameReadPlan.Outcome? {
    if let place = store.place(of: index) {
      let plan = FrameReadPlan(place, layout: store.layout, rows: selection.rows)
      if let outcome = try await source.run(plan) {
        if outcome.payload.isDisplaced {
          try await store.noteDisplaced(outcome.payload, of: index, in: source)
        }
        return outcome
      }
    }
    guard let payload = try await store.locate(index, in: source) else { return nil }
    // Found by a scan: the chunk begins at most a name field before its payload.
    let range = 0..<payload.availableByteCount
    let bytes = try await source.read([
      (payload.offset + range.lowerBound)..<(payload.offset + range.upperBound)
    ])
    return FrameReadPlan.Outcome(payload: payload, start: 0, bytes: bytes.first ?? [])
  }

  /// Inflates a frame into place; false when its stream is damaged.
  private func decode(
    _ outcome: FrameReadPlan.Outcome, _ ordinal: Int, into destination: Destination
  ) -> Bool {
    var assembler = FrameAssembler(
      layout: store.layout, rows: selection.rows, gather: selection.gather)
    let base = destination.base + ordinal * selection.gather.byteCount
    return outcome.bytes.withUnsafeBytes { assembler.inflate($0, into: base) }
  }

  private func finish(
    _ outcome: FrameReadPlan.Outcome, _ index: Int, _ ordinal: Int, into destination: Destination
  ) throws {
    let payload = outcome.payload
    let base = destination.base + ordinal * selection.gather.byteCount
    switch payload.coding {
    case .raw(let stride):
      let wanted = FrameAssembler.byteRange(
        rows: selection.rows, stride: stride, layout: store.layout)
      let assembler = FrameAssembler(
        layout: store.layout, rows: selection.rows, gather: selection.gather)
      outcome.bytes.withUnsafeBytes { bytes in
        let skip = Int(min(wanted.lowerBound - outcome.start, UInt64(bytes.count)))
        let count = min(bytes.count - skip, Int(wanted.upperBound - wanted.lowerBound))
        assembler.place(
          UnsafeRawBufferPointer(rebasing: bytes[skip..<(skip + count)]), rows: selection.rows,
          stride: stride, into: base)
      }
      if payload.availableByteCount < wanted.upperBound {
        try reportLoss(
          index, "the image is cut off; what is missing reads as zeros", offset: payload.offset)
      }
    case .zlib:
      try reportLoss(
        index, "the compressed image is damaged; it reads as zeros", offset: payload.offset)
    case .unsupported(let what):
      try reportLoss(index, "\(what) cannot be decoded", offset: payload.offset)
    }
  }

  private func reportLoss(_ index: Int, _ reason: String, offset: UInt64? = nil) throws {
    lossNote?.set()
    try store.reportLoss(index, reason, offset: offset)
  }
}

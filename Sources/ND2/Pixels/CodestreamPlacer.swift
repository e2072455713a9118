import ND2Codecs
import ND2Format

/// Decodes the codestreams of a frame to their places in the result.
struct CodestreamPlacer: Sendable {
  let layout: FrameLayout
  let codestreams: CodestreamLayout
  /// Rows that are wanted of each frame.
  let rows: Range<Int>
  let gather: PlaneGather
  /// Whether samples are signed.
  let isSigned: Bool
  /// Most memory that decoding one codestream may take, in bytes.
  let memoryLimit: Int

  /// How the decoding of a codestream ended.
  enum Result: Hashable {
    /// Well.
    case whole
    /// Not quite: a part of the image is there, the text says why not all of it.
    case partial(String)
    /// The text says why nothing is there. The output may hold anything.
    case failed(String)
  }

  init(_ codestreams: CodestreamLayout, selection: ResolvedSelection, store: FrameStore) {
    layout = store.layout
    self.codestreams = codestreams
    rows = selection.rows
    gather = selection.gather
    isSigned = store.isSigned
    // What a black image can be shrunk to has no lower bound; a small file may not ask for more
    // memory than any microscope image takes.
    let scaled = Checked.product(Int(clamping: store.fileByteCount), 512)
    memoryLimit = scaled.flatMap { Checked.sum($0, 64 << 20) } ?? .max
  }

  /// The codestreams of a frame that hold something that is wanted.
  var wantedParts: [Int] {
    Set(gather.planes.joined().map { $0 / codestreams.componentCount })
      .filter { $0 < codestreams.perFrame }.sorted()
  }

  /// Where the components of a codestream go.
  func placements(_ part: Int) -> [JPEG2000Decoder.Placement] {
    let samples = gather.sampleCount
    let row = gather.columnCount * samples
    let each = codestreams.componentCount
    return gather.planes.enumerated().flatMap { plane, components in
      components.enumerated().compactMap { sample, component in
        component / each != part
          ? nil
          : JPEG2000Decoder.Placement(
            component: component % each, offset: plane * row * gather.rowCount + sample,
            columnStride: samples, rowStride: row)
      }
    }
  }

  /// Decodes one codestream.
  ///
  /// - Parameters:
  ///   - part: number of the codestream within its frame.
  ///   - base: start of the frame's part of the result.
  ///   - isForgiving: whether a part of a damaged image is better than nothing.
  /// - Throws: ``ND2Error/Code/unsupported`` when the library was built without JPEG 2000.
  func decode(
    _ part: Int, _ read: CodestreamReadPlan.Outcome, into base: UnsafeMutableRawPointer,
    threads: Int, isForgiving: Bool
  ) throws -> Result {
    var request = JPEG2000Decoder.Request(
      width: layout.width, height: layout.height, sampleByteCount: layout.sampleByteCount,
      placements: placements(part))
    request.rows = rows
    request.columns = gather.firstColumn..<(gather.firstColumn + gather.columnCount)
    request.isSigned = isSigned
    request.threadCount = threads
    request.memoryLimit = memoryLimit
    let output = UnsafeMutableRawBufferPointer(start: base, count: gather.byteCount)
    return try read.bytes.withUnsafeBytes { bytes in
      let stream = UnsafeRawBufferPointer(rebasing: bytes[read.range])
      do throws(CodecError) {
        try JPEG2000Decoder.decode(stream, request, into: output)
        return .whole
      } catch {
        guard case .corrupt = error, isForgiving else { return try Self.failure(error) }
      }
      do throws(CodecError) {
        request.isStrict = false
        try JPEG2000Decoder.decode(stream, request, into: output)
        return .partial(
          read.isCut ? "the image is cut off" : "the codestream of the image is damaged")
      } catch {
        return try Self.failure(error)
      }
    }
  }

  private static func failure(_ error: CodecError) throws -> Result {
    switch error {
    case .notBuilt:
      throw ND2Error(
        .unsupported,
        "this is a legacy ND2 file with JPEG 2000 images, and the library was built without JPEG "
          + "2000 (package trait JPEG2000)")
    case .unsupported(let what): return .failed("\(what) cannot be placed")
    case .limitExceeded(let limit):
      return .failed("decoding the image takes more than \(limit) bytes of memory")
    default: return .failed("the codestream of the image cannot be decoded")
    }
  }

  /// Writes zeros where the components of a codestream go.
  func zero(_ part: Int, at base: UnsafeMutableRawPointer) {
    let size = layout.sampleByteCount
    for place in placements(part) {
      for row in 0..<gather.rowCount {
        let start = base + (place.offset + row * place.rowStride) * size
        if place.columnStride == 1 {
          start.initializeMemory(as: UInt8.self, repeating: 0, count: gather.columnCount * size)
          continue
        }
        for column in 0..<gather.columnCount {
          (start + column * place.columnStride * size)
            .initializeMemory(as: UInt8.self, repeating: 0, count: size)
        }
      }
    }
  }
}

// MARK: - Blocking

extension PixelReader {
  /// Reads the selection from a file of version 1.0: each thread takes a codestream at a time.
  func readCodestreams(
    _ codestreams: CodestreamLayout, threads: Int, into destination: Destination, isZeroed: Bool
  ) throws {
    let placer = CodestreamPlacer(codestreams, selection: selection, store: store)
    let parts = placer.wantedParts
    let count = selection.frameCount.multipliedReportingOverflow(by: parts.count).partialValue
    // A decoder has threads of its own only when there are fewer images than threads.
    let inner = max(1, threads / max(1, count))
    let queue = WorkQueue(count: count, isCancelled: isCancelled)
    WorkerTeam.run(count: min(threads, max(1, count))) { _ in
      while let number = queue.take() {
        do {
          let ordinal = number / parts.count
          try read(
            parts[number % parts.count], of: selection.frameIndex(ordinal), with: placer,
            into: destination.base + ordinal * selection.gather.byteCount, threads: inner,
            isZeroed: isZeroed)
        } catch {
          queue.fail(error)
        }
      }
    }
    try queue.finish()
  }

  private func read(
    _ part: Int, of index: Int, with placer: CodestreamPlacer,
    into base: UnsafeMutableRawPointer, threads: Int, isZeroed: Bool
  ) throws {
    let number = placer.codestreams.codestreams(ofFrame: index).lowerBound + part
    guard let read = try store.codestream(number, in: source) else {
      if !isZeroed { placer.zero(part, at: base) }
      lossNote?.set()
      try store.reportLostCodestream(number, of: index)
      return
    }
    let result = try placer.decode(
      part, read, into: base, threads: threads, isForgiving: !store.options.isStrict)
    if case .failed = result { placer.zero(part, at: base) }
    if result != .whole { lossNote?.set() }
    try store.report(result, number, of: index, at: read.offset)
  }
}

// MARK: - Asynchronous

extension AsyncPixelReader {
  /// Reads a frame of a file of version 1.0 into memory that holds zeros.
  func readCodestreams(
    _ codestreams: CodestreamLayout, of index: Int, _ ordinal: Int, into destination: Destination
  ) async throws {
    let placer = CodestreamPlacer(codestreams, selection: selection, store: store)
    for part in placer.wantedParts {
      try Task.checkCancellation()
      let number = codestreams.codestreams(ofFrame: index).lowerBound + part
      guard let read = try await store.codestream(number, in: source) else {
        try store.reportLostCodestream(number, of: index)
        continue
      }
      let base = destination.base + ordinal * selection.gather.byteCount
      let result = try placer.decode(
        part, read, into: base, threads: 1, isForgiving: !store.options.isStrict)
      if case .failed = result { placer.zero(part, at: base) }
      try store.report(result, number, of: index, at: read.offset)
    }
  }
}

// MARK: - Finding

extension FrameStore {
  /// Fetches a codestream by its number in the file; nil when it is nowhere.
  func codestream(
    _ number: Int, in source: any ByteSource
  ) throws -> CodestreamReadPlan.Outcome? {
    guard let entry = codestreamEntry(number) else { return nil }
    let plan = CodestreamReadPlan(entry, fileByteCount: fileByteCount)
    if let read = try source.run(plan) { return read }
    guard let found = try rescan(in: source)?[number] else { return nil }
    return note(try source.run(CodestreamReadPlan(found, fileByteCount: fileByteCount)), number)
  }

  /// Fetches a codestream by its number in the file; nil when it is nowhere.
  func codestream(
    _ number: Int, in source: any AsyncByteSource
  ) async throws -> CodestreamReadPlan.Outcome? {
    guard let entry = codestreamEntry(number) else { return nil }
    let plan = CodestreamReadPlan(entry, fileByteCount: fileByteCount)
    if let read = try await source.run(plan) { return read }
    guard let table = try await rescan(in: source), let found = table[number] else { return nil }
    let read = try await source.run(CodestreamReadPlan(found, fileByteCount: fileByteCount))
    return note(read, number)
  }

  private func note(
    _ read: CodestreamReadPlan.Outcome?, _ number: Int
  ) -> CodestreamReadPlan.Outcome? {
    if let read {
      diagnostics.append(
        Diagnostic(
          .warning, "the image is not where the box map says; the file was searched for it",
          at: .init(offset: read.offset, chunk: BoxName.codestream(number))))
    }
    return read
  }

  func reportLostCodestream(_ number: Int, of index: Int) throws {
    try reportLoss(
      index,
      codestreamEntry(number) == nil
        ? "no image is stored; it reads as zeros"
        : "its image cannot be found; it reads as zeros", chunk: BoxName.codestream(number))
  }

  func report(
    _ result: CodestreamPlacer.Result, _ number: Int, of index: Int, at offset: UInt64
  ) throws {
    let name = BoxName.codestream(number)
    switch result {
    case .whole: break
    case .partial(let why):
      try reportLoss(
        index, "\(why); what could be decoded of it is given", offset: offset, chunk: name)
    case .failed(let why):
      try reportLoss(index, "\(why); it reads as zeros", offset: offset, chunk: name)
    }
  }
}

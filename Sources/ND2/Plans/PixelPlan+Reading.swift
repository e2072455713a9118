import ND2Format

extension PixelPlan {
  /// Reads the pixels of the plan. Nothing else is asked of the source.
  ///
  /// - Parameters:
  ///   - source: the bytes of the file.
  ///   - maxConcurrency: requests that the source is given at a time.
  ///   - progress: told the share that is done, from any thread.
  /// - Throws: ``ND2Error/Code/changedWhileReading`` when the file is not what was planned for,
  ///   ``ND2Error/Code/missingFrame`` when a frame is not where the plan says or cannot be decoded,
  ///   ``ND2Error/Code/io``, `CancellationError`.
  public func read(
    from source: some AsyncByteSource, maxConcurrency: Int = 64,
    progress: (@Sendable (Double) -> Void)? = nil
  ) async throws -> AnyNDArray {
    do {
      let source: any AsyncByteSource =
        if let identity { try await source.expecting(identity) } else { source }
      let count = try await fileByteCount { try await source.byteCount() }
      let array = try emptyArray(fileByteCount: count)
      guard let base = array.storage.bytes.baseAddress else { return array }
      let reader = AsyncPixelReader(
        source: source, store: store(fileByteCount: count, maxConcurrency: maxConcurrency),
        selection: selection, meter: ReadMeter(frameCount: frames.count, progress))
      try await reader.read(
        into: PixelReader.Destination(base: base), isZeroed: array.storage.isZeroed)
      return array
    } catch let error as ND2Error {
      throw error.inFile(source.name)
    }
  }

  /// Reads the pixels of the plan; see the asynchronous form.
  public func read(
    from source: some ByteSource, maxConcurrency: Int = 64,
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws -> AnyNDArray {
    do {
      let source: any ByteSource =
        if let identity { try source.expecting(identity) } else { source }
      let count: UInt64 = if let identity { identity.byteCount } else { try source.byteCount() }
      let array = try emptyArray(fileByteCount: count)
      let reader = PixelReader(
        source: source, store: store(fileByteCount: count, maxConcurrency: maxConcurrency),
        selection: selection, isCancelled: { false },
        meter: ReadMeter(frameCount: frames.count, progress))
      try reader.read(into: array.storage.bytes, isZeroed: array.storage.isZeroed)
      return array
    } catch let error as ND2Error {
      throw error.inFile(source.name)
    }
  }

  private func fileByteCount(_ ask: () async throws -> UInt64) async throws -> UInt64 {
    if let identity { return identity.byteCount }
    return try await ask()
  }

  private var selection: ResolvedSelection {
    ResolvedSelection(
      sizes: sizes, frames: .listed(frames.map(\.index)), rows: rows, gather: gather)
  }

  private func store(fileByteCount: UInt64, maxConcurrency: Int) -> FrameStore {
    var map = ChunkMap(codestreams == nil ? .chunks : .boxes)
    var first = 0
    for frame in frames {
      for chunk in frame.chunks {
        let number = chunk.number ?? frame.index
        if codestreams == nil { first = number - frame.index }
        map.insert(
          map.frameName(number),
          ChunkEntry(offset: chunk.offset, byteCount: chunk.byteCount))
      }
    }
    map.finish()
    var options = ReadingOptions()
    options.isStrict = true
    options.scansForChunks = false
    options.searchWindow = 0
    options.maxConcurrency = max(1, maxConcurrency)
    return FrameStore(
      layout: layout, codestreams: codestreams,
      isSigned: [.int8, .int16, .int32].contains(sampleType), map: map,
      numbers: FrameNumbers(map.frames, first: first, codestreams: codestreams), isScanned: true,
      fileByteCount: fileByteCount, options: options, diagnostics: DiagnosticStore(),
      allowsMissing: true,
      isAnonymous: frames.contains { $0.chunks.contains { $0.number == nil } })
  }

  private func emptyArray(fileByteCount: UInt64) throws -> AnyNDArray {
    let count = byteCount
    let (most, overflow) = Int(clamping: fileByteCount).multipliedReportingOverflow(by: 1100)
    guard count < .max, overflow || count <= most else {
      throw ND2Error(
        .limitExceeded,
        "a file of \(fileByteCount) bytes cannot hold the \(count) bytes that the plan promises")
    }
    return AnyNDArray(
      sizes: sizes, sampleType: sampleType,
      storage: try ArrayStorage(byteCount: count, zeroed: false))
  }
}

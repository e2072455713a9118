import ND2Format

extension ND2File {
  /// Reads a part of the array, or all of it, into new memory.
  ///
  /// The result is dense and row-major with the axes of ``sizes``; an axis of which one index was
  /// selected stays, with one element. Colour is red, green, blue unless the selection asks for the
  /// stored order. Only the rows and frames that are needed are read. Frames without data are
  /// zeros and reported in ``diagnostics``, or an error with ``ReadingOptions/isStrict``.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a range outside its axis,
  ///   ``ND2Error/Code/io`` when reading fails, ``ND2Error/Code/limitExceeded`` when the result
  ///   does not fit into memory.
  public func read(_ selection: ArraySelection = .all) throws -> AnyNDArray {
    try located {
      let resolved = try geometry.resolve(selection)
      return try readBlocking(resolved, try access.blocking, isCancelled: { false })
    }
  }

  /// Reads a part of the array, or all of it, into new memory; see ``read(_:)-ugdi``.
  ///
  /// Cancelling the task ends the read between two frames with `CancellationError`.
  public func read(_ selection: ArraySelection = .all) async throws -> AnyNDArray {
    try await readWhole(try located { try geometry.resolve(selection) })
  }

  /// Reads a part of the array, or all of it, and tells how far it is; see ``read(_:)-ugdi``.
  ///
  /// - Parameters:
  ///   - selection: what to read.
  ///   - progress: told the share that is done, from any thread.
  public func read(
    _ selection: ArraySelection = .all, progress: (@Sendable (Double) -> Void)?
  ) throws -> AnyNDArray {
    try located {
      let resolved = try geometry.resolve(selection)
      return try readBlocking(
        resolved, try access.blocking, isCancelled: { false },
        meter: ReadMeter(frameCount: resolved.frameCount, progress))
    }
  }

  /// Reads a part of the array, or all of it, and tells how far it is; see the blocking form.
  ///
  /// Cancelling the task ends the read between two frames with `CancellationError`.
  public func read(
    _ selection: ArraySelection = .all, progress: (@Sendable (Double) -> Void)?
  ) async throws -> AnyNDArray {
    try await readWhole(try located { try geometry.resolve(selection) }, progress: progress)
  }

  /// Reads a part of the array into memory of the caller; see ``read(_:)-ugdi``.
  ///
  /// - Parameters:
  ///   - selection: what to read.
  ///   - buffer: memory of exactly ``byteCount(of:)`` bytes; all of it is written.
  public func read(
    _ selection: ArraySelection = .all, into buffer: UnsafeMutableRawBufferPointer
  ) throws {
    try located {
      let resolved = try geometry.resolve(selection)
      try checkSize(of: buffer, for: resolved)
      let reader = PixelReader(
        source: try access.blocking, store: store, selection: resolved, isCancelled: { false })
      try reader.read(into: buffer, isZeroed: false)
    }
  }

  /// Size in bytes of what ``read(_:)-ugdi`` gives for a selection.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a range outside its axis.
  public func byteCount(of selection: ArraySelection) throws -> Int {
    try located { try byteCount(of: try geometry.resolve(selection)) }
  }

  /// Reads one stored frame: its channels, rows, columns and, for colour, samples.
  ///
  /// - Parameters:
  ///   - index: number of the frame, from 0. Frames beyond ``frameCount`` can be read when they are
  ///     stored; see ``storedFrameCount``.
  ///   - order: the order of the samples of colour pixels.
  /// - Throws: ``ND2Error/Code/invalidRequest`` for an index that the file does not have.
  public func readFrame(
    _ index: Int, order: ArraySelection.ComponentOrder = .rgb
  ) throws -> AnyNDArray {
    try located {
      let resolved = try frameSelection(index, order: order)
      return try readBlocking(resolved, try access.blocking, isCancelled: { false })
    }
  }

  /// Reads one stored frame; see ``readFrame(_:order:)-8wbcp``.
  public func readFrame(
    _ index: Int, order: ArraySelection.ComponentOrder = .rgb
  ) async throws -> AnyNDArray {
    try await readWhole(try located { try frameSelection(index, order: order) })
  }

  /// Reads one stored frame as it is stored: rows, columns and components side by side, without
  /// padding, inflated, colour as blue, green, red.
  ///
  /// - Returns: an array with axes Y and X, and then S when pixels have several components.
  /// - Throws: ``ND2Error/Code/invalidRequest`` for an index that the file does not have.
  public func readStoredFrame(_ index: Int) throws -> AnyNDArray {
    try located {
      let resolved = try storedSelection(index)
      return try readBlocking(resolved, try access.blocking, isCancelled: { false })
    }
  }

  /// Reads one stored frame as it is stored; see ``readStoredFrame(_:)``.
  public func readStoredFrame(_ index: Int) async throws -> AnyNDArray {
    try await readWhole(try located { try storedSelection(index) })
  }

  /// Whether the file has no image for a frame.
  public func isMissing(frame index: Int) -> Bool { store.isMissing(index) }

  /// Checks that the file can hold what its metadata promises of a selection.
  ///
  /// - Throws: ``ND2Error/Code/limitExceeded`` when it is far too small, and
  ///   ``ND2Error/Code/invalidRequest`` for a range outside its axis.
  package func checkPromise(of selection: ArraySelection) throws {
    try located { try check(byteCount: try byteCount(of: try geometry.resolve(selection))) }
  }

  // MARK: - The two drivers

  private func readBlocking(
    _ resolved: ResolvedSelection, _ source: any ByteSource,
    isCancelled: @escaping @Sendable () -> Bool, meter: ReadMeter? = nil
  ) throws -> AnyNDArray {
    let array = try emptyArray(for: resolved, zeroed: false)
    let reader = PixelReader(
      source: source, store: store, selection: resolved, isCancelled: isCancelled, meter: meter)
    try reader.read(into: array.storage.bytes, isZeroed: array.storage.isZeroed)
    return array
  }

  private func readAsync(
    _ resolved: ResolvedSelection, _ source: any AsyncByteSource, meter: ReadMeter?
  ) async throws -> AnyNDArray {
    let array = try emptyArray(for: resolved, zeroed: false)
    guard let base = array.storage.bytes.baseAddress else { return array }
    let reader = AsyncPixelReader(
      source: source, store: store, selection: resolved, meter: meter)
    try await reader.read(
      into: PixelReader.Destination(base: base), isZeroed: array.storage.isZeroed)
    return array
  }

  func emptyArray(
    for resolved: ResolvedSelection, zeroed: Bool
  ) throws -> AnyNDArray {
    let count = try byteCount(of: resolved)
    try check(byteCount: count)
    return AnyNDArray(
      sizes: resolved.sizes, sampleType: geometry.sampleType,
      storage: try ArrayStorage(byteCount: count, zeroed: zeroed))
  }

  /// Checks that the file can hold so many bytes of pixels.
  ///
  /// Deflate's best is about 1:1032. A file that promises more pixels than that is lying, and no
  /// memory is given out on the word of a file.
  func check(byteCount count: Int) throws {
    let (most, overflow) = Int(clamping: byteCount).multipliedReportingOverflow(by: 1100)
    guard overflow || count <= most + 64 << 20 else {
      throw ND2Error(
        .limitExceeded,
        "the file of \(byteCount) bytes cannot hold the \(count) bytes that its metadata promises; "
          + "read single frames instead")
    }
  }

  private func byteCount(of resolved: ResolvedSelection) throws -> Int {
    guard let count = Checked.product(resolved.gather.byteCount, resolved.frameCount) else {
      throw ND2Error(.limitExceeded, "an array of \(resolved.sizes) does not fit into memory")
    }
    return count
  }

  private func checkSize(
    of buffer: UnsafeMutableRawBufferPointer, for resolved: ResolvedSelection
  ) throws {
    let count = try byteCount(of: resolved)
    guard buffer.count == count else {
      throw ND2Error.invalidRequest(
        "the buffer has \(buffer.count) bytes where the selection needs \(count)")
    }
  }

  /// Reads a selection asynchronously, whatever the source.
  private func readWhole(
    _ resolved: ResolvedSelection, progress: (@Sendable (Double) -> Void)? = nil
  ) async throws -> AnyNDArray {
    let meter = ReadMeter(frameCount: resolved.frameCount, progress)
    do {
      if let source = access.remote { return try await readAsync(resolved, source, meter: meter) }
      let source = try access.blocking
      let flag = CancellationFlag()
      return try await withTaskCancellationHandler {
        try await Offload.run {
          try self.readBlocking(
            resolved, source, isCancelled: { flag.isSet }, meter: meter)
        }
      } onCancel: {
        flag.set()
      }
    } catch let error as ND2Error {
      throw error.inFile(path)
    }
  }

  private func storedSelection(_ index: Int) throws -> ResolvedSelection {
    ArrayGeometry(
      loops: geometry.loopLayout, planes: [Array(0..<geometry.layout.componentCount)],
      layout: geometry.layout, sampleType: geometry.sampleType
    ).frame(try checkedFrame(index), order: .stored)
  }

  private func frameSelection(
    _ index: Int, order: ArraySelection.ComponentOrder
  ) throws -> ResolvedSelection {
    geometry.frame(try checkedFrame(index), order: order)
  }

  func checkedFrame(_ index: Int) throws -> Int {
    let bound = max(frameCount, storedFrameBound)
    guard index >= 0, index < bound else {
      throw ND2Error.invalidRequest(
        "there is no frame \(index): "
          + (bound == 0 ? "the file has no frames" : "the file has frames 0 to \(bound - 1)"))
    }
    return index
  }
}

import ND2Codecs
import ND2Format

// What those need who read the stored bytes of frames by themselves: places that hold.
extension ND2File {
  /// Finds the images of several frames: the header of each is read and verified, displaced ones are
  /// searched for.
  ///
  /// Frames are worked on side by side: on a few threads, or as many requests as
  /// ``ReadingOptions/maxConcurrency`` allows.
  ///
  /// - Parameters:
  ///   - frames: numbers of frames.
  ///   - isCancelled: asked now and then; when it says true the search ends.
  ///   - progress: told after some frames how many more were found, from any thread.
  /// - Returns: where the pixels of each frame are; nil for those that are not stored, or nowhere.
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a frame that the file does not have,
  ///   ``ND2Error/Code/unsupported`` for files of version 1.0, ``ND2Error/Code/io``,
  ///   `CancellationError`.
  package func framePlaces(
    _ frames: Range<Int>, isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: (@Sendable (Int) -> Void)? = nil
  ) throws -> [FramePayload?] {
    try located {
      try checkPlaces(of: frames)
      let source = try access.blocking
      if let remote = access.remote {
        let places = FramePlaces(store: store, isCancelled: isCancelled, progress: progress)
        return try BlockingWait.value { try await places.find(frames, in: remote) }
      }
      return try FramePlaces(store: store, isCancelled: isCancelled, progress: progress)
        .find(frames, in: source)
    }
  }

  /// Finds the images of several frames; see the blocking form. Cancelling the task ends the search
  /// with `CancellationError`.
  package func framePlaces(
    _ frames: Range<Int>, progress: (@Sendable (Int) -> Void)? = nil
  ) async throws -> [FramePayload?] {
    do {
      try checkPlaces(of: frames)
      if let remote = access.remote {
        let places = FramePlaces(store: store, isCancelled: { false }, progress: progress)
        return try await places.find(frames, in: remote)
      }
      let source = try access.blocking
      let flag = CancellationFlag()
      let places = FramePlaces(store: store, isCancelled: { flag.isSet }, progress: progress)
      return try await withTaskCancellationHandler {
        try await Offload.run { try places.find(frames, in: source) }
      } onCancel: {
        flag.set()
      }
    } catch let error as ND2Error {
      throw error.inFile(path)
    }
  }

  private func checkPlaces(of frames: Range<Int>) throws {
    guard !isLegacy else {
      throw ND2Error(
        .unsupported, "the frames of a file of version 1.0 are made up of JPEG 2000 codestreams")
    }
    guard let last = frames.last else { return }
    _ = try checkedFrame(frames.lowerBound)
    _ = try checkedFrame(last)
  }

  /// Size of the pixels of a compressed frame after inflation, rows with their fill; nil when the
  /// stream is damaged or cannot be one, or the size is beyond that of a frame.
  ///
  /// - Throws: ``ND2Error/Code/io``.
  package func inflatedByteCount(ofStream range: Range<UInt64>) throws -> Int? {
    try located {
      guard isPlausibleStream(range) else { return nil }
      return measure(try access.waiting.read(range))
    }
  }

  /// Size of the pixels of a compressed frame after inflation; see the blocking form.
  package func inflatedByteCount(ofStream range: Range<UInt64>) async throws -> Int? {
    guard isPlausibleStream(range) else { return nil }
    do {
      return measure(try await access.asynchronous.read([range]).first ?? [])
    } catch let error as ND2Error {
      throw error.inFile(path)
    }
  }

  /// Whether the size of a stream is one that frames can have.
  private func isPlausibleStream(_ range: Range<UInt64>) -> Bool {
    let frame = UInt64(geometry.layout.frameByteCount)
    let count = range.upperBound - range.lowerBound
    // Streams are not much larger than what they hold; nor can they shrink below about 1:1032.
    return range.upperBound <= byteCount && count / 2 <= frame + (1 << 20)
      && frame / 1040 <= count + 64
  }

  private func measure(_ stream: [UInt8]) -> Int? {
    guard let inflater = try? Inflater() else { return nil }
    let limit = geometry.layout.frameByteCount
    return stream.withUnsafeBytes {
      try? inflater.inflate($0, hint: limit, limit: limit).count
    }
  }
}

/// Finds frames side by side.
private struct FramePlaces: Sendable {
  /// Frames that a thread takes at a time.
  private static let batchCount = 128

  let store: FrameStore
  let isCancelled: @Sendable () -> Bool
  let progress: (@Sendable (Int) -> Void)?

  func find(_ frames: Range<Int>, in source: any ByteSource) throws -> [FramePayload?] {
    let batchCount = (frames.count + Self.batchCount - 1) / Self.batchCount
    let threads = min(store.options.threadCount ?? WorkerTeam.coreCount, batchCount, 64)
    let queue = WorkQueue(count: batchCount, isCancelled: isCancelled)
    let found = Lock([Int: [FramePayload?]]())
    WorkerTeam.run(count: max(1, threads)) { _ in
      while let number = queue.take() {
        do {
          let low = frames.lowerBound + number * Self.batchCount
          let batch = try (low..<min(frames.upperBound, low + Self.batchCount)).map {
            try store.locate($0, in: source)
          }
          found.withLock { $0[number] = batch }
          progress?(batch.count)
        } catch {
          queue.fail(error)
        }
      }
    }
    try queue.finish()
    let batches = found.withLock { $0 }
    return (0..<batchCount).flatMap { batches[$0] ?? [] }
  }

  func find(
    _ frames: Range<Int>, in source: any AsyncByteSource
  ) async throws -> [FramePayload?] {
    var found = [FramePayload?](repeating: nil, count: frames.count)
    let width = max(1, store.options.maxConcurrency)
    try await withThrowingTaskGroup(of: (Int, FramePayload?).self) { group in
      for (ordinal, frame) in frames.enumerated() {
        if ordinal >= width, let (place, payload) = try await group.next() {
          found[place] = payload
          progress?(1)
        }
        try Task.checkCancellation()
        if isCancelled() { throw CancellationError() }
        group.addTask { (ordinal, try await store.locate(frame, in: source)) }
      }
      for try await (place, payload) in group {
        found[place] = payload
        progress?(1)
      }
    }
    return found
  }
}

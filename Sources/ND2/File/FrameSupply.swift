/// Hands out parts of frames to threads that make something of them: read by the threads themselves,
/// or, of a file far away, before they ask, many at a time.
///
/// Parts have numbers in the order in which they are wanted; see ``FrameReadAhead`` for what threads
/// have to keep to.
package struct FrameSupply: Sendable {
  private let file: ND2File
  private let request: @Sendable (Int) -> FrameRequest?
  private let ahead: FrameReadAhead?

  /// - Parameters:
  ///   - count: number of parts.
  ///   - memoryLimit: the most bytes that parts take which are read ahead.
  ///   - isCancelled: asked while a thread waits.
  ///   - request: what a part is; nil for one that the file does not have, which is zeros.
  package init(
    of file: ND2File, count: Int, memoryLimit: Int,
    isCancelled: @escaping @Sendable () -> Bool,
    request: @escaping @Sendable (Int) -> FrameRequest?
  ) {
    self.file = file
    self.request = request
    ahead = file.readAhead(count, memoryLimit: memoryLimit, isCancelled: isCancelled) { number in
      try request(number).map { try file.selection($0) }
    }
  }

  /// Whether parts are read ahead, so that the memory of threads is not used.
  package var isAhead: Bool { ahead != nil }

  /// Gets a part.
  ///
  /// - Parameters:
  ///   - number: its number.
  ///   - byteCount: its size.
  ///   - memory: memory of the thread, which it may be read into.
  ///   - body: gets its pixels, plane after plane, and the number of its frame when some of them are
  ///     not in the file but zeros.
  package func withPart<R>(
    _ number: Int, byteCount: Int, _ memory: FrameMemory,
    _ body: (UnsafeRawBufferPointer, _ lost: Int?) throws -> R
  ) throws -> R {
    guard let wanted = request(number) else {
      try ahead?.withPart(number) { _, _ in }
      let bytes = memory.bytes(byteCount)
      bytes.initializeMemory(as: UInt8.self, repeating: 0)
      return try body(UnsafeRawBufferPointer(bytes), nil)
    }
    guard let ahead else {
      let bytes = memory.bytes(byteCount)
      let isWhole = try file.readFrame(wanted.frame, wanted.part, into: bytes)
      return try body(UnsafeRawBufferPointer(bytes), isWhole ? nil : wanted.frame)
    }
    return try ahead.withPart(number) { bytes, isWhole in
      guard bytes.count == byteCount else {
        throw ND2Error.invalidRequest("a part of \(bytes.count) bytes is not of \(byteCount)")
      }
      return try body(bytes, isWhole ? nil : wanted.frame)
    }
  }

  /// Ends the reading ahead; all threads are done.
  package func stop() { ahead?.stop() }
}

/// Memory of one thread that is used again and again.
package final class FrameMemory {
  private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  package init() {}

  deinit { memory.deallocate() }

  /// Memory of that size, with anything in it.
  package func bytes(_ count: Int) -> UnsafeMutableRawBufferPointer {
    if memory.count < count {
      memory.deallocate()
      memory = .allocate(byteCount: count, alignment: 4096)
    }
    return UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
  }
}

extension ND2File {
  /// Reads parts ahead.
  ///
  /// - Returns: nil for a local file, where nothing is gained.
  func readAhead(
    _ count: Int, memoryLimit: Int, isCancelled: @escaping @Sendable () -> Bool,
    select: @escaping @Sendable (Int) throws -> ResolvedSelection?
  ) -> FrameReadAhead? {
    guard let source = access.remote else { return nil }
    return FrameReadAhead(
      source, store, count: count, memoryLimit: memoryLimit, isCancelled: isCancelled,
      select: select)
  }

  /// Reads parts of frames ahead; nil for a local file.
  package func readAhead(
    _ requests: [FrameRequest], memoryLimit: Int, isCancelled: @escaping @Sendable () -> Bool
  ) -> FrameReadAhead? {
    readAhead(requests.count, memoryLimit: memoryLimit, isCancelled: isCancelled) {
      try self.selection(requests[$0])
    }
  }

  /// Reads selections ahead, each as ``read(_:)-ugdi`` gives it; nil for a local file.
  package func readAhead(
    of selections: [ArraySelection], memoryLimit: Int,
    isCancelled: @escaping @Sendable () -> Bool
  ) -> FrameReadAhead? {
    let geometry = geometry
    return readAhead(selections.count, memoryLimit: memoryLimit, isCancelled: isCancelled) {
      try geometry.resolve(selections[$0])
    }
  }

  /// The array of a selection whose elements are there already.
  package func array(
    of selection: ArraySelection, _ bytes: UnsafeRawBufferPointer
  ) throws -> AnyNDArray {
    try located {
      let array = try emptyArray(for: try geometry.resolve(selection), zeroed: false)
      guard array.storage.bytes.count == bytes.count else {
        throw ND2Error.invalidRequest("\(bytes.count) bytes are not those of the selection")
      }
      array.storage.bytes.copyMemory(from: bytes)
      return array
    }
  }

  /// Reads the frames of a selection ahead, one by one in the order of the array.
  ///
  /// - Returns: the frames and their number; nil for a local file.
  package func readAheadFrames(
    of selection: ArraySelection, memoryLimit: Int,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> (frames: FrameReadAhead, count: Int)? {
    let resolved = try located { try geometry.resolve(selection) }
    let count = resolved.frameCount
    let ahead = readAhead(count, memoryLimit: memoryLimit, isCancelled: isCancelled) {
      ResolvedSelection(
        sizes: resolved.sizes, frames: .numbered(resolved.frameIndex($0)), rows: resolved.rows,
        gather: resolved.gather)
    }
    return ahead.map { ($0, count) }
  }
}

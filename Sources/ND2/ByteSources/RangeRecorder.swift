/// Remembers what was read of a source, up to a number of bytes.
package final class RangeRecorder: Sendable {
  private struct Part {
    var start: UInt64
    var bytes: [UInt8]
  }
  private struct State {
    var parts: [Part] = []
    /// Bytes of all parts, those that overlap counted again.
    var byteCount = 0
    /// Bytes of the parts when they were last put together.
    var leastByteCount = 0
    var isOver = false
  }

  /// Most bytes that are remembered.
  package let mostByteCount: Int
  private let state = Lock(State())

  /// Remembers at most so many bytes.
  package init(mostByteCount: Int) { self.mostByteCount = mostByteCount }

  /// Whether something was read that did not fit any more.
  package var isOver: Bool { state.withLock { $0.isOver } }

  /// Number of bytes that are remembered.
  package var byteCount: Int {
    state.withLock { state in
      Self.merge(&state)
      return state.byteCount
    }
  }

  /// Takes notice of bytes that were read.
  package func take(_ bytes: [UInt8], at start: UInt64) {
    guard !bytes.isEmpty else { return }
    state.withLock { state in
      if bytes.count > mostByteCount - state.byteCount { Self.merge(&state) }
      guard bytes.count <= mostByteCount - state.byteCount else {
        // What is known already needs no place.
        let isKnown = state.parts.contains { part in
          part.start <= start && start - part.start <= UInt64(part.bytes.count)
            && bytes.count <= part.bytes.count - Int(start - part.start)
        }
        if !isKnown { state.isOver = true }
        return
      }
      // What is read again and again is kept once.
      if state.byteCount > max(16 << 20, state.leastByteCount * 2) { Self.merge(&state) }
      state.parts.append(Part(start: start, bytes: bytes))
      state.byteCount += bytes.count
    }
  }

  /// What was read.
  package func kept() -> KeptRanges {
    state.withLock { state in
      Self.merge(&state)
      var bytes: [UInt8] = []
      bytes.reserveCapacity(state.byteCount)
      for part in state.parts { bytes += part.bytes }
      return KeptRanges(
        state.parts.map { $0.start..<($0.start + UInt64($0.bytes.count)) }, bytes: bytes)
        ?? KeptRanges()
    }
  }

  /// Puts parts together that touch or overlap.
  private static func merge(_ state: inout State) {
    guard state.parts.count > 1 else { return }
    var merged: [Part] = []
    for part in state.parts.ordered(by: { $0.start < $1.start }) {
      // In place: a copy of the last part would make each addition one of all its bytes.
      let last = merged.count - 1
      guard last >= 0, part.start - merged[last].start <= UInt64(merged[last].bytes.count) else {
        merged.append(part)
        continue
      }
      let known = merged[last].bytes.count - Int(part.start - merged[last].start)
      if known < part.bytes.count { merged[last].bytes += part.bytes[known...] }
    }
    state.parts = merged
    state.byteCount = merged.reduce(0) { $0 + $1.bytes.count }
    state.leastByteCount = state.byteCount
  }
}

/// A blocking source whose reads are remembered.
struct RecordingSource: ByteSource {
  let base: any ByteSource
  let recorder: RangeRecorder

  var name: String { base.name }

  func byteCount() throws -> UInt64 { try base.byteCount() }

  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws {
    try base.read(at: offset, into: buffer)
    recorder.take(Array(buffer), at: offset)
  }

  func read(_ ranges: [Range<UInt64>]) throws -> [[UInt8]] {
    let supplied = try base.read(ranges)
    for (range, bytes) in zip(ranges, supplied) { recorder.take(bytes, at: range.lowerBound) }
    return supplied
  }
}

/// An asynchronous source whose reads are remembered.
struct AsyncRecordingSource: AsyncByteSource {
  let base: any AsyncByteSource
  let recorder: RangeRecorder

  var name: String { base.name }

  func byteCount() async throws -> UInt64 { try await base.byteCount() }

  func read(_ ranges: [Range<UInt64>]) async throws -> [[UInt8]] {
    let supplied = try await base.read(ranges)
    for (range, bytes) in zip(ranges, supplied) { recorder.take(bytes, at: range.lowerBound) }
    return supplied
  }
}

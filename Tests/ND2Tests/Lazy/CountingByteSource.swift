import ND2

/// A source that notes which bytes are read, and can fail from some time on.
final class CountingByteSource: ByteSource {
  private let base: MemorySource
  private let state = Lock<(ranges: [Range<UInt64>], isGone: Bool)>(([], false))

  init(_ base: MemorySource) { self.base = base }

  var name: String { "counted.nd2" }

  func byteCount() throws -> UInt64 { base.byteCount() }

  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws {
    try state.withLock { state in
      if state.isGone { throw ND2Error(.io, "the drive is gone", at: .init(file: name)) }
      state.ranges.append(offset..<(offset + UInt64(buffer.count)))
    }
    try base.read(at: offset, into: buffer)
  }

  /// Number of reads.
  var requestTotal: Int { state.withLock { $0.ranges.count } }

  /// Forgets what was read so far.
  func reset() { state.withLock { $0.ranges = [] } }

  /// From now on every read fails.
  func vanish() { state.withLock { $0.isGone = true } }

  /// Bytes that were read, in reads of at least `least` bytes.
  func byteCount(least: Int = 0) -> Int {
    state.withLock { state in
      state.ranges.reduce(0) { $0 + ($1.count >= least ? $1.count : 0) }
    }
  }

  /// The most often that any byte of the reads of at least `least` bytes was read.
  func mostReads(least: Int) -> Int {
    state.withLock { state in
      let edges = state.ranges.filter { $0.count >= least }
        .flatMap { [($0.lowerBound, 1), ($0.upperBound, -1)] }
        .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
      var (depth, most) = (0, 0)
      for edge in edges {
        depth += edge.1
        most = max(most, depth)
      }
      return most
    }
  }
}

/// An asynchronous source over a blocking one, which counts how many requests are under way.
final class SlowAsyncSource: AsyncByteSource {
  private let base: CountingByteSource
  private let state = Lock<(now: Int, most: Int)>((0, 0))

  init(_ base: CountingByteSource) { self.base = base }

  var name: String { base.name }
  var mostAtOnce: Int { state.withLock { $0.most } }

  func byteCount() async throws -> UInt64 { try base.byteCount() }

  func read(_ ranges: [Range<UInt64>]) async throws -> [[UInt8]] {
    state.withLock { state in
      state.now += 1
      state.most = max(state.most, state.now)
    }
    defer { state.withLock { $0.now -= 1 } }
    try await Task.sleep(for: .milliseconds(2))
    return try ranges.map { try base.read($0) }
  }
}

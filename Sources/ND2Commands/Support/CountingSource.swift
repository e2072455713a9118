import ND2
import Synchronization

/// Counts of what was asked of sources of bytes, for `--stats`.
final class ReadCounters: Sendable {
  private let requestCount = Atomic<Int>(0)
  private let byteCount = Atomic<Int>(0)

  /// Number of read requests.
  var requests: Int { requestCount.load(ordering: .relaxed) }
  /// Number of bytes read.
  var bytes: Int { byteCount.load(ordering: .relaxed) }

  /// Notes one read.
  func note(byteCount count: Int) {
    requestCount.wrappingAdd(1, ordering: .relaxed)
    byteCount.wrappingAdd(count, ordering: .relaxed)
  }
}

/// A source of bytes whose reads are counted.
struct CountingSource: ByteSource {
  let source: any ByteSource
  let counters: ReadCounters

  var name: String { source.name }

  func byteCount() throws -> UInt64 { try source.byteCount() }

  func reopened() throws -> any ByteSource {
    CountingSource(source: try source.reopened(), counters: counters)
  }

  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws {
    counters.note(byteCount: buffer.count)
    try source.read(at: offset, into: buffer)
  }
}

import ND2TestSupport
import Synchronization
import Testing

@testable import ND2

@Suite("Archives beyond 4 GiB")
struct LargeArchiveTests {
  /// Bytes of which long runs of zeros are not kept.
  private final class SparseSource: ByteSource, @unchecked Sendable {
    static let zeros = [UInt8](repeating: 0, count: 1 << 20)
    let name = "sparse"
    private var pieces: [(start: UInt64, bytes: [UInt8])] = []
    private var size: UInt64 = 0
    private let count = Atomic<Int>(0)

    /// Number of bytes read so far.
    var bytesRead: Int { count.load(ordering: .relaxed) }

    func append(_ bytes: UnsafeRawBufferPointer) {
      if bytes.count != Self.zeros.count { pieces.append((size, Array(bytes))) }
      size += UInt64(bytes.count)
    }

    func byteCount() -> UInt64 { size }

    func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws {
      count.add(buffer.count, ordering: .relaxed)
      buffer.initializeMemory(as: UInt8.self, repeating: 0)
      for (start, bytes) in pieces {
        let from = max(start, offset)
        let to = min(start + UInt64(bytes.count), offset + UInt64(buffer.count))
        guard from < to else { continue }
        for position in from..<to {
          buffer[Int(position - offset)] = bytes[Int(position - start)]
        }
      }
    }
  }

  @Test("Arrays behind 4 GiB are found, and only the one asked for is read")
  func behindLargeArray() throws {
    let source = SparseSource()
    var writer = ZipWriter { source.append($0) }
    let count = 4100
    let header = NumPyFormat.header(shape: [count, 1 << 20], sampleType: .uint8)
    let byteCount = UInt64(header.count) + UInt64(count) << 20
    try writer.append(name: "large.npy", byteCount: byteCount) { take in
      try header.withUnsafeBytes(take)
      for _ in 0..<count { try SparseSource.zeros.withUnsafeBytes(take) }
    }
    let small = try NDArray((0..<50).map { Int16($0) }, shape: [5, 10]).erased
    let content = small.npyBytes
    for name in ["first", "second"] {
      try writer.append(name: "\(name).npy", byteCount: UInt64(content.count)) { take in
        try content.withUnsafeBytes(take)
      }
    }
    try writer.finish()
    let archive = try NumPyArchive(source)
    #expect(archive.names == ["large", "first", "second"])
    let before = source.bytesRead
    #expect(before < 200_000)
    #expect(try archive["second"] == small)
    #expect(source.bytesRead - before < 500)
  }
}

import ND2
import ND2TestSupport
import Testing

@testable import ND2Remote

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Copies of files")
struct DownloadTests {
  /// Bytes whose reads fail beyond a place, until it is told otherwise.
  private final class FailingSource: AsyncByteSource {
    let byteCountOfAll: UInt64
    let tag: String
    let end: Lock<UInt64>
    let readBytes = Lock<UInt64>(0)

    init(_ byteCount: UInt64, tag: String = "\"1\"", failingFrom end: UInt64 = .max) {
      byteCountOfAll = byteCount
      self.tag = tag
      self.end = Lock(end)
    }

    var name: String { "failing.nd2" }

    static func byte(_ offset: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: offset &* 31 >> 3) }

    func byteCount() async throws -> UInt64 { byteCountOfAll }

    func identity() async throws -> SourceIdentity {
      SourceIdentity(byteCount: byteCountOfAll, entityTag: tag)
    }

    func read(_ ranges: [Range<UInt64>]) async throws -> [[UInt8]] {
      try ranges.map { range in
        guard range.upperBound <= end.withLock({ $0 }) else {
          throw ND2Error(.io, "the network is gone", at: .init(file: name))
        }
        readBytes.withLock { $0 += range.upperBound - range.lowerBound }
        return range.map(Self.byte)
      }
    }
  }

  /// A folder that goes with the test.
  private final class Folder {
    let path: String

    init() throws {
      var template = Array("/tmp/nd2-download-XXXXXX".utf8CString)
      path = try template.withUnsafeMutableBufferPointer { template in
        String(cString: try #require(template.baseAddress.flatMap { mkdtemp($0) }))
      }
    }

    deinit {
      for name in names { unlink("\(path)/\(name)") }
      rmdir(path)
    }

    var names: [String] {
      ["copy.nd2", "copy.nd2.part", "copy.nd2.part.json"].filter {
        access("\(path)/\($0)", F_OK) == 0
      }
    }
  }

  @Test("A copy goes on where it was interrupted, and appears only when it is whole")
  func resume() async throws {
    let folder = try Folder()
    let path = folder.path + "/copy.nd2"
    let size = FileDownload.pieceByteCount * 2 + 12_345
    let source = FailingSource(size, failingFrom: FileDownload.pieceByteCount * 2)
    var download = FileDownload(from: source, to: path)
    download.maxConcurrency = 1
    await #expect(throws: ND2Error.self) { try await download.run() }
    #expect(folder.names == ["copy.nd2.part", "copy.nd2.part.json"])
    source.end.withLock { $0 = .max }
    source.readBytes.withLock { $0 = 0 }
    let report = try await download.run()
    #expect(report.byteCount == size)
    #expect(report.resumedByteCount == FileDownload.pieceByteCount * 2)
    #expect(source.readBytes.withLock { $0 } == 12_345)
    #expect(folder.names == ["copy.nd2"])
    let copy = try FileSource(path: path)
    #expect(copy.byteCount() == size)
    for offset in [0, FileDownload.pieceByteCount - 1, size - 1] {
      #expect(try copy.read(offset..<(offset + 1)) == [FailingSource.byte(offset)])
    }
    // An output that is there stays.
    await #expect(throws: ND2Error.self) { try await download.run() }
  }

  @Test("What is left of another file is not used")
  func changed() async throws {
    let folder = try Folder()
    let path = folder.path + "/copy.nd2"
    let size = FileDownload.pieceByteCount + 10
    let first = FailingSource(size, failingFrom: FileDownload.pieceByteCount)
    await #expect(throws: ND2Error.self) { try await FileDownload(from: first, to: path).run() }
    let second = FailingSource(size, tag: "\"2\"")
    #expect(try await FileDownload(from: second, to: path).run().resumedByteCount == 0)
  }
}

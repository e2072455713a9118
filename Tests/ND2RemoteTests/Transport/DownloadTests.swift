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

  #if Remote
    @Test("A copy fetches no byte twice, also without ranges", arguments: [true, false])
    func once(hasRanges: Bool) async throws {
      let folder = try Folder()
      let object = ServedObject(3_000_000)
      let server = try TestServer { request in
        var request = request
        if !hasRanges { request.headers.removeAll { $0.name.lowercased() == "range" } }
        return .respond(object.response(request))
      }
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      _ = try await FileDownload(from: source, to: folder.path + "/copy.nd2").run()
      let copy = try FileSource(path: folder.path + "/copy.nd2")
      #expect(try copy.read(0..<copy.byteCount()) == object.bytes)
      if hasRanges {
        #expect(source.statistics.bytes == 3_000_000)
      } else {
        // The first two, and the one for the end was given up.
        #expect(source.statistics.requests == 2 && source.statistics.bytes < 6_000_000)
      }
    }

    @Test("A large file of a server without ranges is copied in one piece, also when it breaks off")
    func streamed() async throws {
      let folder = try Folder()
      let path = folder.path + "/copy.nd2"
      let object = ServedObject(500_000)
      let broken = Lock(0)
      let server = try TestServer { request in
        var response = object.whole
        // Those that ask for parts are for opening; the first one for all breaks off.
        let isFirst = broken.withLock { count in
          if request.header("range") == nil { count += 1 }
          return count == 1
        }
        if isFirst { response.cutAfter = 300_000 }
        return .respond(response)
      }
      defer { server.stop() }
      var options = RemoteOptions.quick
      options.maxWholeByteCount = 100_000
      let source = try RemoteSource(server.url(), options: options)
      let told = Lock<[UInt64]>([])
      let report = try await FileDownload(from: source, to: path).run { done, total in
        told.withLock { $0 += [done, total] }
      }
      #expect(report == .init(byteCount: 500_000, resumedByteCount: 0))
      let copy = try FileSource(path: path)
      #expect(try copy.read(0..<copy.byteCount()) == object.bytes)
      #expect(folder.names == ["copy.nd2"])
      #expect(told.withLock { $0.suffix(2) } == [500_000, 500_000])
      #expect(broken.withLock { $0 } == 2)
    }

    @Test("What cannot be copied from a server without ranges leaves nothing")
    func streamedInVain() async throws {
      let folder = try Folder()
      let object = ServedObject(500_000)
      let server = try TestServer { request in
        request.header("range") == nil
          ? .respond(.init(status: 403)) : .respond(object.whole)
      }
      defer { server.stop() }
      var options = RemoteOptions.quick
      options.maxWholeByteCount = 100_000
      let source = try RemoteSource(server.url(), options: options)
      let error = await #expect(throws: ND2Error.self) {
        try await FileDownload(from: source, to: folder.path + "/copy.nd2").run()
      }
      #expect(error?.message.contains("403") == true)
      #expect(folder.names.isEmpty)
    }
  #endif
}

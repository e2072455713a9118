import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Files that are being written")
struct GrowingFileTests {
  private static let sample: SampleFile = {
    var sample = SampleFile(width: 64, height: 48, loops: [.time(count: 20)])
    sample.flaws.writesEarlyAttributes = true
    return sample
  }()

  private static let options: ReadingOptions = {
    var options = ReadingOptions()
    options.isBeingWritten = true
    return options
  }()

  @Test("frames appear as they are written, never a part of one")
  func grows() throws {
    let bytes = try Self.sample.bytes()
    let places = try ChunkPlaces(of: bytes)
    let ends = try (0..<20).map { index in
      let place = try places.frame(index)
      return place.dataOffset + place.byteCount
    }
    let folder = try TemporaryDirectory()
    let start = try places.frame(2).headerOffset
    let path = try folder.write(Array(bytes[..<start]), as: "growing.nd2")
    var file = try ND2File(path: path, options: Self.options)
    #expect(file.storedFrameCount == 2)
    #expect(file.isSearched)
    #expect(!file.diagnostics.contains { $0.severity == .damage })
    for length in stride(from: start, to: bytes.count, by: 3001) {
      _ = try folder.write(Array(bytes[..<length]), as: "growing.nd2")
      file = try file.refreshed()
      let whole = ends.filter { $0 <= length }.count
      #expect(file.storedFrameCount == whole, "\(length)")
      if whole > 0 {
        let pixels = ArrayReadingTests.bytes(try file.readStoredFrame(whole - 1))
        #expect(pixels == Self.sample.packedFrame(whole - 1))
      }
      if whole < 20 { #expect(file.isMissing(frame: whole)) }
    }
    _ = try folder.write(bytes, as: "growing.nd2")
    file = try file.refreshed()
    #expect(!file.isSearched)
    #expect(file.storedFrameCount == 20)
    #expect(file.diagnostics.isEmpty)
  }

  @Test("looking again reads only what came since, and the metadata")
  func isCheap() throws {
    var sample = SampleFile(width: 16, height: 16, loops: [.time(count: 2000)])
    sample.flaws.writesEarlyAttributes = true
    let bytes = try sample.bytes(with: .removeMap)
    let source = GrowingSource(CountingByteSource(MemorySource(bytes)), bytes.count - 100_000)
    let file = try ND2File(reading: source, options: Self.options)
    let before = source.base.requestTotal
    source.grow(to: bytes.count)
    let later = try file.refreshed()
    #expect(later.storedFrameCount == 2000)
    #expect(later.storedFrameCount > file.storedFrameCount)
    #expect(source.base.requestTotal - before < 150)
  }

  @Test("asynchronous sources are looked at again too")
  func asynchronous() async throws {
    let bytes = try Self.sample.bytes()
    let source = CountingAsyncSource(bytes)
    let file = try await ND2File(reading: source)
    #expect(try await file.refreshed().storedFrameCount == 20)
  }

  @Test("a file that becomes shorter while it is read is an error")
  func shrinks() throws {
    let folder = try TemporaryDirectory()
    let path = try folder.write(try Self.sample.bytes(), as: "file.nd2")
    let file = try ND2File(path: path)
    #expect(truncate(path, 40_000) == 0)
    let error = #expect(throws: ND2Error.self) { try file.read() }
    #expect(error?.code == .io)
    #expect(throws: ND2Error.self) { try file.chunk("ImageTextInfoLV") }
  }
}

/// A source that shows a part of another one, and more of it later.
private final class GrowingSource: ByteSource, @unchecked Sendable {
  let base: CountingByteSource
  private var visible: Int

  init(_ base: CountingByteSource, _ visible: Int) {
    self.base = base
    self.visible = visible
  }

  var name: String { base.name }

  func byteCount() -> UInt64 { UInt64(visible) }

  func grow(to count: Int) { visible = count }

  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws {
    try base.read(at: offset, into: buffer)
  }
}

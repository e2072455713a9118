import ND2Codecs
import Testing

@Suite("Codecs of chunks")
struct ChunkCodecTests {
  private func compress(_ bytes: [UInt8], _ codec: ChunkCodec) throws -> [UInt8] {
    let compressor = try ChunkCompressor(codec)
    return try bytes.withUnsafeBytes { Array(try compressor.compress($0)) }
  }

  @Test("The Castagnoli checksum has the check value of its definition")
  func checksum() {
    #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.checksum([UInt8]()) == 0)
  }

  @Test("Each codec writes its own kind of stream, smaller than what repeats")
  func streams() throws {
    let bytes = [UInt8](repeating: 7, count: 100_000)
    #expect(try compress(bytes, .none) == bytes)
    let zstd = try compress(bytes, .zstd(level: 3))
    #expect(zstd.prefix(4) == [0x28, 0xB5, 0x2F, 0xFD])
    let gzip = try compress(bytes, .gzip(level: 5))
    #expect(gzip.prefix(2) == [0x1F, 0x8B])
    let zlib = try compress(bytes, .zlib(level: 5))
    #expect(try Inflater().inflate(zlib) == bytes)
    let blosc = try compress(
      bytes, .blosc(.init(compressor: "lz4", level: 5, shuffle: 1, typeSize: 2)))
    // Version, version of the format, flags, size of a number, size.
    #expect(blosc[0] == 2)
    #expect(blosc[3] == 2)
    #expect(blosc[4..<8] == [0xA0, 0x86, 0x01, 0x00])
    for stream in [zstd, gzip, zlib, blosc] { #expect(stream.count < 2000) }
  }

  @Test("A compressor is used again for chunks of any size")
  func reuse() throws {
    let compressor = try ChunkCompressor(.zstd(level: 1))
    for count in [10, 100_000, 0, 1000] {
      let bytes = [UInt8](repeating: 1, count: count)
      let again = try compress(bytes, .zstd(level: 1))
      let first = try bytes.withUnsafeBytes { Array(try compressor.compress($0)) }
      #expect(first == again)
    }
  }

  @Test("A compressor that Blosc does not have is refused")
  func unknown() {
    let codec = ChunkCodec.blosc(.init(compressor: "nothing", level: 5, shuffle: 1, typeSize: 2))
    #expect(!codec.isAvailable)
    #expect(throws: CodecError.unavailable) { try ChunkCompressor(codec) }
  }
}

extension Inflater {
  fileprivate borrowing func inflate(_ bytes: [UInt8]) throws -> [UInt8] {
    try bytes.withUnsafeBytes { try inflate($0, limit: 1 << 20) }
  }
}

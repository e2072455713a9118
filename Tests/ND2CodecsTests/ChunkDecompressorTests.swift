import Testing

@testable import ND2Codecs

@Suite("Chunks that are restored")
struct ChunkDecompressorTests {
  static let codecs: [ChunkCodec] = [
    .none, .zstd(level: 3), .gzip(level: 5), .zlib(level: 5),
    .blosc(.init(compressor: "lz4", level: 5, shuffle: 1, typeSize: 2)),
    .blosc(.init(compressor: "zstd", level: 5, shuffle: 2, typeSize: 4)),
  ]

  @Test("What was compressed is restored, and nothing else", arguments: codecs)
  func roundTrip(codec: ChunkCodec) throws {
    let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    // What it gives lies in its memory.
    let compressor = try ChunkCompressor(codec)
    let compressed = try withExtendedLifetime(compressor) {
      try bytes.withUnsafeBytes { Array(try compressor.compress($0)) }
    }
    let decompressor = try ChunkDecompressor(codec)
    func restored(_ input: [UInt8], _ count: Int) throws -> [UInt8] {
      var output = [UInt8](repeating: 0, count: count)
      try input.withUnsafeBytes { input in
        try output.withUnsafeMutableBytes { try decompressor.decompress(input, into: $0) }
      }
      return output
    }
    #expect(try restored(compressed, 5000) == bytes)
    #expect(throws: CodecError.self) { try restored(compressed, 4999) }
    #expect(throws: CodecError.self) { try restored(compressed, 5001) }
    #expect(throws: CodecError.self) { try restored(Array(compressed.dropLast(9)), 5000) }
    #expect(throws: CodecError.self) { try restored([], 5000) }
  }
}

import ND2TestSupport
import Testing

@testable import ND2Codecs

@Suite("Levels of compression where they pay")
struct ChunkCompressorTests {
  static let codecs: [ChunkCodec] = [
    .zstd(level: 5), .gzip(level: 6), .zlib(level: 1), .zlib(level: 9),
    .blosc(.init(compressor: "zstd", level: 5, shuffle: 1, typeSize: 2)),
  ]

  /// 16-bit numbers like those of a camera: a level and noise.
  private func noise(_ count: Int) -> [UInt8] {
    var state: UInt64 = 1
    return (0..<count / 2).flatMap { _ -> [UInt8] in
      var sum = 100
      for _ in 0..<4 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        sum += Int(state >> 60)
      }
      return [UInt8(truncatingIfNeeded: sum), UInt8(truncatingIfNeeded: sum >> 8)]
    }
  }

  /// What only a search finds: the same long piece again and again, far apart.
  private func repetition(_ count: Int) -> [UInt8] {
    let piece = noise(6000)
    return (0..<count).map { piece[$0 % piece.count] }
  }

  private func compress(_ bytes: [UInt8], _ compressor: ChunkCompressor) throws -> [UInt8] {
    try bytes.withUnsafeBytes { Array(try compressor.compress($0)) }
  }

  @Test("Chunks of every size and kind are restored", arguments: codecs)
  func roundTrip(codec: ChunkCodec) throws {
    let decompressor = try ChunkDecompressor(codec)
    for isLevelExact in [false, true] {
      let compressor = try ChunkCompressor(codec, isLevelExact: isLevelExact)
      for count in [2, 1000, 65_534, 65_536, 65_538, 300_000, 1_000_002] {
        for bytes in [noise(count), repetition(count), [UInt8](repeating: 0, count: count)] {
          let compressed = try compress(bytes, compressor)
          var restored = [UInt8](repeating: 1, count: count)
          try compressed.withUnsafeBytes { input in
            try restored.withUnsafeMutableBytes { try decompressor.decompress(input, into: $0) }
          }
          #expect(restored == bytes)
        }
      }
    }
  }

  @Test("Noise is hardly larger than at the level, repetition as small", arguments: codecs)
  func sizes(codec: ChunkCodec) throws {
    let compressor = try ChunkCompressor(codec)
    let exact = try ChunkCompressor(codec, isLevelExact: true)
    let noisy = noise(1 << 20)
    #expect(
      Double(try compress(noisy, compressor).count)
        < 1.08 * Double(try compress(noisy, exact).count))
    let repeating = repetition(1 << 20)
    #expect(
      Double(try compress(repeating, compressor).count)
        < 1.08 * Double(try compress(repeating, exact).count))
  }

  @Test("What a chunk becomes does not depend on those before", arguments: codecs)
  func order(codec: ChunkCodec) throws {
    let first = try ChunkCompressor(codec)
    let second = try ChunkCompressor(codec)
    let (a, b) = (noise(200_000), repetition(200_000))
    let results = [try compress(a, first), try compress(b, first)]
    #expect(try compress(b, second) == results[1])
    #expect(try compress(a, second) == results[0])
  }
}

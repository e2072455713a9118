import CBlosc

/// How the bytes of a chunk of an array are compressed.
package enum ChunkCodec: Hashable, Sendable {
  /// Not at all.
  case none
  /// As a frame of Zstandard; levels from 1 to 22, 0 for the library's choice, negative ones faster.
  case zstd(level: Int)
  /// As a gzip member; levels from 0 to 12.
  case gzip(level: Int)
  /// As a zlib stream; levels from 0 to 12.
  case zlib(level: Int)
  /// As a buffer of Blosc 1: split into blocks, shuffled, compressed; levels from 0 to 9.
  case blosc(Blosc)

  /// What Blosc does with a chunk.
  package struct Blosc: Hashable, Sendable {
    /// The compressor within: `lz4`, `lz4hc`, `zstd`, `zlib`, `blosclz`, as the library was built.
    package var compressor: String
    /// 0 to 9.
    package var level: Int
    /// How bytes are reordered: 0 not, 1 by bytes, 2 by bits.
    package var shuffle: Int
    /// Size of a number in bytes.
    package var typeSize: Int

    package init(compressor: String, level: Int, shuffle: Int, typeSize: Int) {
      self.compressor = compressor
      self.level = level
      self.shuffle = shuffle
      self.typeSize = typeSize
    }
  }

  /// Whether the codec can be used: Blosc may have been built without a compressor.
  package var isAvailable: Bool {
    guard case .blosc(let blosc) = self else { return true }
    return blosc_compname_to_compcode(blosc.compressor) >= 0
  }
}

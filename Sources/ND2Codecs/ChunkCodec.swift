import CBlosc
import CLibdeflate
import CZstd

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

/// Compresses chunks one after the other. Not safe to share between threads: keep one for each.
package final class ChunkCompressor {
  private let codec: ChunkCodec
  private var zstd: OpaquePointer?
  private var deflate: OpaquePointer?
  private var output = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  /// Creates a compressor.
  ///
  /// - Throws: ``CodecError/unavailable`` when the library cannot set it up.
  package init(_ codec: ChunkCodec) throws(CodecError) {
    self.codec = codec
    switch codec {
    case .none: break
    case .zstd(let level):
      zstd = ZSTD_createCCtx()
      let most = Int(ZSTD_maxCLevel())
      let least = max(Int(ZSTD_minCLevel()), -100)
      guard let zstd,
        ZSTD_isError(
          ZSTD_CCtx_setParameter(
            zstd, ZSTD_c_compressionLevel, Int32(min(max(level, least), most)))) == 0
      else { throw .unavailable }
    case .gzip(let level), .zlib(let level):
      deflate = libdeflate_alloc_compressor(Int32(min(max(level, 0), 12)))
      guard deflate != nil else { throw .unavailable }
    case .blosc:
      guard codec.isAvailable else { throw .unavailable }
    }
  }

  deinit {
    if let zstd { ZSTD_freeCCtx(zstd) }
    if let deflate { libdeflate_free_compressor(deflate) }
    output.deallocate()
  }

  /// Compresses bytes; the result is valid until the next call.
  package func compress(
    _ input: UnsafeRawBufferPointer
  ) throws(CodecError) -> UnsafeRawBufferPointer {
    switch codec {
    case .none: return input
    case .zstd:
      makeRoom(ZSTD_compressBound(input.count))
      let count = ZSTD_compress2(
        zstd, output.baseAddress, output.count, input.baseAddress, input.count)
      guard ZSTD_isError(count) == 0 else { throw .unavailable }
      return result(count)
    case .gzip:
      makeRoom(libdeflate_gzip_compress_bound(deflate, input.count))
      return result(
        libdeflate_gzip_compress(
          deflate, input.baseAddress, input.count, output.baseAddress, output.count))
    case .zlib:
      makeRoom(libdeflate_zlib_compress_bound(deflate, input.count))
      return result(
        libdeflate_zlib_compress(
          deflate, input.baseAddress, input.count, output.baseAddress, output.count))
    case .blosc(let blosc):
      guard input.count <= Int(Int32.max) - Int(BLOSC_MAX_OVERHEAD) else {
        throw .limitExceeded(limit: Int(Int32.max) - Int(BLOSC_MAX_OVERHEAD))
      }
      makeRoom(input.count + Int(BLOSC_MAX_OVERHEAD))
      let count = blosc_compress_ctx(
        Int32(min(max(blosc.level, 0), 9)), Int32(min(max(blosc.shuffle, 0), 2)),
        min(max(blosc.typeSize, 1), 255), input.count, input.baseAddress, output.baseAddress,
        output.count, blosc.compressor, 0, 1)
      guard count > 0 else { throw .unavailable }
      return result(Int(count))
    }
  }

  private func result(_ count: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: output[..<min(count, output.count)])
  }

  private func makeRoom(_ count: Int) {
    guard output.count < count else { return }
    output.deallocate()
    output = .allocate(byteCount: count, alignment: 64)
  }
}

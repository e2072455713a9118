import CBlosc
import CISAL
import CLibdeflate
import CZstd

/// One way of compressing blocks of bytes. Not safe to share between threads.
final class BlockCoder {
  /// What deflate is wrapped in.
  enum DeflateFrame { case gzip, zlib }

  private enum Library {
    case zstd(OpaquePointer)
    case libdeflate(OpaquePointer, DeflateFrame)
    /// Far faster than any level of libdeflate, and as small where there is little to find.
    case isal(UnsafeMutablePointer<nd2_isal>, DeflateFrame)
    case blosc(ChunkCodec.Blosc)
  }

  private let library: Library

  /// Zstandard; levels beyond those of the library become its nearest.
  init(zstd level: Int) throws(CodecError) {
    guard let context = ZSTD_createCCtx() else { throw .unavailable }
    library = .zstd(context)
    let most = Int(ZSTD_maxCLevel())
    let least = max(Int(ZSTD_minCLevel()), -100)
    let status = ZSTD_CCtx_setParameter(
      context, ZSTD_c_compressionLevel, Int32(min(max(level, least), most)))
    guard ZSTD_isError(status) == 0 else { throw .unavailable }
  }

  /// Deflate at a level from 0 to 12.
  init(deflate level: Int, in frame: DeflateFrame) throws(CodecError) {
    guard let compressor = libdeflate_alloc_compressor(Int32(min(max(level, 0), 12))) else {
      throw .unavailable
    }
    library = .libdeflate(compressor, frame)
  }

  /// Deflate as fast as can be.
  init(fastDeflateIn frame: DeflateFrame) throws(CodecError) {
    guard let coder = nd2_isal_create() else { throw .unavailable }
    library = .isal(coder, frame)
  }

  /// Blosc.
  init(_ blosc: ChunkCodec.Blosc) throws(CodecError) {
    guard ChunkCodec.blosc(blosc).isAvailable else { throw .unavailable }
    library = .blosc(blosc)
  }

  deinit {
    switch library {
    case .zstd(let context): ZSTD_freeCCtx(context)
    case .libdeflate(let compressor, _): libdeflate_free_compressor(compressor)
    case .isal(let coder, _): nd2_isal_free(coder)
    case .blosc: break
    }
  }

  /// Bytes that the result takes at most.
  func bound(_ count: Int) throws(CodecError) -> Int {
    switch library {
    case .zstd: return ZSTD_compressBound(count)
    case .libdeflate(let compressor, .gzip):
      return libdeflate_gzip_compress_bound(compressor, count)
    case .libdeflate(let compressor, .zlib):
      return libdeflate_zlib_compress_bound(compressor, count)
    case .isal: return nd2_isal_bound(count)
    case .blosc:
      let most = Int(Int32.max) - Int(BLOSC_MAX_OVERHEAD)
      guard count <= most else { throw .limitExceeded(limit: most) }
      return count + Int(BLOSC_MAX_OVERHEAD)
    }
  }

  /// Compresses bytes; nil when they do not fit into the output.
  func compress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> Int? {
    let count: Int
    switch library {
    case .zstd(let context):
      count = ZSTD_compress2(
        context, output.baseAddress, output.count, input.baseAddress, input.count)
      if ZSTD_isError(count) != 0 { return nil }
    case .libdeflate(let compressor, .gzip):
      count = libdeflate_gzip_compress(
        compressor, input.baseAddress, input.count, output.baseAddress, output.count)
    case .libdeflate(let compressor, .zlib):
      count = libdeflate_zlib_compress(
        compressor, input.baseAddress, input.count, output.baseAddress, output.count)
    case .isal(let coder, let frame):
      count = nd2_isal_compress(
        coder, frame == .gzip ? 1 : 0, input.baseAddress, input.count, output.baseAddress,
        output.count)
    case .blosc(let blosc):
      count = Int(
        blosc_compress_ctx(
          Int32(min(max(blosc.level, 0), 9)), Int32(min(max(blosc.shuffle, 0), 2)),
          min(max(blosc.typeSize, 1), 255), input.count, input.baseAddress, output.baseAddress,
          output.count, blosc.compressor, 0, 1))
    }
    return count > 0 && count <= output.count ? count : nil
  }
}

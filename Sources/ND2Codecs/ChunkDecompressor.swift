import CBlosc
import CLibdeflate
import CZstd

/// Restores chunks whose size is known. Not safe to share between threads: keep one for each.
package final class ChunkDecompressor {
  private let codec: ChunkCodec
  private var zstd: OpaquePointer?
  private var inflate: OpaquePointer?

  /// Creates a decompressor; levels do not matter.
  ///
  /// - Throws: ``CodecError/unavailable`` when the library cannot set it up.
  package init(_ codec: ChunkCodec) throws(CodecError) {
    self.codec = codec
    switch codec {
    case .none, .blosc: break
    case .zstd:
      zstd = ZSTD_createDCtx()
      guard zstd != nil else { throw .unavailable }
    case .gzip, .zlib:
      inflate = libdeflate_alloc_decompressor()
      guard inflate != nil else { throw .unavailable }
    }
  }

  deinit {
    if let zstd { ZSTD_freeDCtx(zstd) }
    if let inflate { libdeflate_free_decompressor(inflate) }
  }

  /// Restores a chunk, which must have exactly the size of the memory.
  package func decompress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(CodecError) {
    switch codec {
    case .none:
      guard input.count == output.count else {
        throw .wrongByteCount(expected: output.count)
      }
      output.copyMemory(from: input)
    case .zstd:
      let count = ZSTD_decompressDCtx(
        zstd, output.baseAddress, output.count, input.baseAddress, input.count)
      guard ZSTD_isError(count) == 0 else { throw .corrupt }
      guard count == output.count else { throw .wrongByteCount(expected: output.count) }
    case .gzip:
      try check(
        libdeflate_gzip_decompress(
          inflate, input.baseAddress, input.count, output.baseAddress, output.count, nil), output)
    case .zlib:
      try check(
        libdeflate_zlib_decompress(
          inflate, input.baseAddress, input.count, output.baseAddress, output.count, nil), output)
    case .blosc:
      var size = 0
      guard blosc_cbuffer_validate(input.baseAddress, input.count, &size) == 0 else {
        throw .corrupt
      }
      guard size == output.count else { throw .wrongByteCount(expected: output.count) }
      let count = blosc_decompress_ctx(input.baseAddress, output.baseAddress, output.count, 1)
      guard Int(count) == output.count else { throw .corrupt }
    }
  }

  private func check(
    _ result: libdeflate_result, _ output: UnsafeMutableRawBufferPointer
  ) throws(CodecError) {
    switch result {
    case LIBDEFLATE_SUCCESS: return
    case LIBDEFLATE_SHORT_OUTPUT, LIBDEFLATE_INSUFFICIENT_SPACE:
      throw .wrongByteCount(expected: output.count)
    default: throw .corrupt
    }
  }
}

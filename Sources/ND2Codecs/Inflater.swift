import CLibdeflate

/// Why a compressed stream could not be decoded.
package enum CodecError: Error, Equatable, Sendable {
  /// The stream is not valid compressed data, or fails its checksum.
  case corrupt
  /// The stream is valid but does not hold the number of bytes asked for.
  case wrongByteCount(expected: Int)
  /// The decoded bytes would exceed the limit.
  case limitExceeded(limit: Int)
  /// The codec could not be set up.
  case unavailable
  /// The codec is not part of this build.
  case notBuilt
  /// The stream is sound but of a kind that is not decoded; the text names it.
  case unsupported(String)
}

/// Decodes zlib streams and bare deflate streams. Not safe to share between threads: keep one for each thread.
package struct Inflater: ~Copyable {
  private let decompressor: OpaquePointer

  /// Creates a decoder.
  package init() throws(CodecError) {
    guard let decompressor = libdeflate_alloc_decompressor() else { throw .unavailable }
    self.decompressor = decompressor
  }

  deinit { libdeflate_free_decompressor(decompressor) }

  /// Decodes a zlib stream whose decoded size is known, filling `output` exactly.
  ///
  /// Bytes after the end of the stream are ignored.
  package borrowing func inflate(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(CodecError) {
    var consumed = 0
    try check(
      libdeflate_zlib_decompress_ex(
        decompressor, input.baseAddress, input.count, output.baseAddress, output.count, &consumed,
        nil), output.count)
  }

  /// Decodes a bare deflate stream, without header and checksum, whose decoded size is known,
  /// filling `output` exactly.
  ///
  /// Bytes after the end of the stream are ignored.
  package borrowing func inflateBare(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(CodecError) {
    var consumed = 0
    try check(
      libdeflate_deflate_decompress_ex(
        decompressor, input.baseAddress, input.count, output.baseAddress, output.count, &consumed,
        nil), output.count)
  }

  private borrowing func check(
    _ result: libdeflate_result, _ expected: Int
  ) throws(CodecError) {
    switch result {
    case LIBDEFLATE_SUCCESS: return
    case LIBDEFLATE_SHORT_OUTPUT, LIBDEFLATE_INSUFFICIENT_SPACE:
      throw .wrongByteCount(expected: expected)
    default: throw .corrupt
    }
  }

  /// Decodes a zlib stream of unknown decoded size, refusing more than `limit` bytes.
  ///
  /// - Parameter hint: the size that is expected, for instance from a header; only a hint.
  package borrowing func inflate(
    _ input: UnsafeRawBufferPointer, hint: Int = 0, limit: Int
  ) throws(CodecError) -> [UInt8] {
    let guess = hint > 0 ? hint : input.count.multipliedReportingOverflow(by: 4).partialValue
    var capacity = min(max(guess, 4096), limit)
    while true {
      var actual = 0
      var result = LIBDEFLATE_BAD_DATA
      let output = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        result = libdeflate_zlib_decompress(
          decompressor, input.baseAddress, input.count, buffer.baseAddress, buffer.count, &actual)
        count = result == LIBDEFLATE_SUCCESS ? actual : 0
      }
      switch result {
      case LIBDEFLATE_SUCCESS: return output
      case LIBDEFLATE_INSUFFICIENT_SPACE:
        guard capacity < limit else { throw .limitExceeded(limit: limit) }
        capacity = capacity > limit / 2 ? limit : capacity * 2
      default: throw .corrupt
      }
    }
  }

  /// Tells whether bytes begin like a zlib stream (method 8 and a valid header check).
  package static func looksLikeZlib(_ first: UInt8, _ second: UInt8) -> Bool {
    first & 0x0F == 8 && first >> 4 <= 7 && (UInt16(first) << 8 | UInt16(second)) % 31 == 0
  }
}

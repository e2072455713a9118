import CLibdeflate

/// Encodes zlib streams and bare deflate streams. Not safe to share between threads: keep one for each thread.
package struct Deflater: ~Copyable {
  private let compressor: OpaquePointer

  /// Creates an encoder; `level` goes from 0 (store) to 12 (slowest).
  package init(level: Int = 1) throws(CodecError) {
    guard let compressor = libdeflate_alloc_compressor(Int32(min(max(level, 0), 12))) else {
      throw .unavailable
    }
    self.compressor = compressor
  }

  deinit { libdeflate_free_compressor(compressor) }

  /// Encodes bytes as one zlib stream.
  package borrowing func deflate(_ input: UnsafeRawBufferPointer) throws(CodecError) -> [UInt8] {
    let bound = libdeflate_zlib_compress_bound(compressor, input.count)
    var written = 0
    let output = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      written = libdeflate_zlib_compress(
        compressor, input.baseAddress, input.count, buffer.baseAddress, buffer.count)
      count = written
    }
    guard written > 0 else { throw .unavailable }
    return output
  }

  /// Encodes bytes as one zlib stream.
  package borrowing func deflate(_ input: [UInt8]) throws(CodecError) -> [UInt8] {
    try input.withUnsafeBufferPointer { (bytes) throws(CodecError) -> [UInt8] in
      try deflate(UnsafeRawBufferPointer(bytes))
    }
  }

  /// Encodes bytes as one bare deflate stream, without header and checksum.
  ///
  /// - Returns: the stream, or nil when it would have more than `most` bytes.
  package borrowing func deflateBare(_ input: UnsafeRawBufferPointer, most: Int) -> [UInt8]? {
    let bound = libdeflate_deflate_compress_bound(compressor, input.count)
    var written = 0
    let output = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      written = libdeflate_deflate_compress(
        compressor, input.baseAddress, input.count, buffer.baseAddress, buffer.count)
      count = written
    }
    return written > 0 && written <= most ? output : nil
  }
}

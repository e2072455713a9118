import CTIFF
import ND2
import ND2Codecs

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Compresses blocks of pixels, for one thread.
final class TIFFBlockEncoder {
  private let shape: TIFFShape
  private let usesPredictor: Bool
  private let compressor: ChunkCompressor?
  /// For what only libtiff has.
  private let library: TIFFLibraryEncoder?
  private var scratch = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  init(_ shape: TIFFShape, _ options: TIFFOptions) throws {
    self.shape = shape
    usesPredictor = options.appliesPredictor
    do {
      switch options.compression {
      case .none: (compressor, library) = (nil, nil)
      case .deflate(let level):
        compressor = try ChunkCompressor(
          .zlib(level: level), isLevelExact: options.isLevelExact)
        library = nil
      case .zstd(let level):
        compressor = try ChunkCompressor(
          .zstd(level: level), isLevelExact: options.isLevelExact)
        library = nil
      case .lzw: (compressor, library) = (nil, try TIFFLibraryEncoder())
      }
    } catch is CodecError {
      throw ND2Error(.limitExceeded, "there is no memory to compress with")
    }
  }

  deinit { scratch.deallocate() }

  /// Appends a block to `output`.
  ///
  /// - Parameters:
  ///   - plane: rows of a plane, dense.
  ///   - rowByteCount: their size.
  ///   - column: the first column of the block, in blocks.
  ///   - level: the level of the plane.
  func encode(
    _ plane: UnsafeRawBufferPointer, rowByteCount: Int, column: Int, level: TIFFShape.Level,
    into output: inout [UInt8]
  ) throws {
    let isTile = shape.tile != nil
    let width = isTile ? level.blockWidth * shape.pixelByteCount : rowByteCount
    let rows = plane.count / rowByteCount
    if !isTile, !usesPredictor { return try compress(plane, into: &output) }
    // Tiles at the right and the bottom are filled up with zeros.
    let block = memory(width * (isTile ? level.blockHeight : rows))
    let first = column * width
    let taken = min(width, rowByteCount - first)
    guard let from = plane.baseAddress, let to = block.baseAddress else { return }
    for row in 0..<rows {
      (to + row * width).copyMemory(from: from + row * rowByteCount + first, byteCount: taken)
      if taken < width { memset(to + row * width + taken, 0, width - taken) }
    }
    if rows * width < block.count { memset(to + rows * width, 0, block.count - rows * width) }
    if usesPredictor {
      TIFFPredictor.apply(
        to: block, rowByteCount: width, samples: shape.samples, type: shape.sampleType)
    }
    try compress(UnsafeRawBufferPointer(block), into: &output)
  }

  private func compress(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) throws {
    if let compressor {
      do {
        output += try compressor.compress(bytes)
      } catch {
        throw ND2Error(.limitExceeded, "there is no memory to compress with")
      }
    } else if let library {
      try library.encode(bytes, into: &output)
    } else {
      output += bytes
    }
  }

  private func memory(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
    if scratch.count < byteCount {
      scratch.deallocate()
      scratch = .allocate(byteCount: byteCount, alignment: 64)
    }
    return UnsafeMutableRawBufferPointer(rebasing: scratch[0..<byteCount])
  }
}

extension TIFFOptions {
  /// Whether pixels become differences.
  var appliesPredictor: Bool { compression != .none && usesPredictor ?? true }

  /// The value of the tag.
  var compressionTag: UInt16 {
    switch compression {
    case .none: UInt16(COMPRESSION_NONE)
    case .lzw: UInt16(COMPRESSION_LZW)
    case .deflate: UInt16(COMPRESSION_ADOBE_DEFLATE)
    case .zstd: UInt16(COMPRESSION_ZSTD)
    }
  }
}

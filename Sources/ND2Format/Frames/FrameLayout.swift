import ND2Codecs

/// How the pixels of every frame of a file are laid out in its image chunks (nd2-format §4).
///
/// A frame is `height` rows, top row first, each `rowByteCount` bytes long with fill at its end;
/// within a row pixel by pixel, and within a pixel its components side by side, little-endian.
package struct FrameLayout: Hashable, Sendable {
  /// What the attributes of the file say of compression.
  package enum Compression: Hashable, Sendable {
    case none, lossless, lossy
    /// Codestreams of JPEG 2000, which only files of version 1.0 have; see ``CodestreamLayout``.
    case jpeg2000
  }

  /// How one payload is coded.
  package enum Coding: Hashable, Sendable {
    /// Rows at that distance.
    case raw(rowStride: Int)
    /// One zlib stream of the rows.
    case zlib
    /// Something that cannot be decoded; the text names it.
    case unsupported(String)
  }

  /// Bytes before the pixels of an image chunk: the time of the frame, f64 ms.
  package static let prefixByteCount: UInt64 = 8

  /// Pixels in a row.
  package let width: Int
  /// Rows.
  package let height: Int
  /// Stored numbers per pixel, over all channels.
  package let componentCount: Int
  /// Size of one number.
  package let sampleByteCount: Int
  /// Distance from row to row.
  package let rowByteCount: Int
  /// Size of a row without fill.
  package let packedRowByteCount: Int
  /// Size of all rows with their fill.
  package let frameByteCount: Int
  /// What the attributes say.
  package let compression: Compression

  /// Creates a layout, or nil when its sizes are not positive or do not fit into memory.
  ///
  /// A declared row size that is too small for the row is replaced by the format's rule, the
  /// packed size rounded up to 4 (nd2-format §4.2).
  package init?(
    width: Int, height: Int, componentCount: Int, sampleByteCount: Int,
    declaredRowByteCount: Int?, compression: Compression
  ) {
    guard width > 0, height > 0, componentCount > 0, sampleByteCount > 0,
      let packed = Checked.product(width, componentCount, sampleByteCount),
      let rounded = Checked.roundUp(packed, to: 4)
    else { return nil }
    let declared = declaredRowByteCount ?? 0
    let row = declared >= packed ? declared : rounded
    guard let frame = Checked.product(row, height), frame <= 1 << 46 else { return nil }
    self.width = width
    self.height = height
    self.componentCount = componentCount
    self.sampleByteCount = sampleByteCount
    self.compression = compression
    packedRowByteCount = packed
    rowByteCount = row
    frameByteCount = frame
  }

  /// Whether rows can be read without those before them.
  package var isDivisible: Bool { compression == .none || compression == .lossy }

  /// Size of all rows without fill.
  package var packedFrameByteCount: Int { packedRowByteCount * height }

  /// Tells how a payload is coded from its size and its first bytes.
  ///
  /// The attribute is followed where it can be true, and doubted where the size contradicts it:
  /// files exist that say "none" and hold zlib, and the reverse (nd2-format §4.5).
  ///
  /// - Parameters:
  ///   - byteCount: size of the payload, that is of the chunk's data without the 8-byte prefix.
  ///   - first: its first bytes, at least 6 if there are as many.
  package func coding(payload byteCount: UInt64, first: [UInt8]) -> Coding {
    let isZlib = first.count >= 2 && Inflater.looksLikeZlib(first[0], first[1])
    let fitsRaw = rawStride(payload: byteCount)
    switch compression {
    case .lossless:
      if isZlib { return .zlib }
      if let fitsRaw { return .raw(rowStride: fitsRaw) }
    case .none, .lossy, .jpeg2000:
      if let fitsRaw { return .raw(rowStride: fitsRaw) }
      if isZlib { return .zlib }
    }
    if first.starts(with: [0xFF, 0x4F, 0xFF, 0x51])
      || first.starts(with: [0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50])
    {
      return .unsupported("JPEG 2000 data in a modern image chunk")
    }
    if first.starts(with: [0xFF, 0xD8, 0xFF]) {
      return .unsupported("JPEG data in a modern image chunk")
    }
    if compression == .lossless { return .unsupported("a payload that is not a zlib stream") }
    // Too short: what rows there are lie where they should.
    return .raw(rowStride: rowByteCount)
  }

  /// Row distance of an uncompressed payload of that size, or nil when it is too small for one.
  package func rawStride(payload byteCount: UInt64) -> Int? {
    let withoutLastFill = UInt64(frameByteCount - (rowByteCount - packedRowByteCount))
    if byteCount >= withoutLastFill { return rowByteCount }
    return byteCount == UInt64(packedFrameByteCount) ? packedRowByteCount : nil
  }
}

/// How the codestreams of a file of version 1.0 make up its frames: several of them follow each
/// other for every frame, each with one channel or more.
package struct CodestreamLayout: Hashable, Sendable {
  /// Codestreams of a frame.
  package let perFrame: Int
  /// Components of a codestream: 1, or 3 for colour in red, green, blue.
  package let componentCount: Int

  package init(perFrame: Int, componentCount: Int) {
    self.perFrame = max(1, perFrame)
    self.componentCount = max(1, componentCount)
  }

  /// The codestreams of a frame.
  package func codestreams(ofFrame index: Int) -> Range<Int> {
    guard index >= 0, let first = Checked.product(index, perFrame),
      let end = Checked.sum(first, perFrame)
    else { return 0..<0 }
    return first..<end
  }
}

import ND2

/// The stored bytes of one frame as references see them.
struct FrameReference: Sendable, Hashable {
  /// How the bytes are coded.
  enum Coding: Sendable, Hashable {
    /// Rows at that distance.
    case rows(stride: Int)
    /// A zlib stream of all rows.
    case stream
  }

  /// Number of the frame.
  var frame: Int
  /// Position of the first byte in the file.
  var offset: UInt64
  /// Bytes that belong to the frame and are in the file.
  var byteCount: UInt64
  /// How they are coded.
  var coding: Coding
}

/// How the frames of a file become chunks of arrays: all in the same way, as arrays want it.
struct ReferenceChunks: Sendable, Hashable {
  /// Whether a chunk is one row instead of a frame.
  var isRow = false
  /// Pixels of a row of a chunk; those beyond the width of the image are fill, which clients cut off
  /// as they do at the edge of any array.
  var width: Int
  /// Whether chunks are zlib streams.
  var isCompressed = false
}

/// The frames of a file that references lead to.
struct ReferencedFrames: Sendable {
  /// How they become chunks.
  var chunks: ReferenceChunks
  /// The frames in the order of their numbers.
  var frames: [FrameReference]
  /// Frames that are damaged: what is missing of them reads as zeros.
  var incomplete: [Int]
  /// Number of frames that are not stored.
  var missingCount: Int
  /// Layout of a frame.
  var layout: FrameLayout

  /// Rows of a frame that are in the file.
  func rowCount(_ reference: FrameReference) -> Int {
    guard case .rows(let stride) = reference.coding else { return layout.height }
    let packed = UInt64(layout.packedRowByteCount)
    guard reference.byteCount >= packed, stride > 0 else { return 0 }
    return Int(min(UInt64(layout.height), (reference.byteCount - packed) / UInt64(stride) + 1))
  }

  /// Number of byte ranges; nil when it is beyond all bounds.
  var rangeCount: Int? {
    guard chunks.isRow else { return frames.count }
    var count = 0
    for reference in frames {
      let (sum, overflow) = count.addingReportingOverflow(rowCount(reference))
      if overflow { return nil }
      count = sum
    }
    return count
  }
}

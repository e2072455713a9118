import ND2Format

/// Which rows, columns and channels of a frame are read.
package struct FramePart: Sendable, Hashable {
  /// Elements of the channel axis.
  package var channels: Range<Int>
  /// Rows.
  package var rows: Range<Int>
  /// Columns.
  package var columns: Range<Int>

  package init(channels: Range<Int>, rows: Range<Int>, columns: Range<Int>) {
    self.channels = channels
    self.rows = rows
    self.columns = columns
  }
}

/// A part of a frame, and how its colours shall lie.
package struct FrameRequest: Sendable, Hashable {
  /// Number of the frame.
  package var frame: Int
  /// What of it is read.
  package var part: FramePart
  /// Whether the samples of colour pixels are planes of their own; else they are side by side.
  package var isPlanar: Bool

  package init(_ frame: Int, _ part: FramePart, isPlanar: Bool = false) {
    self.frame = frame
    self.part = part
    self.isPlanar = isPlanar
  }
}

// What exporters need: parts of frames on the caller's own threads.
extension ND2File {
  /// Whether rows of frames are stored so that they can be read without those above them.
  package var hasSeparateRows: Bool {
    store.codestreams == nil && geometry.layout.isDivisible
  }

  /// How many rows of a frame are best read at a time.
  ///
  /// All of them, unless rows can be read alone. Of a file far away they still are all, since each
  /// read is a request, but for frames so large that few of them would fit into memory.
  ///
  /// - Parameters:
  ///   - height: rows that are wanted.
  ///   - rowByteCount: bytes that a row takes.
  ///   - byteCount: bytes that are best read at a time from a local file.
  ///   - unit: rows that belong together: a multiple of them is taken.
  package func rowsPerRead(
    of height: Int, rowByteCount: Int, byteCount: Int, unit: Int = 1
  ) -> Int {
    guard hasSeparateRows else { return height }
    let byteCount = isRemote ? max(byteCount, Self.mostRemoteByteCount) : byteCount
    let units = byteCount / max(1, rowByteCount) / max(1, unit)
    return max(1, min(height, max(1, units) * max(1, unit)))
  }

  /// Bytes of a frame of a file far away that are read at a time.
  private static let mostRemoteByteCount = 16 << 20

  /// What has to be read for a part of a frame.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a frame or a part that the file does not have.
  func selection(_ request: FrameRequest) throws -> ResolvedSelection {
    let (layout, part) = (geometry.layout, request.part)
    guard part.channels.lowerBound >= 0, part.channels.upperBound <= geometry.planes.count,
      part.rows.lowerBound >= 0, part.rows.upperBound <= layout.height,
      part.columns.lowerBound >= 0, part.columns.upperBound <= layout.width,
      !part.channels.isEmpty, !part.rows.isEmpty, !part.columns.isEmpty
    else { throw ND2Error.invalidRequest("a part of frame \(request.frame) is outside of it") }
    let planes = Array(geometry.planes[part.channels])
    let gather = PlaneGather(
      planes: request.isPlanar ? planes.flatMap { $0.map { [$0] } } : planes,
      componentCount: layout.componentCount, sampleByteCount: layout.sampleByteCount,
      columns: part.columns, rowCount: part.rows.count)
    return ResolvedSelection(
      sizes: AxisSizes([]), frames: .numbered(try checkedFrame(request.frame)), rows: part.rows,
      gather: gather)
  }

  /// Reads a part of a frame on the caller's thread: plane after plane, colour as red, green, blue.
  ///
  /// The caller must be on a thread that may block.
  ///
  /// - Parameters:
  ///   - index: number of the frame, below ``frameCount``.
  ///   - part: what to read, inside the frame and not empty.
  ///   - buffer: memory of exactly the size of the part; all of it is written.
  /// - Returns: whether all pixels are those of the file; what is missing reads as zeros.
  package func readFrame(
    _ index: Int, _ part: FramePart, into buffer: UnsafeMutableRawBufferPointer
  ) throws -> Bool {
    try located {
      let selection = try selection(FrameRequest(index, part))
      guard buffer.count == selection.gather.byteCount else {
        throw ND2Error.invalidRequest(
          "the buffer has \(buffer.count) bytes where the part needs "
            + "\(selection.gather.byteCount)")
      }
      let note = LossNote()
      let reader = PixelReader(
        source: access.waiting, store: store, selection: selection, isCancelled: { false },
        mostThreads: 1, lossNote: note)
      try reader.read(into: buffer, isZeroed: false)
      return !note.take()
    }
  }
}

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

// What exporters need: parts of frames on the caller's own threads.
extension ND2File {
  /// Whether rows of frames can be read without those above them.
  package var hasDivisibleFrames: Bool {
    access.remote == nil && store.codestreams == nil && geometry.layout.isDivisible
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
      let layout = geometry.layout
      guard part.channels.lowerBound >= 0, part.channels.upperBound <= geometry.planes.count,
        part.rows.lowerBound >= 0, part.rows.upperBound <= layout.height,
        part.columns.lowerBound >= 0, part.columns.upperBound <= layout.width,
        !part.channels.isEmpty, !part.rows.isEmpty, !part.columns.isEmpty
      else { throw ND2Error.invalidRequest("a part of frame \(index) is outside of it") }
      let gather = PlaneGather(
        planes: Array(geometry.planes[part.channels]), componentCount: layout.componentCount,
        sampleByteCount: layout.sampleByteCount, columns: part.columns, rowCount: part.rows.count)
      guard buffer.count == gather.byteCount else {
        throw ND2Error.invalidRequest(
          "the buffer has \(buffer.count) bytes where the part needs \(gather.byteCount)")
      }
      let selection = ResolvedSelection(
        sizes: AxisSizes([]), frames: .numbered(try checkedFrame(index)), rows: part.rows,
        gather: gather)
      let note = LossNote()
      let reader = PixelReader(
        source: access.waiting, store: store, selection: selection, isCancelled: { false },
        mostThreads: 1, lossNote: note)
      try reader.read(into: buffer, isZeroed: false)
      return !note.take()
    }
  }
}

// What writers of other formats need: one frame as separate planes, in memory of the caller.
extension ND2File {
  /// Number of planes of a frame: its channels, or three for each coloured one.
  public var planesPerFrame: Int { geometry.planes.reduce(0) { $0 + $1.count } }

  /// Reads a frame, or a part of it, as planes of one sample a pixel into memory of the caller.
  ///
  /// Planes follow each other in the order of the channel axis, those of a coloured channel as red,
  /// green, blue. Each is dense and row-major.
  ///
  /// - Parameters:
  ///   - index: number of the frame.
  ///   - channels: places on the channel axis; nil for all.
  ///   - rows: the rows that are read; nil for all.
  ///   - columns: the columns that are read; nil for all.
  ///   - buffer: memory of exactly the planes' bytes; all of it is written.
  ///   - threadCount: the most threads that may be used.
  /// - Returns: whether all pixels were in the file; those that were not are zeros.
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a frame or a range that the file does not have, or
  ///   memory of another size; ``ND2Error/Code/missingFrame`` for damage with
  ///   ``ReadingOptions/isStrict``; ``ND2Error/Code/io``.
  @discardableResult
  public func readPlanes(
    ofFrame index: Int, channels: Range<Int>? = nil, rows: Range<Int>? = nil,
    columns: Range<Int>? = nil, into buffer: UnsafeMutableRawBufferPointer, threadCount: Int = 1
  ) throws -> Bool {
    try located {
      let layout = geometry.layout
      let part = FramePart(
        channels: try Self.part(channels, of: geometry.planes.count, "channels"),
        rows: try Self.part(rows, of: layout.height, "rows"),
        columns: try Self.part(columns, of: layout.width, "columns"))
      let selection = try self.selection(FrameRequest(index, part, isPlanar: true))
      guard buffer.count == selection.gather.byteCount else {
        throw ND2Error.invalidRequest(
          "the planes have \(selection.gather.byteCount) bytes; the memory has \(buffer.count)")
      }
      let note = LossNote()
      var reader = PixelReader(
        source: try access.blocking, store: store, selection: selection, isCancelled: { false })
      reader.mostThreads = max(1, threadCount)
      reader.lossNote = note
      try reader.read(into: buffer, isZeroed: false)
      return !note.take()
    }
  }

  private static func part(_ range: Range<Int>?, of count: Int, _ what: String) throws -> Range<Int>
  {
    guard let range else { return 0..<count }
    guard !range.isEmpty, range.lowerBound >= 0, range.upperBound <= count else {
      throw ND2Error.invalidRequest("there are \(count) \(what); \(range) is not a part of them")
    }
    return range
  }
}

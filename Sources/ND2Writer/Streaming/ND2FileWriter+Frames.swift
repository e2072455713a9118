public import ND2

extension ND2FileWriter {
  /// How the samples of a frame lie in bytes that are given to the writer.
  public enum FrameLayout: Hashable, Sendable {
    /// Pixel by pixel: (Y, X, samples). The samples of a pixel are those of all channels, one channel
    /// after the other; colour as red, green, blue. Rows have no padding.
    case interleaved
    /// Channel by channel: (C, Y, X), or (C, Y, X, S) for colour as red, green, blue; without padding.
    case planar
    /// As in the file: like ``interleaved``, but colour as blue, green, red. Rows may have the padding
    /// of the file or none; nothing is copied when they have it, or need none.
    case stored
  }

  /// Appends a frame from memory.
  ///
  /// - Parameters:
  ///   - bytes: the samples of the frame, little-endian. They are read before the call returns, and
  ///     written without a copy when they lie in memory as in the file.
  ///   - layout: how they lie in memory.
  ///   - index: index of the frame; nil for the one behind the last.
  ///   - record: what was recorded with the frame.
  /// - Throws: `ND2Error` with `invalidRequest` for another number of bytes than a frame has, for a frame
  ///   that was written already or that the loops do not describe, for values of unknown columns, and
  ///   after the end of writing; `io` when writing fails.
  public func append(
    _ bytes: UnsafeRawBufferPointer, layout: FrameLayout = .interleaved, at index: Int? = nil,
    record: FrameRecord = FrameRecord()
  ) throws {
    try append(FrameSource(bytes, layout: layout, of: description), at: index, record: record)
  }

  /// Appends a frame from bytes.
  ///
  /// - Parameters:
  ///   - bytes: the samples of the frame, little-endian.
  ///   - layout: how they lie in memory.
  ///   - index: index of the frame; nil for the one behind the last.
  ///   - record: what was recorded with the frame.
  /// - Throws: as the call that takes memory.
  public func append(
    _ bytes: [UInt8], layout: FrameLayout = .interleaved, at index: Int? = nil,
    record: FrameRecord = FrameRecord()
  ) throws {
    try bytes.withUnsafeBytes { try append($0, layout: layout, at: index, record: record) }
  }

  /// Appends a frame from an array, which may be a view.
  ///
  /// Axes named Y, X, C and S may come in any order, beside others of one element. Arrays without
  /// these names have the shape (Y, X), (C, Y, X), (Y, X, C) or (C, Y, X, S); when a shape is two of
  /// them, the first counts. C are the channels, S the samples of a colour: red, green, blue. Without
  /// S, C counts the samples of all channels.
  ///
  /// - Parameters:
  ///   - array: the frame, of the sample type of the file.
  ///   - index: index of the frame; nil for the one behind the last.
  ///   - record: what was recorded with the frame.
  /// - Throws: `ND2Error` with `invalidRequest` for another shape or type, and as the call that takes
  ///   memory.
  public func append(
    _ array: AnyNDArray, at index: Int? = nil, record: FrameRecord = FrameRecord()
  ) throws {
    let axes = try FrameAxes(array, of: description)
    try array.withFirstElement {
      try append(FrameSource($0, axes, of: description), at: index, record: record)
    }
  }

  /// Appends a frame from an array, which may be a view; its axes are those of an array of any type.
  ///
  /// - Parameters:
  ///   - array: the frame, of the sample type of the file.
  ///   - index: index of the frame; nil for the one behind the last.
  ///   - record: what was recorded with the frame.
  /// - Throws: as for an array of any type.
  public func append<Scalar: PixelScalar>(
    _ array: NDArray<Scalar>, at index: Int? = nil, record: FrameRecord = FrameRecord()
  ) throws {
    try append(array.erased, at: index, record: record)
  }
}

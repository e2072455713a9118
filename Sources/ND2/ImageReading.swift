// The one-line reader.

/// How a file is divided when it is read lazily.
public enum LazyChunks: Hashable, Sendable {
  /// One frame at a time.
  case frames
  /// Blocks of those sizes along some axes, of one frame along others.
  case sizes([Axis: Int])
}

/// Reads all pixels of an ND2 file.
///
/// ```swift
/// let pixels = try imread("cells.nd2")                                     // in memory
/// let later = try imread("cells.nd2", lazy: .frames)                       // when asked for
/// let named = try imread("cells.nd2", labeled: .squeezed)                  // with labels
/// let both = try imread("cells.nd2", lazy: .frames, labeled: .squeezed)
/// ```
///
/// - Returns: an array with the axes of ``ND2File/sizes``; colour as red, green, blue.
/// - Throws: as ``ND2File/init(path:options:)`` and ``ND2File/read(_:)-ugdi``.
public func imread(
  _ path: String, options: ReadingOptions = ReadingOptions()
) throws -> AnyNDArray {
  try ND2File(path: path, options: options).read()
}

/// Opens an ND2 file as a lazy array, which reads what is needed when it is computed.
///
/// - Parameters:
///   - path: a local file.
///   - chunks: the blocks that it is divided in.
///   - options: how forgiving the reading is.
public func imread(
  _ path: String, lazy chunks: LazyChunks, options: ReadingOptions = ReadingOptions()
) throws -> LazyArray {
  try ND2File(path: path, options: options).lazyArray(chunks)
}

/// Reads all pixels of an ND2 file, with times, heights, names of channels and positions.
///
/// - Parameters:
///   - path: a local file.
///   - axes: whether axes of one element are there.
///   - options: how forgiving the reading is.
public func imread(
  _ path: String, labeled axes: LabeledAxes, options: ReadingOptions = ReadingOptions()
) throws -> LabeledArray<AnyNDArray> {
  try ND2File(path: path, options: options).labeledArray(axes: axes)
}

/// Opens an ND2 file as a lazy array with times, heights, names of channels and positions.
///
/// - Parameters:
///   - path: a local file.
///   - chunks: the blocks that it is divided in.
///   - axes: whether axes of one element are there.
///   - options: how forgiving the reading is.
public func imread(
  _ path: String, lazy chunks: LazyChunks, labeled axes: LabeledAxes,
  options: ReadingOptions = ReadingOptions()
) throws -> LabeledArray<LazyArray> {
  let array = try ND2File(path: path, options: options).lazyLabeledArray(axes: axes)
  guard case .sizes(let sizes) = chunks else { return array }
  return array.with(try array.values.rechunked(sizes))
}

extension ND2File {
  fileprivate func lazyArray(_ chunks: LazyChunks) throws -> LazyArray {
    switch chunks {
    case .frames: lazyArray()
    case .sizes(let sizes): try lazyArray(chunkSizes: sizes)
    }
  }
}

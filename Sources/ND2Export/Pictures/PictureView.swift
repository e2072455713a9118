public import ND2

/// Which image of a file a picture shows: a place along each loop, or a projection along some of
/// them, whole or in part.
public struct PictureView: Hashable, Sendable {
  /// Places along the loops; 0 along those that are not here. Not for rows, columns and channels.
  public var indices: [Axis: Int]
  /// A stored frame by its number, instead of ``indices``; also one beyond the loops.
  public var frame: Int?
  /// How the axes of ``projectedAxes`` are put together.
  public var reduction: Reduction?
  /// The axes along which the image is a projection; loops only.
  public var projectedAxes: [Axis]
  /// The rows that are shown, in pixels of the file; nil for all.
  public var rows: Range<Int>?
  /// The columns that are shown, in pixels of the file; nil for all.
  public var columns: Range<Int>?
  /// How often width and height are halved: by the pyramid of the file where it stores one.
  public var level: Int

  /// Creates a view; of the first frame, unless said.
  public init(
    at indices: [Axis: Int] = [:], _ reduction: Reduction? = nil, over projectedAxes: [Axis] = [],
    rows: Range<Int>? = nil, columns: Range<Int>? = nil, level: Int = 0
  ) {
    self.indices = indices
    self.reduction = reduction
    self.projectedAxes = projectedAxes
    self.rows = rows
    self.columns = columns
    self.level = level
  }

  /// Creates a view of a stored frame.
  public init(frame: Int, level: Int = 0) {
    self.init(level: level)
    self.frame = frame
  }

  /// The same view at another place along a loop.
  public func at(_ axis: Axis, _ index: Int) -> PictureView {
    var view = self
    view.indices[axis] = index
    return view
  }

  /// The views of all places along a loop of the file, or of those in a range.
  public func along(_ axis: Axis, of file: ND2File, _ range: Range<Int>? = nil) -> [PictureView] {
    let count = file.loopLayout.axes[axis] ?? 1
    return (range ?? 0..<count).clamped(to: 0..<count).map { at(axis, $0) }
  }
}

public import ND2

/// The part of a file that is exported. There is one image for each stage position.
public struct ExportSelection: Sendable, Hashable {
  /// Ranges of time points, focus planes, turns of other loops, positions, channels, rows, columns.
  public var ranges: ArraySelection
  /// The stage positions in the order of the images; nil for those of ``ranges``.
  public var positions: [Int]?

  /// Everything.
  public static let all = ExportSelection()

  /// Selects a part.
  public init(_ ranges: ArraySelection = .all, positions: [Int]? = nil) {
    self.ranges = ranges
    self.positions = positions
  }
}

/// Which part of a file to read: a range along any axis, everything along the others.
///
/// ```swift
/// let box = ArraySelection(.z, 10..<20).with(.y, 500..<1500).with(.x, 500..<1500)
/// let array = try file.read(box)
/// ```
public struct ArraySelection: Hashable, Sendable {
  /// The order of the samples of colour pixels.
  public enum ComponentOrder: Hashable, Sendable {
    /// Red, green, blue.
    case rgb
    /// As in the file, which for colour is blue, green, red (nd2-format §4.3).
    case stored
  }

  /// The ranges; an axis that is not here is taken whole.
  public private(set) var ranges: [Axis: Range<Int>] = [:]
  /// The order of the samples of colour pixels.
  public var componentOrder = ComponentOrder.rgb

  /// Everything.
  public static let all = ArraySelection()

  /// Selects everything.
  public init() {}

  /// Selects a range along one axis.
  public init(_ axis: Axis, _ range: Range<Int>) { ranges[axis] = range }

  /// Selects one index along one axis; the axis stays, with one element.
  public init(_ axis: Axis, _ index: Int) { ranges[axis] = Self.single(index) }

  /// The same selection with a range along a further axis.
  public func with(_ axis: Axis, _ range: Range<Int>) -> ArraySelection {
    var copy = self
    copy.ranges[axis] = range
    return copy
  }

  /// The same selection with one index along a further axis; the axis stays, with one element.
  public func with(_ axis: Axis, _ index: Int) -> ArraySelection {
    with(axis, Self.single(index))
  }

  /// The same selection with colour samples in that order.
  public func with(_ order: ComponentOrder) -> ArraySelection {
    var copy = self
    copy.componentOrder = order
    return copy
  }

  private static func single(_ index: Int) -> Range<Int> {
    index..<(index < .max ? index + 1 : index)
  }
}

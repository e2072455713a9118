public import ND2

/// Which part of a file goes into a smaller one.
///
/// ```swift
/// var part = SubsetSelection()
/// part[.time] = .every(2, of: 0..<10)
/// part[.position] = .list([0, 3])
/// part[.channel] = .list([1])
/// part[.y] = .range(100..<612)
/// part[.x] = .range(200..<712)
/// try file.writeSubset(to: "part.nd2", selection: part)
/// ```
public struct SubsetSelection: Sendable, Hashable {
  /// Indices along one axis, from 0.
  public enum Indices: Sendable, Hashable {
    /// A range.
    case range(Range<Int>)
    /// Some indices, ascending.
    case list([Int])

    /// Every so many indices of a range, beginning with its first.
    public static func every(_ step: Int, of range: Range<Int>) -> Indices {
      step > 0
        ? .list(Array(stride(from: range.lowerBound, to: range.upperBound, by: step)))
        : .list([])
    }
  }

  private var indices: [Axis: Indices] = [:]

  /// Selects everything.
  public init() {}

  /// Everything.
  public static let all = SubsetSelection()

  /// What is selected along an axis; nil stands for the whole axis.
  ///
  /// Rows and columns can be selected as ranges only.
  public subscript(axis: Axis) -> Indices? {
    get { indices[axis] }
    set { indices[axis] = newValue }
  }

  /// The axes along which less than everything may be selected.
  var axes: [Axis] { indices.keys.ordered { $0.rawValue < $1.rawValue } }
}

/// How a smaller file is written.
public struct SubsetOptions: Sendable, Hashable {
  /// Whether an output that exists is replaced.
  public var overwrite = false
  /// Whether a damaged frame is an error. Else it is left out, as frames that were never stored are.
  public var isStrict = false
  /// What is removed that may tell of people, places and computers; nil for nothing.
  public var anonymisation: Anonymisation?

  /// The defaults: no overwriting, damaged frames left out, nothing anonymised.
  public init() {}
}

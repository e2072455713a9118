/// What is taken along one axis of an array: one index, or a run of them with a step.
///
/// ```swift
/// let plane = try array[.z, 3]                  // one index: the axis is gone
/// let middle = try array[.z, 2..<8]             // a range: the axis stays
/// let coarse = try array[.y, 0..., by: 4]       // every fourth row
/// let upward = try array[.z, 0..., by: -1]      // backwards
/// let both = try array.slicing([.z: 3, .y: .range(100..<200)])
/// ```
///
/// A range must lie within the axis and must not be empty. Indices count from 0; negative ones are
/// errors.
public struct AxisSlice: Hashable, Sendable {
  enum Extent: Hashable, Sendable {
    case index(Int)
    /// Bounds that are nil are those of the axis.
    case range(lower: Int?, upper: Int?, step: Int)
  }

  let extent: Extent

  /// The whole axis.
  public static let all = AxisSlice(extent: .range(lower: nil, upper: nil, step: 1))

  /// One index; the axis is not in the result.
  public static func index(_ index: Int) -> AxisSlice { AxisSlice(extent: .index(index)) }

  /// A range of indices, or every so many of them.
  ///
  /// - Parameters:
  ///   - range: such as `2..<5`, `2...4`, `2...`, `..<5`, `...4`.
  ///   - step: distance between the indices that are taken. A negative one begins with the last
  ///     index of the range and goes backwards.
  public static func range(_ range: some AxisRange, by step: Int = 1) -> AxisSlice {
    let bounds = range.axisBounds
    return AxisSlice(extent: .range(lower: bounds.lower, upper: bounds.upper, step: step))
  }
}

extension AxisSlice: ExpressibleByIntegerLiteral {
  /// One index; the axis is not in the result.
  public init(integerLiteral index: Int) { self = .index(index) }
}

/// The kinds of ranges that select along an axis.
public protocol AxisRange: Sendable {
  /// The first index, and the index behind the last one; nil stands for the end of the axis.
  var axisBounds: (lower: Int?, upper: Int?) { get }
}

extension Range: AxisRange where Bound == Int {
  /// The bounds of the range.
  public var axisBounds: (lower: Int?, upper: Int?) { (lowerBound, upperBound) }
}
extension ClosedRange: AxisRange where Bound == Int {
  /// The bounds of the range.
  public var axisBounds: (lower: Int?, upper: Int?) { (lowerBound, behind(upperBound)) }
}
extension PartialRangeFrom: AxisRange where Bound == Int {
  /// The bounds of the range.
  public var axisBounds: (lower: Int?, upper: Int?) { (lowerBound, nil) }
}
extension PartialRangeUpTo: AxisRange where Bound == Int {
  /// The bounds of the range.
  public var axisBounds: (lower: Int?, upper: Int?) { (nil, upperBound) }
}
extension PartialRangeThrough: AxisRange where Bound == Int {
  /// The bounds of the range.
  public var axisBounds: (lower: Int?, upper: Int?) { (nil, behind(upperBound)) }
}

/// The index after `index`; the greatest number, which no axis reaches, stays.
private func behind(_ index: Int) -> Int { index == .max ? index : index + 1 }

/// A slice of an axis of known size: the indices `start`, `start + step`, …, `count` of them.
struct ResolvedSlice: Hashable, Sendable {
  var start: Int
  var count: Int
  var step: Int
  /// Whether the axis is in the result.
  var keepsAxis: Bool

  /// Everything along an axis.
  static func all(_ count: Int) -> ResolvedSlice {
    ResolvedSlice(start: 0, count: count, step: 1, keepsAxis: true)
  }

  /// Whether all of an axis of `size` elements is taken in its order.
  func isWhole(_ size: Int) -> Bool { start == 0 && step == 1 && count == size && keepsAxis }

  /// The same elements out of those that `other` takes.
  func within(_ other: ResolvedSlice) -> ResolvedSlice {
    ResolvedSlice(
      start: other.start + start * other.step, count: count, step: other.step * step,
      keepsAxis: keepsAxis && other.keepsAxis)
  }

  /// The lowest index and the one behind the highest.
  var span: Range<Int> {
    let last = start + (count - 1) * step
    return min(start, last)..<(max(start, last) + 1)
  }
}

extension AxisSlice {
  /// The slice along an axis of `size` elements.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` naming the axis, what was asked, what there is.
  func resolved(_ axis: Axis, size: Int) throws -> ResolvedSlice {
    let elements = "axis \(axis) has \(size) element\(size == 1 ? "" : "s")"
    switch extent {
    case .index(let index):
      guard index >= 0, index < size else {
        throw ND2Error.invalidRequest("\(elements); index \(index) is outside 0..<\(size)")
      }
      return ResolvedSlice(start: index, count: 1, step: 1, keepsAxis: false)
    case .range(let lower, let upper, let step):
      let (low, high) = (lower ?? 0, upper ?? size)
      guard low >= 0, high <= size, low <= high else {
        throw ND2Error.invalidRequest("\(elements); \(low)..<\(high) is outside 0..<\(size)")
      }
      guard low < high || (size == 0 && lower == nil && upper == nil) else {
        throw ND2Error.invalidRequest("the range \(low)..<\(high) along axis \(axis) is empty")
      }
      guard step != 0, step != .min else {
        throw ND2Error.invalidRequest("the step along axis \(axis) cannot be \(step)")
      }
      guard low < high else { return .all(size) }
      // Steps beyond the range take its first element only.
      let stride = min(abs(step), high - low)
      return ResolvedSlice(
        start: step > 0 ? low : high - 1, count: (high - low - 1) / stride + 1,
        step: step > 0 ? stride : -stride, keepsAxis: true)
    }
  }
}

extension AxisSizes {
  /// One slice for each axis.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for unknown axes, axes that come twice, and what
  ///   lies outside an axis.
  func resolve(_ slices: [(axis: Axis, slice: AxisSlice)]) throws -> [ResolvedSlice] {
    var resolved = map { ResolvedSlice.all($0.count) }
    for (place, item) in zip(try places(of: slices.map(\.axis)), slices) {
      resolved[place] = try item.slice.resolved(self[place].axis, size: self[place].count)
    }
    return resolved
  }

  /// The sizes of what slices take.
  func sliced(_ slices: [ResolvedSlice]) -> AxisSizes {
    AxisSizes(
      zip(self, slices).compactMap { element, slice in
        slice.keepsAxis ? Element(element.axis, slice.count) : nil
      })
  }
}

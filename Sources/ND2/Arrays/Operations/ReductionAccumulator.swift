/// Takes pieces of an array one after the other and reduces them along some axes.
///
/// One thread at a time uses it.
final class ReductionAccumulator: @unchecked Sendable {
  private let reduction: Reduction
  private let type: SampleType
  private let kept: AxisSizes
  private let state: any ReductionState
  /// Elements that each element of the result has seen.
  private var seen = 0

  /// Creates an accumulator that has seen nothing.
  ///
  /// - Parameter kept: sizes of the axes that stay, in the order that the result shall have.
  /// - Throws: ``ND2Error/Code/invalidRequest`` for an axis that comes twice or has a negative size,
  ///   ``ND2Error/Code/limitExceeded`` when the memory cannot be had.
  init(_ reduction: Reduction, of type: SampleType, kept: AxisSizes) throws {
    self.reduction = reduction
    self.type = type
    self.kept = kept
    state = try reduction.state(of: type, count: try kept.checkedCount())
  }

  /// Creates an accumulator of so many results, for ``add(_:_:)`` and ``reset(count:)``.
  init(_ reduction: Reduction, of type: SampleType, capacity: Int) throws {
    self.reduction = reduction
    self.type = type
    kept = AxisSizes(unnamed: [capacity])
    state = try reduction.state(of: type, count: capacity)
  }

  /// Forgets everything, and keeps only so many results, not more than there were at first.
  func reset(count: Int) {
    state.reset(count: count)
    seen = 0
    failure = nil
  }

  /// Adds a piece of the accumulator's number type.
  ///
  /// - Parameters:
  ///   - piece: has all axes that stay with their sizes, and axes that go, of any size; in any
  ///     order.
  ///   - places: the places in the piece of the axes that stay, in their order. When they are not
  ///     given, axes are found by name; those of arrays without names are not those of the result.
  func add(_ piece: AnyNDArray, keeping places: [Int]? = nil) {
    let places = places ?? kept.axes.compactMap { piece.sizes.index(of: $0) }
    guard piece.sampleType == type, Set(places).count == kept.count,
      places.map({ piece.sizes[$0].count }) == kept.shape
    else {
      assertionFailure("a piece of \(piece.sizes), \(piece.sampleType) for \(kept), \(type)")
      return
    }
    add(piece, places)
  }

  /// Adds a piece of the accumulator's number type, whose axes at the given places stay; their sizes
  /// must be those of the result.
  func add(_ piece: AnyNDArray, _ places: [Int]) {
    let nest = ReductionNest(piece.layout, keeping: places)
    if nest.isEmpty { return }
    if nest.elementsPerResult > state.mostElements(asRows: nest.takesRows) {
      for half in piece.halves(keeping: places) { add(half, places) }
      return
    }
    if nest.wantsCopy {
      let others = piece.sizes.indices.filter { !places.contains($0) }
      let copy = AnyNDArray(
        layout: piece.layout.permuted(others + places), sampleType: type, storage: piece.storage
      ).compacted()
      add(copy, Array(others.count..<piece.sizes.count))
      return
    }
    guard let source = piece.storage.bytes.baseAddress else { return }
    do {
      try state.prepare(adding: nest.elementsPerResult, asRows: nest.takesRows)
    } catch { failure = failure ?? error }
    guard failure == nil else { return }
    withExtendedLifetime(piece.storage) {
      nest.run(source, elementByteCount: type.byteCount, into: state, seen: seen)
    }
    seen += nest.elementsPerResult
  }

  /// What went wrong in ``add(_:keeping:)``, which ``finish()`` throws.
  private var failure: (any Error)?

  /// Takes over what another accumulator of the same kind has seen.
  func merge(_ other: ReductionAccumulator) {
    assert(other.reduction == reduction && other.type == type && other.kept == kept)
    failure = failure ?? other.failure
    do {
      try state.merge(other.state, seen: seen, seenByOther: other.seen)
      seen += other.seen
    } catch { failure = failure ?? error }
  }

  /// The result: the axes that stay, of the type ``Reduction/resultType(of:)``.
  ///
  /// The sum of nothing is 0, means and standard deviations of nothing are not a number, greatest and
  /// least elements of nothing are zeros.
  ///
  /// - Throws: ``ND2Error/Code/limitExceeded`` when memory could not be had.
  func finish() throws -> AnyNDArray {
    let result = try AnyNDArray(
      uninitialized: kept, sampleType: reduction.resultType(of: type))
    if let start = result.storage.bytes.baseAddress, result.count > 0 {
      try finish(to: start)
    }
    return result
  }

  /// Writes the result to memory of its size.
  func finish(to result: UnsafeMutableRawPointer) throws {
    if let failure { throw failure }
    try state.finish(seen: seen, to: result)
  }
}

extension AnyNDArray {
  /// Two views that have half of the elements along an axis that is not kept.
  fileprivate func halves(keeping places: [Int]) -> [AnyNDArray] {
    let others = layout.sizes.indices.filter { !places.contains($0) }
    let long = others.filter { layout.sizes[$0].count > 1 }
    guard let outer = long.max(by: { abs(layout.strides[$0]) < abs(layout.strides[$1]) }) else {
      return []
    }
    let count = layout.sizes[outer].count
    return [0..<(count / 2), (count / 2)..<count].map { view(outer, $0) }
  }

  /// A range of the axis at a place, which must lie within it.
  func view(_ place: Int, _ range: Range<Int>) -> AnyNDArray {
    var slices = layout.sizes.map { ResolvedSlice.all($0.count) }
    slices[place].start = range.lowerBound
    slices[place].count = range.count
    return AnyNDArray(layout: layout.sliced(slices), sampleType: sampleType, storage: storage)
  }
}

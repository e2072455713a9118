/// Which axes of an array stay in a reduction, and how the work is divided.
struct ReductionPlan: Sendable {
  /// Places of the axes that stay, and of those that go.
  let kept: [Int]
  let reduced: [Int]
  /// The axes of the result.
  let sizes: AxisSizes
  private let array: AnyNDArray

  /// A plan for axes that go; all of them when none is named.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for axes that the array does not have.
  init(_ array: AnyNDArray, over axes: [Axis]) throws {
    let all = array.sizes.indices
    let reduced = axes.isEmpty ? Array(all) : try array.sizes.places(of: axes)
    self.reduced = reduced
    kept = all.filter { !reduced.contains($0) }
    sizes = AxisSizes(kept.map { array.sizes[$0] })
    self.array = array
  }

  /// - Throws: ``ND2Error/Code/invalidRequest`` when there are results, but no elements for them.
  func checkNotEmpty(for what: Reduction) throws {
    guard array.count == 0, !sizes.shape.contains(0) else { return }
    throw ND2Error.invalidRequest(
      "the \(what.rawValue) of no elements does not exist: the array is \(array.sizes)")
  }

  /// Pieces of the result, for an order of its axes in memory.
  func pieces(order: [Int]) -> ReductionPieces {
    ReductionPieces(array.layout, reduced: reduced, kept: order.map { kept[$0] })
  }

  /// Parts of an array with few results, each of which has elements for all of them; nil when
  /// pieces of the result are better.
  func parts(pieces: Int) -> [AnyNDArray]? {
    let results = sizes.elementCount
    guard pieces < 8, array.byteCount >= 1 << 20, results > 0 else { return nil }
    let most = Swift.min(array.byteCount >> 19, results > 4096 ? 4 : 32)
    // Long parts are best: the outermost axis that can be cut so often.
    let rank = { (place: Int) in
      (Swift.min(array.sizes[place].count, most), abs(array.layout.strides[place]))
    }
    guard let axis = reduced.max(by: { rank($0) < rank($1) }) else { return nil }
    let length = array.sizes[axis].count
    let count = Swift.min(length, most)
    guard count > 1 else { return nil }
    return (0..<count).map { part in
      array.view(axis, (length * part / count)..<(length * (part + 1) / count))
    }
  }
}

/// Pieces of the result of a reduction, each of which lies side by side in its memory.
struct ReductionPieces: Sendable {
  /// Elements of the array that a piece takes, about.
  private static let elements = 4 << 20
  /// Results of a piece, whose accumulators stay in the cache.
  private static let results = 1 << 14

  /// The array with the axes that stay in the result's memory order, and those that go around or
  /// inside of them.
  private let layout: StridedLayout
  /// Places of the axes that stay.
  private let kept: Range<Int>
  private let shape: [Int]
  /// The axis that is cut, among those that stay; those outside of it are taken index by index.
  private let cut: Int
  private let step: Int
  private let piecesOfAxis: Int
  /// Results for each index of the axis that is cut.
  private let inside: Int

  /// Number of pieces.
  let count: Int
  /// Most results of a piece.
  var mostResults: Int { Swift.max(1, step * inside) }

  /// Pieces whose accumulators stay in the cache, with the axes that go outside.
  init(_ array: StridedLayout, reduced: [Int], kept: [Int]) {
    let each = reduced.reduce(1) { $0 &* array.sizes[$1].count }
    // Short pieces of rows waste what the memory gives.
    let innermost = { (places: [Int]) in
      places.filter { array.sizes[$0].count > 1 }.map { abs(array.strides[$0]) }.min() ?? .max
    }
    let least = innermost(kept) < innermost(reduced) ? 1024 : 1
    self.init(
      array.permuted(reduced + kept), kept: reduced.count..<(reduced.count + kept.count),
      most: Swift.min(Self.results, Swift.max(least, Self.elements / Swift.max(each, 1))))
  }

  /// Pieces of at most so many results.
  ///
  /// - Parameters:
  ///   - layout: has the axes that stay in the result's memory order.
  ///   - kept: their places.
  init(_ layout: StridedLayout, kept: Range<Int>, most: Int) {
    self.layout = layout
    self.kept = kept
    shape = kept.map { layout.sizes[$0].count }
    guard !shape.contains(0) else {
      (cut, step, piecesOfAxis, inside, count) = (0, 1, 1, 1, 0)
      return
    }
    var (cut, inside) = (shape.count, 1)
    while cut > 0, inside * shape[cut - 1] <= most {
      cut -= 1
      inside *= shape[cut]
    }
    if cut > 0 {
      cut -= 1
      step = Swift.max(1, most / inside)
      piecesOfAxis = (shape[cut] - 1) / step + 1
      count = shape[..<cut].reduce(piecesOfAxis) { $0 * $1 }
    } else {
      (step, piecesOfAxis, count) = (1, 1, 1)
    }
    (self.cut, self.inside) = (cut, inside)
  }

  /// A piece: its elements, the place of its first result, and how many there are.
  func piece(_ number: Int) -> (layout: StridedLayout, start: Int, count: Int) {
    guard count > 1 else { return (layout, 0, shape.reduce(1) { $0 * $1 }) }
    var slices = layout.sizes.map { ResolvedSlice.all($0.count) }
    var rest = number / piecesOfAxis
    let first = number % piecesOfAxis * step
    let taken = Swift.min(step, shape[cut] - first)
    let start = (rest * shape[cut] + first) * inside
    slices[kept.lowerBound + cut].start = first
    slices[kept.lowerBound + cut].count = taken
    for place in (0..<cut).reversed() {
      slices[kept.lowerBound + place].start = rest % shape[place]
      slices[kept.lowerBound + place].count = 1
      rest /= shape[place]
    }
    return (layout.sliced(slices), start, taken * inside)
  }
}

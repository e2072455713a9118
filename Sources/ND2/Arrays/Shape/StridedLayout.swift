/// Where the elements of an array lie in its storage: a distance for each axis.
///
/// Slices and transposed arrays are other layouts of the same storage; nothing is copied for them.
struct StridedLayout: Hashable, Sendable {
  /// The axes with their sizes, outermost first.
  let sizes: AxisSizes
  /// Distance between neighbours along each axis, in elements; may be negative.
  let strides: [Int]
  /// Place of the first element.
  let offset: Int
  /// Number of elements.
  let count: Int
  /// Whether the elements lie one after the other, row-major.
  let isContiguous: Bool

  /// A dense, row-major layout of as many elements as the sizes say; they must be countable.
  ///
  /// Sizes beside a zero may be any: there are no distances between no elements.
  init(dense sizes: AxisSizes) {
    count = sizes.elementCount
    var strides = [Int](repeating: 0, count: sizes.count)
    var distance = 1
    for place in sizes.indices.reversed() where count > 0 {
      strides[place] = distance
      distance *= sizes[place].count
    }
    self.sizes = sizes
    self.strides = strides
    offset = 0
    isContiguous = true
  }

  init(sizes: AxisSizes, strides: [Int], offset: Int) {
    let count = sizes.elementCount
    var (distance, isContiguous) = (1, true)
    for place in sizes.indices.reversed() where count > 0 {
      if sizes[place].count != 1, strides[place] != distance { isContiguous = false }
      distance *= sizes[place].count
    }
    self.sizes = sizes
    self.strides = strides
    self.offset = offset
    self.count = count
    self.isContiguous = isContiguous
  }

  /// The layout of what slices take, one for each axis.
  func sliced(_ slices: [ResolvedSlice]) -> StridedLayout {
    var start = offset
    var kept: [Int] = []
    for (slice, stride) in zip(slices, strides) {
      start += slice.start * stride
      if slice.keepsAxis { kept.append(stride * slice.step) }
    }
    return StridedLayout(sizes: sizes.sliced(slices), strides: kept, offset: start)
  }

  /// The same elements with the axes in another order, given by their places.
  func permuted(_ places: [Int]) -> StridedLayout {
    StridedLayout(
      sizes: AxisSizes(places.map { sizes[$0] }), strides: places.map { strides[$0] },
      offset: offset)
  }

  /// The same elements without the axes at those places, which must have one element.
  func dropping(_ places: [Int]) -> StridedLayout {
    permuted(sizes.indices.filter { !places.contains($0) })
  }

  /// The same elements with other names of the axes.
  func renamed(_ axes: [Axis]) -> StridedLayout {
    StridedLayout(
      sizes: AxisSizes(zip(axes, sizes.shape).map { .init($0, $1) }), strides: strides,
      offset: offset)
  }

  /// The same elements with a further axis of one element.
  func inserting(_ axis: Axis, at place: Int) -> StridedLayout {
    var elements = Array(sizes)
    var strides = strides
    elements.insert(.init(axis, 1), at: place)
    strides.insert(0, at: place)
    return StridedLayout(sizes: AxisSizes(elements), strides: strides, offset: offset)
  }

  /// Place of an element, one index for each axis; nil when an index is outside its axis.
  func position(_ indices: [Int]) -> Int? {
    guard indices.count == sizes.count else { return nil }
    var position = offset
    for (place, index) in indices.enumerated() {
      guard index >= 0, index < sizes[place].count else { return nil }
      position += index * strides[place]
    }
    return position
  }

  /// Axes as a loop nest: those of one element left out, neighbours that lie one after the other
  /// joined. The innermost comes last; there is none for a single element.
  var loopNest: [(count: Int, stride: Int)] {
    var nest: [(count: Int, stride: Int)] = []
    for place in sizes.indices where sizes[place].count != 1 {
      let (count, stride) = (sizes[place].count, strides[place])
      if let outer = nest.last, outer.stride == count * stride {
        nest[nest.count - 1] = (outer.count * count, stride)
      } else {
        nest.append((count, stride))
      }
    }
    return nest
  }
}

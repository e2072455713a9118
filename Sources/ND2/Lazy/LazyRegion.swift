/// A part of an array: a slice of each of its axes, all of which stay.
struct LazyRegion: Hashable, Sendable {
  var slices: [ResolvedSlice]

  init(_ slices: [ResolvedSlice]) { self.slices = slices }

  /// All of an array.
  init(all sizes: AxisSizes) { slices = sizes.map { .all($0.count) } }

  /// A box, one range for each axis.
  init(_ ranges: [Range<Int>]) {
    slices = ranges.map {
      ResolvedSlice(start: $0.lowerBound, count: $0.count, step: 1, keepsAxis: true)
    }
  }

  /// Number of elements along each axis.
  var shape: [Int] { slices.map(\.count) }

  /// Number of elements.
  var count: Int {
    slices.reduce(1) { product, slice in
      let (value, overflow) = product.multipliedReportingOverflow(by: slice.count)
      return overflow ? .max : value
    }
  }

  /// The sizes that the part has of an array with these axes.
  func sizes(_ sizes: AxisSizes) -> AxisSizes {
    AxisSizes(zip(sizes, slices).map { .init($0.axis, $1.count) })
  }

  /// The smallest box around it.
  var box: [Range<Int>] { slices.map(\.span) }
}

/// How the elements of a view lie in the array beneath: slices, another order of axes, axes of one
/// element that come or go. Views of views are one view.
struct LazyView: Sendable {
  /// Where an axis of the array beneath is seen.
  enum Source: Hashable, Sendable {
    /// Along an axis of the view, given by its place, as that slice.
    case axis(Int, ResolvedSlice)
    /// At one index only.
    case fixed(Int)
  }

  /// One for each axis of the array beneath.
  var sources: [Source]

  /// The part of the array beneath that shows a part of the view.
  func region(of part: LazyRegion) -> LazyRegion {
    LazyRegion(
      sources.map { source in
        switch source {
        case .axis(let place, let slice): part.slices[place].within(slice)
        case .fixed(let index):
          ResolvedSlice(start: index, count: 1, step: 1, keepsAxis: true)
        }
      })
  }

  /// The view of a part of the array beneath, with the axes of the view.
  func apply(to array: AnyNDArray, axes: AxisSizes) -> AnyNDArray {
    let layout = array.layout
    var counts = [Int](repeating: 1, count: axes.count)
    var strides = [Int](repeating: 0, count: axes.count)
    for (place, source) in sources.enumerated() {
      guard case .axis(let target, _) = source else { continue }
      counts[target] = layout.sizes[place].count
      strides[target] = layout.strides[place]
    }
    let sizes = AxisSizes(zip(axes, counts).map { .init($0.axis, $1) })
    return AnyNDArray(
      layout: StridedLayout(sizes: sizes, strides: strides, offset: layout.offset),
      sampleType: array.sampleType, storage: array.storage)
  }

  /// For each axis of the view the axis beneath, nil where there is none.
  func placesBeneath(count: Int) -> [Int?] {
    var places = [Int?](repeating: nil, count: count)
    for (place, source) in sources.enumerated() {
      if case .axis(let target, _) = source { places[target] = place }
    }
    return places
  }
}

// Views: nothing is read; what they leave out never will be.
extension LazyArray {
  /// A part of the array; axes that are not named are taken whole. Only this part will be read.
  public func slicing(_ slices: [(axis: Axis, slice: AxisSlice)]) throws -> LazyArray {
    let resolved = try sizes.resolve(slices)
    var next = 0
    let sources = resolved.map { slice -> LazyView.Source in
      guard slice.keepsAxis else { return .fixed(slice.start) }
      defer { next += 1 }
      return .axis(next, slice)
    }
    let chunks = zip(chunkShape, resolved).compactMap { chunk, slice in
      slice.keepsAxis ? (chunk - 1) / abs(slice.step) + 1 : nil
    }
    return try view(sources, sizes.sliced(resolved), chunks)
  }

  /// The array with its axes in another order; all of them must be named.
  public func transposed(_ axes: [Axis]) throws -> LazyArray {
    let places = try sizes.permutation(axes)
    return try rearranged(places, AxisSizes(places.map { sizes[$0] }))
  }

  /// The array without those axes, each of which must have one element.
  public func squeezed(_ axes: [Axis]) throws -> LazyArray {
    let gone = try sizes.squeezable(axes)
    let places = sizes.indices.filter { !gone.contains($0) }
    return try rearranged(places, AxisSizes(places.map { sizes[$0] }))
  }

  /// The array with a further axis of one element at a place.
  public func inserting(_ axis: Axis, at place: Int) throws -> LazyArray {
    try sizes.check(inserting: axis, at: place)
    var elements = Array(sizes)
    elements.insert(.init(axis, 1), at: place)
    var places = sizes.indices.map(Optional.some)
    places.insert(nil, at: place)
    return try rearranged(places, AxisSizes(elements))
  }

  /// The array with other names of its axes, as many as it has.
  public func renamingAxes(_ axes: [Axis]) throws -> LazyArray {
    try sizes.check(names: axes)
    return try rearranged(
      Array(sizes.indices), AxisSizes(zip(axes, sizes).map { .init($0, $1.count) }))
  }

  /// A view whose axes are those at the given places; nil for new ones. Axes that are at no place
  /// have one element.
  private func rearranged(_ places: [Int?], _ viewed: AxisSizes) throws -> LazyArray {
    let sources = sizes.enumerated().map { place, element -> LazyView.Source in
      places.firstIndex(of: place).map { .axis($0, .all(element.count)) } ?? .fixed(0)
    }
    return try view(sources, viewed, places.map { $0.map { chunkShape[$0] } ?? 1 })
  }

  private func view(
    _ sources: [LazyView.Source], _ sizes: AxisSizes, _ chunkShape: [Int]
  ) throws -> LazyArray {
    guard case .view(let beneath, let first) = node.operation else {
      return LazyArray(
        try .checked(
          .view(node, LazyView(sources: sources)), sizes: sizes, sampleType: sampleType,
          chunkShape: chunkShape))
    }
    // A view of a view is one view.
    let joined = first.sources.map { source -> LazyView.Source in
      guard case .axis(let place, let slice) = source else { return source }
      switch sources[place] {
      case .axis(let outer, let part): return .axis(outer, part.within(slice))
      case .fixed(let index): return .fixed(slice.start + index * slice.step)
      }
    }
    return LazyArray(
      try .checked(
        .view(beneath, LazyView(sources: joined)), sizes: sizes, sampleType: sampleType,
        chunkShape: chunkShape))
  }
}

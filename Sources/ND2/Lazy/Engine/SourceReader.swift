import ND2Format

/// Reads parts of sources for one thread. Memory that nobody uses any more is used again.
struct SourceReader {
  private var used: [ArrayStorage] = []

  /// Reads a part of a source, every element that it needs and, where the source is divisible, no
  /// other rows.
  mutating func read(_ region: LazyRegion, of source: any LazySource) throws -> AnyNDArray {
    var boxes = region.slices.map(\.span)
    var separate: [Int] = []
    for (place, slice) in region.slices.enumerated() where abs(slice.step) > 1 {
      let axis = source.sizes[place].axis
      if !axis.isInFrame || (axis == .y && source.isDivisible) { separate.append(place) }
    }
    // Memory for what is read: of axes with a step only what is wanted, where that can be had.
    let shape = region.slices.enumerated().map { place, slice in
      separate.contains(place) ? slice.count : boxes[place].count
    }
    let sizes = AxisSizes(zip(source.sizes, shape).map { .init($0.axis, $1) })
    let array = try empty(sizes, source.sampleType)
    if separate.isEmpty {
      try source.read(boxes, into: array.storage.bytes)
    } else {
      var origin = [Int](repeating: 0, count: shape.count)
      try readEach(separate[...], region, source, &boxes, &origin, into: array)
    }
    // What was read with its gaps is seen without them; backwards where that was asked for.
    let slices = region.slices.enumerated().map { place, slice in
      if separate.contains(place) || slice.step == 1 {
        return ResolvedSlice.all(slice.count)
      }
      return ResolvedSlice(
        start: slice.step > 0 ? 0 : boxes[place].count - 1, count: slice.count, step: slice.step,
        keepsAxis: true)
    }
    return AnyNDArray(
      layout: array.layout.sliced(slices), sampleType: array.sampleType, storage: array.storage)
  }

  private mutating func readEach(
    _ places: ArraySlice<Int>, _ region: LazyRegion, _ source: any LazySource,
    _ box: inout [Range<Int>], _ origin: inout [Int], into array: AnyNDArray
  ) throws {
    guard let place = places.first else {
      let sizes = AxisSizes(zip(source.sizes, box).map { .init($0.axis, $1.count) })
      let part = try empty(sizes, source.sampleType)
      try source.read(box, into: part.storage.bytes)
      array.place(part, at: origin)
      return
    }
    let slice = region.slices[place]
    for index in 0..<slice.count {
      let element = slice.start + index * slice.step
      box[place] = element..<(element + 1)
      origin[place] = index
      try readEach(places.dropFirst(), region, source, &box, &origin, into: array)
    }
  }

  /// An array whose elements are not set, in used memory if there is any.
  private mutating func empty(_ sizes: AxisSizes, _ type: SampleType) throws -> AnyNDArray {
    let count = try Self.byteCount(sizes, type)
    for index in used.indices {
      guard used[index].bytes.count == count else { continue }
      if isKnownUniquelyReferenced(&used[index]) {
        return AnyNDArray(sizes: sizes, sampleType: type, storage: used[index])
      }
    }
    let storage = try ArrayStorage(byteCount: count, zeroed: false)
    if used.count >= 4 { used.removeFirst() }
    used.append(storage)
    return AnyNDArray(sizes: sizes, sampleType: type, storage: storage)
  }

  private static func byteCount(_ sizes: AxisSizes, _ type: SampleType) throws -> Int {
    guard let count = Checked.product(try sizes.checkedCount(), type.byteCount) else {
      throw ND2Error(.limitExceeded, "an array of \(sizes) does not fit into memory")
    }
    return count
  }
}

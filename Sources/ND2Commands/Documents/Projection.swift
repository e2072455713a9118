import ND2

/// A projection of a part of a file, computed slab by slab so that memory grows neither with the file
/// nor with the result.
struct Projection {
  /// The result, not computed yet.
  let array: LazyArray
  /// Parts of the result that follow one another in memory: a range for each of its axes.
  let slabs: [[Range<Int>]]

  /// Bytes of a slab, unless one frame of the result is larger.
  static let slabByteCount = 64 << 20
  /// Frames of the result larger than that are cut as well, though what they are made of may have to
  /// be read once for each channel then.
  static let frameByteCount = 256 << 20

  /// Plans a projection.
  ///
  /// - Parameters:
  ///   - axes: the axes that go; the result of none has the number type of a projection all the same.
  ///   - type: the number type of the result, when it is not that of the reduction.
  init(
    of file: ND2File, _ selection: ArraySelection, _ reduction: Reduction, over axes: [Axis],
    type: SampleType?, slabByteCount: Int = Self.slabByteCount,
    frameByteCount: Int = Self.frameByteCount
  ) throws {
    try file.checkPromise(of: selection)
    let slices = file.sizes.axes.compactMap { axis in
      selection.ranges[axis].map { (axis: axis, slice: AxisSlice.range($0)) }
    }
    var array = try file.lazyArray(order: selection.componentOrder).slicing(slices)
    if axes.isEmpty {
      array = try array.inserting("one", at: 0).reduced(reduction, over: ["one"])
    } else {
      array = try array.reduced(reduction, over: axes)
    }
    if let type { array = try array.cast(to: type, .saturating) }
    self.array = array
    slabs = Self.slabs(
      of: array.sizes, elementByteCount: array.sampleType.byteCount,
      // A compressed frame is there as a whole or not at all.
      cutsFrames: file.attributes.compressionType != .lossless && !file.isLegacy,
      slabByteCount: slabByteCount, frameByteCount: frameByteCount)
  }

  /// The axes of the result.
  var sizes: AxisSizes { array.sizes }
  /// The number type of the result.
  var sampleType: SampleType { array.sampleType }

  /// Computes the result and hands over its bytes, slab by slab.
  func forEachSlab(
    progress: ProgressBar, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    for (number, ranges) in slabs.enumerated() {
      let slices = zip(sizes.axes, ranges).map { (axis: $0, slice: AxisSlice.range($1)) }
      let count = Double(slabs.count)
      let part = try array.slicing(slices).compute { share in
        progress.show(share: (Double(number) + share) / count)
      }
      try part.withUnsafeBytes(body)
    }
  }

  /// Cuts an array along its outermost axes.
  private static func slabs(
    of sizes: AxisSizes, elementByteCount: Int, cutsFrames: Bool, slabByteCount: Int,
    frameByteCount: Int
  ) -> [[Range<Int>]] {
    let whole = sizes.map { 0..<$0.count }
    guard !whole.contains(where: \.isEmpty) else { return [] }
    var partByteCount = sizes.reduce(elementByteCount) { product, element in
      let (bytes, overflow) = product.multipliedReportingOverflow(by: element.count)
      return overflow ? .max : bytes
    }
    var parts = [whole]
    for (place, element) in sizes.enumerated() {
      let most = element.axis.isInFrame ? frameByteCount : slabByteCount
      guard partByteCount > most, cutsFrames || !element.axis.isInFrame else { break }
      let stepByteCount = max(1, partByteCount / element.count)
      let step = max(1, min(element.count, slabByteCount / stepByteCount))
      parts = parts.flatMap { part in
        stride(from: 0, to: element.count, by: step).map { start in
          var part = part
          part[place] = start..<min(start + step, element.count)
          return part
        }
      }
      partByteCount = stepByteCount * step
      // Several indices in one part: axes further in must stay whole.
      if step > 1 { break }
    }
    return parts
  }
}

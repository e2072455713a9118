package import ND2Format

/// How the frames of a file make up its array: loops outside, planes inside.
package struct ArrayGeometry: Sendable {
  /// The loops' axes with their counts, outermost first, loops of one element included.
  package let loops: AxisSizes
  /// For each plane of a frame the stored components of its samples, in red, green, blue order.
  package let planes: [[Int]]
  /// Layout of a stored frame.
  package let layout: FrameLayout
  /// The number type.
  package let sampleType: SampleType

  package init(
    loops: AxisSizes, planes: [[Int]], layout: FrameLayout, sampleType: SampleType
  ) {
    self.loops = loops
    self.planes = planes
    self.layout = layout
    self.sampleType = sampleType
  }

  /// Frames that the loops describe.
  package var frameCount: Int { loops.shape.reduce(1, *) }
  /// Samples of a pixel: 3 for colour, else 1.
  package var sampleCount: Int { planes.first?.count ?? 1 }

  /// All axes of the array with their sizes, axes of one element included.
  package var allSizes: AxisSizes {
    var elements = Array(loops)
    elements.append(.init(.channel, planes.count))
    elements.append(.init(.y, layout.height))
    elements.append(.init(.x, layout.width))
    if sampleCount > 1 { elements.append(.init(.sample, sampleCount)) }
    return AxisSizes(elements)
  }

  /// The size of an axis; axes that the file does not have are one element long.
  package func size(of axis: Axis) -> Int { allSizes[axis] ?? 1 }

  /// The part of the array that a selection names, with every range checked.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` naming the axis, what was asked, what there is.
  package func resolve(_ selection: ArraySelection) throws -> ResolvedSelection {
    for (axis, range) in selection.ranges {
      let size = size(of: axis)
      guard range.lowerBound >= 0, range.upperBound <= size else {
        throw ND2Error.invalidRequest(
          "axis \(axis) has \(size) element\(size == 1 ? "" : "s"); "
            + "\(range.lowerBound)..<\(range.upperBound) is outside 0..<\(size)")
      }
      guard !range.isEmpty else {
        throw ND2Error.invalidRequest("the range along axis \(axis) is empty")
      }
      if axis == .sample, range.count != size {
        throw ND2Error.invalidRequest("the samples of a colour pixel are read together")
      }
    }
    func range(_ axis: Axis) -> Range<Int> { selection.ranges[axis] ?? 0..<size(of: axis) }
    let chosen = planes[range(.channel)].map { samples in
      selection.componentOrder == .stored ? samples.sorted() : samples
    }
    let elements = allSizes.compactMap { element -> AxisSizes.Element? in
      let count = range(element.axis).count
      // Axes of one element are left out, but for those that were one element of several.
      return element.count == 1 ? nil : .init(element.axis, count)
    }
    let gather = PlaneGather(
      planes: chosen, componentCount: layout.componentCount,
      sampleByteCount: layout.sampleByteCount, columns: range(.x), rowCount: range(.y).count)
    return ResolvedSelection(
      sizes: AxisSizes(elements), loops: loops, loopRanges: loops.axes.map(range),
      rows: range(.y), gather: gather)
  }
}

extension ArrayGeometry {
  /// One whole frame by its number, whether or not the loops reach it.
  package func frame(
    _ index: Int, order: ArraySelection.ComponentOrder
  ) throws -> ResolvedSelection {
    // A single loop over all frames addresses a frame by its number.
    let numbered = ArrayGeometry(
      loops: AxisSizes([.init(.custom, index < .max ? index + 1 : index)]), planes: planes,
      layout: layout, sampleType: sampleType)
    let resolved = try numbered.resolve(ArraySelection(.custom, index).with(order))
    let sizes = AxisSizes(allSizes.filter { $0.axis.isInFrame && $0.count != 1 })
    return ResolvedSelection(
      sizes: sizes, loops: resolved.loops, loopRanges: resolved.loopRanges, rows: resolved.rows,
      gather: resolved.gather)
  }
}

/// A checked selection: which frames, which rows of them, and where their pixels go.
package struct ResolvedSelection: Sendable {
  /// Axes of the result.
  package let sizes: AxisSizes
  let loops: AxisSizes
  let loopRanges: [Range<Int>]
  /// Rows that are taken of each frame.
  package let rows: Range<Int>
  /// Where the components of a frame go.
  package let gather: PlaneGather

  /// Number of frames that are taken.
  package var frameCount: Int { loopRanges.map(\.count).reduce(1, *) }

  /// Index in the file of the n-th frame of the result.
  package func frameIndex(_ ordinal: Int) -> Int {
    var rest = ordinal
    var index = 0
    var factor = 1
    for (range, size) in zip(loopRanges, loops.shape).reversed() {
      index += (range.lowerBound + rest % range.count) * factor
      rest /= range.count
      factor *= size
    }
    return index
  }
}

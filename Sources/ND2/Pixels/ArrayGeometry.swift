package import ND2Format

/// How the frames of a file make up its array: loops outside, planes inside.
package struct ArrayGeometry: Sendable {
  /// How the loops number the frames.
  package let loopLayout: LoopLayout
  /// For each plane of a frame the stored components of its samples, in red, green, blue order.
  package let planes: [[Int]]
  /// Layout of a stored frame.
  package let layout: FrameLayout
  /// The number type.
  package let sampleType: SampleType

  package init(
    loops: LoopLayout, planes: [[Int]], layout: FrameLayout, sampleType: SampleType
  ) {
    loopLayout = loops
    self.planes = planes
    self.layout = layout
    self.sampleType = sampleType
  }

  /// The loops' axes with their counts, outermost first, axes of one element included.
  package var loops: AxisSizes { loopLayout.axes }
  /// Samples of a pixel: 3 for colour, else 1.
  package var sampleCount: Int { planes.first?.count ?? 1 }

  /// The axes of one frame with their sizes, axes of one element included.
  private var frameSizes: [AxisSizes.Element] {
    var elements = [
      AxisSizes.Element(.channel, planes.count), AxisSizes.Element(.y, layout.height),
      AxisSizes.Element(.x, layout.width),
    ]
    if sampleCount > 1 { elements.append(.init(.sample, sampleCount)) }
    return elements
  }

  /// The part of the array that a selection names, with every range checked.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` naming the axis, what was asked, what there is.
  package func resolve(_ selection: ArraySelection) throws -> ResolvedSelection {
    let all = AxisSizes(loops + frameSizes)
    try check(selection, sizes: all)
    func range(_ axis: Axis) -> Range<Int> { selection.ranges[axis] ?? 0..<(all[axis] ?? 1) }
    let chosen = planes[range(.channel)].map { samples in
      selection.componentOrder == .stored ? samples.sorted() : samples
    }
    let elements = all.compactMap { element -> AxisSizes.Element? in
      // Axes of one element are left out, but for those that were one element of several.
      element.count == 1 ? nil : .init(element.axis, range(element.axis).count)
    }
    return ResolvedSelection(
      sizes: AxisSizes(elements), frames: .looped(loopLayout, loops.axes.map(range)),
      rows: range(.y),
      gather: PlaneGather(
        planes: chosen, componentCount: layout.componentCount,
        sampleByteCount: layout.sampleByteCount, columns: range(.x), rowCount: range(.y).count))
  }

  /// One whole frame by its number, whether or not the loops reach it.
  package func frame(_ index: Int, order: ArraySelection.ComponentOrder) -> ResolvedSelection {
    ResolvedSelection(
      sizes: AxisSizes(frameSizes.filter { $0.count != 1 }), frames: .numbered(index),
      rows: 0..<layout.height,
      gather: PlaneGather(
        planes: order == .stored ? planes.map { $0.sorted() } : planes,
        componentCount: layout.componentCount, sampleByteCount: layout.sampleByteCount,
        columns: 0..<layout.width, rowCount: layout.height))
  }

  private func check(_ selection: ArraySelection, sizes: AxisSizes) throws {
    for (axis, range) in selection.ranges.ordered(by: { $0.key.rawValue < $1.key.rawValue }) {
      let size = sizes[axis] ?? 1
      guard range.lowerBound >= 0, range.upperBound <= size else {
        throw ND2Error.invalidRequest(
          "axis \(axis) has \(size) element\(size == 1 ? "" : "s"); "
            + "\(range.lowerBound)..<\(range.upperBound) is outside 0..<\(size)")
      }
      guard !range.isEmpty else {
        throw ND2Error.invalidRequest("the range along axis \(axis) is empty")
      }
      if axis == .sample, range.count != size {
        throw ND2Error.invalidRequest(
          "axis \(axis) cannot be cut: the samples of a colour pixel are read together")
      }
    }
  }
}

/// A checked selection: which frames, which rows of them, and where their pixels go.
package struct ResolvedSelection: Sendable {
  /// Which frames are taken.
  package enum Frames: Sendable {
    /// One frame by its number.
    case numbered(Int)
    /// Frames by their numbers.
    case listed([Int])
    /// A range of each of the loops' axes.
    case looped(LoopLayout, [Range<Int>])
  }

  /// Axes of the result.
  package let sizes: AxisSizes
  /// Which frames are taken.
  package let frames: Frames
  /// Rows that are taken of each frame.
  package let rows: Range<Int>
  /// Where the components of a frame go.
  package let gather: PlaneGather

  /// Number of frames that are taken.
  package var frameCount: Int {
    switch frames {
    case .numbered: 1
    case .listed(let indices): indices.count
    case .looped(_, let ranges): ranges.reduce(1) { $0 * $1.count }
    }
  }

  /// Number in the file of the n-th frame of the result.
  package func frameIndex(_ ordinal: Int) -> Int {
    let layout: LoopLayout
    let ranges: [Range<Int>]
    switch frames {
    case .numbered(let index): return index
    case .listed(let indices): return indices[ordinal]
    case .looped(let looped, let taken): (layout, ranges) = (looped, taken)
    }
    if layout.isRowMajor {
      var (rest, index, factor) = (ordinal, 0, 1)
      for (range, element) in zip(ranges, layout.axes).reversed() {
        index += (range.lowerBound + rest % range.count) * factor
        rest /= range.count
        factor *= element.count
      }
      return index
    }
    var rest = ordinal
    let coordinates = ranges.reversed().map { range in
      defer { rest /= range.count }
      return range.lowerBound + rest % range.count
    }
    return layout.frameIndex(at: coordinates.reversed()) ?? 0
  }
}

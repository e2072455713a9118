/// Copies elements from one layout to another of the same shape, such as a block into its place in a
/// larger array.
enum StridedPlacement {
  /// An axis with its distances in both arrays.
  private typealias Axis = (count: Int, from: Int, to: Int)

  /// Copies all elements.
  ///
  /// - Parameters:
  ///   - layout: where the elements are.
  ///   - source: start of their storage.
  ///   - target: where they go; as many elements along each axis.
  ///   - destination: start of that storage.
  ///   - byteCount: size of an element: 1, 2, 4 or 8.
  static func copy(
    _ layout: StridedLayout, from source: UnsafeRawPointer, to target: StridedLayout,
    at destination: UnsafeMutableRawPointer, elementByteCount byteCount: Int
  ) {
    guard layout.count > 0, layout.sizes.shape == target.sizes.shape else { return }
    let nest = joined(layout, target)
    switch byteCount {
    case 1: copy(nest, layout.offset, source, target.offset, destination, UInt8.self)
    case 2: copy(nest, layout.offset, source, target.offset, destination, UInt16.self)
    case 4: copy(nest, layout.offset, source, target.offset, destination, UInt32.self)
    default: copy(nest, layout.offset, source, target.offset, destination, UInt64.self)
    }
  }

  /// Axes as a loop nest; neighbours that lie one after the other in both arrays are joined.
  private static func joined(_ from: StridedLayout, _ to: StridedLayout) -> [Axis] {
    var nest: [Axis] = []
    for place in from.sizes.indices where from.sizes[place].count != 1 {
      let axis = (from.sizes[place].count, from.strides[place], to.strides[place])
      if let outer = nest.last, outer.from == axis.0 * axis.1, outer.to == axis.0 * axis.2 {
        nest[nest.count - 1] = (outer.count * axis.0, axis.1, axis.2)
      } else {
        nest.append(axis)
      }
    }
    return nest
  }

  private static func copy<Element: BitwiseCopyable>(
    _ nest: [Axis], _ fromOffset: Int, _ source: UnsafeRawPointer, _ toOffset: Int,
    _ destination: UnsafeMutableRawPointer, _: Element.Type
  ) {
    copy(
      nest[...], source.assumingMemoryBound(to: Element.self) + fromOffset,
      destination.assumingMemoryBound(to: Element.self) + toOffset)
  }

  private static func copy<Element: BitwiseCopyable>(
    _ nest: ArraySlice<Axis>, _ source: UnsafePointer<Element>,
    _ destination: UnsafeMutablePointer<Element>
  ) {
    guard let axis = nest.first else {
      destination.pointee = source.pointee
      return
    }
    if nest.count == 1 {
      if axis.from == 1, axis.to == 1 {
        destination.update(from: source, count: axis.count)
        return
      }
      for index in 0..<axis.count {
        destination[index &* axis.to] = source[index &* axis.from]
      }
      return
    }
    let inner = nest.dropFirst()
    for index in 0..<axis.count {
      copy(inner, source + index * axis.from, destination + index * axis.to)
    }
  }
}

extension AnyNDArray {
  /// Copies elements into a part of this array, which nobody else reads meanwhile.
  ///
  /// - Parameters:
  ///   - part: the elements; same axes and number type.
  ///   - origin: where the part begins, one index for each axis. It must lie within the array.
  func place(_ part: AnyNDArray, at origin: [Int]) {
    guard part.sampleType == sampleType, part.sizes.count == sizes.count else { return }
    let slices = zip(origin, part.shape).map {
      ResolvedSlice(start: $0, count: $1, step: 1, keepsAxis: true)
    }
    guard let from = part.storage.bytes.baseAddress, let to = storage.bytes.baseAddress else {
      return
    }
    withExtendedLifetime((storage, part.storage)) {
      StridedPlacement.copy(
        part.layout, from: from, to: layout.sliced(slices), at: to,
        elementByteCount: sampleType.byteCount)
    }
  }
}

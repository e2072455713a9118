/// Copies the elements of a view into dense memory, row-major.
enum StridedCopy {
  /// Elements that are moved at a time when rows become columns, so that both stay in the cache.
  private static let tile = 32

  /// Copies all elements of a layout.
  ///
  /// - Parameters:
  ///   - layout: where the elements are.
  ///   - source: start of the storage.
  ///   - byteCount: size of an element: 1, 2, 4 or 8.
  ///   - destination: memory for all elements.
  static func copy(
    _ layout: StridedLayout, from source: UnsafeRawPointer, elementByteCount byteCount: Int,
    to destination: UnsafeMutableRawPointer
  ) {
    guard layout.count > 0 else { return }
    switch byteCount {
    case 1: copy(layout, source, destination, UInt8.self)
    case 2: copy(layout, source, destination, UInt16.self)
    case 4: copy(layout, source, destination, UInt32.self)
    default: copy(layout, source, destination, UInt64.self)
    }
  }

  private static func copy<Element: BitwiseCopyable>(
    _ layout: StridedLayout, _ source: UnsafeRawPointer, _ destination: UnsafeMutableRawPointer,
    _: Element.Type
  ) {
    let first = source.assumingMemoryBound(to: Element.self) + layout.offset
    let target = destination.assumingMemoryBound(to: Element.self)
    copy(layout.loopNest[...], first, target)
  }

  private static func copy<Element: BitwiseCopyable>(
    _ nest: ArraySlice<(count: Int, stride: Int)>, _ source: UnsafePointer<Element>,
    _ destination: UnsafeMutablePointer<Element>
  ) {
    guard let outer = nest.first else {
      destination.pointee = source.pointee
      return
    }
    switch nest.count {
    case 1: copyRun(source, stride: outer.stride, count: outer.count, destination)
    case 2: copyPlane(source, outer, nest[nest.startIndex + 1], destination)
    default:
      let inner = nest.dropFirst()
      let size = inner.reduce(1) { $0 * $1.count }
      for index in 0..<outer.count {
        copy(inner, source + index * outer.stride, destination + index * size)
      }
    }
  }

  @inline(__always)
  private static func copyRun<Element: BitwiseCopyable>(
    _ source: UnsafePointer<Element>, stride: Int, count: Int,
    _ destination: UnsafeMutablePointer<Element>
  ) {
    if stride == 1 {
      destination.update(from: source, count: count)
      return
    }
    var (from, index) = (source, 0)
    while index < count {
      destination[index] = from.pointee
      from += stride
      index &+= 1
    }
  }

  private static func copyPlane<Element: BitwiseCopyable>(
    _ source: UnsafePointer<Element>, _ rows: (count: Int, stride: Int),
    _ columns: (count: Int, stride: Int), _ destination: UnsafeMutablePointer<Element>
  ) {
    guard abs(columns.stride) > abs(rows.stride), columns.stride != 1 else {
      for row in 0..<rows.count {
        copyRun(
          source + row * rows.stride, stride: columns.stride, count: columns.count,
          destination + row * columns.count)
      }
      return
    }
    // Rows of the result are columns of the storage.
    for top in stride(from: 0, to: rows.count, by: tile) {
      let bottom = min(top + tile, rows.count)
      for left in stride(from: 0, to: columns.count, by: tile) {
        let width = min(tile, columns.count - left)
        for row in top..<bottom {
          copyRun(
            source + row * rows.stride + left * columns.stride, stride: columns.stride,
            count: width, destination + row * columns.count + left)
        }
      }
    }
  }
}

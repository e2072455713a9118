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
    copy(loops(of: layout)[...], first, target)
  }

  /// An axis with the distances of neighbours on both sides.
  private typealias Loop = (count: Int, from: Int, to: Int)

  /// The loops over all elements, outermost first.
  ///
  /// The last one walks along the rows of the destination, the one before it along those of the
  /// source, where these differ: the two are copied tile by tile.
  private static func loops(of layout: StridedLayout) -> [Loop] {
    var loops: [Loop] = []
    var size = 1
    for axis in layout.loopNest.reversed() {
      loops.insert((axis.count, axis.stride, size), at: 0)
      size *= axis.count
    }
    let near = loops.indices.min { abs(loops[$0].from) < abs(loops[$1].from) }
    if let near, near < loops.count - 2 {
      loops.insert(loops.remove(at: near), at: loops.count - 1)
    }
    return loops
  }

  private static func copy<Element: BitwiseCopyable>(
    _ loops: ArraySlice<Loop>, _ source: UnsafePointer<Element>,
    _ destination: UnsafeMutablePointer<Element>
  ) {
    guard let outer = loops.first else {
      destination.pointee = source.pointee
      return
    }
    switch loops.count {
    case 1: copyRun(source, stride: outer.from, count: outer.count, destination)
    case 2: copyPlane(source, outer, loops[loops.startIndex + 1], destination)
    default:
      let inner = loops.dropFirst()
      for index in 0..<outer.count {
        copy(inner, source + index * outer.from, destination + index * outer.to)
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
    _ source: UnsafePointer<Element>, _ rows: Loop, _ columns: Loop,
    _ destination: UnsafeMutablePointer<Element>
  ) {
    guard abs(columns.from) > abs(rows.from), columns.from != 1 else {
      for row in 0..<rows.count {
        copyRun(
          source + row * rows.from, stride: columns.from, count: columns.count,
          destination + row * rows.to)
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
            source + row * rows.from + left * columns.from, stride: columns.from,
            count: width, destination + row * rows.to + left)
        }
      }
    }
  }
}

/// Greatest and least elements: `acc = pick(acc, x)` over raw memory.
///
/// Written for the optimizer: raw pointers, wrapping arithmetic, and one specialised loop per number
/// type, chosen by a switch in this file. The caller vouches for the sizes.
enum ExtremeKernels {
  /// Fills accumulators with the number that every other one replaces.
  static func fill(
    _ type: SampleType, isMax: Bool, _ acc: UnsafeMutableRawPointer, count: Int
  ) {
    switch type {
    case .uint8: fill(acc, count, isMax ? UInt8.min : .max)
    case .uint16: fill(acc, count, isMax ? UInt16.min : .max)
    case .uint32: fill(acc, count, isMax ? UInt32.min : .max)
    case .int8: fill(acc, count, isMax ? Int8.min : .max)
    case .int16: fill(acc, count, isMax ? Int16.min : .max)
    case .int32: fill(acc, count, isMax ? Int32.min : .max)
    case .float32: fill(acc, count, isMax ? -Float.infinity : .infinity)
    case .float64: fill(acc, count, isMax ? -Double.infinity : .infinity)
    }
  }

  /// Takes rows into accumulators that lie side by side, one for each column.
  static func columns(
    _ type: SampleType, isMax: Bool, _ x: UnsafeRawPointer, _ block: RowBlock,
    _ acc: UnsafeMutableRawPointer
  ) {
    switch (type, isMax) {
    case (.uint8, true): columns(x, block, acc, Greatest<UInt8>.self)
    case (.uint8, false): columns(x, block, acc, Least<UInt8>.self)
    case (.uint16, true): columns(x, block, acc, Greatest<UInt16>.self)
    case (.uint16, false): columns(x, block, acc, Least<UInt16>.self)
    case (.uint32, true): columns(x, block, acc, Greatest<UInt32>.self)
    case (.uint32, false): columns(x, block, acc, Least<UInt32>.self)
    case (.int8, true): columns(x, block, acc, Greatest<Int8>.self)
    case (.int8, false): columns(x, block, acc, Least<Int8>.self)
    case (.int16, true): columns(x, block, acc, Greatest<Int16>.self)
    case (.int16, false): columns(x, block, acc, Least<Int16>.self)
    case (.int32, true): columns(x, block, acc, Greatest<Int32>.self)
    case (.int32, false): columns(x, block, acc, Least<Int32>.self)
    case (.float32, true): columns(x, block, acc, GreatestOrNaN<Float>.self)
    case (.float32, false): columns(x, block, acc, LeastOrNaN<Float>.self)
    case (.float64, true): columns(x, block, acc, GreatestOrNaN<Double>.self)
    case (.float64, false): columns(x, block, acc, LeastOrNaN<Double>.self)
    }
  }

  /// Takes each row into one accumulator.
  static func rows(
    _ type: SampleType, isMax: Bool, _ x: UnsafeRawPointer, _ block: RowBlock,
    _ acc: UnsafeMutableRawPointer, stride: Int
  ) {
    switch (type, isMax) {
    case (.uint8, true): rows(x, block, acc, stride, Greatest<UInt8>.self)
    case (.uint8, false): rows(x, block, acc, stride, Least<UInt8>.self)
    case (.uint16, true): rows(x, block, acc, stride, Greatest<UInt16>.self)
    case (.uint16, false): rows(x, block, acc, stride, Least<UInt16>.self)
    case (.uint32, true): rows(x, block, acc, stride, Greatest<UInt32>.self)
    case (.uint32, false): rows(x, block, acc, stride, Least<UInt32>.self)
    case (.int8, true): rows(x, block, acc, stride, Greatest<Int8>.self)
    case (.int8, false): rows(x, block, acc, stride, Least<Int8>.self)
    case (.int16, true): rows(x, block, acc, stride, Greatest<Int16>.self)
    case (.int16, false): rows(x, block, acc, stride, Least<Int16>.self)
    case (.int32, true): rows(x, block, acc, stride, Greatest<Int32>.self)
    case (.int32, false): rows(x, block, acc, stride, Least<Int32>.self)
    case (.float32, true): floatingRows(x, block, acc, stride, GreatestNumber<Float>.self)
    case (.float32, false): floatingRows(x, block, acc, stride, LeastNumber<Float>.self)
    case (.float64, true): floatingRows(x, block, acc, stride, GreatestNumber<Double>.self)
    case (.float64, false): floatingRows(x, block, acc, stride, LeastNumber<Double>.self)
    }
  }
}

/// Rows of elements in memory; the elements of a row lie side by side.
struct RowBlock {
  /// Elements of a row.
  var width: Int
  /// Number of rows.
  var rows: Int
  /// Distance between rows, in elements.
  var stride: Int
}

private protocol Pick<Element> {
  associatedtype Element: BitwiseCopyable
  static func pick(_ kept: Element, _ new: Element) -> Element
}

private enum Greatest<Element: FixedWidthInteger & BitwiseCopyable>: Pick {
  @inline(__always)
  static func pick(_ kept: Element, _ new: Element) -> Element { new > kept ? new : kept }
}
private enum Least<Element: FixedWidthInteger & BitwiseCopyable>: Pick {
  @inline(__always)
  static func pick(_ kept: Element, _ new: Element) -> Element { new < kept ? new : kept }
}
// What is not a number stays: no comparison with it holds.
private enum GreatestOrNaN<Element: BinaryFloatingPoint & BitwiseCopyable>: Pick {
  @inline(__always)
  static func pick(_ kept: Element, _ new: Element) -> Element {
    (new > kept) || (new != new) ? new : kept
  }
}
private enum LeastOrNaN<Element: BinaryFloatingPoint & BitwiseCopyable>: Pick {
  @inline(__always)
  static func pick(_ kept: Element, _ new: Element) -> Element {
    (new < kept) || (new != new) ? new : kept
  }
}

// These are single instructions, but lose what is not a number.
private enum GreatestNumber<Element: BinaryFloatingPoint & BitwiseCopyable>: Pick {
  @inline(__always)
  static func pick(_ kept: Element, _ new: Element) -> Element { new > kept ? new : kept }
}
private enum LeastNumber<Element: BinaryFloatingPoint & BitwiseCopyable>: Pick {
  @inline(__always)
  static func pick(_ kept: Element, _ new: Element) -> Element { new < kept ? new : kept }
}

extension ExtremeKernels {
  @inline(__always)
  private static func fill<T: BitwiseCopyable>(
    _ acc: UnsafeMutableRawPointer, _ count: Int, _ value: T
  ) {
    acc.assumingMemoryBound(to: T.self).update(repeating: value, count: count)
  }

  @inline(__always)
  private static func columns<P: Pick>(
    _ x: UnsafeRawPointer, _ block: RowBlock, _ acc: UnsafeMutableRawPointer, _: P.Type
  ) {
    typealias T = P.Element
    columns(
      x.assumingMemoryBound(to: T.self), block, acc.assumingMemoryBound(to: T.self), P.self)
  }

  @inline(__always)
  private static func columns<P: Pick>(
    _ x: UnsafePointer<P.Element>, _ block: RowBlock, _ acc: UnsafeMutablePointer<P.Element>,
    _: P.Type
  ) {
    let (width, stride) = (block.width, block.stride)
    var (row, left) = (x, block.rows)
    while left >= 4 {
      let (a, b) = (row, row + stride)
      let (c, d) = (b + stride, b + stride &* 2)
      var i = 0
      while i < width {
        acc[i] = P.pick(P.pick(P.pick(P.pick(acc[i], a[i]), b[i]), c[i]), d[i])
        i &+= 1
      }
      row = d + stride
      left &-= 4
    }
    while left > 0 {
      var i = 0
      while i < width {
        acc[i] = P.pick(acc[i], row[i])
        i &+= 1
      }
      row += stride
      left &-= 1
    }
  }

  /// Elements of a row that are taken side by side.
  private static var lanes: Int { 64 }

  @inline(__always)
  private static func rows<P: Pick>(
    _ x: UnsafeRawPointer, _ block: RowBlock, _ acc: UnsafeMutableRawPointer, _ step: Int,
    _: P.Type
  ) {
    typealias T = P.Element
    var row = x.assumingMemoryBound(to: T.self)
    var slot = acc.assumingMemoryBound(to: T.self)
    let count = block.width / lanes
    withUnsafeTemporaryAllocation(of: T.self, capacity: lanes) { buffer in
      guard let side = buffer.baseAddress else { return }
      for _ in 0..<block.rows {
        var (value, i) = (slot.pointee, 0)
        if count >= 4 {
          // From the accumulator, not from the row: what is not a number would stay.
          side.update(repeating: value, count: lanes)
          columns(row, RowBlock(width: lanes, rows: count, stride: lanes), side, P.self)
          i = count &* lanes
          for lane in 0..<lanes { value = P.pick(value, side[lane]) }
        }
        while i < block.width {
          value = P.pick(value, row[i])
          i &+= 1
        }
        slot.pointee = value
        slot += step
        row += block.stride
      }
    }
  }

  /// The least and the greatest of elements that are numbers; nil when none is.
  static func range(_ type: SampleType, _ x: UnsafeRawPointer, count: Int) -> (Double, Double)? {
    switch type {
    case .uint8: range(x, count, Least<UInt8>.self, Greatest<UInt8>.self) { Double($0) }
    case .uint16: range(x, count, Least<UInt16>.self, Greatest<UInt16>.self) { Double($0) }
    case .uint32: range(x, count, Least<UInt32>.self, Greatest<UInt32>.self) { Double($0) }
    case .int8: range(x, count, Least<Int8>.self, Greatest<Int8>.self) { Double($0) }
    case .int16: range(x, count, Least<Int16>.self, Greatest<Int16>.self) { Double($0) }
    case .int32: range(x, count, Least<Int32>.self, Greatest<Int32>.self) { Double($0) }
    case .float32:
      range(x, count, LeastNumber<Float>.self, GreatestNumber<Float>.self) { Double($0) }
    case .float64: range(x, count, LeastNumber<Double>.self, GreatestNumber<Double>.self) { $0 }
    }
  }

  @inline(__always)
  private static func range<Low: Pick, High: Pick>(
    _ x: UnsafeRawPointer, _ count: Int, _: Low.Type, _: High.Type,
    _ double: (Low.Element) -> Double
  ) -> (Double, Double)? where Low.Element == High.Element, Low.Element: Comparable {
    let elements = x.assumingMemoryBound(to: Low.Element.self)
    guard let first = (0..<count).first(where: { elements[$0] == elements[$0] }) else {
      return nil
    }
    var range = (elements[first], elements[first])
    let block = RowBlock(width: count, rows: 1, stride: 0)
    withUnsafeMutablePointer(to: &range.0) {
      rows(x, block, UnsafeMutableRawPointer($0), 0, Low.self)
    }
    withUnsafeMutablePointer(to: &range.1) {
      rows(x, block, UnsafeMutableRawPointer($0), 0, High.self)
    }
    return (double(range.0), double(range.1))
  }

  /// Whether an element is not a number.
  @inline(__always)
  private static func hasNaN<T: BinaryFloatingPoint & BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ count: Int
  ) -> Bool {
    var (wrong, index) = (UInt32(0), 0)
    while index < count {
      wrong |= x[index] == x[index] ? 0 : 1
      index &+= 1
    }
    return wrong != 0
  }

  /// Elements of a row that are looked at twice while they are in the nearest cache.
  private static var elementsOfRun: Int { 4096 }

  /// Rows of floating-point numbers: extremes of what compares, and whether something does not.
  @inline(__always)
  private static func floatingRows<P: Pick>(
    _ x: UnsafeRawPointer, _ block: RowBlock, _ acc: UnsafeMutableRawPointer, _ step: Int,
    _: P.Type
  ) where P.Element: BinaryFloatingPoint {
    typealias T = P.Element
    var row = x.assumingMemoryBound(to: T.self)
    var slot = acc.assumingMemoryBound(to: T.self)
    for _ in 0..<block.rows {
      var start = 0
      while start < block.width {
        let count = min(elementsOfRun, block.width &- start)
        let run = RowBlock(width: count, rows: 1, stride: 0)
        // What is not a number in the accumulator stays: nothing compares with it.
        let kept = slot.pointee
        rows(UnsafeRawPointer(row + start), run, UnsafeMutableRawPointer(slot), 0, P.self)
        if kept != kept || hasNaN(row + start, count) { slot.pointee = .nan }
        start &+= count
      }
      slot += step
      row += block.stride
    }
  }
}

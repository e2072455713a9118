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
    case (.float32, true): floatingRows(x, block, acc, stride, SIMD4<Float>.self, isMax: true)
    case (.float32, false): floatingRows(x, block, acc, stride, SIMD4<Float>.self, isMax: false)
    case (.float64, true): floatingRows(x, block, acc, stride, SIMD2<Double>.self, isMax: true)
    case (.float64, false): floatingRows(x, block, acc, stride, SIMD2<Double>.self, isMax: false)
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
        acc[i] = P.pick(acc[i], P.pick(P.pick(a[i], b[i]), P.pick(c[i], d[i])))
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
          side.update(from: row, count: lanes)
          columns(
            row + lanes, RowBlock(width: lanes, rows: count &- 1, stride: lanes), side, P.self)
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

  /// Rows of floating-point numbers, with one flag for all that are not a number.
  @inline(__always)
  private static func floatingRows<V: SIMD & BitwiseCopyable>(
    _ x: UnsafeRawPointer, _ block: RowBlock, _ acc: UnsafeMutableRawPointer, _ step: Int,
    _: V.Type, isMax: Bool
  ) where V.Scalar: BinaryFloatingPoint & BitwiseCopyable {
    typealias T = V.Scalar
    var row = x.assumingMemoryBound(to: T.self)
    var slot = acc.assumingMemoryBound(to: T.self)
    for _ in 0..<block.rows {
      let found = extreme(row, block.width, V.self, isMax: isMax)
      if found != found || (isMax ? found > slot.pointee : found < slot.pointee) {
        slot.pointee = found
      }
      slot += step
      row += block.stride
    }
  }

  @inline(__always)
  private static func extreme<V: SIMD & BitwiseCopyable>(
    _ x: UnsafePointer<V.Scalar>, _ count: Int, _: V.Type, isMax: Bool
  ) -> V.Scalar where V.Scalar: BinaryFloatingPoint & BitwiseCopyable {
    typealias T = V.Scalar
    let none: T = isMax ? -.infinity : .infinity
    var (a, b, c, d) = (
      V(repeating: none), V(repeating: none), V(repeating: none), V(repeating: none)
    )
    var isNaN = a .!= a
    let (step, raw) = (V.scalarCount, UnsafeRawPointer(x))
    var i = 0
    while i &+ step &* 4 <= count {
      let first = raw + i &* MemoryLayout<T>.stride
      let second = first + MemoryLayout<V>.stride
      let third = second + MemoryLayout<V>.stride
      let p = first.loadUnaligned(as: V.self)
      let q = second.loadUnaligned(as: V.self)
      let r = third.loadUnaligned(as: V.self)
      let s = (third + MemoryLayout<V>.stride).loadUnaligned(as: V.self)
      if isMax {
        a.replace(with: p, where: p .> a)
        b.replace(with: q, where: q .> b)
        c.replace(with: r, where: r .> c)
        d.replace(with: s, where: s .> d)
      } else {
        a.replace(with: p, where: p .< a)
        b.replace(with: q, where: q .< b)
        c.replace(with: r, where: r .< c)
        d.replace(with: s, where: s .< d)
      }
      isNaN = isNaN .| (p .!= p) .| (q .!= q) .| (r .!= r) .| (s .!= s)
      i &+= step &* 4
    }
    if any(isNaN) { return .nan }
    var result = none
    for lane in 0..<step {
      let (p, q, r, s) = (a[lane], b[lane], c[lane], d[lane])
      if isMax ? p > result : p < result { result = p }
      if isMax ? q > result : q < result { result = q }
      if isMax ? r > result : r < result { result = r }
      if isMax ? s > result : s < result { result = s }
    }
    while i < count {
      let value = x[i]
      if value != value { return .nan }
      if isMax ? value > result : value < result { result = value }
      i &+= 1
    }
    return result
  }
}

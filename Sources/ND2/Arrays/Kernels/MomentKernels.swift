/// Means and sums of squared differences from them (M2) over raw memory.
///
/// They are made of small blocks and put together as Chan, Golub and LeVeque (1979) do. Within a
/// block, differences are taken from one of its elements: that loses no more digits than the block
/// has elements, however far the mean is from zero. The caller vouches for the sizes.
enum MomentKernels {
  /// Takes rows into means and squared differences that lie side by side, one for each column.
  ///
  /// - Parameter seen: elements that each of them has seen.
  static func columns(
    _ type: SampleType, _ x: UnsafeRawPointer, _ block: RowBlock, seen: Int, _ acc: Moments
  ) {
    switch type {
    case .uint32: columns(x.assumingMemoryBound(to: UInt32.self), block, seen, acc) { Double($0) }
    case .int32: columns(x.assumingMemoryBound(to: Int32.self), block, seen, acc) { Double($0) }
    case .float32: columns(x.assumingMemoryBound(to: Float.self), block, seen, acc) { Double($0) }
    case .float64: columns(x.assumingMemoryBound(to: Double.self), block, seen, acc) { $0 }
    case .uint8, .uint16, .int8, .int16: break
    }
  }

  /// Takes each row into one mean and squared difference.
  static func rows(
    _ type: SampleType, _ x: UnsafeRawPointer, _ block: RowBlock, seen: Int, _ acc: Moments,
    stride: Int
  ) {
    switch type {
    case .uint32:
      rows(x.assumingMemoryBound(to: UInt32.self), block, seen, acc, stride) { Double($0) }
    case .int32:
      rows(x.assumingMemoryBound(to: Int32.self), block, seen, acc, stride) { Double($0) }
    case .float32:
      rows(x.assumingMemoryBound(to: Float.self), block, seen, acc, stride) { Double($0) }
    case .float64: rows(x.assumingMemoryBound(to: Double.self), block, seen, acc, stride) { $0 }
    case .uint8, .uint16, .int8, .int16: break
    }
  }
}

/// Means and sums of squared differences from them, side by side.
///
/// Means are told from the first element that was seen, so that they keep their digits where all
/// elements are far from zero.
struct Moments {
  var origin: UnsafeMutablePointer<Double>
  var mean: UnsafeMutablePointer<Double>
  var squares: UnsafeMutablePointer<Double>

  static func + (moments: Moments, count: Int) -> Moments {
    Moments(
      origin: moments.origin + count, mean: moments.mean + count, squares: moments.squares + count)
  }

  /// Takes over the mean, told from `start`, and squared difference of `count` further elements.
  @inline(__always)
  func merge(
    _ i: Int, seen: Int, start: Double, mean newMean: Double, squares newSquares: Double, count: Int
  ) {
    if seen == 0 {
      origin[i] = start
      mean[i] = newMean
      squares[i] = newSquares
      return
    }
    let (before, new) = (Double(seen), Double(count))
    let difference = (start - origin[i]) + newMean - mean[i]
    mean[i] += difference * (new / (before + new))
    squares[i] += newSquares + difference * difference * (before * (new / (before + new)))
  }
}

extension MomentKernels {
  /// Columns and rows of a block, whose sums stay in the nearest cache.
  private static var columnsOfBlock: Int { 2048 }
  private static var rowsOfBlock: Int { 64 }

  @inline(__always)
  private static func columns<T: BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ block: RowBlock, _ seen: Int, _ acc: Moments,
    _ double: (T) -> Double
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: columnsOfBlock * 3) { buffer in
      guard let scratch = buffer.baseAddress else { return }
      var left = 0
      while left < block.width {
        let width = min(columnsOfBlock, block.width &- left)
        var top = 0
        while top < block.rows {
          let part = RowBlock(
            width: width, rows: min(rowsOfBlock, block.rows &- top), stride: block.stride)
          merge(
            x + (top &* block.stride &+ left), part, seen &+ top, acc + left, scratch, double)
          top &+= part.rows
        }
        left &+= width
      }
    }
  }

  /// Takes one block into moments.
  @inline(__always)
  private static func merge<T: BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ block: RowBlock, _ seen: Int, _ acc: Moments,
    _ scratch: UnsafeMutablePointer<Double>, _ double: (T) -> Double
  ) {
    let (start, first) = (scratch, scratch + columnsOfBlock)
    let second = first + columnsOfBlock
    differences(x, block, start, first, second, double)
    let (part, before) = (Double(block.rows), Double(seen))
    let (share, weight) = (part / (before + part), before * (part / (before + part)))
    let each = 1 / part
    let (origins, means, squares) = (acc.origin, acc.mean, acc.squares)
    if seen == 0 {
      for i in 0..<block.width {
        origins[i] = start[i]
        means[i] = first[i] * each
        squares[i] = positive(second[i] - first[i] * first[i] * each)
      }
      return
    }
    for i in 0..<block.width {
      let difference = (start[i] - origins[i]) + first[i] * each - means[i]
      means[i] += difference * share
      squares[i] +=
        positive(second[i] - first[i] * first[i] * each) + difference * difference * weight
    }
  }

  /// The first element of each column, and sums of differences from it and of their squares.
  @inline(__always)
  private static func differences<T: BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ block: RowBlock, _ start: UnsafeMutablePointer<Double>,
    _ first: UnsafeMutablePointer<Double>, _ second: UnsafeMutablePointer<Double>,
    _ double: (T) -> Double
  ) {
    let (width, stride) = (block.width, block.stride)
    for i in 0..<width {
      start[i] = double(x[i])
      first[i] = 0
      second[i] = 0
    }
    // What is not finite has no difference from itself that is a number.
    for i in 0..<width { first[i] += start[i] - start[i] }
    var (row, left) = (x + stride, block.rows &- 1)
    while left >= 4 {
      let (a, b, c, d) = (row, row + stride, row + stride &* 2, row + stride &* 3)
      for i in 0..<width {
        let from = start[i]
        let (p, q) = (double(a[i]) - from, double(b[i]) - from)
        let (r, s) = (double(c[i]) - from, double(d[i]) - from)
        first[i] += (p + q) + (r + s)
        second[i] += (p * p + q * q) + (r * r + s * s)
      }
      row = d + stride
      left &-= 4
    }
    while left > 0 {
      for i in 0..<width {
        let difference = double(row[i]) - start[i]
        first[i] += difference
        second[i] += difference * difference
      }
      row += stride
      left &-= 1
    }
  }

  /// The number, or zero when rounding made it negative; what is not a number stays.
  @inline(__always)
  private static func positive(_ value: Double) -> Double { value < 0 ? 0 : value }

  /// Elements of a row that are taken at a time, and how many of them side by side.
  private static var elementsOfRun: Int { 1024 }
  private static var lanes: Int { 32 }

  @inline(__always)
  private static func rows<T: BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ block: RowBlock, _ seen: Int, _ acc: Moments, _ step: Int,
    _ double: (T) -> Double
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: lanes * 2) { buffer in
      guard let scratch = buffer.baseAddress else { return }
      for line in 0..<block.rows {
        let row = x + line &* block.stride
        var start = 0
        while start < block.width {
          let count = min(elementsOfRun, block.width &- start)
          let run = moments(row + start, count, scratch, double)
          acc.merge(
            line &* step, seen: seen &+ start, start: run.start, mean: run.mean,
            squares: run.squares, count: count)
          start &+= count
        }
      }
    }
  }

  /// The first of elements that lie side by side, the mean told from it, and squared differences.
  @inline(__always)
  private static func moments<T: BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ count: Int, _ scratch: UnsafeMutablePointer<Double>,
    _ double: (T) -> Double
  ) -> (start: Double, mean: Double, squares: Double) {
    let (first, second, from) = (scratch, scratch + lanes, double(x[0]))
    for lane in 0..<lanes {
      first[lane] = 0
      second[lane] = 0
    }
    var i = 0
    while i &+ lanes &* 4 <= count {
      let (a, b) = (x + i, x + (i &+ lanes))
      let (c, d) = (b + lanes, b + lanes &* 2)
      for lane in 0..<lanes {
        let (p, q) = (double(a[lane]) - from, double(b[lane]) - from)
        let (r, s) = (double(c[lane]) - from, double(d[lane]) - from)
        first[lane] += (p + q) + (r + s)
        second[lane] += (p * p + q * q) + (r * r + s * s)
      }
      i &+= lanes &* 4
    }
    var (sum, square) = (0.0, 0.0)
    while i < count {
      let difference = double(x[i]) - from
      sum += difference
      square += difference * difference
      i &+= 1
    }
    sum += total(first)
    square += total(second)
    let number = Double(count)
    return (from, sum / number, positive(square - sum * sum / number))
  }

  @inline(__always)
  private static func total(_ side: UnsafeMutablePointer<Double>) -> Double {
    var half = lanes / 2
    while half > 0 {
      for lane in 0..<half { side[lane] += side[lane &+ half] }
      half /= 2
    }
    return side[0]
  }
}

/// Sums of squares and of squared differences from the mean over raw memory.
///
/// 8- and 16-bit integers have exact sums of squares. Other numbers have means and squared
/// differences (M2), which are made block by block in two passes while the block is in the cache,
/// and put together as Chan, Golub and LeVeque (1979) do. The caller vouches for the sizes.
enum MomentKernels {
  /// Adds the squares of rows to 64-bit totals that lie side by side, one for each column.
  static func squareColumns(
    _ type: SampleType, _ x: UnsafeRawPointer, _ block: RowBlock,
    _ acc: UnsafeMutablePointer<UInt64>
  ) {
    switch type {
    case .uint8: squareColumns(x.assumingMemoryBound(to: UInt8.self), block, acc)
    case .uint16: squareColumns(x.assumingMemoryBound(to: UInt16.self), block, acc)
    case .int8: squareColumns(x.assumingMemoryBound(to: Int8.self), block, acc)
    case .int16: squareColumns(x.assumingMemoryBound(to: Int16.self), block, acc)
    case .uint32, .int32, .float32, .float64: break
    }
  }

  /// Adds the squares of each row to one 64-bit total.
  static func squareRows(
    _ type: SampleType, _ x: UnsafeRawPointer, _ block: RowBlock,
    _ acc: UnsafeMutablePointer<UInt64>, stride: Int
  ) {
    switch type {
    case .uint8: squareRows(x.assumingMemoryBound(to: UInt8.self), block, acc, stride)
    case .uint16: squareRows(x.assumingMemoryBound(to: UInt16.self), block, acc, stride)
    case .int8: squareRows(x.assumingMemoryBound(to: Int8.self), block, acc, stride)
    case .int16: squareRows(x.assumingMemoryBound(to: Int16.self), block, acc, stride)
    case .uint32, .int32, .float32, .float64: break
    }
  }

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
struct Moments {
  var mean: UnsafeMutablePointer<Double>
  var squares: UnsafeMutablePointer<Double>

  static func + (moments: Moments, count: Int) -> Moments {
    Moments(mean: moments.mean + count, squares: moments.squares + count)
  }

  /// Takes over a mean and squared difference of `count` further elements.
  @inline(__always)
  func merge(_ i: Int, seen: Int, mean newMean: Double, squares newSquares: Double, count: Int) {
    if seen == 0 {
      mean[i] = newMean
      squares[i] = newSquares
      return
    }
    let (before, new) = (Double(seen), Double(count))
    let difference = newMean - mean[i]
    mean[i] += difference * (new / (before + new))
    squares[i] += newSquares + difference * difference * (before * (new / (before + new)))
  }
}

// Exact squares of small integers.
extension MomentKernels {
  @inline(__always)
  private static func square<T: FixedWidthInteger>(_ value: T) -> UInt32 {
    let wide = UInt32(truncatingIfNeeded: value)
    return wide &* wide
  }

  @inline(__always)
  private static func squareColumns<T: FixedWidthInteger & BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ block: RowBlock, _ acc: UnsafeMutablePointer<UInt64>
  ) {
    let (width, stride) = (block.width, block.stride)
    var (row, left) = (x, block.rows)
    while left >= 2 {
      let (a, b) = (row, row + stride)
      var i = 0
      while i < width {
        acc[i] = acc[i] &+ (UInt64(square(a[i])) &+ UInt64(square(b[i])))
        i &+= 1
      }
      row = b + stride
      left &-= 2
    }
    if left > 0 {
      var i = 0
      while i < width {
        acc[i] = acc[i] &+ UInt64(square(row[i]))
        i &+= 1
      }
    }
  }

  @inline(__always)
  private static func squareRows<T: FixedWidthInteger & BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ block: RowBlock, _ acc: UnsafeMutablePointer<UInt64>, _ step: Int
  ) {
    var (row, slot) = (x, acc)
    for _ in 0..<block.rows {
      var sum: UInt64 = 0
      for i in 0..<block.width { sum = sum &+ UInt64(square(row[i])) }
      slot.pointee &+= sum
      slot += step
      row += block.stride
    }
  }
}

// Other numbers.
extension MomentKernels {
  /// Columns and rows of a block, which stays in the cache for two passes.
  private static var columnsOfBlock: Int { 512 }
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
    let (mean, first) = (scratch, scratch + columnsOfBlock)
    let second = first + columnsOfBlock
    let (width, count) = (block.width, Double(block.rows))
    differences(x, block, mean, first, second, double)
    for i in 0..<width {
      acc.merge(
        i, seen: seen, mean: mean[i] + first[i] / count,
        squares: positive(second[i] - first[i] * first[i] / count), count: block.rows)
    }
  }

  /// Means of columns, and the sums of differences from them and of their squares.
  @inline(__always)
  private static func differences<T: BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ block: RowBlock, _ mean: UnsafeMutablePointer<Double>,
    _ first: UnsafeMutablePointer<Double>, _ second: UnsafeMutablePointer<Double>,
    _ double: (T) -> Double
  ) {
    let width = block.width
    for i in 0..<width { mean[i] = 0 }
    var row = x
    for _ in 0..<block.rows {
      for i in 0..<width { mean[i] += double(row[i]) }
      row += block.stride
    }
    let count = Double(block.rows)
    for i in 0..<width {
      mean[i] /= count
      first[i] = 0
      second[i] = 0
    }
    row = x
    for _ in 0..<block.rows {
      for i in 0..<width {
        let difference = double(row[i]) - mean[i]
        first[i] += difference
        second[i] += difference * difference
      }
      row += block.stride
    }
  }

  /// The number, or zero when rounding made it negative; what is not a number stays.
  @inline(__always)
  private static func positive(_ value: Double) -> Double { value < 0 ? 0 : value }

  /// Elements of a row that are taken at a time, and how many of them side by side.
  private static var elementsOfRun: Int { 4096 }
  private static var lanes: Int { 32 }

  @inline(__always)
  private static func rows<T: BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ block: RowBlock, _ seen: Int, _ acc: Moments, _ step: Int,
    _ double: (T) -> Double
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: lanes * 3) { buffer in
      guard let scratch = buffer.baseAddress else { return }
      for line in 0..<block.rows {
        let row = x + line &* block.stride
        var start = 0
        while start < block.width {
          let count = min(elementsOfRun, block.width &- start)
          let run = moments(row + start, count, scratch, double)
          acc.merge(
            line &* step, seen: seen &+ start, mean: run.mean, squares: run.squares, count: count)
          start &+= count
        }
      }
    }
  }

  /// Mean and squared differences of elements that lie side by side.
  @inline(__always)
  private static func moments<T: BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ count: Int, _ scratch: UnsafeMutablePointer<Double>,
    _ double: (T) -> Double
  ) -> (mean: Double, squares: Double) {
    let (first, second) = (scratch, scratch + lanes)
    let whole = count / lanes &* lanes
    for lane in 0..<lanes { first[lane] = 0 }
    var i = 0
    while i < whole {
      for lane in 0..<lanes { first[lane] += double(x[i &+ lane]) }
      i &+= lanes
    }
    while i < count {
      first[i &- whole] += double(x[i])
      i &+= 1
    }
    let mean = total(first) / Double(count)
    for lane in 0..<lanes {
      first[lane] = 0
      second[lane] = 0
    }
    i = 0
    while i < whole {
      for lane in 0..<lanes {
        let difference = double(x[i &+ lane]) - mean
        first[lane] += difference
        second[lane] += difference * difference
      }
      i &+= lanes
    }
    while i < count {
      let difference = double(x[i]) - mean
      first[i &- whole] += difference
      second[i &- whole] += difference * difference
      i &+= 1
    }
    let sum = total(first)
    return (mean + sum / Double(count), positive(total(second) - sum * sum / Double(count)))
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

/// Sorts every column of a few rows, all columns at once.
///
/// Batcher's merge exchange (Knuth, The Art of Computer Programming 3, 5.2.2 M): which rows are
/// compared does not depend on what is in them, so that each step is a plain loop over two rows. The
/// caller vouches for the sizes.
enum ColumnSortKernels {
  /// Most rows for which this is faster than to select in each column on its own.
  static let mostRows = 96

  /// Pairs of rows in the order in which they are compared.
  static func pairs(_ count: Int) -> [(low: Int, high: Int)] {
    guard count > 1 else { return [] }
    var pairs: [(low: Int, high: Int)] = []
    let top = 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    var p = top
    while p > 0 {
      var (q, r, distance) = (top, 0, p)
      while true {
        for index in 0..<(count - distance) where index & p == r {
          pairs.append((index, index + distance))
        }
        if q == p { break }
        distance = q - p
        q /= 2
        r = p
      }
      p /= 2
    }
    return pairs
  }

  /// Sorts the columns of dense rows.
  static func sort(
    _ type: SampleType, _ x: UnsafeMutableRawPointer, width: Int, _ pairs: [(low: Int, high: Int)]
  ) {
    switch type {
    case .uint8: sort(x.assumingMemoryBound(to: UInt8.self), width, pairs)
    case .uint16: sort(x.assumingMemoryBound(to: UInt16.self), width, pairs)
    case .uint32: sort(x.assumingMemoryBound(to: UInt32.self), width, pairs)
    case .int8: sort(x.assumingMemoryBound(to: Int8.self), width, pairs)
    case .int16: sort(x.assumingMemoryBound(to: Int16.self), width, pairs)
    case .int32: sort(x.assumingMemoryBound(to: Int32.self), width, pairs)
    case .float32: sort(x.assumingMemoryBound(to: Float.self), width, pairs)
    case .float64: sort(x.assumingMemoryBound(to: Double.self), width, pairs)
    }
  }

  @inline(__always)
  private static func sort<T: Comparable & BitwiseCopyable>(
    _ x: UnsafeMutablePointer<T>, _ width: Int, _ pairs: [(low: Int, high: Int)]
  ) {
    for pair in pairs {
      let (low, high) = (x + pair.low &* width, x + pair.high &* width)
      for column in 0..<width {
        // What is not a number may be lost, so that it has to be looked for before.
        let (a, b) = (low[column], high[column])
        low[column] = a < b ? a : b
        high[column] = a > b ? a : b
      }
    }
  }

  /// Writes NaN for columns that have an element that is not a number, and 0 for others.
  static func mark(
    _ type: SampleType, _ x: UnsafeRawPointer, _ block: RowBlock,
    _ result: UnsafeMutablePointer<Double>
  ) {
    result.update(repeating: 0, count: block.width)
    switch type {
    case .float32: mark(x.assumingMemoryBound(to: Float.self), block, result)
    case .float64: mark(x.assumingMemoryBound(to: Double.self), block, result)
    case .uint8, .uint16, .uint32, .int8, .int16, .int32: break
    }
  }

  @inline(__always)
  private static func mark<T: BinaryFloatingPoint & BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ block: RowBlock, _ result: UnsafeMutablePointer<Double>
  ) {
    var row = x
    for _ in 0..<block.rows {
      for column in 0..<block.width {
        result[column] = row[column] != row[column] ? .nan : result[column]
      }
      row += block.stride
    }
  }

  /// Adds the numbers between two sorted rows to what ``mark(_:_:_:_:)`` wrote.
  static func between(
    _ type: SampleType, _ x: UnsafeRawPointer, _ block: RowBlock, _ rank: Rank,
    _ result: UnsafeMutablePointer<Double>
  ) {
    switch type {
    case .uint8: between(x.assumingMemoryBound(to: UInt8.self), block, rank, result) { Double($0) }
    case .uint16:
      between(x.assumingMemoryBound(to: UInt16.self), block, rank, result) { Double($0) }
    case .uint32:
      between(x.assumingMemoryBound(to: UInt32.self), block, rank, result) { Double($0) }
    case .int8: between(x.assumingMemoryBound(to: Int8.self), block, rank, result) { Double($0) }
    case .int16: between(x.assumingMemoryBound(to: Int16.self), block, rank, result) { Double($0) }
    case .int32: between(x.assumingMemoryBound(to: Int32.self), block, rank, result) { Double($0) }
    case .float32:
      between(x.assumingMemoryBound(to: Float.self), block, rank, result) { Double($0) }
    case .float64: between(x.assumingMemoryBound(to: Double.self), block, rank, result) { $0 }
    }
  }

  @inline(__always)
  private static func between<T: BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ block: RowBlock, _ rank: Rank,
    _ result: UnsafeMutablePointer<Double>, _ double: (T) -> Double
  ) {
    let (low, high) = (x + rank.lower &* block.stride, x + rank.upper &* block.stride)
    for column in 0..<block.width {
      result[column] += rank.between(double(low[column]), double(high[column]))
    }
  }
}

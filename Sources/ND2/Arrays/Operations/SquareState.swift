/// Accumulators of standard deviations of 8- and 16-bit integers, from exact sums of the numbers and
/// of their squares.
final class SquareState: ReductionState {
  private let sums: SumState
  private let type: SampleType
  private let storage: ArrayStorage
  private var count: Int
  /// Elements that sums of squares may see before they are carried over.
  private var room = SquareState.most
  /// What was carried over from sums of squares.
  private var carried: [UInt128] = []

  /// Elements whose squares surely fit into 64 bits.
  private static let most = 1 << 31

  init(_ type: SampleType, count: Int) throws {
    self.type = type
    self.count = count
    sums = try SumState(type, isMean: false, count: count)
    storage = try .ofAccumulators(count, byteCount: 8)
  }

  private var squares: UnsafeMutablePointer<UInt64> { storage.pointer(UInt64.self) }

  var columnsOfTile: Int { 1 << 12 }

  func mostElements(asRows: Bool) -> Int { sums.mostElements(asRows: asRows) }

  func prepare(adding count: Int, asRows: Bool) throws {
    try sums.prepare(adding: count, asRows: asRows)
    if count > room { carry() }
    room -= count
  }

  func addColumns(_ x: UnsafeRawPointer, _ block: RowBlock, to first: Int, seen: Int) {
    guard let partial = sums.partial else { return }
    SquareKernels.columns(type, x, block, partial + first, squares + first)
  }

  func addRows(_ x: UnsafeRawPointer, _ block: RowBlock, to first: Int, stride: Int, seen: Int) {
    guard let totals = sums.wholeTotals else { return }
    SquareKernels.rows(type, x, block, totals + first, squares + first, stride: stride)
  }

  private func carry() {
    if carried.isEmpty { carried = [UInt128](repeating: 0, count: count) }
    for index in 0..<count {
      carried[index] += UInt128(squares[index])
      squares[index] = 0
    }
    room = Self.most
  }

  func merge(_ other: any ReductionState, seen: Int, seenByOther: Int) throws {
    guard let other = other as? SquareState, other.count == count, other.type == type else {
      return
    }
    try sums.merge(other.sums, seen: seen, seenByOther: seenByOther)
    let used = Self.most - other.room
    if used > room { carry() }
    room -= used
    for index in 0..<count { squares[index] &+= other.squares[index] }
    if !other.carried.isEmpty {
      if carried.isEmpty { carried = [UInt128](repeating: 0, count: count) }
      for index in 0..<count { carried[index] += other.carried[index] }
    }
  }

  func reset(count: Int) {
    self.count = count
    sums.reset(count: count)
    squares.update(repeating: 0, count: count)
    room = Self.most
    carried = []
  }

  func finish(seen: Int, to result: UnsafeMutableRawPointer) throws {
    let doubles = result.assumingMemoryBound(to: Double.self)
    guard seen > 0 else {
      doubles.update(repeating: .nan, count: count)
      return
    }
    // √(n Σx² − (Σx)²) / n, where x is the element less the bias: the difference is exact.
    let (sums, number) = (try sums.exactSums(), UInt64(seen))
    let bias = SquareKernels.bias(type) &* Int64(seen)
    if seen <= SquareKernels.mostInDoubles, let narrow = sums.narrow {
      SquareKernels.deviations(
        narrow, squares, bias: UInt32(truncatingIfNeeded: bias), seen: seen, count: count, doubles)
      return
    }
    guard carried.isEmpty else {
      for index in 0..<count {
        let sum = UInt128((sums[index] &- bias).magnitude)
        let difference = UInt128(number) * (UInt128(squares[index]) + carried[index]) - sum * sum
        doubles[index] = Double(difference).squareRoot() / Double(seen)
      }
      return
    }
    for index in 0..<count {
      let sum = (sums[index] &- bias).magnitude
      let (all, less) = (
        number.multipliedFullWidth(by: squares[index]), sum.multipliedFullWidth(by: sum)
      )
      let (low, borrow) = all.low.subtractingReportingOverflow(less.low)
      let high = all.high &- less.high &- (borrow ? 1 : 0)
      let difference = Double(high) * 18_446_744_073_709_551_616.0 + Double(low)  // 2⁶⁴
      doubles[index] = difference.squareRoot() / Double(seen)
    }
  }
}

/// Accumulators of standard deviations of 32-bit integers and floating-point numbers.
final class MomentState: ReductionState {
  private let type: SampleType
  private let storage: ArrayStorage
  private let capacity: Int
  private var count: Int

  init(_ type: SampleType, count: Int) throws {
    self.type = type
    self.count = count
    capacity = count
    storage = try .ofAccumulators(count, byteCount: 24)
  }

  private var moments: Moments {
    let start = storage.pointer(Double.self)
    return Moments(origin: start, mean: start + capacity, squares: start + capacity * 2)
  }

  var columnsOfTile: Int { 1 << 14 }

  func mostElements(asRows: Bool) -> Int { .max }

  func prepare(adding count: Int, asRows: Bool) {}

  func addColumns(_ x: UnsafeRawPointer, _ block: RowBlock, to first: Int, seen: Int) {
    MomentKernels.columns(type, x, block, seen: seen, moments + first)
  }

  func addRows(_ x: UnsafeRawPointer, _ block: RowBlock, to first: Int, stride: Int, seen: Int) {
    MomentKernels.rows(type, x, block, seen: seen, moments + first, stride: stride)
  }

  func merge(_ other: any ReductionState, seen: Int, seenByOther: Int) {
    guard let other = other as? MomentState, other.count == count, other.type == type,
      seenByOther > 0
    else { return }
    let (mine, added) = (moments, other.moments)
    for index in 0..<count {
      mine.merge(
        index, seen: seen, start: added.origin[index], mean: added.mean[index],
        squares: added.squares[index], count: seenByOther)
    }
  }

  func reset(count: Int) {
    self.count = count
    moments.origin.update(repeating: 0, count: count)
    moments.mean.update(repeating: 0, count: count)
    moments.squares.update(repeating: 0, count: count)
  }

  func finish(seen: Int, to result: UnsafeMutableRawPointer) {
    let doubles = result.assumingMemoryBound(to: Double.self)
    let squares = moments.squares
    guard seen > 0 else {
      doubles.update(repeating: .nan, count: count)
      return
    }
    let number = Double(seen)
    for index in 0..<count { doubles[index] = (squares[index] / number).squareRoot() }
  }
}

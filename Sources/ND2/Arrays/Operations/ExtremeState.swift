/// Accumulators of greatest or least elements.
final class ExtremeState: ReductionState {
  private let type: SampleType
  private let isMax: Bool
  private let storage: ArrayStorage
  private var count: Int

  init(_ type: SampleType, isMax: Bool, count: Int) throws {
    self.type = type
    self.isMax = isMax
    storage = try .ofAccumulators(count, byteCount: type.byteCount)
    self.count = count
    reset(count: count)
  }

  private var accumulators: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(storage.pointer(UInt8.self))
  }

  var columnsOfTile: Int { 1 << 14 }

  func mostElements(asRows: Bool) -> Int { .max }

  func prepare(adding count: Int, asRows: Bool) {}

  func addColumns(_ x: UnsafeRawPointer, _ block: RowBlock, to first: Int, seen: Int) {
    ExtremeKernels.columns(
      type, isMax: isMax, x, block, accumulators + first * type.byteCount)
  }

  func addRows(_ x: UnsafeRawPointer, _ block: RowBlock, to first: Int, stride: Int, seen: Int) {
    ExtremeKernels.rows(
      type, isMax: isMax, x, block, accumulators + first * type.byteCount, stride: stride)
  }

  func merge(_ other: any ReductionState, seen: Int, seenByOther: Int) {
    guard let other = other as? ExtremeState, other.count == count, other.type == type else {
      return
    }
    addColumns(
      other.accumulators, RowBlock(width: count, rows: 1, stride: 0), to: 0, seen: seen)
  }

  func reset(count: Int) {
    self.count = count
    ExtremeKernels.fill(type, isMax: isMax, accumulators, count: count)
  }

  func finish(seen: Int, to result: UnsafeMutableRawPointer) {
    if seen == 0 {
      result.initializeMemory(as: UInt8.self, repeating: 0, count: count * type.byteCount)
    } else {
      result.copyMemory(from: accumulators, byteCount: count * type.byteCount)
    }
  }
}

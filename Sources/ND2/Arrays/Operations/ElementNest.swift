/// The loops over the elements of a result, which is dense, and of the operands that it is made of,
/// block by block.
///
/// Operands have a distance for each loop, which is 0 where they are repeated.
struct ElementNest: Sendable {
  private struct Loop {
    var count: Int
    var strides: [Int]
  }

  /// A block of the result: some rows, or a part of one.
  struct Block {
    /// Place of the first element in the result.
    var start: Int
    /// Number of rows.
    var rows: Int
    /// Elements of each row.
    var columns: Int
    /// Place of the first element in the storage of each operand.
    var offsets: [Int]
  }

  /// How an operand's elements of a block lie.
  enum Run {
    case dense
    case same
    case strided
  }

  private let outer: [Loop]
  private let rows: Loop
  private let columns: Loop
  private let offsets: [Int]
  private let rowsOfBlock: Int
  private let columnsOfBlock: Int

  /// Number of blocks.
  let blockCount: Int
  /// Most elements of a block.
  let mostElements: Int

  /// Loops over a result.
  ///
  /// - Parameters:
  ///   - shape: sizes of the result's axes, in the order of its memory.
  ///   - operands: a distance for each axis, and the place of the first element.
  ///   - most: elements of a block, about.
  init(shape: [Int], operands: [(strides: [Int], offset: Int)], blocksOf most: Int) {
    let none = Loop(count: 1, strides: operands.map { _ in 0 })
    offsets = operands.map(\.offset)
    guard !shape.contains(0) else {
      (outer, rows, columns) = ([], none, none)
      (rowsOfBlock, columnsOfBlock, blockCount, mostElements) = (1, 1, 0, 0)
      return
    }
    var loops: [Loop] = []
    for (place, count) in shape.enumerated() where count != 1 {
      let loop = Loop(count: count, strides: operands.map { $0.strides[place] })
      if let last = loops.last,
        zip(last.strides, loop.strides).allSatisfy({ $0 == $1 * count })
      {
        loops[loops.count - 1] = Loop(count: last.count * count, strides: loop.strides)
      } else {
        loops.append(loop)
      }
    }
    columns = loops.popLast() ?? none
    rows = loops.popLast() ?? none
    outer = loops
    let isWide = columns.count * 2 > most
    columnsOfBlock = isWide ? Swift.min(most, columns.count) : columns.count
    rowsOfBlock = isWide ? 1 : Swift.min(rows.count, most / columns.count)
    mostElements = rowsOfBlock * columnsOfBlock
    blockCount =
      outer.reduce(1) { $0 * $1.count } * ((rows.count - 1) / rowsOfBlock + 1)
      * ((columns.count - 1) / columnsOfBlock + 1)
  }

  /// A block by its number, which must be below ``blockCount``.
  func block(_ number: Int) -> Block {
    let across = (columns.count - 1) / columnsOfBlock + 1
    let down = (rows.count - 1) / rowsOfBlock + 1
    let left = number % across * columnsOfBlock
    let top = number / across % down * rowsOfBlock
    var rest = number / across / down
    var block = Block(
      start: (rest * rows.count + top) * columns.count + left,
      rows: Swift.min(rowsOfBlock, rows.count - top),
      columns: Swift.min(columnsOfBlock, columns.count - left), offsets: offsets)
    for operand in offsets.indices {
      block.offsets[operand] += top * rows.strides[operand] + left * columns.strides[operand]
    }
    for loop in outer.reversed() {
      let index = rest % loop.count
      rest /= loop.count
      for operand in offsets.indices { block.offsets[operand] += index * loop.strides[operand] }
    }
    return block
  }

  /// How an operand's elements lie in a block.
  func run(_ operand: Int, _ block: Block) -> Run {
    let (across, down) = (columns.strides[operand], rows.strides[operand])
    let isOneRow = block.rows == 1
    if block.columns == 1
      ? isOneRow || down == 1 : across == 1 && (isOneRow || down == block.columns)
    {
      return .dense
    }
    return across == 0 && (isOneRow || down == 0) ? .same : .strided
  }

  /// Copies an operand's elements of a block side by side.
  func gather(
    _ operand: Int, _ block: Block, _ source: UnsafeRawPointer, elementByteCount size: Int,
    to destination: UnsafeMutableRawPointer
  ) {
    GatherKernels.gather(
      source + block.offsets[operand] * size, rows: block.rows, by: rows.strides[operand],
      columns: block.columns, by: columns.strides[operand], size, to: destination)
  }
}

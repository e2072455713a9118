/// Puts arrays whose first axis runs fastest into our order, where the last one does.
enum FortranOrder {
  /// The same elements with the last axis running fastest.
  static func rowMajor(
    _ storage: ArrayStorage, shape: [Int], elementByteCount: Int
  ) throws -> ArrayStorage {
    let axes = shape.filter { $0 != 1 }
    guard axes.count > 1, !axes.contains(0) else { return storage }
    let result = try ArrayStorage(byteCount: storage.bytes.count, zeroed: false)
    switch elementByteCount {
    case 1: copy(UInt8.self, axes, storage.bytes, result.bytes)
    case 2: copy(UInt16.self, axes, storage.bytes, result.bytes)
    case 4: copy(UInt32.self, axes, storage.bytes, result.bytes)
    default: copy(UInt64.self, axes, storage.bytes, result.bytes)
    }
    return result
  }

  /// Both sides see neighbours one after the other only within small squares of the first and the
  /// last axis, so these are copied square by square.
  private static let side = 32

  private static func copy<T: BitwiseCopyable>(
    _ type: T.Type, _ shape: [Int], _ sourceBytes: UnsafeMutableRawBufferPointer,
    _ targetBytes: UnsafeMutableRawBufferPointer
  ) {
    let source = sourceBytes.bindMemory(to: T.self)
    let target = targetBytes.bindMemory(to: T.self)
    let last = shape.count - 1
    // Distances between neighbours along each axis; the sizes' product is the number of elements.
    var sourceSteps = shape
    var targetSteps = shape
    for (axis, step) in zip(shape.indices, steps(shape)) { sourceSteps[axis] = step }
    for (axis, step) in zip(shape.indices.reversed(), steps(shape.reversed())) {
      targetSteps[axis] = step
    }
    let rows = shape[0]
    let columns = shape[last]
    var index = [Int](repeating: 0, count: shape.count)
    var sourceStart = 0
    var targetStart = 0
    while true {
      for top in stride(from: 0, to: rows, by: side) {
        for left in stride(from: 0, to: columns, by: side) {
          for row in top..<min(top + side, rows) {
            let from = sourceStart + row
            let to = targetStart + row * targetSteps[0]
            for column in left..<min(left + side, columns) {
              target[to + column] = source[from + column * sourceSteps[last]]
            }
          }
        }
      }
      // On to the next place along the axes between.
      var axis = last - 1
      while axis > 0 {
        index[axis] += 1
        sourceStart += sourceSteps[axis]
        targetStart += targetSteps[axis]
        if index[axis] < shape[axis] { break }
        sourceStart -= shape[axis] * sourceSteps[axis]
        targetStart -= shape[axis] * targetSteps[axis]
        index[axis] = 0
        axis -= 1
      }
      if axis <= 0 { return }
    }
  }

  /// The products of the sizes before each.
  private static func steps(_ sizes: some Sequence<Int>) -> [Int] {
    var steps: [Int] = []
    var step = 1
    for size in sizes {
      steps.append(step)
      step *= size
    }
    return steps
  }
}

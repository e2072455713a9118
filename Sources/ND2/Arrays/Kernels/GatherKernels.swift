/// Elements at a distance from one another, copied side by side.
enum GatherKernels {
  /// Copies elements; their size is 1, 2, 4 or 8 bytes.
  static func gather(
    _ source: UnsafeRawPointer, stride: Int, count: Int, _ byteCount: Int,
    to destination: UnsafeMutableRawPointer
  ) {
    switch byteCount {
    case 1: gather(source, stride, count, destination, UInt8.self)
    case 2: gather(source, stride, count, destination, UInt16.self)
    case 4: gather(source, stride, count, destination, UInt32.self)
    default: gather(source, stride, count, destination, UInt64.self)
    }
  }

  /// Copies rows of elements, one row after the other.
  static func gather(
    _ source: UnsafeRawPointer, rows: Int, by down: Int, columns: Int, by across: Int,
    _ byteCount: Int, to destination: UnsafeMutableRawPointer
  ) {
    if columns >= 16 || rows == 1 {
      for row in 0..<rows {
        gather(
          source + row * down * byteCount, stride: across, count: columns, byteCount,
          to: destination + row * columns * byteCount)
      }
      return
    }
    // Short rows are copied column by column.
    for column in 0..<columns {
      let from = source + column * across * byteCount
      let to = destination + column * byteCount
      switch byteCount {
      case 1: spread(from, down, rows, to, columns, UInt8.self)
      case 2: spread(from, down, rows, to, columns, UInt16.self)
      case 4: spread(from, down, rows, to, columns, UInt32.self)
      default: spread(from, down, rows, to, columns, UInt64.self)
      }
    }
  }

  @inline(__always)
  private static func spread<T: BitwiseCopyable>(
    _ source: UnsafeRawPointer, _ stride: Int, _ count: Int,
    _ destination: UnsafeMutableRawPointer, _ step: Int, _: T.Type
  ) {
    var from = source.assumingMemoryBound(to: T.self)
    var to = destination.assumingMemoryBound(to: T.self)
    for _ in 0..<count {
      to.pointee = from.pointee
      from += stride
      to += step
    }
  }

  @inline(__always)
  private static func gather<T: BitwiseCopyable>(
    _ source: UnsafeRawPointer, _ stride: Int, _ count: Int,
    _ destination: UnsafeMutableRawPointer, _: T.Type
  ) {
    let out = destination.assumingMemoryBound(to: T.self)
    var from = source.assumingMemoryBound(to: T.self)
    if stride == 1 {
      out.update(from: from, count: count)
      return
    }
    for index in 0..<count {
      out[index] = from.pointee
      from += stride
    }
  }
}

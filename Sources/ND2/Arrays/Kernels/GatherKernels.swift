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

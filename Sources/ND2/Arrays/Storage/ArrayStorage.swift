/// Memory of an array.
///
/// Large blocks are aligned to huge pages, and given back to a pool: touching fresh memory page by
/// page costs more than reading the file (docs/benchmarks.md).
final class ArrayStorage: @unchecked Sendable {
  // Mutable memory behind a class: arrays copy on write, so that shared storage is never written.
  let bytes: UnsafeMutableRawBufferPointer
  /// Whether all bytes were zero when the storage was made.
  let isZeroed: Bool
  private let block: MemoryBlock?

  /// Allocates memory.
  ///
  /// - Parameter zeroed: whether the memory must hold zeros; otherwise it may hold anything.
  /// - Throws: ``ND2Error/Code/limitExceeded`` when the system does not give it.
  init(byteCount: Int, zeroed: Bool = true) throws {
    guard byteCount >= MemoryBlock.smallest else {
      bytes = .allocate(byteCount: byteCount, alignment: 64)
      if zeroed { bytes.initializeMemory(as: UInt8.self, repeating: 0) }
      block = nil
      isZeroed = zeroed
      return
    }
    if let used = MemoryPool.shared.take(byteCount) {
      block = used
      bytes = UnsafeMutableRawBufferPointer(rebasing: used.bytes[0..<byteCount])
      if zeroed { bytes.initializeMemory(as: UInt8.self, repeating: 0) }
      isZeroed = zeroed
      return
    }
    guard let fresh = MemoryBlock(byteCount: byteCount) else {
      throw ND2Error(
        .limitExceeded, "\(byteCount) bytes for the result cannot be had from the system")
    }
    block = fresh
    bytes = UnsafeMutableRawBufferPointer(rebasing: fresh.bytes[0..<byteCount])
    isZeroed = true
  }

  /// Allocates memory for a copy of elements that are in memory already, which may hold anything.
  ///
  /// Like the standard library's arrays, it ends the program when the system has no memory left.
  init(ofCopy byteCount: Int) {
    block =
      byteCount < MemoryBlock.smallest
      ? nil : MemoryPool.shared.take(byteCount) ?? MemoryBlock(byteCount: byteCount)
    bytes =
      block.map { UnsafeMutableRawBufferPointer(rebasing: $0.bytes[0..<byteCount]) }
      ?? .allocate(byteCount: byteCount, alignment: 64)
    isZeroed = false
  }

  deinit {
    if let block {
      MemoryPool.shared.give(block)
    } else {
      bytes.deallocate()
    }
  }
}

/// Memory for bytes on their way, used again and again by the reads of one call: fresh pages cost
/// more than the bytes in them.
package final class ScratchPool: Sendable {
  /// A piece of memory that one read has for itself.
  package struct Block: @unchecked Sendable {
    fileprivate let whole: UnsafeMutableRawBufferPointer
    /// As many bytes as were asked for.
    package let memory: UnsafeMutableRawBufferPointer
  }

  private struct Free: @unchecked Sendable {
    var blocks: [UnsafeMutableRawBufferPointer] = []
    var byteCount = 0
  }
  private let free = Lock(Free())
  private let mostFreeByteCount: Int

  /// - Parameter mostFreeByteCount: the most bytes that are kept for later.
  package init(mostFreeByteCount: Int = .max) { self.mostFreeByteCount = mostFreeByteCount }

  deinit {
    free.withLock { for block in $0.blocks { block.deallocate() } }
  }

  /// Memory of that size, with anything in it.
  package func take(_ byteCount: Int) -> Block {
    let whole =
      free.withLock { free -> Free in
        let index = free.blocks.firstIndex { $0.count >= byteCount && $0.count / 2 <= byteCount }
        let taken = index.map { [free.blocks.remove(at: $0)] } ?? []
        free.byteCount -= taken.first?.count ?? 0
        return Free(blocks: taken)
      }.blocks.first ?? .allocate(byteCount: byteCount, alignment: 64)
    return Block(whole: whole, memory: UnsafeMutableRawBufferPointer(rebasing: whole[..<byteCount]))
  }

  /// Takes memory back.
  package func give(_ block: Block) {
    let given = Free(blocks: [block.whole], byteCount: block.whole.count)
    let isKept = free.withLock { free in
      guard given.byteCount <= mostFreeByteCount - free.byteCount else { return false }
      free.blocks += given.blocks
      free.byteCount += given.byteCount
      return true
    }
    if !isKept { block.whole.deallocate() }
  }
}

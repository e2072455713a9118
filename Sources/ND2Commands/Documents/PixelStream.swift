import ND2

/// A selection of pixels, read block by block in the order of the array, so that memory does not
/// grow with it.
struct PixelStream {
  private let file: ND2File
  private let selection: ArraySelection
  /// The axes of the array with their sizes; as ``ND2File/read(_:)-5ycnj`` would give them.
  let sizes: AxisSizes
  /// Size of the whole array in bytes.
  let byteCount: Int
  private let blocks: [ArraySelection]

  /// Plans the reading of a selection.
  ///
  /// Frames of a file far away are blocks of their own, many of which are read at a time.
  ///
  /// - Parameter blockByteCount: size of a block, unless a single frame is larger.
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a range outside its axis,
  ///   ``ND2Error/Code/limitExceeded`` when the file is far too small for what it promises.
  init(_ file: ND2File, _ selection: ArraySelection, blockByteCount: Int? = nil) throws {
    self.file = file
    self.selection = selection
    byteCount = try file.byteCount(of: selection)
    sizes = AxisSizes(
      file.sizes.map { .init($0.axis, selection.ranges[$0.axis]?.count ?? $0.count) })
    try file.checkPromise(of: selection)
    blocks =
      file.isRemote
      ? []
      : Self.blocks(
        of: file, selection, byteCount: byteCount, blockByteCount: blockByteCount ?? 32 << 20)
  }

  /// Number of blocks.
  var blockCount: Int {
    guard file.isRemote else { return blocks.count }
    return file.sizes.reduce(1) { count, element in
      element.axis.isInFrame
        ? count : count * (selection.ranges[element.axis]?.count ?? element.count)
    }
  }

  /// Most memory for frames of a file far away.
  private static let mostBytesAhead = 208 << 20

  /// Calls `body` with the bytes of each block: little-endian, row-major, one after the other.
  func forEachBlock(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    if let (frames, count) = try file.readAheadFrames(
      of: selection, memoryLimit: Self.mostBytesAhead, isCancelled: { false })
    {
      defer { frames.stop() }
      for frame in 0..<count { try frames.withPart(frame) { bytes, _ in try body(bytes) } }
      return
    }
    if blocks.count == 1 {
      try file.read(selection).withUnsafeBytes(body)
      return
    }
    // Memory that was touched before is several times faster than fresh memory.
    var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 64)
    defer { buffer.deallocate() }
    for block in blocks {
      let count = try file.byteCount(of: block)
      if buffer.count < count {
        buffer.deallocate()
        buffer = .allocate(byteCount: count, alignment: 64)
      }
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
      try file.read(block, into: part)
      try body(UnsafeRawBufferPointer(part))
    }
  }

  /// The selection in parts: runs along one loop, for each index of the loops outside it.
  private static func blocks(
    of file: ND2File, _ selection: ArraySelection, byteCount: Int, blockByteCount: Int
  ) -> [ArraySelection] {
    let loops = file.sizes.filter { !$0.axis.isInFrame }
    var parts = [selection]
    var partByteCount = byteCount
    for loop in loops where partByteCount > blockByteCount {
      let range = selection.ranges[loop.axis] ?? 0..<loop.count
      guard !range.isEmpty else { break }
      let stepByteCount = max(1, partByteCount / range.count)
      let steps = max(1, min(range.count, blockByteCount / stepByteCount))
      parts = parts.flatMap { part in
        stride(from: range.lowerBound, to: range.upperBound, by: steps).map { start in
          part.with(loop.axis, start..<min(start + steps, range.upperBound))
        }
      }
      partByteCount = stepByteCount * steps
      // Several indices in one part: loops further in must stay whole.
      if steps > 1 { break }
    }
    return parts
  }
}

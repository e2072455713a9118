import ND2Format

// Uncompressed frames where nearly all files have them: one request each, whose bytes go to where
// they are wanted without a copy in between.
extension AsyncPixelReader {
  /// Gap between the parts of rows that are wanted, from which on they are read row by row.
  private static let leastRowGap = 64 << 10
  /// Distance from a frame's chunk to its pixels in nearly all files.
  private static let usualPixelOffset: UInt64 = 4096

  /// Whether rows of the file are rows of the result, side by side.
  var isReadInPlace: Bool {
    store.codestreams == nil && store.layout.isDivisible && selection.gather.isPlainCopy
      && store.layout.rowByteCount == selection.gather.planeRowByteCount
  }

  /// Whether only the wanted part of each row is read.
  private var isSparse: Bool {
    selection.rows.count > 1
      && store.layout.rowByteCount - selection.gather.takenRowByteCount >= Self.leastRowGap
  }

  /// About the most bytes that a frame takes on its way, beside its part of the result.
  var scratchByteCount: Int {
    let (layout, gather) = (store.layout, selection.gather)
    if isReadInPlace { return 0 }
    guard store.codestreams == nil, layout.isDivisible else {
      // What is stored, and all of what it becomes unless that is the result.
      let isWhole = gather.isPlainCopy && gather.byteCount == layout.frameByteCount
      return Checked.product(layout.frameByteCount, isWhole ? 1 : 2) ?? .max
    }
    let rowByteCount = isSparse ? gather.takenRowByteCount : layout.rowByteCount
    return Checked.product(selection.rows.count, rowByteCount) ?? .max
  }

  /// Reads the header of a frame and its pixels at once, from where they are in nearly all files.
  ///
  /// - Parameter destination: start of the frame's part of the result.
  /// - Returns: whether they were there; when not, the memory may hold anything.
  func readDirectly(
    _ index: Int, into destination: Destination, _ scratch: ScratchPool
  ) async throws -> Bool {
    let layout = store.layout
    let stride = layout.rowByteCount
    guard store.codestreams == nil, layout.isDivisible, let place = store.place(of: index) else {
      return false
    }
    let rows = FrameAssembler.byteRange(rows: selection.rows, stride: stride, layout: layout)
    guard let pixels = Checked.sum(place.entry.offset, Self.usualPixelOffset),
      let end = Checked.sum(pixels, rows.upperBound), end <= place.limit
    else { return false }

    let header = scratch.take(Int(FrameLocatePlan.headerByteCount))
    defer { scratch.give(header) }
    let headerRead = PlacedRead(offset: place.entry.offset, memory: header.memory)
    let isThere = { (header: ScratchPool.Block) -> Bool in
      var plan = FrameLocatePlan(place, layout: layout)
      _ = plan.advance([])
      guard case .done(let payload?) = plan.advance([Array(header.memory)]) else { return false }
      return payload.offset == pixels && !payload.isDisplaced
        && payload.coding == .raw(rowStride: stride)
        && payload.availableByteCount >= rows.upperBound
    }

    if isReadInPlace {
      let target = UnsafeMutableRawBufferPointer(
        start: destination.base, count: selection.gather.byteCount)
      let wanted = PlacedRead(offset: pixels + rows.lowerBound, memory: target)
      try await source.read([headerRead, wanted])
      return isThere(header)
    }

    let gather = selection.gather
    let taken = gather.takenRowByteCount
    let isSparse = isSparse
    let byteCount = isSparse ? taken * selection.rows.count : Int(rows.upperBound - rows.lowerBound)
    let block = scratch.take(byteCount)
    defer { scratch.give(block) }
    guard isSparse else {
      let wanted = PlacedRead(offset: pixels + rows.lowerBound, memory: block.memory)
      try await source.read([headerRead, wanted])
      guard isThere(header) else { return false }
      FrameAssembler(layout: layout, rows: selection.rows, gather: gather).place(
        UnsafeRawBufferPointer(block.memory), rows: selection.rows, stride: stride,
        into: destination.base)
      return true
    }
    let first = pixels + rows.lowerBound + UInt64(gather.firstByte)
    let wanted = (0..<selection.rows.count).map { row in
      PlacedRead(
        offset: first + UInt64(row) * UInt64(stride),
        memory: UnsafeMutableRawBufferPointer(
          rebasing: block.memory[(row * taken)..<((row + 1) * taken)]))
    }
    try await source.read([headerRead] + wanted)
    guard isThere(header), let base = block.memory.baseAddress else { return false }
    let packed = PlaneGather(
      planes: gather.planes, componentCount: gather.componentCount,
      sampleByteCount: gather.sampleByteCount, columns: 0..<gather.columnCount,
      rowCount: gather.rowCount)
    packed.move(
      from: UnsafeRawPointer(base), rowStride: taken, rows: 0..<selection.rows.count,
      to: destination.base)
    return true
  }
}

import ND2Codecs
package import ND2Format

/// Turns the stored bytes of a frame into its part of a result. Holds the buffers of one thread.
package struct FrameAssembler: ~Copyable {
  /// Rows are read in blocks of about this size, so that they are still in the processor's cache
  /// when they are taken apart.
  package static let blockByteCount = 256 << 10

  package let layout: FrameLayout
  package let rows: Range<Int>
  package let gather: PlaneGather
  private var inflater: Inflater?
  private var inflated = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var scratch = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  package init(layout: FrameLayout, rows: Range<Int>, gather: PlaneGather) {
    self.layout = layout
    self.rows = rows
    self.gather = gather
  }

  deinit {
    inflated.deallocate()
    scratch.deallocate()
  }

  /// Memory for stored bytes, kept for the next frame.
  package mutating func scratch(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
    if scratch.count < byteCount {
      scratch.deallocate()
      scratch = .allocate(byteCount: byteCount, alignment: 4096)
    }
    return UnsafeMutableRawBufferPointer(rebasing: scratch[0..<byteCount])
  }

  /// Bytes of an uncompressed payload that hold `rows` of the file, counted from its start.
  package static func byteRange(
    rows: Range<Int>, stride: Int, layout: FrameLayout
  ) -> Range<UInt64> {
    let start = UInt64(rows.lowerBound) * UInt64(stride)
    let end = UInt64(rows.upperBound - 1) * UInt64(stride) + UInt64(layout.packedRowByteCount)
    return start..<end
  }

  /// Puts uncompressed rows into place.
  ///
  /// - Parameters:
  ///   - bytes: the rows, beginning with the first; may end early, then pixels stay zero.
  ///   - rows: rows of the file.
  ///   - stride: their distance.
  ///   - destination: start of the frame's part of the result.
  package func place(
    _ bytes: UnsafeRawBufferPointer, rows: Range<Int>, stride: Int,
    into destination: UnsafeMutableRawPointer
  ) {
    guard let base = bytes.baseAddress else { return }
    let packed = layout.packedRowByteCount
    let whole = bytes.count < packed ? 0 : min(rows.count, (bytes.count - packed) / stride + 1)
    let first = rows.lowerBound - self.rows.lowerBound
    gather.move(from: base, rowStride: stride, rows: first..<(first + whole), to: destination)
    // What there is of a row that the file cuts off.
    let rest = bytes.count - whole * stride
    guard whole < rows.count, rest > 0 else { return }
    withUnsafeTemporaryAllocation(byteCount: packed, alignment: 16) { row in
      row.initializeMemory(as: UInt8.self, repeating: 0)
      guard let start = row.baseAddress else { return }
      start.copyMemory(from: base + whole * stride, byteCount: min(rest, packed))
      gather.move(
        from: UnsafeRawPointer(start), rowStride: packed,
        rows: (first + whole)..<(first + whole + 1),
        to: destination)
    }
  }

  /// Inflates a payload and puts the rows that are wanted into place.
  ///
  /// - Returns: false when the stream is damaged or of another size; nothing is written then, or
  ///   zeros must be written over it.
  package mutating func inflate(
    _ payload: UnsafeRawBufferPointer, into destination: UnsafeMutableRawPointer
  ) -> Bool {
    // Deflate cannot shrink further than about 1:1032: more is a lie about the image's size.
    guard layout.frameByteCount / 1040 <= payload.count + 64 else { return false }
    guard prepareInflater() else { return false }
    let isWholeFrame =
      gather.isPlainCopy && rows == 0..<layout.height && gather.firstColumn == 0
      && gather.columnCount == layout.width
    if isWholeFrame, layout.rowByteCount == layout.packedRowByteCount {
      let target = UnsafeMutableRawBufferPointer(start: destination, count: layout.frameByteCount)
      return inflate(payload, exactlyInto: target)
    }
    if inflated.count < layout.frameByteCount {
      inflated.deallocate()
      inflated = .allocate(byteCount: layout.frameByteCount, alignment: 4096)
    }
    let strides = [layout.rowByteCount, layout.packedRowByteCount]
    let lastFill = layout.rowByteCount - layout.packedRowByteCount
    for (stride, size) in [
      (strides[0], layout.frameByteCount), (strides[1], layout.packedFrameByteCount),
      (strides[0], layout.frameByteCount - lastFill),
    ] {
      let target = UnsafeMutableRawBufferPointer(rebasing: inflated[0..<size])
      guard inflate(payload, exactlyInto: target) else { continue }
      let range = Self.byteRange(rows: rows, stride: stride, layout: layout)
      place(
        UnsafeRawBufferPointer(rebasing: target[Int(range.lowerBound)..<Int(range.upperBound)]),
        rows: rows, stride: stride, into: destination)
      return true
    }
    return false
  }

  private mutating func prepareInflater() -> Bool {
    if inflater == nil { inflater = try? Inflater() }
    return inflater != nil
  }

  private func inflate(
    _ payload: UnsafeRawBufferPointer, exactlyInto target: UnsafeMutableRawBufferPointer
  ) -> Bool {
    guard inflater != nil else { return false }
    return (try? inflater?.inflate(payload, into: target)) != nil
  }
}

import ND2

/// Brings the samples of a frame into the order of the file.
enum RowGathering {
  /// Fills `rows` with the stored form of a frame; the padding of rows becomes zero.
  static func gather(
    _ source: FrameSource, of file: ND2FileDescription, into rows: UnsafeMutableRawBufferPointer
  ) {
    guard var target = rows.baseAddress, rows.count >= file.rowByteCount * file.height else {
      return
    }
    let size = file.sampleType.byteCount
    let packed = file.packedRowByteCount
    let isPacked =
      (file.width == 1 || source.pixelStride == file.componentCount * size)
      && source.componentOffsets.indices.allSatisfy {
        source.componentOffsets[$0] == source.componentOffsets[0] + $0 * size
      }
    for y in 0..<file.height {
      let row = source.base + y * source.rowStride
      if isPacked {
        target.copyMemory(from: row + source.componentOffsets[0], byteCount: packed)
      } else {
        switch size {
        case 1: gatherRow(UInt8.self, row, source, file, to: target)
        case 2: gatherRow(UInt16.self, row, source, file, to: target)
        case 4: gatherRow(UInt32.self, row, source, file, to: target)
        default: gatherRow(UInt64.self, row, source, file, to: target)
        }
      }
      if file.rowByteCount > packed {
        (target + packed).initializeMemory(
          as: UInt8.self, repeating: 0, count: file.rowByteCount - packed)
      }
      target += file.rowByteCount
    }
  }

  @inline(__always)
  private static func gatherRow<Word: FixedWidthInteger>(
    _ type: Word.Type, _ row: UnsafeRawPointer, _ source: FrameSource, _ file: ND2FileDescription,
    to target: UnsafeMutableRawPointer
  ) {
    let size = MemoryLayout<Word>.size
    let offsets = source.componentOffsets
    if source.pixelStride == size, offsets.count == 2 || offsets.count == 4 {
      // Planes: several at once, so that the compiler can join whole registers.
      let planes = offsets.map { row + $0 }
      if offsets.count == 2 {
        interleave(type, planes[0], planes[1], file.width, to: target)
      } else {
        interleave(type, planes[0], planes[1], planes[2], planes[3], file.width, to: target)
      }
      return
    }
    // One component after the other; the row stays in the cache meanwhile.
    let step = offsets.count * size
    let stride = source.pixelStride
    for (place, offset) in offsets.enumerated() {
      var from = row + offset
      var to = target + place * size
      for _ in 0..<file.width {
        to.storeBytes(of: from.loadUnaligned(as: Word.self), as: Word.self)
        from += stride
        to += step
      }
    }
  }

  @inline(__always)
  private static func interleave<Word: FixedWidthInteger>(
    _ type: Word.Type, _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ count: Int,
    to target: UnsafeMutableRawPointer
  ) {
    let size = MemoryLayout<Word>.size
    for x in 0..<count {
      let (from, to) = (x &* size, target + x &* size &* 2)
      to.storeBytes(of: a.loadUnaligned(fromByteOffset: from, as: Word.self), as: Word.self)
      to.storeBytes(
        of: b.loadUnaligned(fromByteOffset: from, as: Word.self), toByteOffset: size,
        as: Word.self)
    }
  }

  @inline(__always)
  private static func interleave<Word: FixedWidthInteger>(
    _ type: Word.Type, _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ c: UnsafeRawPointer,
    _ d: UnsafeRawPointer, _ count: Int, to target: UnsafeMutableRawPointer
  ) {
    let size = MemoryLayout<Word>.size
    for x in 0..<count {
      let (from, to) = (x &* size, target + x &* size &* 4)
      let values = (
        a.loadUnaligned(fromByteOffset: from, as: Word.self),
        b.loadUnaligned(fromByteOffset: from, as: Word.self),
        c.loadUnaligned(fromByteOffset: from, as: Word.self),
        d.loadUnaligned(fromByteOffset: from, as: Word.self)
      )
      to.storeBytes(of: values.0, as: Word.self)
      to.storeBytes(of: values.1, toByteOffset: size, as: Word.self)
      to.storeBytes(of: values.2, toByteOffset: 2 &* size, as: Word.self)
      to.storeBytes(of: values.3, toByteOffset: 3 &* size, as: Word.self)
    }
  }
}

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

  /// One component after the other; the row stays in the cache meanwhile.
  @inline(__always)
  private static func gatherRow<Word: FixedWidthInteger>(
    _ type: Word.Type, _ row: UnsafeRawPointer, _ source: FrameSource, _ file: ND2FileDescription,
    to target: UnsafeMutableRawPointer
  ) {
    let size = MemoryLayout<Word>.size
    let (width, step) = (file.width, source.componentOffsets.count * size)
    let stride = source.pixelStride
    for (place, offset) in source.componentOffsets.enumerated() {
      var from = row + offset
      var to = target + place * size
      for _ in 0..<width {
        to.storeBytes(of: from.loadUnaligned(as: Word.self), as: Word.self)
        from += stride
        to += step
      }
    }
  }
}

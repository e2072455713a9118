/// Which stored components go where: from interleaved rows to separate planes.
///
/// The result of one frame is an array of planes, rows, columns and, for colour, samples
/// (C, Y, X, S), dense and row-major.
package struct PlaneGather: Hashable, Sendable {
  /// For each plane of the result the stored component of each of its samples.
  package let planes: [[Int]]
  /// Stored components per pixel.
  package let componentCount: Int
  /// Size of one number.
  package let sampleByteCount: Int
  /// First column that is taken.
  package let firstColumn: Int
  /// Number of columns that are taken.
  package let columnCount: Int
  /// Number of rows of the result.
  package let rowCount: Int

  private enum Shape: Hashable, Sendable {
    case copy
    case split
    case gather
    case interleaved
  }
  private let shape: Shape

  /// Creates a gather.
  ///
  /// All planes must have the same number of samples, and components must exist.
  package init(
    planes: [[Int]], componentCount: Int, sampleByteCount: Int, columns: Range<Int>, rowCount: Int
  ) {
    self.planes = planes
    self.componentCount = componentCount
    self.sampleByteCount = sampleByteCount
    firstColumn = columns.lowerBound
    columnCount = columns.count
    self.rowCount = rowCount
    let flat = planes.flatMap { $0 }
    let inOrder = flat == Array(0..<componentCount)
    if planes.count == 1, inOrder {
      shape = .copy
    } else if samplesPerPixel(planes) == 1 {
      shape = inOrder && (2...4).contains(componentCount) ? .split : .gather
    } else {
      shape = .interleaved
    }
  }

  /// Samples of one pixel of a plane: 1, or 3 for colour.
  package var sampleCount: Int { planes.first?.count ?? 1 }
  /// Size of one row of one plane of the result.
  package var planeRowByteCount: Int { columnCount * sampleCount * sampleByteCount }
  /// Size of one plane of the result.
  package var planeByteCount: Int { planeRowByteCount * rowCount }
  /// Size of the result.
  package var byteCount: Int { planeByteCount * planes.count }

  /// Whether rows of the result are rows of the file, so that they can be read into place.
  package var isPlainCopy: Bool { shape == .copy }
  /// Distance from the start of a stored row to the first byte that is taken.
  package var firstByte: Int { firstColumn * componentCount * sampleByteCount }
  /// Bytes that are taken of a stored row.
  package var takenRowByteCount: Int { columnCount * componentCount * sampleByteCount }

  /// Moves rows to their place in the result.
  ///
  /// - Parameters:
  ///   - source: the first byte of the first row.
  ///   - rowStride: distance between rows of the source.
  ///   - rows: rows of the result that the source holds.
  ///   - destination: the first byte of the frame's result, ``byteCount`` bytes.
  package func move(
    from source: UnsafeRawPointer, rowStride: Int, rows: Range<Int>,
    to destination: UnsafeMutableRawPointer
  ) {
    let first = source + firstByte
    if shape == .copy {
      copyRows(from: first, rowStride: rowStride, rows: rows, to: destination)
      return
    }
    // Typed kernels need aligned numbers; a row size that is no multiple of them is only seen in
    // damaged files, whose rows are first copied to aligned memory.
    if (Int(bitPattern: first) | rowStride) % sampleByteCount == 0 {
      dispatch(from: first, rowStride: rowStride, rows: rows, to: destination)
      return
    }
    withUnsafeTemporaryAllocation(byteCount: takenRowByteCount, alignment: 16) { row in
      guard let aligned = row.baseAddress else { return }
      for (step, y) in rows.enumerated() {
        aligned.copyMemory(from: first + step * rowStride, byteCount: takenRowByteCount)
        dispatch(from: aligned, rowStride: 0, rows: y..<(y + 1), to: destination)
      }
    }
  }

  private func copyRows(
    from source: UnsafeRawPointer, rowStride: Int, rows: Range<Int>,
    to destination: UnsafeMutableRawPointer
  ) {
    let rowBytes = planeRowByteCount
    if rowStride == rowBytes {
      (destination + rows.lowerBound * rowBytes)
        .copyMemory(from: source, byteCount: rowBytes * rows.count)
      return
    }
    for (step, y) in rows.enumerated() {
      (destination + y * rowBytes).copyMemory(from: source + step * rowStride, byteCount: rowBytes)
    }
  }

  private func dispatch(
    from source: UnsafeRawPointer, rowStride: Int, rows: Range<Int>,
    to destination: UnsafeMutableRawPointer
  ) {
    switch sampleByteCount {
    case 1: move(UInt8.self, from: source, rowStride: rowStride, rows: rows, to: destination)
    case 2: move(UInt16.self, from: source, rowStride: rowStride, rows: rows, to: destination)
    case 4: move(UInt32.self, from: source, rowStride: rowStride, rows: rows, to: destination)
    default: move(UInt64.self, from: source, rowStride: rowStride, rows: rows, to: destination)
    }
  }

  @inline(__always)
  private func move<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type, from source: UnsafeRawPointer, rowStride: Int, rows: Range<Int>,
    to destination: UnsafeMutableRawPointer
  ) {
    let out = destination.assumingMemoryBound(to: T.self)
    let planeStride = columnCount * rowCount * sampleCount
    for (step, y) in rows.enumerated() {
      let row = (source + step * rowStride).assumingMemoryBound(to: T.self)
      let line = out + y * columnCount * sampleCount
      switch shape {
      case .split: Kernels.split(row, componentCount, columnCount, line, planeStride)
      case .interleaved:
        for (index, samples) in planes.enumerated() {
          Kernels.reorder(row, componentCount, columnCount, samples, line + index * planeStride)
        }
      case .gather, .copy:
        Kernels.gather(row, componentCount, columnCount, planes, line, planeStride)
      }
    }
  }
}

private func samplesPerPixel(_ planes: [[Int]]) -> Int { planes.first?.count ?? 1 }

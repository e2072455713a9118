extension AnyNDArray {
  /// Calls `body` with all elements' bytes, row-major, run by run.
  ///
  /// Contiguous elements are one run, where they are; those of other views are gathered in runs of
  /// about `byteCount` bytes.
  func forEachRun(
    ofAbout byteCount: Int = 4 << 20, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard !isContiguous, count * sampleType.byteCount > byteCount, let outer = sizes.first else {
      return try withUnsafeBytes(body)
    }
    // Not contiguous, so there are elements.
    let size = count / outer.count * sampleType.byteCount
    let step = Swift.max(1, byteCount / size)
    for start in stride(from: 0, to: outer.count, by: step) {
      if size > byteCount {
        try slicing([(outer.axis, .index(start))]).forEachRun(ofAbout: byteCount, body)
      } else {
        let end = Swift.min(start + step, outer.count)
        try slicing([(outer.axis, .range(start..<end))]).withUnsafeBytes(body)
      }
    }
  }
}

import ND2Format

/// The pixels of an open file.
struct FileLazySource: LazySource {
  let file: ND2File
  let order: ArraySelection.ComponentOrder

  var sizes: AxisSizes { file.sizes }
  var sampleType: SampleType { file.sampleType }
  var identity: LazySourceIdentity {
    LazySourceIdentity(object: ObjectIdentifier(file), order: order)
  }

  var isDivisible: Bool {
    file.access.remote == nil && file.store.layout.compression == .none
  }

  var concurrency: Int? {
    if file.access.remote != nil { return max(1, file.options.maxConcurrency) }
    return file.options.threadCount.map { max(1, $0) }
  }

  func checkBlocking() throws {
    try file.located { _ = try file.access.blocking }
  }

  func check(_ box: [Range<Int>]) throws {
    try file.located {
      let (count, overflow) = LazyRegion(box).count.multipliedReportingOverflow(
        by: sampleType.byteCount)
      try file.check(byteCount: overflow ? .max : count)
    }
  }

  func read(_ box: [Range<Int>], into destination: UnsafeMutableRawBufferPointer) throws {
    try read(box, into: destination, threadCount: 1, isCancelled: { false })
  }

  func read(
    _ box: [Range<Int>], into destination: UnsafeMutableRawBufferPointer, threadCount: Int,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws {
    var selection = ArraySelection.all.with(order)
    for (element, range) in zip(sizes, box) {
      // The samples of a colour pixel are read together; the caller asks for all of them.
      if range != 0..<element.count { selection = selection.with(element.axis, range) }
    }
    try file.located {
      let resolved = try file.geometry.resolve(selection)
      let reader = PixelReader(
        source: file.access.waiting, store: file.store, selection: resolved,
        isCancelled: isCancelled, mostThreads: threadCount)
      try reader.read(into: destination, isZeroed: false)
    }
  }
}

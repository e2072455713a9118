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
    if case .asynchronous = file.access { return false }
    return file.store.layout.compression == .none
  }

  var concurrency: Int? {
    if case .asynchronous = file.access { return max(1, file.options.maxConcurrency) }
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
      switch file.access {
      case .blocking(let source):
        let reader = PixelReader(
          source: source, store: file.store, selection: resolved, isCancelled: isCancelled,
          mostThreads: threadCount)
        try reader.read(into: destination, isZeroed: false)
      case .asynchronous(let source):
        try awaitBlocking(resolved, source, into: destination)
      }
    }
  }

  /// Waits for an asynchronous read on a thread of the engine, which is none of the cooperative
  /// threads that the read runs on.
  private func awaitBlocking(
    _ selection: ResolvedSelection, _ source: any AsyncByteSource,
    into destination: UnsafeMutableRawBufferPointer
  ) throws {
    guard let base = destination.baseAddress else { return }
    destination.initializeMemory(as: UInt8.self, repeating: 0)
    let target = AsyncPixelReader.Destination(base: base)
    let reader = AsyncPixelReader(source: source, store: file.store, selection: selection)
    try BlockingWait.run { try await reader.read(into: target) }
  }
}

import ND2
import ND2TestSupport
import ND2Writer
import Testing

/// Lazy arrays against the same operations on the whole array in memory.
@Suite("Lazy arrays") struct LazyArrayTests {
  static let sample = SampleFile(
    width: 31, height: 22, channels: [.init("A"), .init("B")],
    loops: [.time(count: 4), .zStack(count: 5)])

  static func open(_ sample: SampleFile = sample) throws -> (CountingByteSource, ND2File) {
    let source = CountingByteSource(try sample.source())
    let file = try ND2File(reading: source)
    source.reset()
    return (source, file)
  }

  @Test("An array over 100,000 frames is made without reading and without looking at them")
  func hugeArrayIsFree() throws {
    var sample = SampleFile(width: 8, height: 8, loops: [.time(count: 100_000)])
    sample.storedFrameCount = 2
    let (source, file) = try Self.open(sample)
    let lazy = file.lazyArray()
    let part = try lazy[.time, 1]
    #expect(lazy.shape == [100_000, 8, 8])
    #expect(lazy.chunkShape == [1, 8, 8])
    #expect(source.byteCount() == 0)
    _ = try part.compute()
    // The pixels of one frame, and the head of its chunk.
    #expect(source.byteCount(least: 64) < 8 * 8 * 2 + 8192)
  }

  @Test("Computing the whole array gives what reading gives") func wholeArray() throws {
    let (_, file) = try Self.open()
    #expect(try file.lazyArray().compute() == file.read())
  }

  @Test("Slices are what slices of the array in memory are")
  func slices() throws {
    let (_, file) = try Self.open()
    let (lazy, dense) = (file.lazyArray(), try file.read())
    let cases: [[(axis: Axis, slice: AxisSlice)]] = [
      [(.time, 2)], [(.z, .range(1..<4))], [(.z, .range(0..., by: -2))],
      [(.y, .range(3..., by: 4)), (.x, .range(..<20, by: -3))],
      [(.channel, 1), (.time, .range(0..., by: 3)), (.y, .range(5...9))],
      [(.time, 0), (.z, 0), (.channel, 0), (.y, 0), (.x, 0)],
    ]
    for slices in cases {
      #expect(try lazy.slicing(slices).compute() == dense.slicing(slices).compacted())
    }
  }

  @Test("Slices of slices, other orders, new and dropped axes are views of the file")
  func views() throws {
    let (_, file) = try Self.open()
    let (lazy, dense) = (file.lazyArray(), try file.read())
    let view = try lazy[.z, 1...][.y, 2..<20, by: 3][.z, 0..., by: -1]
      .transposed(.x, .y, .z, .channel, .time).inserting("layer", at: 2)
      .renaming(.z, to: "height")[.time, 3].squeezed()
    let expected = try dense[.z, 1...][.y, 2..<20, by: 3][.z, 0..., by: -1]
      .transposed(.x, .y, .z, .channel, .time).inserting("layer", at: 2)
      .renaming(.z, to: "height")[.time, 3].squeezed()
    #expect(view.sizes == expected.sizes)
    #expect(try view.compute() == expected.compacted())
  }

  @Test("A crop reads only its rows") func cropsReadTheirRows() throws {
    let wide = SampleFile(width: 512, height: 300, loops: [.zStack(count: 3)])
    let (source, file) = try Self.open(wide)
    _ = try file.lazyArray()[.y, 100..<110].compute()
    #expect(source.byteCount(least: 200) <= 3 * 10 * 1024 + 3 * 4096)
    source.reset()
    _ = try file.lazyArray()[.y, 0..., by: 100].compute()
    #expect(source.byteCount(least: 1024) <= 3 * 3 * 1024 + 9 * 4096)
  }

  @Test("Projections are those of the array in memory", arguments: Reduction.allCases)
  func projections(_ reduction: Reduction) throws {
    let (_, file) = try Self.open()
    let (lazy, dense) = (file.lazyArray(), try file.read())
    for axes: [Axis] in [
      [.z], [.time], [.time, .z], [.y], [.x], [.y, .x], [.channel], [.z, .channel, .x], [],
    ] {
      let result = try lazy.reduced(reduction, over: axes).compute()
      let expected = try dense.reduced(reduction, over: axes)
      #expect(result.sizes == expected.sizes && result.sampleType == expected.sampleType)
      #expect(result.isNear(expected), "\(reduction) over \(axes)")
    }
  }

  @Test("Arithmetic is that of the array in memory") func arithmetic() throws {
    let (_, file) = try Self.open()
    let (lazy, dense) = (file.lazyArray(), try file.read())
    let ratio = try (lazy[.channel, 0] + 1) / (lazy[.channel, 1] + 1)
    let expected = try (dense[.channel, 0] + 1) / (dense[.channel, 1] + 1)
    #expect(try ratio.compute() == expected)
    let excess = try (lazy - lazy.mean(over: .time)).max(over: .z) * 2
    let plain = try (dense - dense.mean(over: .time)).max(over: .z) * 2
    #expect(try excess.compute().isNear(plain))
    let cast = try (lazy * 0.5).cast(to: .uint8)
    let halves = try (dense * 0.5).cast(to: .uint8)
    #expect(try cast.compute() == halves)
    let change = try lazy[.time, 1...] - lazy[.time, ..<3]
    let expectedChange = try dense[.time, 1...] - dense[.time, ..<3]
    #expect(try change.compute() == expectedChange)
    let dark = try dense[.time, 0]
    let brighter = try dense - dark
    #expect(try lazy.applying(.subtract, dark).compute() == brighter)
  }

  @Test("Stacks, concatenations and other blocks have the same elements") func joining() throws {
    let (_, file) = try Self.open()
    let (lazy, dense) = (file.lazyArray(), try file.read())
    let parts = try LazyArray.concatenated(
      [lazy[.time, 2...], lazy[.time, 0..<1], lazy[.time, 1..<2]], along: .time)
    let reversed = try AnyNDArray.concatenated(
      [dense[.time, 1..<2], dense[.time, 0..<1], dense[.time, 2...][.time, 0..., by: -1]],
      along: .time)
    #expect(try parts[.time, 0..., by: -1].compute() == reversed)
    let both = try LazyArray.stacked(
      [lazy.max(over: .z), lazy.min(over: .z)], along: "kind", at: 1)
    #expect(both.sizes.axes == [.time, "kind", .channel, .y, .x])
    #expect(try both["kind", 0].compute() == dense.max(over: .z))
    #expect(try both["kind", 1].compute() == dense.min(over: .z))
    #expect(try both.compute()["kind", 1].compacted() == dense.min(over: .z))
    let blocks = try lazy.rechunked([.time: 2, .y: 7, .x: 10])
    #expect(blocks.chunkShape == [2, 1, 2, 7, 10])
    #expect(try blocks.compute() == dense)
  }

  @Test("Functions of blocks are applied to every element once") func mappedBlocks() throws {
    let (_, file) = try Self.open()
    let (lazy, dense) = (file.lazyArray(), try file.read())
    let mapped = try lazy.mapBlocks(to: .float64) { try $0.cast(to: .float64) }
    #expect(try mapped.compute() == dense.cast(to: .float64))
    let wrong = try lazy.mapBlocks(to: .float64) { $0 }
    #expect(throws: ND2Error.self) { try wrong.compute() }
  }

  @Test("Each byte is read once, on however many ways it is needed", arguments: [false, true])
  func readOnce(isCompressed: Bool) throws {
    var sample = SampleFile(
      width: 256, height: 128, channels: [.init("A"), .init("B")],
      loops: [.time(count: 3), .zStack(count: 4)])
    if isCompressed { sample.storage.compression = .lossless }
    let (source, file) = try Self.open(sample)
    let lazy = file.lazyArray()
    let expressions: [LazyArray] = [
      try lazy.max(over: .z), try lazy + lazy, try lazy[.channel, 0] / lazy[.channel, 1],
      try lazy - lazy.max(over: .z), try lazy[.time, 1...] - lazy[.time, ..<2],
      try LazyArray.stacked([lazy.max(over: .z), lazy.min(over: .z)], along: "kind"),
      try lazy[.y, 1...] - lazy[.y, ..<127], try lazy.mean(over: .time).max(over: .z),
    ]
    for (number, expression) in expressions.enumerated() {
      source.reset()
      _ = try expression.compute()
      // Headers of chunks are looked at by whoever reads a part of them.
      #expect(source.mostReads(least: 300) <= 1, "expression \(number)")
    }
  }

  @Test("Large frames are taken in parts, each byte once") func largeFrames() throws {
    let sample = SampleFile(
      width: 1024, height: 700, channels: [.init("A"), .init("B")],
      loops: [.time(count: 2), .zStack(count: 3)])
    let (source, file) = try Self.open(sample)
    let (lazy, dense) = (file.lazyArray(), try file.read())
    let pairs: [(LazyArray, AnyNDArray)] = [
      (try lazy.max(over: .z), try dense.max(over: .z)),
      (try lazy.mean(over: .y, .x), try dense.mean(over: .y, .x)),
      (try lazy - lazy.min(over: .z), try dense - dense.min(over: .z)),
      (
        try lazy[.channel, 0] / lazy[.channel, 1], try dense[.channel, 0] / dense[.channel, 1]
      ),
      (try lazy.max(), try dense.max(over: .time, .z, .channel, .y, .x)),
      (try lazy.transposed(.x, .y, .channel, .z, .time), try dense.transposed()),
    ]
    for (number, (deferred, expected)) in pairs.enumerated() {
      source.reset()
      #expect(try deferred.compute().isNear(expected), "expression \(number)")
      #expect(source.mostReads(least: 300) <= 1, "expression \(number)")
    }
  }

  @Test("Progress goes up to one") func progress() throws {
    let (_, file) = try Self.open()
    let seen = Lock<[Double]>([])
    _ = try file.lazyArray().compute { share in seen.withLock { $0.append(share) } }
    let shares = seen.withLock { $0 }
    #expect(shares.last == 1 && shares == shares.sorted())
  }

  @Test("A cancelled computation ends with the error of cancellation") func cancellation()
    async throws
  {
    let (_, file) = try Self.open()
    let projection = try file.lazyArray().max(over: .z)
    let task = Task {
      try await Task.sleep(for: .seconds(10))
      return try await projection.compute()
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    let started = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await projection.compute()
    }
    await #expect(throws: CancellationError.self) { try await started.value }
  }

  @Test("A file that vanishes is the error of its reads, and the array can be used again")
  func vanishedFile() throws {
    let (source, file) = try Self.open()
    let projection = try file.lazyArray().max(over: .z)
    source.vanish()
    let error = #expect(throws: ND2Error.self) { try projection.compute() }
    #expect(error?.code == .io && error?.location.file == "counted.nd2")
  }

  @Test("Blocks come one after the other and make up the array") func blocks() async throws {
    let (_, file) = try Self.open()
    let dense = try await file.read()
    let expressions = [
      file.lazyArray(), try file.lazyArray(chunkSizes: [.z: 2, .y: 10]),
      try file.lazyArray() - file.lazyArray().mean(over: .z),
    ]
    for lazy in expressions {
      var count = 0
      for try await block in lazy.blocks() {
        count += 1
        let slices = zip(lazy.sizes.axes, block.ranges).map {
          (axis: $0, slice: AxisSlice.range($1))
        }
        let expected =
          lazy.sampleType == dense.sampleType
          ? dense : try dense.applying(.subtract, dense.mean(over: .z))
        #expect(block.array.isNear(try expected.slicing(slices)))
      }
      let counts = zip(lazy.shape, lazy.chunkShape).map { size, chunk in
        (size + chunk - 1) / chunk
      }
      #expect(count == counts.reduce(1, *))
    }
  }

  @Test("Asynchronous sources are read many frames at a time") func asynchronousSource()
    async throws
  {
    let source = CountingByteSource(try Self.sample.source())
    let slow = SlowAsyncSource(source)
    let file = try await ND2File(reading: slow)
    let dense = try await file.read()
    #expect(try await file.lazyArray().compute() == dense)
    #expect(try await file.lazyArray().max(over: .z).compute() == dense.max(over: .z))
    #expect(slow.mostAtOnce >= 8)
    let error = #expect(throws: ND2Error.self) {
      let projection = try file.lazyArray().max(over: .z)
      _ = try projection.compute()
    }
    #expect(error?.code == .invalidRequest)
  }

  @Test("Little memory is enough", arguments: [1 << 20, 4 << 20])
  func littleMemory(limit: Int) throws {
    var sample = SampleFile(
      width: 256, height: 128, loops: [.time(count: 3), .zStack(count: 4)])
    sample.storage.compression = .lossless
    let (_, file) = try Self.open(sample)
    let (lazy, dense) = (file.lazyArray(), try file.read())
    let options = ComputeOptions(threadCount: 2, memoryByteCount: limit)
    let result = try (lazy - lazy.mean(over: .time)).compute(options)
    let expected = try dense - dense.mean(over: .time)
    #expect(result.isNear(expected))
  }

  @Test("Errors name the axis, what was asked, and what there is") func errors() throws {
    let (_, file) = try Self.open()
    let lazy = file.lazyArray()
    func message(_ body: () throws -> LazyArray) -> String {
      do {
        _ = try body()
        return ""
      } catch { return "\(error)" }
    }
    #expect(message { try lazy[.z, 5] } == "axis Z has 5 elements; index 5 is outside 0..<5")
    #expect(message { try lazy[.z, -1] }.contains("-1 is outside 0..<5"))
    #expect(message { try lazy[.y, 3..<30] }.contains("axis Y has 22 elements; 3..<30"))
    #expect(message { try lazy[.position, 0] }.contains("no axis P: the array has the axes T, Z"))
    #expect(message { try lazy.max(over: .z, .z) }.contains("named twice"))
    #expect(message { try lazy + lazy[.time, 1...] }.contains("axis T has 4 elements in one"))
    #expect(message { try lazy.rechunked([.z: 0]) }.contains("axis Z"))
    #expect(message { try LazyArray.concatenated([], along: .z) }.contains("no array"))
    #expect(
      message { try LazyArray.stacked([lazy, lazy.cast(to: .float32)], along: "k") }
        .contains("cast one of them"))
    #expect(message { try file.lazyArray(chunkSizes: [.position: 1]) }.contains("no axis P"))
  }

  @Test("Computations that are too deep are refused") func tooDeep() throws {
    let (_, file) = try Self.open()
    #expect(throws: ND2Error.self) {
      var sum = file.lazyArray()
      for _ in 0..<100_000 { sum = try sum + 1 }
    }
  }

  @Test("Random chains of operations give what they give in memory")
  func randomChains() throws {
    let (_, file) = try Self.open()
    try Randomness.repeated(60) { randomness in
      var (lazy, dense) = (file.lazyArray(), try file.read())
      for _ in 0..<randomness.int(1..<6) where !dense.sizes.isEmpty {
        try Self.step(&lazy, &dense, &randomness)
      }
      let options = ComputeOptions(
        threadCount: randomness.int(1..<4),
        memoryByteCount: randomness.oneIn(2) ? 1 << 20 : 1 << 26)
      let result = try lazy.compute(options)
      #expect(result.isNear(dense), "seed \(randomness.seed): \(lazy)")
    }
  }

  private static func step(
    _ lazy: inout LazyArray, _ dense: inout AnyNDArray, _ randomness: inout Randomness
  ) throws {
    let axis = dense.sizes[randomness.int(0..<dense.sizes.count)].axis
    let size = dense.sizes[axis] ?? 1
    switch randomness.int(0..<8) {
    case 0:
      let low = randomness.int(0..<size)
      let high = randomness.int(low..<size) + 1
      let step = [1, 2, -1, -3][randomness.int(0..<4)]
      lazy = try lazy[axis, low..<high, by: step]
      dense = try dense[axis, low..<high, by: step]
    case 1:
      let index = randomness.int(0..<size)
      lazy = try lazy[axis, index]
      dense = try dense[axis, index]
    case 2:
      lazy = try lazy.moving(axis, to: 0)
      dense = try dense.moving(axis, to: 0)
    case 3:
      let reduction = Reduction.allCases[randomness.int(0..<5)]
      lazy = try lazy.reduced(reduction, over: [axis])
      dense = try dense.reduced(reduction, over: [axis])
    case 4:
      lazy = try lazy - lazy.mean(over: axis)
      dense = try dense - dense.mean(over: axis)
    case 5:
      lazy = try LazyArray.concatenated([lazy, lazy[axis, 0..<1]], along: axis)
      dense = try AnyNDArray.concatenated([dense, dense[axis, 0..<1]], along: axis)
    case 6:
      lazy = try lazy.rechunked([axis: randomness.int(1..<(size + 1))])
    default:
      lazy = try lazy * 0.25 + lazy
      dense = try dense * 0.25 + dense
    }
  }
}

extension AnyNDArray {
  /// Whether axes and types agree, and numbers but for rounding.
  func isNear(_ other: AnyNDArray) -> Bool {
    guard sizes == other.sizes, sampleType == other.sampleType else { return false }
    guard sampleType.isFloatingPoint else { return compacted() == other.compacted() }
    guard let a = try? cast(to: .float64).as(Double.self)?.elements,
      let b = try? other.cast(to: .float64).as(Double.self)?.elements
    else { return false }
    let tolerance = sampleType == .float32 ? 1e-4 : 1e-9
    return zip(a, b).allSatisfy {
      $0 == $1 || abs($0 - $1) <= tolerance * Swift.max(1, abs($0), abs($1))
        || ($0.isNaN && $1.isNaN)
    }
  }
}

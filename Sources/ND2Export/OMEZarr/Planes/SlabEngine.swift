import ND2
import ND2Codecs

/// Writes an image: reads each frame once, makes the lower levels from it in memory, compresses and
/// hands out the chunks.
///
/// Work is done in slabs: the frames that share chunks, which usually is one frame. Slabs that are too
/// large for the memory are taken in bands of rows; each level then keeps the rows that do not yet
/// make up chunks.
final class SlabEngine: Sendable {
  /// The sizes.
  let plan: ZarrArrayPlan
  /// Where chunks go, for each level.
  let sinks: [ChunkSink]
  /// Where planes come from.
  let source: PlaneSource
  /// How chunks are compressed.
  let codec: ChunkCodec
  let isLevelExact: Bool
  /// Which chunks are left out.
  let omitted: OMEZarrOptions.OmittedChunks
  /// Bytes that pixels under work may take.
  let memoryLimit: Int
  private let workers = Lock<[ChunkWorker]>([])

  /// What a slab had.
  struct Outcome: Sendable {
    /// The frames, as t and z.
    var frames: [(time: Int, focus: Int, state: PlaneSource.State)] = []
    /// Planes of the slab.
    var planeCount: Int
    /// Bytes of its pixels.
    var byteCount: Int
  }

  init(
    plan: ZarrArrayPlan, sinks: [ChunkSink], source: PlaneSource, codec: ChunkCodec,
    isLevelExact: Bool,
    omitted: OMEZarrOptions.OmittedChunks, memoryLimit: Int
  ) {
    self.plan = plan
    self.sinks = sinks
    self.source = source
    self.codec = codec
    self.isLevelExact = isLevelExact
    self.omitted = omitted
    self.memoryLimit = memoryLimit
  }

  /// Writes everything.
  ///
  /// - Parameters:
  ///   - skipsComplete: whether slabs are left out whose files are all there.
  ///   - threadCount: number of threads.
  ///   - isCancelled: asked before each slab.
  ///   - done: told of each slab, by several threads.
  func run(
    skipsComplete: Bool, threadCount: Int, isCancelled: @escaping @Sendable () -> Bool,
    done: @escaping @Sendable (Outcome) throws -> Void
  ) throws {
    guard let base = plan.levels.first else { return }
    let slabs = self.slabs
    // Those that need nothing: known before any is written.
    let isDone = slabs.map { place in
      skipsComplete
        && sinks.allSatisfy { $0.isComplete(time: place.time, focus: place.focus) }
    }
    // A band of rows at least is held, for each slab under work.
    let whole = base.height * bytesPerRow(base)
    let band = bandHeight(base)
    let held = max(1, band < base.height ? band * bytesPerRow(base) : whole) / 3 * 4 + 1
    let wanted = max(threadCount, source.waitingThreadCount ?? 0)
    let parallel = max(1, min(wanted, slabLimit / held, slabs.count))
    let inner = max(1, (threadCount + parallel - 1) / parallel)
    let queue = WorkQueue(count: slabs.count, isCancelled: isCancelled)
    let ahead =
      source.isRemote
      ? source.readAhead(
        places(of: zip(slabs, isDone).filter { !$1 }.map(\.0), bandHeight: band),
        max(memoryLimit / 4, memoryLimit - parallel * held),
        { queue.isStopped || isCancelled() })
      : nil
    defer { ahead?.stop() }
    WorkerTeam.run(count: parallel) { _ in
      let slab = Slab(engine: self, ahead: ahead, bandHeight: band, threadCount: inner)
      while let number = queue.take() {
        do {
          let place = slabs[number]
          if isDone[number] {
            try done(self.outcome(place, []))
          } else {
            let states = try slab.write(time: place.time, focus: place.focus, isCancelled)
            try done(self.outcome(place, states))
          }
        } catch {
          queue.fail(error)
        }
      }
    }
    try queue.finish()
  }

  /// What of the memory slabs may take: of a file far away, half of it is for what comes next.
  private var slabLimit: Int { source.isRemote ? memoryLimit / 2 : memoryLimit }

  /// What slabs read, in order.
  private func places(
    of slabs: [(time: Int, focus: Int)], bandHeight: Int
  ) -> [PlanePlace] {
    let height = plan.levels.first?.height ?? 0
    return slabs.flatMap { slab in
      let frames = frames(slab.time, slab.focus)
      return stride(from: 0, to: height, by: bandHeight).flatMap { row in
        frames.map {
          PlanePlace(
            time: $0.time, focus: $0.focus, rows: row..<min(height, row + bandHeight))
        }
      }
    }
  }

  /// The slabs, by their places along t and z, so that shards are filled one after the other.
  private var slabs: [(time: Int, focus: Int)] {
    guard let base = plan.levels.first else { return [] }
    let (counts, ratio) = (base.chunkCounts, base.chunksPerShard)
    var slabs: [(time: Int, focus: Int)] = []
    for t in stride(from: 0, to: counts[0], by: ratio[0]) {
      for z in stride(from: 0, to: counts[2], by: ratio[2]) {
        for time in t..<min(t + ratio[0], counts[0]) {
          for focus in z..<min(z + ratio[2], counts[2]) { slabs.append((time, focus)) }
        }
      }
    }
    return slabs
  }

  private func outcome(
    _ place: (time: Int, focus: Int), _ states: [PlaneSource.State]
  ) -> Outcome {
    let frames = frames(place.time, place.focus)
    guard let base = plan.levels.first else { return Outcome(planeCount: 0, byteCount: 0) }
    let planes = frames.count * base.shape[1]
    return Outcome(
      frames: zip(frames, states).map { ($0.time, $0.focus, $1) }, planeCount: planes,
      byteCount: planes * base.height * base.width * plan.type.byteCount)
  }

  /// The frames of a slab, as t and z.
  fileprivate func frames(_ time: Int, _ focus: Int) -> [(time: Int, focus: Int)] {
    guard let base = plan.levels.first else { return [] }
    let (shape, chunk) = (base.shape, base.chunk)
    let times = (time * chunk[0])..<min((time + 1) * chunk[0], shape[0])
    let planes = (focus * chunk[2])..<min((focus + 1) * chunk[2], shape[2])
    return times.flatMap { t in planes.map { (t, $0) } }
  }

  /// Bytes of a row of all planes of a slab.
  private func bytesPerRow(_ level: ZarrArrayPlan.Level) -> Int {
    min(level.chunk[0], level.shape[0]) * min(level.chunk[2], level.shape[2]) * level.shape[1]
      * level.width * plan.type.byteCount
  }

  /// Rows that are read at once: all, when they fit or cannot be had alone.
  private func bandHeight(_ base: ZarrArrayPlan.Level) -> Int {
    let row = max(1, bytesPerRow(base))
    if !source.isDivisible || base.height <= slabLimit * 3 / 4 / row { return base.height }
    let unit = Self.unit(base)
    return min(base.height, max(1, slabLimit * 3 / 4 / row / unit) * unit)
  }

  /// Rows that make up chunks and halve without rest.
  fileprivate static func unit(_ level: ZarrArrayPlan.Level) -> Int {
    level.chunk[3] % 2 == 0 ? level.chunk[3] : level.chunk[3] * 2
  }

  /// Lends what compresses chunks.
  fileprivate func withWorker(_ body: (ChunkWorker) throws -> Void) throws {
    let worker: ChunkWorker
    if let free = workers.withLock({ $0.popLast() }) {
      worker = free
    } else {
      do {
        worker = try ChunkWorker(codec, isLevelExact: isLevelExact)
      } catch {
        throw ND2Error(.unsupported, "the compressor cannot be set up")
      }
    }
    defer { workers.withLock { $0.append(worker) } }
    try body(worker)
  }
}

/// A compressor with memory for a chunk. One thread at a time has it.
final class ChunkWorker: @unchecked Sendable {
  let compressor: ChunkCompressor
  private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  init(_ codec: ChunkCodec, isLevelExact: Bool) throws(CodecError) {
    compressor = try ChunkCompressor(codec, isLevelExact: isLevelExact)
  }

  deinit { memory.deallocate() }

  /// Memory of that size, with anything in it.
  func scratch(_ count: Int) -> UnsafeMutableRawBufferPointer {
    if memory.count < count {
      memory.deallocate()
      memory = .allocate(byteCount: count, alignment: 64)
    }
    return UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
  }
}

/// The frames under work of one thread, at all levels.
private final class Slab: @unchecked Sendable {
  /// Rows of all planes at one level.
  struct Rows {
    var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    /// Bytes from plane to plane.
    var planeStride = 0
    /// Number of the first row that is held.
    var first = 0
    /// Number of rows that are held.
    var count = 0
  }

  private let engine: SlabEngine
  private let ahead: PlaneAhead?
  private let bandHeight: Int
  private let threadCount: Int
  private var rows: [Rows]
  private var frames: [(time: Int, focus: Int)] = []
  private var states: [PlaneSource.State] = []
  private var place = (time: 0, focus: 0)

  init(engine: SlabEngine, ahead: PlaneAhead?, bandHeight: Int, threadCount: Int) {
    self.engine = engine
    self.ahead = ahead
    self.bandHeight = bandHeight
    self.threadCount = threadCount
    rows = Array(repeating: Rows(), count: engine.plan.levels.count)
  }

  deinit { for level in rows { level.memory.deallocate() } }

  private var levels: [ZarrArrayPlan.Level] { engine.plan.levels }
  private var size: Int { engine.plan.type.byteCount }
  private var planeCount: Int { frames.count * engine.source.planeCount }

  /// Reads and writes one slab, and says what there was of its frames.
  func write(
    time: Int, focus: Int, _ isCancelled: () -> Bool
  ) throws -> [PlaneSource.State] {
    place = (time, focus)
    frames = engine.frames(time, focus)
    states = frames.map { _ in .whole }
    let base = levels[0]
    var height = bandHeight
    for level in levels.indices {
      // What was left over, and half of what the finer level has.
      if level > 0 { height = SlabEngine.unit(levels[level]) + height / 2 + 1 }
      height = min(height, levels[level].height)
      rows[level].planeStride = height * levels[level].width * size
      rows[level].first = 0
      rows[level].count = 0
      let bytes = rows[level].planeStride * planeCount
      if rows[level].memory.count < bytes {
        rows[level].memory.deallocate()
        rows[level].memory = .allocate(byteCount: bytes, alignment: 64)
      }
    }
    var row = 0
    while row < base.height {
      if row > 0, isCancelled() { throw CancellationError() }
      let band = row..<min(base.height, row + bandHeight)
      try read(band)
      row = band.upperBound
      try advance(0, isLast: row == base.height)
    }
    return states
  }

  private func read(_ band: Range<Int>) throws {
    let rowBytes = levels[0].width * size
    rows[0].planeStride = band.count * rowBytes
    rows[0].first = band.lowerBound
    rows[0].count = band.count
    let count = rows[0].planeStride * engine.source.planeCount
    for (number, frame) in frames.enumerated() {
      let target = UnsafeMutableRawBufferPointer(
        rebasing: rows[0].memory[(number * count)..<((number + 1) * count)])
      let state =
        try ahead?.read(
          PlanePlace(time: frame.time, focus: frame.focus, rows: band), into: target)
        ?? engine.source.read(frame.time, frame.focus, band, target, threadCount)
      if state != .whole { states[number] = state }
    }
  }

  /// Writes the chunks of a level whose rows are all there, and makes the rows of the next level.
  private func advance(_ number: Int, isLast: Bool) throws {
    let level = levels[number]
    let unit = SlabEngine.unit(level)
    let held = rows[number].count
    let taken = isLast ? held : held / unit * unit
    guard taken > 0 else { return }
    try emit(number, rowCount: taken)
    if number + 1 < levels.count { try halve(number, taken: taken, isLast: isLast) }
    if taken < held {
      let rowBytes = level.width * size
      for plane in 0..<planeCount {
        guard let base = rows[number].memory.baseAddress else { break }
        let start = base + plane * rows[number].planeStride
        start.copyMemory(from: start + taken * rowBytes, byteCount: (held - taken) * rowBytes)
      }
    }
    rows[number].first += taken
    rows[number].count -= taken
    if number + 1 < levels.count { try advance(number + 1, isLast: isLast) }
  }

  private func halve(_ number: Int, taken: Int, isLast: Bool) throws {
    let (level, next) = (levels[number], levels[number + 1])
    let to = rows[number + 1]
    let (fromStride, toStride) = (rows[number].planeStride, to.planeStride)
    let count = isLast ? next.height - to.first - to.count : taken / 2
    guard count > 0, let source = rows[number].memory.baseAddress,
      let target = to.memory.baseAddress
    else { return }
    rows[number + 1].count += count
    if count == next.height, try takeStored(number + 1) { return }
    let (planes, type, isLabels) = (planeCount, engine.plan.type, engine.source.isLabels)
    let offset = to.count * next.width * size
    let input = Memory(base: source)
    let output = Memory(base: target + offset)
    try inParallel(planes, worthwhile: taken * level.width * size > 1 << 16) { plane in
      PlaneHalving.halve(
        .init(base: input.base + plane * fromStride, width: level.width, count: taken),
        into: .init(base: output.base + plane * toStride, width: next.width, count: count),
        type: type, isLabels: isLabels)
    }
  }

  /// Takes a level from the file, where it has it for whole frames.
  private func takeStored(_ number: Int) throws -> Bool {
    guard engine.source.storedLevels.contains(number), !states.contains(where: { $0 != .whole })
    else { return false }
    let level = levels[number]
    // Planes must follow each other without gaps.
    guard rows[number].planeStride >= level.height * level.width * size else { return false }
    rows[number].planeStride = level.height * level.width * size
    let count = rows[number].planeStride * engine.source.planeCount
    for (ordinal, frame) in frames.enumerated() {
      let target = UnsafeMutableRawBufferPointer(
        rebasing: rows[number].memory[(ordinal * count)..<((ordinal + 1) * count)])
      if try !engine.source.readLevel(frame.time, frame.focus, number, target) { return false }
    }
    return true
  }

  // MARK: - Chunks

  /// Memory that threads write different parts of.
  private struct Memory: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
  }

  private func inParallel(
    _ count: Int, worthwhile: Bool, _ body: @escaping @Sendable (Int) throws -> Void
  ) throws {
    try ParallelWork.run(count: count, threads: worthwhile ? threadCount : 1, body)
  }

  /// Writes the chunks of the first rows that are held.
  private func emit(_ number: Int, rowCount: Int) throws {
    let level = levels[number]
    let held = rows[number]
    guard let base = held.memory.baseAddress else { return }
    let counts = level.chunkCounts
    let bands = (held.first / level.chunk[3])..<((held.first + rowCount - 1) / level.chunk[3] + 1)
    let isLost = !states.contains { $0 != .missing }
    let cutter = ChunkCutter(
      level: level, sampleByteCount: size, frames: frames, states: states,
      planeCount: engine.source.planeCount, base: base, planeStride: held.planeStride,
      firstRow: held.first, rowCount: rowCount)
    let total = counts[1] * bands.count * counts[4]
    let (sink, omitted, engine, place) = (engine.sinks[number], engine.omitted, engine, place)
    try inParallel(total, worthwhile: rowCount * level.width * size > 1 << 16) { item in
      let x = item % counts[4]
      let y = bands.lowerBound + item / counts[4] % bands.count
      let chunk = [place.time, item / counts[4] / bands.count, place.focus, y, x]
      if isLost, omitted != .none { return try sink.put(nil, at: chunk) }
      try engine.withWorker { worker in
        let bytes = cutter.chunk(chunk, worker)
        if omitted == .allZero, ChunkCutter.isZero(bytes) { return try sink.put(nil, at: chunk) }
        let compressed: UnsafeRawBufferPointer
        do {
          compressed = try worker.compressor.compress(bytes)
        } catch {
          throw ND2Error(.limitExceeded, "a chunk cannot be compressed")
        }
        try sink.put(compressed, at: chunk)
      }
    }
  }
}

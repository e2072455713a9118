import Dispatch
import ND2Format

/// Reads parts of a file far away before they are wanted, as many at a time as its options and the
/// memory allow, and hands them out.
///
/// Parts have numbers in the order in which they are wanted, and each is handed out once. Several
/// threads may take them. Who takes a number must not wait for anybody who waits for a greater one,
/// and none may be left out for good: the memory of a part is free again when it was taken.
package final class FrameReadAhead: Sendable {
  /// What is read for a number; nil where nothing has to be.
  typealias Selecting = @Sendable (Int) throws -> ResolvedSelection?

  private let source: any AsyncByteSource
  private let store: FrameStore
  private let count: Int
  private let memoryLimit: Int
  private let isCancelled: @Sendable () -> Bool
  private let select: Selecting
  private let scratch: ScratchPool
  private let state = Lock(State())
  private let running = DispatchGroup()

  /// Parts that are read at a time at least, whatever their size.
  private static let leastParts = 2
  /// How often who waits asks whether to stop.
  private static let patience = DispatchTimeInterval.milliseconds(20)

  private struct State: Sendable {
    /// The parts that were begun or are waited for, and not yet given back.
    var parts: [Int: Part] = [:]
    /// The first part that was not begun.
    var next = 0
    /// What that is, once it has been asked.
    var selection: Result<ResolvedSelection?, any Error>?
    /// Frames on their way.
    var framesInFlight = 0
    /// Parts that were begun and not yet given back.
    var heldCount = 0
    /// Their bytes, with those that the reading itself takes.
    var heldByteCount = 0
    var isCancelled = false
  }

  /// Memory with the pixels of a part.
  private struct Filled: Sendable {
    var block: ScratchPool.Block?
    var isWhole = true
  }

  private final class Part: Sendable {
    let ready = DispatchSemaphore(value: 0)
    private let outcome = Lock<Result<Filled, any Error>?>(nil)
    private let task = Lock<Task<Void, Never>?>(nil)
    private let byteCount = Lock(0)

    func begin(_ task: Task<Void, Never>) { self.task.withLock { $0 = task } }
    func cancel() { task.withLock { $0 }?.cancel() }
    /// Notes the bytes that are held until the part is given back.
    func hold(_ count: Int) { byteCount.withLock { $0 = count } }
    var heldByteCount: Int { byteCount.withLock { $0 } }

    func finish(_ outcome: Result<Filled, any Error>) {
      self.outcome.withLock { $0 = outcome }
      ready.signal()
    }

    func take() -> Result<Filled, any Error>? {
      outcome.withLock { outcome in
        defer { outcome = nil }
        return outcome
      }
    }
  }

  /// - Parameters:
  ///   - count: number of parts.
  ///   - memoryLimit: the most bytes that parts take which are read or wait to be taken.
  ///   - isCancelled: asked while somebody waits.
  ///   - select: what a part is; called in order.
  init(
    _ source: any AsyncByteSource, _ store: FrameStore, count: Int, memoryLimit: Int,
    isCancelled: @escaping @Sendable () -> Bool, select: @escaping Selecting
  ) {
    self.source = source
    self.store = store
    self.count = count
    self.memoryLimit = memoryLimit
    self.isCancelled = isCancelled
    self.select = select
    scratch = ScratchPool(mostFreeByteCount: max(0, memoryLimit / 8))
  }

  deinit { giveBackAll() }

  /// Waits for a part and calls `body` with its pixels, and whether all of them are in the file.
  ///
  /// - Throws: the error of reading this part, ``ND2Error`` as reading does; `CancellationError`.
  package func withPart<R>(
    _ number: Int, _ body: (UnsafeRawBufferPointer, _ isWhole: Bool) throws -> R
  ) throws -> R {
    let part = try awaited(number)
    begin()
    while part.ready.wait(timeout: .now() + Self.patience) == .timedOut {
      guard isCancelled() else { continue }
      cancel()
      throw CancellationError()
    }
    defer { giveBack(number, part) }
    guard let filled = try part.take()?.get() else { throw CancellationError() }
    guard let block = filled.block else {
      return try body(UnsafeRawBufferPointer(start: nil, count: 0), true)
    }
    defer { scratch.give(block) }
    return try body(UnsafeRawBufferPointer(block.memory), filled.isWhole)
  }

  /// Ends everything; returns when nothing is read any more. Nobody may be waiting.
  package func stop() {
    cancel()
    running.wait()
    giveBackAll()
  }

  // MARK: - Parts

  private func awaited(_ number: Int) throws -> Part {
    try state.withLock { state in
      if state.isCancelled { throw CancellationError() }
      if let part = state.parts[number] { return part }
      guard number >= state.next, number < count else {
        throw ND2Error.invalidRequest("part \(number) of \(count) was taken before")
      }
      let part = Part()
      state.parts[number] = part
      return part
    }
  }

  private func giveBack(_ number: Int, _ part: Part) {
    state.withLock { state in
      state.parts[number] = nil
      state.heldCount -= 1
      state.heldByteCount -= part.heldByteCount
    }
    begin()
  }

  private func giveBackAll() {
    let parts = state.withLock { state in
      defer { state.parts = [:] }
      return Array(state.parts.values)
    }
    for part in parts {
      if case .success(let filled)? = part.take(), let block = filled.block { scratch.give(block) }
    }
  }

  private func cancel() {
    let (begun, others) = state.withLock { state in
      state.isCancelled = true
      let next = state.next
      return (
        state.parts.filter { $0.key < next }.map(\.value),
        state.parts.filter { $0.key >= next }.map(\.value)
      )
    }
    for part in begun { part.cancel() }
    for part in others { part.finish(.failure(CancellationError())) }
  }

  // MARK: - Reading

  /// What a part needs.
  private struct Work: Sendable {
    var part: Part
    var reader: AsyncPixelReader?
    var failure: (any Error)?
    var byteCount = 0
    var scratchByteCount = 0
    var frameCount: Int { reader?.selection.frameCount ?? 0 }
  }

  /// Begins as many parts as there is room for.
  private func begin() {
    while let work = state.withLock({ takeNext(&$0) }) { begin(work) }
  }

  private func takeNext(_ state: inout State) -> Work? {
    guard !state.isCancelled, state.next < count, state.framesInFlight < width else { return nil }
    let selection = state.selection ?? Result { try select(state.next) }
    var work = Work(part: state.parts[state.next] ?? Part())
    switch selection {
    case .failure(let error): work.failure = error
    case .success(nil): break
    case .success(let selection?):
      let reader = AsyncPixelReader(
        source: source, store: store, selection: selection, isCancelled: isCancelled,
        lossNote: LossNote(), sharedScratch: scratch)
      let atOnce = min(width, selection.frameCount)
      guard
        let byteCount = Checked.product(selection.gather.byteCount, selection.frameCount),
        let scratch = Checked.product(reader.scratchByteCount, atOnce),
        let all = Checked.sum(byteCount, scratch)
      else {
        work.failure = ND2Error(.limitExceeded, "a part of the file does not fit into memory")
        break
      }
      guard state.heldCount < Self.leastParts || all <= memoryLimit - state.heldByteCount else {
        state.selection = .success(selection)
        return nil
      }
      (work.reader, work.byteCount, work.scratchByteCount) = (reader, byteCount, scratch)
    }
    work.part.hold(work.byteCount)
    state.selection = nil
    state.parts[state.next] = work.part
    state.next += 1
    state.heldCount += 1
    state.heldByteCount += work.byteCount + work.scratchByteCount
    state.framesInFlight += work.frameCount
    running.enter()
    return work
  }

  /// Frames that are read at a time.
  private var width: Int { max(1, store.options.maxConcurrency) }

  private func begin(_ work: Work) {
    guard let reader = work.reader else {
      work.part.finish(work.failure.map { .failure($0) } ?? .success(Filled()))
      running.leave()
      return
    }
    let task = BlockingWait.start { [self] in
      let outcome = await read(reader, work.byteCount)
      state.withLock { state in
        state.framesInFlight -= work.frameCount
        state.heldByteCount -= work.scratchByteCount
      }
      work.part.finish(outcome)
      begin()
      running.leave()
    }
    work.part.begin(task)
    if state.withLock({ $0.isCancelled }) { task.cancel() }
  }

  private func read(
    _ reader: AsyncPixelReader, _ byteCount: Int
  ) async -> Result<Filled, any Error> {
    let block = scratch.take(byteCount)
    do {
      if let base = block.memory.baseAddress {
        try await reader.read(into: PixelReader.Destination(base: base), isZeroed: false)
      }
      return .success(Filled(block: block, isWhole: reader.lossNote?.take() != true))
    } catch {
      scratch.give(block)
      return .failure((error as? ND2Error)?.inFile(source.name) ?? error)
    }
  }
}

import ND2Format
import Synchronization

/// The image chunks of an open file: finds their payloads and remembers what was wrong.
final class FrameStore: Sendable {
  let layout: FrameLayout
  /// How codestreams make up the frames of a file of version 1.0; nil for other files.
  let codestreams: CodestreamLayout?
  /// How many frames there are.
  let numbers: FrameNumbers
  /// Whether the samples of codestreams are signed.
  let isSigned: Bool
  let fileByteCount: UInt64
  let options: ReadingOptions
  let diagnostics: DiagnosticStore
  private let container: ChunkMap.Container
  private let map: ChunkMap
  let isScanned: Bool
  /// Whether frames that have no chunk are zeros even when reading strictly.
  let allowsMissing: Bool
  /// Whether it is not known which numbers the names of the image chunks have.
  let isAnonymous: Bool
  /// What a scan of the whole file found; made once, when the map proves wrong about frames.
  private let rescanned = Lock<ChunkMap?>(nil)
  private let rescanning = Lock<Task<ChunkMap, any Error>?>(nil)
  /// Number of frames that were not where the map says.
  private let displacedCount = Atomic<Int>(0)
  /// So many frames are searched for around their places; then the whole file is scanned.
  private static let mostSearches = 3

  init(
    layout: FrameLayout, codestreams: CodestreamLayout?, isSigned: Bool, map: ChunkMap,
    numbers: FrameNumbers, isScanned: Bool, fileByteCount: UInt64, options: ReadingOptions,
    diagnostics: DiagnosticStore, allowsMissing: Bool = false, isAnonymous: Bool = false
  ) {
    self.isAnonymous = isAnonymous
    self.allowsMissing = allowsMissing
    self.layout = layout
    self.isSigned = isSigned
    self.codestreams = codestreams
    self.numbers = numbers
    container = map.container
    self.map = map
    self.isScanned = isScanned
    self.fileByteCount = fileByteCount
    self.options = options
    self.diagnostics = diagnostics
  }

  /// Number in the name of the first frame's chunk: 0, or 1 for some writers.
  var firstNumber: Int { numbers.first }

  /// Whether no chunk is known for a frame.
  func isMissing(_ index: Int) -> Bool { entry(index) == nil }

  /// Where the map says that the chunk of a frame is, or the first of its codestreams.
  func entry(_ index: Int) -> ChunkEntry? {
    guard let codestreams else { return find(index, in: map.frames) }
    for number in codestreams.codestreams(ofFrame: index) {
      if let entry = map.frames[number] { return entry }
    }
    return nil
  }

  /// Where the map says that a codestream is, by its number in the file.
  func codestreamEntry(_ number: Int) -> ChunkEntry? { map.frames[number] }

  private func find(_ index: Int, in table: FrameTable) -> ChunkEntry? {
    index >= 0 && index < .max ? table[index + firstNumber] : nil
  }

  /// Where to look for a frame, and how far around.
  struct Place: Sendable {
    var entry: ChunkEntry
    /// Number in the name of the chunk; nil when any will do.
    var number: Int?
    /// Where its data ends at the latest.
    var limit: UInt64
    var searchWindow: UInt64
  }

  /// Where to look for a frame: as the map says, or the scan, once there is one.
  func place(of index: Int) -> Place? {
    let scanned = rescanned.withLock { $0 }
    let map = scanned ?? map
    guard let entry = find(index, in: map.frames) else { return nil }
    // What a scan has found is there; what it has not found is nowhere.
    let isSure = scanned != nil || isScanned
    return Place(
      entry: entry, number: isAnonymous ? nil : index + firstNumber,
      limit: min(fileByteCount, map.tornEnds[entry.offset] ?? fileByteCount),
      searchWindow: isSure ? 0 : options.searchWindow)
  }

  /// Finds the payload of a frame, or nil when there is none.
  func locate(_ index: Int, in source: any ByteSource) throws -> FramePayload? {
    guard let place = place(of: index) else { return nil }
    if let payload = try source.run(FrameLocatePlan(place, layout: layout)) {
      if isOften(payload) { _ = try rescan(in: source) }
      return note(payload, of: index)
    }
    guard try rescan(in: source) != nil, let place = self.place(of: index) else { return nil }
    return try source.run(FrameLocatePlan(place, layout: layout)).map { note($0, of: index) }
  }

  /// Finds the payload of a frame, or nil when there is none.
  func locate(_ index: Int, in source: any AsyncByteSource) async throws -> FramePayload? {
    guard let place = place(of: index) else { return nil }
    if let payload = try await source.run(FrameLocatePlan(place, layout: layout)) {
      if isOften(payload) { _ = try await rescan(in: source) }
      return note(payload, of: index)
    }
    guard try await rescan(in: source) != nil, let place = self.place(of: index) else {
      return nil
    }
    return try await source.run(FrameLocatePlan(place, layout: layout))
      .map { note($0, of: index) }
  }

  /// Whether so many frames were not in their places that a scan is cheaper than to go on searching.
  private func isOften(_ payload: FramePayload) -> Bool {
    payload.isDisplaced
      && displacedCount.wrappingAdd(1, ordering: .relaxed).newValue >= Self.mostSearches
  }

  /// Takes notice that a frame was found elsewhere by a reader of its own.
  func noteDisplaced(
    _ payload: FramePayload, of index: Int, in source: any AsyncByteSource
  ) async throws {
    if isOften(payload) { _ = try await rescan(in: source) }
    _ = note(payload, of: index)
  }

  private func note(_ payload: FramePayload, of index: Int) -> FramePayload {
    if payload.isDisplaced {
      diagnostics.append(
        Diagnostic(
          .warning, "the image is not where the chunk map says; it was found nearby",
          at: .init(offset: payload.offset, chunk: ChunkName.frame(index + firstNumber))))
    }
    return payload
  }

  /// The frames that a scan of the whole file finds; made once, when a frame is nowhere near.
  func rescan(in source: any ByteSource) throws -> FrameTable? {
    guard !isScanned, options.scansForChunks else { return nil }
    // Other threads wait for the one that scans.
    return try rescanned.withLock { known in
      if let known { return known.frames }
      let plan = ScanPlan(fileByteCount: fileByteCount, container: container)
      let scanned = try source.run(plan)
      report(scanned)
      known = scanned.map
      return scanned.map.frames
    }
  }

  func rescan(in source: any AsyncByteSource) async throws -> FrameTable? {
    guard !isScanned, options.scansForChunks else { return nil }
    if let known = rescanned.withLock({ $0 }) { return known.frames }
    let task = rescanning.withLock { running in
      if let running { return running }
      let task = BlockingWait.task { [self] in
        let plan = ScanPlan(fileByteCount: fileByteCount, container: container)
        let scanned = try await source.run(plan)
        report(scanned)
        rescanned.withLock { $0 = scanned.map }
        return scanned.map
      }
      running = task
      return task
    }
    do {
      return try await task.value.frames
    } catch {
      rescanning.withLock { $0 = nil }
      throw error
    }
  }

  private func report(_ scanned: ScanPlan.Outcome) {
    var log = DiagnosticLog()
    log.damage("the chunk map is wrong about images; the file was searched for them")
    scanned.report(into: &log)
    diagnostics.append(contentsOf: log)
  }

  /// What a frame without usable data means: an error when reading strictly, else a diagnostic.
  func reportLoss(
    _ index: Int, _ reason: String, offset: UInt64? = nil, chunk: String? = nil
  ) throws {
    let location = ND2Error.Location(
      offset: offset, chunk: chunk ?? ChunkName.frame(index + firstNumber))
    if options.isStrict, !(allowsMissing && isMissing(index)) {
      throw ND2Error(.missingFrame, "frame \(index): \(reason)", at: location)
    }
    diagnostics.append(Diagnostic(.damage, "frame \(index): \(reason)", at: location))
  }
}

/// The diagnostics of an open file; grows while parts of it are read.
final class DiagnosticStore: Sendable {
  private let log: Lock<DiagnosticLog>

  init(_ log: DiagnosticLog = DiagnosticLog()) { self.log = Lock(log) }

  var entries: [Diagnostic] { log.withLock { $0.entries } }

  func append(_ diagnostic: Diagnostic) { log.withLock { $0.append(diagnostic) } }

  func append(contentsOf other: DiagnosticLog) { log.withLock { $0.append(contentsOf: other) } }
}

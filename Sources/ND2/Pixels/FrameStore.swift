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
  private let table: FrameTable
  private let isScanned: Bool
  private let rescanned = Mutex<FrameTable?>(nil)
  /// Number of frames that were not where the map says.
  private let displacedCount = Mutex(0)

  init(
    layout: FrameLayout, codestreams: CodestreamLayout?, isSigned: Bool, map: ChunkMap,
    numbers: FrameNumbers, isScanned: Bool, fileByteCount: UInt64, options: ReadingOptions,
    diagnostics: DiagnosticStore
  ) {
    self.layout = layout
    self.isSigned = isSigned
    self.codestreams = codestreams
    self.numbers = numbers
    container = map.container
    table = map.frames
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
    guard let codestreams else { return find(index, in: table) }
    for number in codestreams.codestreams(ofFrame: index) {
      if let entry = table[number] { return entry }
    }
    return nil
  }

  /// Where the map says that a codestream is, by its number in the file.
  func codestreamEntry(_ number: Int) -> ChunkEntry? { table[number] }

  private func find(_ index: Int, in table: FrameTable) -> ChunkEntry? {
    index >= 0 && index < .max ? table[index + firstNumber] : nil
  }

  /// Finds the payload of a frame, or nil when there is none.
  func locate(_ index: Int, in source: any ByteSource) throws -> FramePayload? {
    guard let entry = entry(index) else { return nil }
    if shouldRescan { _ = try rescan(in: source) }
    if let payload = try source.run(plan(index, entry)) { return note(payload, of: index) }
    guard let entry = try rescan(in: source).flatMap({ find(index, in: $0) }) else { return nil }
    return try source.run(plan(index, entry)).flatMap { note($0, of: index) }
  }

  /// Finds the payload of a frame, or nil when there is none.
  func locate(_ index: Int, in source: any AsyncByteSource) async throws -> FramePayload? {
    guard let entry = entry(index) else { return nil }
    if shouldRescan { _ = try await rescan(in: source) }
    if let payload = try await source.run(plan(index, entry)) { return note(payload, of: index) }
    guard let table = try await rescan(in: source), let entry = find(index, in: table) else {
      return nil
    }
    return try await source.run(plan(index, entry)).flatMap { note($0, of: index) }
  }

  private func plan(_ index: Int, _ entry: ChunkEntry) -> FrameLocatePlan {
    FrameLocatePlan(
      frame: index + firstNumber, at: entry, layout: layout, fileByteCount: fileByteCount,
      searchWindow: rescanned.withLock { $0 == nil } ? options.searchWindow : 0)
  }

  /// Whether looking for frames around their places has read more than all of the file.
  private var shouldRescan: Bool {
    let searched = Checked.product(
      displacedCount.withLock { $0 }, Int(clamping: options.searchWindow))
    return !isScanned && UInt64(clamping: searched ?? .max) > fileByteCount
  }

  private func note(_ payload: FramePayload, of index: Int) -> FramePayload {
    if payload.isDisplaced {
      displacedCount.withLock { $0 += 1 }
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
    if let table = rescanned.withLock({ $0 }) { return table }
    let plan = ScanPlan(fileByteCount: fileByteCount, container: container)
    let table = try source.run(plan).map.frames
    rescanned.withLock { $0 = table }
    return table
  }

  func rescan(in source: any AsyncByteSource) async throws -> FrameTable? {
    guard !isScanned, options.scansForChunks else { return nil }
    if let table = rescanned.withLock({ $0 }) { return table }
    let plan = ScanPlan(fileByteCount: fileByteCount, container: container)
    let table = try await source.run(plan).map.frames
    rescanned.withLock { $0 = table }
    return table
  }

  /// What a frame without usable data means: an error when reading strictly, else a diagnostic.
  func reportLoss(
    _ index: Int, _ reason: String, offset: UInt64? = nil, chunk: String? = nil
  ) throws {
    let location = ND2Error.Location(
      offset: offset, chunk: chunk ?? ChunkName.frame(index + firstNumber))
    if options.isStrict {
      throw ND2Error(.missingFrame, "frame \(index): \(reason)", at: location)
    }
    diagnostics.append(Diagnostic(.damage, "frame \(index): \(reason)", at: location))
  }
}

/// The diagnostics of an open file; grows while parts of it are read.
final class DiagnosticStore: Sendable {
  private let log: Mutex<DiagnosticLog>

  init(_ log: DiagnosticLog = DiagnosticLog()) { self.log = Mutex(log) }

  var entries: [Diagnostic] { log.withLock { $0.entries } }

  func append(_ diagnostic: Diagnostic) { log.withLock { $0.append(diagnostic) } }

  func append(contentsOf other: DiagnosticLog) { log.withLock { $0.append(contentsOf: other) } }
}

package import ND2Format

/// Opens a file: finds its chunks and fetches the few that describe the image.
///
/// Ordinary files take two steps: both ends at once, then the metadata that is not in them.
package struct OpenPlan: ReadPlan {
  /// What is known when a file is open.
  package struct Outcome: Sendable {
    package var signature: FileSignature
    package var map: ChunkMap
    package var isScanned: Bool
    /// The chunks that describe the image, by name.
    package var chunks: [String: ChunkData]
    package var diagnostics: DiagnosticLog
  }

  private enum State: Sendable {
    /// While a plan within this one takes a step: a second reference to what it found would make
    /// every step copy it.
    case advancing
    case mapping(MapPlan)
    case fetching(MapPlan.Outcome, ChunkFetchPlan)
    case rescanning(MapPlan.Outcome, ScanPlan)
    /// The beginning of the first image of a file of version 1.0.
    case peeking(MapPlan.Outcome, ChunkFetchPlan.Outcome, String, Range<UInt64>)
    /// The descriptions of all its frames, when nothing else tells its loops.
    case fetchingRecords(MapPlan.Outcome, ChunkFetchPlan.Outcome, ChunkFetchPlan)
  }

  /// Chunks that are read when a file is opened; of each pair the first that is there.
  private static let wanted = [
    ChunkName.attributes, ChunkName.pictureMetadata, ChunkName.experiment, ChunkName.textInfo,
    ChunkName.calibration,
  ]

  private let fileByteCount: UInt64
  private let options: ReadingOptions
  private var state: State

  /// Plans to open a file of that size, fetching so many bytes of its ends at first.
  package init(
    fileByteCount: UInt64, headByteCount: UInt64, tailByteCount: UInt64, options: ReadingOptions
  ) {
    self.fileByteCount = fileByteCount
    self.options = options
    state = .mapping(
      MapPlan(
        fileByteCount: fileByteCount, headByteCount: headByteCount, tailByteCount: tailByteCount,
        options: options))
  }

  package mutating func advance(_ supplied: [[UInt8]]) throws -> ReadStep<Outcome> {
    let current = state
    state = .advancing
    switch consume current {
    case .advancing: throw ND2Error(.io, "opening failed before")
    case .mapping(var plan):
      switch try plan.advance(supplied) {
      case .needs(let ranges):
        state = .mapping(plan)
        return .needs(ranges)
      case .done(let mapped): return try fetch(mapped)
      }
    case .fetching(let mapped, var plan):
      switch try plan.advance(supplied) {
      case .needs(let ranges):
        state = .fetching(mapped, plan)
        return .needs(ranges)
      case .done(let fetched): return try finish(mapped, fetched)
      }
    case .rescanning(let mapped, var plan):
      return try rescan(mapped, &plan, supplied)
    case .peeking(let mapped, var fetched, let name, let range):
      fetched.chunks[name] = ChunkData(
        name: name, offset: range.lowerBound, bytes: supplied.first ?? [])
      return try finishLegacy(mapped, fetched)
    case .fetchingRecords(let mapped, var fetched, var plan):
      switch try plan.advance(supplied) {
      case .needs(let ranges):
        state = .fetchingRecords(mapped, fetched, plan)
        return .needs(ranges)
      case .done(let records):
        fetched.add(records)
        return .done(outcome(mapped, fetched))
      }
    }
  }

  private mutating func fetch(_ mapped: MapPlan.Outcome) throws -> ReadStep<Outcome> {
    if mapped.map.container == .boxes {
      return try fetch(LegacyParts.wanted(in: mapped.map), mapped)
    }
    var names = Self.wanted.compactMap { mapped.map.first(of: $0)?.name }
    if mapped.map.first(of: ChunkName.attributes) == nil,
      let frame = mapped.map.frames.stored.first
    {
      // Without attributes the size of a frame helps to find out what they were.
      names.append(ChunkName.frame(frame.index))
    }
    return try fetch(names, mapped)
  }

  private mutating func fetch(
    _ names: [String], _ mapped: MapPlan.Outcome
  ) throws -> ReadStep<Outcome> {
    state = .fetching(
      mapped,
      ChunkFetchPlan(
        names, in: mapped.map, fileByteCount: fileByteCount, options: options,
        fetched: mapped.fetched))
    return try advance([])
  }

  private mutating func finish(
    _ mapped: MapPlan.Outcome, _ fetched: ChunkFetchPlan.Outcome
  ) throws -> ReadStep<Outcome> {
    var mapped = mapped
    mapped.diagnostics.append(contentsOf: fetched.diagnostics)
    if !fetched.lost.isEmpty, !mapped.isScanned, options.scansForChunks {
      // The map is wrong about what matters most: find the chunks where they are.
      mapped.diagnostics.damage("the chunk map is wrong; the file was searched for its chunks")
      mapped.isScanned = true
      var plan = ScanPlan(fileByteCount: fileByteCount, container: mapped.map.container)
      return try rescan(mapped, &plan, [])
    }
    return mapped.map.container == .boxes
      ? try peek(mapped, fetched) : .done(outcome(mapped, fetched))
  }

  private func outcome(
    _ mapped: MapPlan.Outcome, _ fetched: ChunkFetchPlan.Outcome
  ) -> Outcome {
    Outcome(
      signature: mapped.signature, map: mapped.map, isScanned: mapped.isScanned,
      chunks: fetched.chunks, diagnostics: mapped.diagnostics)
  }

  // MARK: - Version 1.0

  /// Looks at the beginning of the first image, which tells size and compression.
  private mutating func peek(
    _ mapped: MapPlan.Outcome, _ fetched: ChunkFetchPlan.Outcome
  ) throws -> ReadStep<Outcome> {
    guard let first = mapped.map.frames.stored.first, first.entry.offset < fileByteCount else {
      return try finishLegacy(mapped, fetched)
    }
    let count = min(LegacyParts.peekByteCount, fileByteCount - first.entry.offset)
    let range = first.entry.offset..<(first.entry.offset + count)
    state = .peeking(mapped, fetched, mapped.map.frameName(first.index), range)
    if let bytes = mapped.fetched.bytes(range) { return try advance([bytes]) }
    return .needs([range])
  }

  private mutating func finishLegacy(
    _ mapped: MapPlan.Outcome, _ fetched: ChunkFetchPlan.Outcome
  ) throws -> ReadStep<Outcome> {
    let names = LegacyParts.furtherNames(mapped.map, fetched.chunks, limits: options.limits)
    guard !names.isEmpty else { return .done(outcome(mapped, fetched)) }
    state = .fetchingRecords(
      mapped, fetched,
      ChunkFetchPlan(
        names, in: mapped.map, fileByteCount: fileByteCount, options: options,
        fetched: mapped.fetched))
    return try advance([])
  }

  private mutating func rescan(
    _ mapped: MapPlan.Outcome, _ plan: inout ScanPlan, _ supplied: [[UInt8]]
  ) throws -> ReadStep<Outcome> {
    switch plan.advance(supplied) {
    case .needs(let ranges):
      state = .rescanning(mapped, plan)
      return .needs(ranges)
    case .done(let scanned):
      var mapped = mapped
      mapped.map = scanned.map
      return try fetch(mapped)
    }
  }
}

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
    case mapping(MapPlan)
    case fetching(MapPlan.Outcome, ChunkFetchPlan)
    case rescanning(MapPlan.Outcome, ScanPlan)
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
    switch state {
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
    }
  }

  private mutating func fetch(_ mapped: MapPlan.Outcome) throws -> ReadStep<Outcome> {
    var names = Self.wanted.compactMap { mapped.map.first(of: $0)?.name }
    if mapped.map.first(of: ChunkName.attributes) == nil,
      let frame = mapped.map.frames.stored.first
    {
      // Without attributes the size of a frame helps to find out what they were.
      names.append(ChunkName.frame(frame.index))
    }
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
      var plan = ScanPlan(fileByteCount: fileByteCount)
      return try rescan(mapped, &plan, [])
    }
    return .done(
      Outcome(
        signature: mapped.signature, map: mapped.map, isScanned: mapped.isScanned,
        chunks: fetched.chunks, diagnostics: mapped.diagnostics))
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

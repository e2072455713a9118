package import ND2Format

/// Fetches what a selection needs of one frame, for sources where a round trip is dear.
///
/// Header and pixels are asked for together, the pixels where nearly all files have them, 4096
/// bytes behind the header; the header then tells whether they were there.
package struct FrameReadPlan: ReadPlan {
  /// The payload and the bytes of it that are needed, from `start` of the payload on.
  package struct Outcome: Sendable {
    package var payload: FramePayload
    package var start: UInt64
    package var bytes: [UInt8]
  }

  /// Gap up to which header and pixels are fetched in one range.
  static let mergeGap: UInt64 = 64 << 10

  private enum State: Sendable {
    case start
    case speculated([Range<UInt64>])
    case locating
    case reading(FramePayload, UInt64)
  }

  private let entry: ChunkEntry
  private let layout: FrameLayout
  private let rows: Range<Int>
  private let fileByteCount: UInt64
  private var locate: FrameLocatePlan
  private var fetched = FetchedBytes()
  private var state = State.start

  package init(
    frame index: Int?, at entry: ChunkEntry, layout: FrameLayout, rows: Range<Int>,
    fileByteCount: UInt64, searchWindow: UInt64
  ) {
    self.entry = entry
    self.layout = layout
    self.rows = rows
    self.fileByteCount = fileByteCount
    locate = FrameLocatePlan(
      frame: index, at: entry, layout: layout, fileByteCount: fileByteCount,
      searchWindow: searchWindow)
  }

  init(_ place: FrameStore.Place, layout: FrameLayout, rows: Range<Int>) {
    self.init(
      frame: place.number, at: place.entry, layout: layout, rows: rows,
      fileByteCount: place.limit, searchWindow: place.searchWindow)
  }

  package mutating func advance(_ supplied: [[UInt8]]) -> ReadStep<Outcome?> {
    switch state {
    case .start:
      let ranges = speculation
      guard !ranges.isEmpty else { return goOn(locate.advance([])) }
      state = .speculated(ranges)
      return .needs(ranges)
    case .speculated(let ranges):
      for (range, bytes) in zip(ranges, supplied) { fetched.keep(bytes, at: range.lowerBound) }
      return goOn(locate.advance([]))
    case .locating:
      return goOn(locate.advance(supplied))
    case .reading(let payload, let start):
      return .done(Outcome(payload: payload, start: start, bytes: supplied.first ?? []))
    }
  }

  /// Answers the location's wishes from what was fetched, as far as it goes.
  private mutating func goOn(_ step: ReadStep<FramePayload?>) -> ReadStep<Outcome?> {
    var step = step
    while true {
      switch step {
      case .done(nil): return .done(nil)
      case .done(let payload?): return read(payload)
      case .needs(let ranges):
        let known = ranges.compactMap { fetched.bytes($0) }
        guard known.count == ranges.count else {
          state = .locating
          return .needs(ranges)
        }
        step = locate.advance(known)
      }
    }
  }

  private mutating func read(_ payload: FramePayload) -> ReadStep<Outcome?> {
    var range: Range<UInt64>
    switch payload.coding {
    case .raw(let stride):
      range = FrameAssembler.byteRange(rows: rows, stride: stride, layout: layout)
    case .zlib: range = 0..<payload.byteCount
    case .unsupported: return .done(Outcome(payload: payload, start: 0, bytes: []))
    }
    range = range.clamped(to: 0..<payload.availableByteCount)
    let place = (payload.offset + range.lowerBound)..<(payload.offset + range.upperBound)
    if let bytes = fetched.bytes(place) {
      return .done(Outcome(payload: payload, start: range.lowerBound, bytes: bytes))
    }
    state = .reading(payload, range.lowerBound)
    return .needs([place])
  }

  /// Where header and pixels are in nearly all files.
  private var speculation: [Range<UInt64>] {
    guard entry.offset < fileByteCount else { return [] }
    let pixels = entry.offset + 4096
    let wanted: Range<UInt64>
    if layout.compression == .lossless {
      guard let count = entry.byteCount, count > 8, count - 8 <= fileByteCount else { return [] }
      wanted = 0..<(count - 8)
    } else {
      wanted = FrameAssembler.byteRange(rows: rows, stride: layout.rowByteCount, layout: layout)
    }
    guard let end = Checked.sum(pixels, wanted.upperBound) else { return [] }
    let start = min(pixels + wanted.lowerBound, fileByteCount)
    let data = start..<max(start, min(end, fileByteCount))
    let header = entry.offset..<min(entry.offset + FrameLocatePlan.headerByteCount, fileByteCount)
    if data.isEmpty { return [header] }
    return data.lowerBound - entry.offset <= Self.mergeGap
      ? [entry.offset..<data.upperBound] : [header, data]
  }
}

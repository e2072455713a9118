package import ND2Format

/// Where the payload of a frame lies and how it is coded.
package struct FramePayload: Hashable, Sendable {
  /// Position of the first byte of the pixels.
  package var offset: UInt64
  /// Size of the payload as the chunk says.
  package var byteCount: UInt64
  /// Bytes of it that lie within the file.
  package var availableByteCount: UInt64
  /// How it is coded.
  package var coding: FrameLayout.Coding
  /// Whether it was not where the chunk map says.
  package var isDisplaced = false

  /// Whether the file, or the room up to the next chunk, ends before the payload does.
  package var isCut: Bool { availableByteCount < byteCount }
}

/// Finds the payload of one frame: verifies the chunk's magic and name, searches around the
/// expected place when they are not there, and looks at the first bytes when the size is odd.
///
/// Yields nil when no such chunk can be found.
package struct FrameLocatePlan: ReadPlan {
  /// Bytes that verification reads.
  package static let headerByteCount: UInt64 = 64

  private enum State: Sendable {
    case start
    case header(offset: UInt64, isDisplaced: Bool)
    case search(Range<UInt64>)
    case sniff(FramePayload)
  }

  private let index: Int?
  private let entry: ChunkEntry
  private let layout: FrameLayout
  private let fileByteCount: UInt64
  private let searchWindow: UInt64
  private var state = State.start

  /// Plans to find a frame that the map says to be at `entry`.
  ///
  /// - Parameter index: number in the name of its chunk; nil when any will do.
  package init(
    frame index: Int?, at entry: ChunkEntry, layout: FrameLayout, fileByteCount: UInt64,
    searchWindow: UInt64
  ) {
    self.index = index
    self.entry = entry
    self.layout = layout
    self.fileByteCount = fileByteCount
    self.searchWindow = searchWindow
  }

  init(_ place: FrameStore.Place, layout: FrameLayout) {
    self.init(
      frame: place.number, at: place.entry, layout: layout, fileByteCount: place.limit,
      searchWindow: place.searchWindow)
  }

  package mutating func advance(_ supplied: [[UInt8]]) -> ReadStep<FramePayload?> {
    let bytes = supplied.first ?? []
    switch state {
    case .start:
      return entry.offset < fileByteCount
        ? readHeader(at: entry.offset, isDisplaced: false) : search()
    case .header(let offset, let isDisplaced):
      return takeHeader(bytes, at: offset, isDisplaced: isDisplaced)
    case .search(let range):
      guard let index,
        let found = ChunkSearch.find(
          ChunkName.frame(index), in: bytes, at: range.lowerBound, near: entry.offset)
      else { return .done(nil) }
      return readHeader(at: found, isDisplaced: true)
    case .sniff(var payload):
      payload.coding = layout.coding(payload: payload.byteCount, first: bytes)
      return .done(payload)
    }
  }

  private mutating func readHeader(at offset: UInt64, isDisplaced: Bool) -> ReadStep<FramePayload?>
  {
    state = .header(offset: offset, isDisplaced: isDisplaced)
    return .needs([offset..<(offset + min(Self.headerByteCount, fileByteCount - offset))])
  }

  private mutating func search() -> ReadStep<FramePayload?> {
    let center = min(entry.offset, fileByteCount)
    let low = center - min(center, searchWindow)
    let range = low..<(center + min(searchWindow, fileByteCount - center))
    guard !range.isEmpty, index != nil else { return .done(nil) }
    state = .search(range)
    return .needs([range])
  }

  private mutating func takeHeader(
    _ bytes: [UInt8], at offset: UInt64, isDisplaced: Bool
  ) -> ReadStep<FramePayload?> {
    guard let header = try? ChunkHeader(bytes, at: offset),
      let number = ChunkName.frameIndex(header.name), number == index ?? number
    else { return isDisplaced ? .done(nil) : search() }
    let prefix = FrameLayout.prefixByteCount
    let start = min(offset + header.dataOffset, fileByteCount)
    let available = fileByteCount - start
    let payload = FramePayload(
      offset: start + min(prefix, available),
      byteCount: header.dataByteCount - min(prefix, header.dataByteCount),
      availableByteCount: min(header.dataByteCount, available)
        - min(prefix, header.dataByteCount, available),
      coding: .raw(rowStride: layout.rowByteCount), isDisplaced: isDisplaced)
    if layout.compression != .lossless, let stride = layout.rawStride(payload: payload.byteCount) {
      var payload = payload
      payload.coding = .raw(rowStride: stride)
      return .done(payload)
    }
    let count = min(16, payload.availableByteCount)
    guard count > 0 else { return .done(payload) }
    state = .sniff(payload)
    return .needs([payload.offset..<(payload.offset + count)])
  }
}

import ND2Codecs
package import ND2Format

/// Fetches a codestream of a file of version 1.0: in one read where its box is as the map says.
///
/// Yields nil when no codestream stands there.
package struct CodestreamReadPlan: ReadPlan {
  /// A codestream and where it was.
  package struct Outcome: Sendable {
    /// Bytes from the file.
    package var bytes: [UInt8]
    /// Where among them the codestream begins and ends.
    package var range: Range<Int>
    /// Place of the box in the file.
    package var offset: UInt64
    /// Whether the file ends before the codestream does.
    package var isCut: Bool
  }

  /// Codestreams of more bytes are fetched once their header has said so.
  private static let mostAtOnce: UInt64 = 32 << 20

  private enum State: Sendable {
    case start
    case box
    case all(dataOffset: Int, isCut: Bool)
  }

  private let entry: ChunkEntry
  private let fileByteCount: UInt64
  private var state = State.start

  /// Plans to fetch the codestream whose box stands at `entry`.
  package init(_ entry: ChunkEntry, fileByteCount: UInt64) {
    self.entry = entry
    self.fileByteCount = fileByteCount
  }

  package mutating func advance(_ supplied: [[UInt8]]) -> ReadStep<Outcome?> {
    let bytes = supplied.first ?? []
    switch state {
    case .start:
      guard entry.offset < fileByteCount else { return .done(nil) }
      let known = min(entry.byteCount ?? 0, fileByteCount)
      let count = UInt64(BoxHeader.longByteCount) + (known <= Self.mostAtOnce ? known : 0)
      state = .box
      return .needs([entry.offset..<(entry.offset + min(count, fileByteCount - entry.offset))])
    case .box: return takeBox(bytes)
    case .all(let dataOffset, let isCut):
      return .done(outcome(bytes, from: dataOffset, to: bytes.count, isCut: isCut))
    }
  }

  private mutating func takeBox(_ bytes: [UInt8]) -> ReadStep<Outcome?> {
    var dataOffset = 0
    var count = entry.byteCount
    // A codestream that lost the header of its box is taken up to the next box.
    if !JPEG2000Header.isCodestream(bytes.prefix(4)) {
      guard let header = try? BoxHeader(bytes, at: entry.offset), header.kind == .codestream
      else { return .done(nil) }
      dataOffset = Int(header.dataOffset)
      // A length beyond the end of the file is a damaged one when the next box is known.
      if let own = header.dataByteCount, own <= fileByteCount || count == nil { count = own }
    }
    let available =
      fileByteCount - entry.offset
      - min(
        UInt64(dataOffset), fileByteCount - entry.offset)
    let wanted = count ?? available
    let isCut = wanted > available
    let end = Int(clamping: UInt64(dataOffset) + min(wanted, available))
    if end <= bytes.count { return .done(outcome(bytes, from: dataOffset, to: end, isCut: isCut)) }
    state = .all(dataOffset: dataOffset, isCut: isCut)
    return .needs([entry.offset..<(entry.offset + UInt64(end))])
  }

  private func outcome(_ bytes: [UInt8], from start: Int, to end: Int, isCut: Bool) -> Outcome? {
    guard start < end, end <= bytes.count,
      JPEG2000Header.isCodestream(bytes[start..<end].prefix(4))
    else { return nil }
    return Outcome(bytes: bytes, range: start..<end, offset: entry.offset, isCut: isCut)
  }
}

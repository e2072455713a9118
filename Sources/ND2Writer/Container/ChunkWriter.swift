import ND2Format

/// Writes chunks with the padding that real files have, and the chunk map behind them.
///
/// Rules: nd2-format §1.2–§1.4 and §10. Memory grows with the number of chunks (their map), never
/// with their size.
package struct ChunkWriter {
  /// A line of the map.
  package struct Entry: Hashable, Sendable {
    /// The name, with its `!`.
    package var name: String
    /// Position of the chunk's header.
    package var offset: UInt64
    /// Size of its data.
    package var byteCount: UInt64

    package init(name: String, offset: UInt64, byteCount: UInt64) {
      self.name = name
      self.offset = offset
      self.byteCount = byteCount
    }
  }

  /// Zero bytes that writers of the field keep free behind every name.
  private static let nameReserve = 20
  private static let block: UInt64 = 4096

  private let sink: any ByteSink
  private var lines = ChunkLines()
  /// The chunks written so far, in file order.
  package var entries: [Entry] { lines.entries }

  /// Writes the first chunk, which says what the file is.
  ///
  /// - Parameter version: text of the version, such as `Ver3.0`.
  package init(_ sink: any ByteSink, version: String) throws {
    self.sink = sink
    var data = Array(version.utf8.prefix(64))
    data += [UInt8](repeating: 0, count: 64 - data.count)
    let name = "\(FileSignature.firstChunkName)"
    try sink.append(Self.header(name, nameFieldByteCount: name.utf8.count, data.count))
    try sink.append(data)
  }

  /// Appends a chunk whose data is in memory.
  ///
  /// - Parameter nameFieldByteCount: size of the name field, or nil for the size that makes the
  ///   data end at a multiple of 4096, as in real files.
  package mutating func append(
    _ name: String, _ data: [UInt8], nameFieldByteCount: Int? = nil
  ) throws {
    try begin(
      name, dataByteCount: UInt64(data.count), paddedFor: UInt64(data.count),
      nameFieldByteCount: nameFieldByteCount)
    try sink.append(data)
  }

  /// Appends an image chunk: its time and its stored bytes.
  ///
  /// - Parameter nameFieldByteCount: size of the name field, or nil for the 4072 bytes that make
  ///   the pixels begin at a multiple of 4096, as in real files.
  package mutating func appendFrame(
    _ index: Int, timeMs: Double, payload: UnsafeRawBufferPointer, nameFieldByteCount: Int? = nil
  ) throws {
    try begin(
      ChunkName.frame(index), dataByteCount: UInt64(payload.count) + 8, paddedFor: 8,
      nameFieldByteCount: nameFieldByteCount)
    try sink.append([UInt8](littleEndian: CollectionOfOne(timeMs.bitPattern)))
    try sink.append(payload)
  }

  /// Appends a chunk whose data is written piece by piece.
  ///
  /// - Parameters:
  ///   - isImage: whether the pixels behind an 8-byte prefix shall begin at a multiple of 4096, as
  ///     in image chunks; else the data ends there.
  ///   - write: writes exactly `dataByteCount` bytes.
  package mutating func append(
    _ name: String, dataByteCount: UInt64, isImage: Bool, _ write: (any ByteSink) throws -> Void
  ) throws {
    try begin(
      name, dataByteCount: dataByteCount, paddedFor: isImage ? 8 : dataByteCount,
      nameFieldByteCount: nil)
    try write(sink)
  }

  /// Appends bytes that belong to no chunk, at the next multiple of 4096.
  package mutating func appendGap(_ bytes: [UInt8]) throws {
    try sink.alignToBlock()
    try sink.append(bytes)
  }

  private mutating func begin(
    _ name: String, dataByteCount: UInt64, paddedFor alignedByteCount: UInt64,
    nameFieldByteCount: Int?
  ) throws {
    try sink.alignToBlock()
    let reserved = UInt64(name.utf8.count + Self.nameReserve)
    let end = UInt64(ChunkHeader.byteCount) + reserved + alignedByteCount
    let fill = (Self.block - end % Self.block) % Self.block
    lines.append(name, offset: sink.position, byteCount: dataByteCount)
    try sink.append(
      Self.header(
        name, nameFieldByteCount: nameFieldByteCount ?? Int(reserved + fill), Int(dataByteCount)))
  }

  /// Writes the map of `listed` chunks (those written, when nil) and the tail; ends the file.
  ///
  /// - Parameter lastOfName: whether of several chunks of one name only the last is listed.
  package mutating func finish(
    listing listed: [Entry]? = nil, lastOfName: Bool = false
  ) throws {
    try sink.alignToBlock()
    let offset = sink.position
    let lines = listed.map(ChunkLines.init) ?? lines
    let order = lines.mapOrder(lastOfName: lastOfName)
    var closing = Array(ChunkName.mapSignature.utf8)
    closing.append(littleEndian: offset)
    let listByteCount = order.reduce(0) { $0 + lines.nameByteCount($1) + 16 }
    let head = UInt64(ChunkHeader.byteCount + ChunkName.map.utf8.count)
    let end = head + UInt64(listByteCount + closing.count + ChunkMapParser.tailByteCount)
    let fill = Int((Self.block - end % Self.block) % Self.block)
    let name = ChunkName.map
    try sink.append(
      Self.header(
        name, nameFieldByteCount: name.utf8.count, listByteCount + 2 * closing.count + fill))
    // In pieces: the list of a long acquisition is large.
    var piece: [UInt8] = []
    for line in order {
      lines.append(line, to: &piece)
      if piece.count >= 65536 {
        try sink.append(piece)
        piece.removeAll(keepingCapacity: true)
      }
    }
    try sink.append(piece + closing + [UInt8](repeating: 0, count: fill) + closing)
  }

  /// Header and name field. A field that is too short for the name takes its beginning.
  private static func header(
    _ name: String, nameFieldByteCount: Int, _ dataByteCount: Int
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: FileSignature.chunkMagic)
    bytes.append(littleEndian: UInt32(nameFieldByteCount))
    bytes.append(littleEndian: UInt64(dataByteCount))
    let text = name.utf8.prefix(nameFieldByteCount)
    bytes += text
    bytes += [UInt8](repeating: 0, count: nameFieldByteCount - text.count)
    return bytes
  }
}

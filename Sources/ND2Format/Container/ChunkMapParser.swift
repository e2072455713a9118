/// Parses the chunk map: names ending in `!`, each followed by an offset and a size.
package enum ChunkMapParser {
  /// A parsed map, and the defect that ended it early, if any.
  package struct Result: Sendable {
    /// The chunks.
    package var map: ChunkMap
    /// Why the map ends before its closing entry.
    package var problem: Malformed?
  }

  /// Bytes at the end of a file that point to the map.
  package static let tailByteCount = 40

  /// The offset of the map from the last 40 bytes of a file; nil when they do not say it.
  package static func mapOffset(tail: some Collection<UInt8>) -> UInt64? {
    let tail = Array(tail.suffix(tailByteCount))
    guard tail.count == tailByteCount, tail.starts(with: ChunkName.mapSignature.utf8) else {
      return nil
    }
    return tail[32...].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Parses the data of the map chunk, which begins at `offset` of the file.
  ///
  /// One bad entry does not lose those before it (nd2-format §1.4).
  package static func parse(
    _ data: UnsafeRawBufferPointer, at offset: UInt64, fileByteCount: UInt64
  ) -> Result {
    var map = ChunkMap()
    let base = data.bindMemory(to: UInt8.self)
    var cursor = 0
    var problem: Malformed?
    // An entry of a frame takes 31 bytes at least, of which most maps are made.
    map.reserveCapacity(frames: base.count / 31)
    while base.count - cursor >= 17 {
      if let (frame, end) = ChunkName.frame(in: base, at: cursor), base.count - end >= 16 {
        map.insert(frame: frame, entry(data, at: end, fileByteCount: fileByteCount))
        cursor = end + 16
        continue
      }
      guard let nameEnd = endOfName(base, from: cursor) else {
        // Zero fill behind the last entry, or damage.
        if base[cursor...].contains(where: { $0 != 0 }) {
          problem = Malformed(
            .unexpected(expected: "a chunk name in the chunk map"), at: offset &+ UInt64(cursor))
        }
        break
      }
      let name = UnsafeBufferPointer(rebasing: base[cursor..<nameEnd])
      guard base.count - nameEnd >= 16 else {
        if !name.elementsEqual(ChunkName.mapSignature.utf8) {
          problem = Malformed(
            .truncated(needed: 16, available: UInt64(base.count - nameEnd)),
            at: offset &+ UInt64(nameEnd))
        }
        break
      }
      cursor = nameEnd + 16
      if name.elementsEqual(ChunkName.mapSignature.utf8) { break }
      let text = String(decoding: name, as: UTF8.self)
      if text == "\(FileSignature.firstChunkName)" { continue }
      map.insert(text, entry(data, at: nameEnd, fileByteCount: fileByteCount))
    }
    map.finish()
    return Result(map: map, problem: problem)
  }

  /// The 16 bytes behind a name: where the chunk is and how large its data.
  @inline(__always)
  private static func entry(
    _ data: UnsafeRawBufferPointer, at position: Int, fileByteCount: UInt64
  ) -> ChunkEntry {
    let offset = UInt64(littleEndian: data.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    let size = UInt64(
      littleEndian: data.loadUnaligned(fromByteOffset: position + 8, as: UInt64.self))
    // A size that equals the offset is a placeholder for "see the chunk's header".
    return ChunkEntry(
      offset: offset, byteCount: size == offset || size > fileByteCount ? nil : size)
  }

  /// Position behind the `!` that ends the name at `start`; nil when no name stands there.
  private static func endOfName(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var position = start
    let limit = min(bytes.count, start + ChunkHeader.longestName)
    while position < limit {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "!") { return position }
      if byte < 0x20 { return nil }
    }
    return nil
  }
}

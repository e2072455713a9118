import ND2Format

/// Damage done to a finished file, for tests of the recovery of damaged files.
package enum Damage: Sendable {
  /// The file ends at a position.
  case truncate(at: Int)
  /// Bytes are missing.
  case cut(Range<Int>)
  /// Bytes were put in between.
  case insert([UInt8], at: Int)
  /// Bytes were replaced.
  case overwrite([UInt8], at: Int)
  /// The last 40 bytes, which point to the map, are zero.
  case zeroTail
  /// The tail points to another place.
  case mapOffset(UInt64)
  /// The file ends where the map begins, as after a crash.
  case removeMap
  /// The header of the map is zero.
  case breakMapHeader

  /// The file with this damage; positions beyond the end mean the end.
  package func applied(to file: [UInt8]) -> [UInt8] {
    var bytes = file
    func clamped(_ position: Int) -> Int { min(max(position, 0), bytes.count) }
    switch self {
    case .truncate(let position): bytes.removeSubrange(clamped(position)...)
    case .cut(let range):
      bytes.removeSubrange(clamped(range.lowerBound)..<clamped(range.upperBound))
    case .insert(let new, let position):
      bytes.insert(contentsOf: new, at: clamped(position))
    case .overwrite(let new, let position):
      let start = clamped(position)
      let end = min(bytes.count, start + new.count)
      bytes.replaceSubrange(start..<end, with: new.prefix(end - start))
    case .zeroTail:
      let start = clamped(bytes.count - ChunkMapParser.tailByteCount)
      bytes.replaceSubrange(
        start..., with: [UInt8](repeating: 0, count: bytes.count - start))
    case .mapOffset(let offset):
      let start = bytes.count - 8
      if start >= 0 { bytes.replace(at: start, littleEndian: offset) }
    case .removeMap:
      if let offset = Self.mapOffset(of: bytes) { bytes.removeSubrange(offset...) }
    case .breakMapHeader:
      if let offset = Self.mapOffset(of: bytes) {
        bytes.replaceSubrange(offset..<(offset + 16), with: [UInt8](repeating: 0, count: 16))
      }
    }
    return bytes
  }

  private static func mapOffset(of file: [UInt8]) -> Int? {
    guard let offset = ChunkMapParser.mapOffset(tail: file).flatMap({ Int(exactly: $0) }),
      offset + 16 <= file.count
    else { return nil }
    return offset
  }
}

extension SampleFile {
  /// The bytes of the file with damage done to it, in the given order.
  package func bytes(with damage: Damage...) throws -> [UInt8] {
    damage.reduce(try bytes()) { $1.applied(to: $0) }
  }
}

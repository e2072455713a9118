/// Reads the list of boxes at the end of a file of version 1.0 (nd2-format §5.1).
package enum BoxMapParser {
  /// Bytes at the end of a file that tell where the list is.
  package static let tailByteCount = 40
  /// Text in front of the distance of the list from the end.
  private static let signature: StaticString = "LABORATORY IMAGING ND BOX MAP 00"
  /// Bytes of one line in real files, and in those of one writer.
  private static let strides = [16, 12]

  /// Bytes from the start of the list to the end of the file; nil when the file does not end so.
  package static func distance(tail: [UInt8]) -> UInt64? {
    guard tail.count >= tailByteCount, FileSignature.isLegacy(tail: tail) else { return nil }
    return Array(tail.suffix(8)).littleEndian64(at: 0)
  }

  /// The boxes, as far as they can be read, and the first thing that was wrong.
  package struct Outcome: Sendable {
    package var map = ChunkMap(.boxes)
    package var problem: Malformed?
  }

  /// Parses the list.
  ///
  /// - Parameters:
  ///   - bytes: the file from the start of the list to its end.
  ///   - offset: place of the list in the file.
  package static func parse(_ bytes: [UInt8], at offset: UInt64) -> Outcome {
    var outcome = Outcome()
    guard bytes.count >= 4 + tailByteCount else {
      outcome.problem = Malformed(
        .truncated(needed: UInt64(4 + tailByteCount), available: UInt64(bytes.count)), at: offset)
      return outcome
    }
    let room = bytes.count - 4 - tailByteCount
    var count = Int(bytes.bigEndian(at: 0))
    // The lines fill the room; their size follows from their number.
    let exact = strides.first { Checked.product($0, count) == room }
    let stride = exact ?? strides[0]
    if exact == nil {
      outcome.problem = Malformed(.unexpected(expected: "a box map of \(count) lines"), at: offset)
      count = min(count, room / stride)
    }
    var boxes: [(kind: BoxHeader.Kind, tag: String, offset: UInt64)] = []
    boxes.reserveCapacity(count)
    for index in 0..<count {
      let place = 4 + index * stride
      let position =
        stride == 16
        ? bytes.littleEndian64(at: place + 8)
        : bytes[(place + 8)..<(place + 12)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard position < offset else {
        outcome.problem =
          outcome.problem
          ?? Malformed(
            .unexpected(expected: "the place of a box in front of the map"),
            at: offset + UInt64(place))
        // A codestream that is lost must not shift the numbers of those behind it.
        boxes.append((.init(bytes.bigEndian(at: place)), tag(bytes, place + 4), .max))
        continue
      }
      boxes.append((.init(bytes.bigEndian(at: place)), tag(bytes, place + 4), position))
    }
    insert(boxes, end: offset, into: &outcome.map)
    return outcome
  }

  private static func tag(_ bytes: [UInt8], _ place: Int) -> String {
    BoxHeader.Kind(bytes.bigEndian(at: place)).name
  }

  /// Names the boxes; the size of each is the distance to the next.
  private static func insert(
    _ boxes: [(kind: BoxHeader.Kind, tag: String, offset: UInt64)], end: UInt64,
    into map: inout ChunkMap
  ) {
    let places = boxes.map(\.offset).filter { $0 < end }.sorted()
    var namer = BoxNamer()
    for box in boxes {
      let kind = box.kind == .otherCodestream ? .codestream : box.kind
      let name = namer.name(kind, tag: box.tag)
      guard box.offset < end else { continue }
      let next = places.firstIndex(above: box.offset).map { places[$0] } ?? end
      let header = UInt64(BoxHeader.byteCount)
      let size = next - box.offset
      map.insert(name, ChunkEntry(offset: box.offset, byteCount: size - min(size, header)))
    }
    map.finish()
  }
}

extension [UInt64] {
  /// The first place of a sorted list that holds a larger number.
  fileprivate func firstIndex(above value: UInt64) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] > value { high = middle } else { low = middle + 1 }
    }
    return low < count ? low : nil
  }
}

import ND2Format

/// The lines of a chunk map: 24 bytes each, besides the names of chunks that hold no frames.
struct ChunkLines {
  private struct Line {
    /// Number of the frame, or the complement of the name's place among ``names``.
    var key: Int
    var offset: UInt64
    var byteCount: UInt64
  }

  private var lines: [Line] = []
  private var names: [String] = []

  init() {}

  init(_ entries: [ChunkWriter.Entry]) {
    for entry in entries { append(entry.name, offset: entry.offset, byteCount: entry.byteCount) }
  }

  /// Adds a chunk, in file order.
  mutating func append(_ name: String, offset: UInt64, byteCount: UInt64) {
    var key = ~names.count
    if let frame = ChunkName.frameIndex(name), ChunkName.frame(frame) == name {
      key = frame
    } else {
      names.append(name)
    }
    lines.append(Line(key: key, offset: offset, byteCount: byteCount))
  }

  /// The chunks in file order.
  var entries: [ChunkWriter.Entry] {
    lines.map {
      ChunkWriter.Entry(name: name(ofKey: $0.key), offset: $0.offset, byteCount: $0.byteCount)
    }
  }

  private func name(ofKey key: Int) -> String {
    key < 0 ? names[~key] : ChunkName.frame(key)
  }

  /// Size of the name of a line.
  func nameByteCount(_ line: Int) -> Int {
    let key = lines[line].key
    return key < 0
      ? names[~key].utf8.count : ChunkName.framePrefix.utf8.count + 1 + DecimalOrder.digitCount(key)
  }

  /// Appends a line as the map has it.
  func append(_ line: Int, to bytes: inout [UInt8]) {
    let line = lines[line]
    bytes += name(ofKey: line.key).utf8
    bytes.append(littleEndian: line.offset)
    bytes.append(littleEndian: line.byteCount)
  }

  /// The places of lines in the order of the map: descending by the bytes of the names, equal names
  /// in file order.
  func mapOrder(lastOfName: Bool) -> [Int] {
    var frames: [Int] = []
    var others: [Int] = []
    for place in lines.indices {
      if lines[place].key < 0 { others.append(place) } else { frames.append(place) }
    }
    frames.sort { left, right in
      let (a, b) = (lines[left].key, lines[right].key)
      return a == b ? left < right : DecimalOrder.precedes(b, a)
    }
    others.sort { left, right in
      let (a, b) = (name(ofKey: lines[left].key), name(ofKey: lines[right].key))
      return a == b ? left < right : b.utf8.lexicographicallyPrecedes(a.utf8)
    }
    if lastOfName {
      frames = lastOfRuns(frames) { lines[$0].key == lines[$1].key }
      others = lastOfRuns(others) { name(ofKey: lines[$0].key) == name(ofKey: lines[$1].key) }
    }
    return merged(frames, others)
  }

  /// The last of each run of equal lines.
  private func lastOfRuns(_ places: [Int], _ areEqual: (Int, Int) -> Bool) -> [Int] {
    places.indices.filter {
      $0 + 1 == places.count || !areEqual(places[$0], places[$0 + 1])
    }.map { places[$0] }
  }

  private func merged(_ frames: [Int], _ others: [Int]) -> [Int] {
    var order: [Int] = []
    order.reserveCapacity(lines.count)
    var rest = others[...]
    for frame in frames {
      while let other = rest.first,
        ChunkName.frame(lines[frame].key).utf8.lexicographicallyPrecedes(
          name(ofKey: lines[other].key).utf8)
      {
        order.append(other)
        rest.removeFirst()
      }
      order.append(frame)
    }
    return order + rest
  }
}

/// The order of the decimal forms of numbers as text that ends in `!`, which is below all digits.
enum DecimalOrder {
  /// Number of digits of a number that is not negative.
  static func digitCount(_ number: Int) -> Int {
    var (count, bound) = (1, 10)
    while count < 18, number >= bound {
      count += 1
      bound *= 10
    }
    return count
  }

  /// Whether the text of `a` stands before that of `b`; both have up to nine digits.
  static func precedes(_ a: Int, _ b: Int) -> Bool {
    var (left, right) = (a, b)
    let (leftCount, rightCount) = (digitCount(a), digitCount(b))
    for _ in 0..<max(0, rightCount - leftCount) { left *= 10 }
    for _ in 0..<max(0, leftCount - rightCount) { right *= 10 }
    return left == right ? leftCount < rightCount : left < right
  }
}

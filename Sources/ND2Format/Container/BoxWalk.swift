/// Finds the boxes of a file of version 1.0 without its map (nd2-format §5.1).
///
/// Boxes are followed from the first one on. Where no box stands, as behind a damaged length, the
/// next one is searched for: a codestream with its markers, with or without its header, or XML.
package struct BoxWalk: Sendable {
  /// Bytes that are asked for where a box should be.
  private static let step: UInt64 = 4096
  /// Most bytes that are asked for while searching.
  private static let mostSearchStep: UInt64 = 1 << 20
  /// Bytes of a box that are looked at: header and the name of the root of a document.
  private static let lookAhead: UInt64 = 256
  /// Most boxes that are listed.
  private static let mostBoxes = 20_000_000

  private struct Found: Sendable {
    var kind: BoxHeader.Kind
    var tag: String?
    var number: Int?
    var offset: UInt64
    var dataByteCount: UInt64?
  }

  private let fileByteCount: UInt64
  private var position: UInt64 = 0
  private var isSearching = false
  /// Bytes that are asked for next while searching; more and more while nothing is found.
  private var searchStep = Self.step
  private var found: [Found] = []
  /// Places where no box stood.
  package private(set) var gaps: [UInt64] = []

  package init(fileByteCount: UInt64) { self.fileByteCount = fileByteCount }

  /// The bytes that are needed next; nil when the walk is done.
  package var needed: Range<UInt64>? {
    guard position < fileByteCount, fileByteCount - position >= UInt64(BoxHeader.byteCount),
      found.count < Self.mostBoxes
    else { return nil }
    let count = isSearching ? searchStep : Self.step
    return position..<(position + min(count, fileByteCount - position))
  }

  /// Takes the bytes that were needed.
  package mutating func supply(_ bytes: [UInt8]) {
    guard let range = needed, bytes.count == Int(range.upperBound - range.lowerBound) else {
      position = fileByteCount
      return
    }
    if isSearching { search(bytes, at: range.lowerBound) } else { follow(bytes, at: range) }
  }

  /// Follows boxes as far as their heads lie in the bytes.
  private mutating func follow(_ bytes: [UInt8], at range: Range<UInt64>) {
    while position < range.upperBound {
      let rest = range.upperBound - position
      // A head that may be cut by the end of the bytes is asked for anew.
      if rest < Self.lookAhead, range.upperBound < fileByteCount, position > range.lowerBound {
        return
      }
      let head = bytes[Int(position - range.lowerBound)...].prefix(Int(Self.lookAhead))
      if isMap(head) {
        position = fileByteCount
        return
      }
      guard let header = try? BoxHeader(head, at: position),
        let end = end(of: header, at: position),
        header.kind != .codestream || isCodestream(head.dropFirst(Int(header.dataOffset)))
      else {
        if rest < UInt64(BoxHeader.byteCount) { return }
        startSearch()
        return
      }
      note(header, head, at: position)
      if header.dataByteCount == nil || end > fileByteCount {
        // A box that was not finished, or says so, ends where the next one begins.
        found[found.count - 1].dataByteCount = nil
        position += header.dataOffset + 8
        isSearching = true
        return
      }
      position = end
    }
  }

  private func end(of header: BoxHeader, at offset: UInt64) -> UInt64? {
    guard let count = header.dataByteCount else { return fileByteCount }
    guard let end = Checked.sum(offset, header.dataOffset).flatMap({ Checked.sum($0, count) })
    else { return nil }
    // The last box of a file that was cut off may reach beyond its end.
    return end <= fileByteCount || header.kind == .codestream || header.kind == .xml ? end : nil
  }

  private mutating func startSearch() {
    gaps.append(position)
    isSearching = true
    // What stands here is no box, so that the search goes on behind it.
    position += 1
  }

  private mutating func note(_ header: BoxHeader, _ head: ArraySlice<UInt8>, at offset: UInt64) {
    var box = Found(kind: header.kind, offset: offset, dataByteCount: header.dataByteCount)
    if header.kind == .xml {
      let root = LegacyRoot(head.dropFirst(Int(header.dataOffset)))
      box.tag = root.tag
      box.number = root.number
    }
    found.append(box)
  }

  /// Whether the list of boxes stands here: its first line is that of the first box.
  private func isMap(_ head: ArraySlice<UInt8>) -> Bool {
    head.count >= 12 && head.dropFirst(4).starts(with: Array("jP  LUNK".utf8))
  }

  private func isCodestream(_ data: ArraySlice<UInt8>) -> Bool {
    data.starts(with: [0xFF, 0x4F, 0xFF, 0x51])
  }

  // MARK: - Searching

  /// Looks for the next box in the bytes.
  private mutating func search(_ bytes: [UInt8], at start: UInt64) {
    let isLast = start + UInt64(bytes.count) >= fileByteCount
    let end = isLast ? bytes.count : bytes.count - 24
    var place = 0
    while place < end {
      // Nearly all bytes are dismissed here: what begins neither jp2c nor xml nor SOC.
      let byte = bytes[place]
      let next = place + 1 < bytes.count ? bytes[place + 1] : 0
      guard
        byte == 0x6A && next | 0x20 == 0x70 || byte == 0x78 && next == 0x6D
          || byte == 0xFF && next == 0x4F
      else {
        place += 1
        continue
      }
      if let box = box(bytes, at: place, start: start) {
        position = start + UInt64(box)
        isSearching = false
        searchStep = Self.step
        return
      }
      if byte == 0xFF, isCodestream(bytes[place...]),
        bytes[(place + 4)...].first == 0, bytes.count - place >= 8
      {
        // A codestream that lost its header.
        found.append(Found(kind: .codestream, offset: start + UInt64(place)))
        position = start + UInt64(place) + 4
        return
      }
      place += 1
    }
    searchStep = min(searchStep * 4, Self.mostSearchStep)
    position = start + UInt64(max(end, 1))
  }

  /// The start of the box whose kind stands at a place, when what follows is of that kind.
  private func box(_ bytes: [UInt8], at place: Int, start: UInt64) -> Int? {
    guard place >= 4, bytes.count - place >= 8,
      let header = try? BoxHeader(bytes[(place - 4)...], at: 0)
    else { return nil }
    guard let end = end(of: header, at: start + UInt64(place - 4)), end <= fileByteCount else {
      return nil
    }
    let data = bytes[(place - 4)...].dropFirst(Int(header.dataOffset))
    switch header.kind {
    case .codestream: return isCodestream(data) ? place - 4 : nil
    case .xml: return data.first == UInt8(ascii: "<") ? place - 4 : nil
    default: return nil
    }
  }

  // MARK: - Result

  /// The boxes that were found.
  package consuming func finish() -> ChunkMap {
    var map = ChunkMap(.boxes)
    var namer = BoxNamer()
    for (index, box) in found.enumerated() {
      let next = index + 1 < found.count ? found[index + 1].offset : fileByteCount
      let name = namer.name(box.kind, tag: box.tag, number: box.number)
      map.insert(
        name, ChunkEntry(offset: box.offset, byteCount: box.dataByteCount ?? (next - box.offset)))
    }
    map.finish()
    return map
  }

  /// Whether what was found is an ND2 file rather than an ordinary picture: it has one of the
  /// documents of such files, or several images.
  package static func isLegacy(_ map: ChunkMap) -> Bool {
    map.frames.storedCount > 1
      || map.chunks.keys.contains { name in
        LegacyRoot.tags.contains { name.hasPrefix($0.tag) }
      }
  }
}

/// The root of a document of version 1.0, which tells what it is when the map does not.
package struct LegacyRoot {
  /// Roots and tags of the documents.
  package static let tags: [(root: String, tag: String)] = [
    ("MetadataSeq", "VIMD"), ("CalibrationSeq", "VCAL"), ("AdvancedImageAttributes", "ARTT"),
    ("Calibration", "ACAL"), ("TextInfo", "TINF"), ("Events", "IEVE"), ("ReportObjects", "SROB"),
    ("Metadata", "AIMD"),
  ]

  /// The tag; nil when the root is of no known name.
  package private(set) var tag: String?
  /// The number that documents of single frames give themselves.
  package private(set) var number: Int?

  /// Looks at the beginning of a document.
  package init(_ document: some Collection<UInt8>) {
    Array(document.prefix(256)).withUnsafeBytes { bytes in
      var scanner = XMLScanner(bytes)
      while let token = scanner.next() {
        guard token == .start || token == .empty else { continue }
        let name = String(decoding: scanner.name, as: UTF8.self)
        tag = Self.tags.first { $0.root == name }?.tag
        if tag == nil, name.hasPrefix("Metadata_V") { tag = "AIM1" }
        guard tag == BoxName.pictureTag || tag == BoxName.calibrationTag else { return }
        number = scanner.attribute("_SEQUENCE_INDEX").flatMap {
          Int(String(decoding: $0, as: UTF8.self))
        }
        if let known = number, !(0..<1_000_000_000).contains(known) { number = nil }
        return
      }
    }
  }
}

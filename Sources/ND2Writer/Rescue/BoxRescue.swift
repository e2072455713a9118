import ND2
import ND2Format

/// Saves the boxes of a damaged file of version 1.0.
///
/// Images have no names there, only an order. One of which a part is missing therefore stays in its
/// place, so that those behind it keep their numbers; only at the end it is left out.
struct BoxRescue {
  let source: any ByteSource
  let byteCount: UInt64

  private struct Box {
    var name: String
    var kind: BoxHeader.Kind
    var offset: UInt64
    var data: Range<UInt64>
    var isTorn: Bool
  }

  func write(
    to sink: any ByteSink, progress: @escaping (Double) -> Void
  ) throws -> RescueReport {
    var report = RescueReport()
    let found = try source.run(ScanPlan(fileByteCount: byteCount, container: .boxes))
    guard BoxWalk.isLegacy(found.map) else {
      throw ND2Error(
        .notAnND2File, "not an ND2 file: it looks like an ordinary JPEG 2000 picture")
    }
    var boxes: [Box] = []
    for (name, entry) in found.map.inFileOrder {
      if let box = try box(name, entry) { boxes.append(box) }
    }
    let lastImage = boxes.last { $0.kind == .codestream }?.offset
    guard lastImage != nil else {
      throw ND2Error(.malformed, "no image was found; nothing was saved")
    }
    var writer = BoxWriter(sink)
    for (number, box) in boxes.enumerated() {
      progress(Double(number) / Double(boxes.count))
      let index = BoxName.codestreamIndex(box.name)
      if box.isTorn {
        let entry = RescueReport.Frame(
          index: index ?? 0, reason: "part of the codestream is missing", offset: box.offset)
        if index == nil {
          report.lostChunks.append(.init(name: box.name, reason: "part of it is missing"))
          continue
        }
        if box.offset == lastImage {
          report.lostFrames.append(entry)
          continue
        }
        report.partialFrames.append(entry)
      }
      try writer.append(
        box.kind, tag: Self.tag(box), dataByteCount: box.data.upperBound - box.data.lowerBound
      ) { sink in
        try source.copy(box.data, to: sink)
      }
      if index == nil { report.savedChunkCount += 1 } else { report.savedFrameCount += 1 }
    }
    guard report.savedFrameCount > 0 else {
      throw ND2Error(.malformed, "no whole image was found; nothing was saved")
    }
    for gap in found.gaps.prefix(1000) {
      report.notes.append("the chain of boxes is broken at \(gap)")
    }
    try writer.writeMap(stride: 16)
    try noteLosses(found.map, &report)
    return report
  }

  private func box(_ name: String, _ entry: ChunkEntry) throws -> Box? {
    guard entry.offset < byteCount else { return nil }
    let headEnd = entry.offset + min(UInt64(BoxHeader.longByteCount), byteCount - entry.offset)
    let head = try source.read(entry.offset..<headEnd)
    let isBare = head.starts(with: [0xFF, 0x4F, 0xFF, 0x51])
    var (kind, dataOffset) = (BoxHeader.Kind.codestream, UInt64(0))
    var declared = entry.byteCount
    if !isBare {
      guard let header = try? BoxHeader(head, at: entry.offset) else { return nil }
      (kind, dataOffset) = (header.kind, header.dataOffset)
      if let own = header.dataByteCount { declared = own }
    }
    let start = min(byteCount, entry.offset + dataOffset)
    let known = min(entry.byteCount ?? byteCount, byteCount - start)
    let wanted = min(declared ?? known, byteCount)
    let end = start + min(known, wanted)
    return Box(
      name: name, kind: kind, offset: entry.offset, data: start..<end,
      isTorn: wanted > end - start || (declared ?? 0) > byteCount - start)
  }

  /// The tag of four letters that the map gives a box.
  private static func tag(_ box: Box) -> String {
    if [.signature, .fileType, .imageHeader, .codestream].contains(box.kind) {
      return BoxName.codestreamTag
    }
    let stem = String(box.name.prefix { $0 != "|" && $0 != "!" }.prefix(4))
    return stem + String(repeating: " ", count: 4 - min(4, stem.utf8.count))
  }

  /// Boxes that the old map names beyond those that were found.
  private func noteLosses(_ found: ChunkMap, _ report: inout RescueReport) throws {
    let tail = min(UInt64(BoxMapParser.tailByteCount), byteCount)
    guard
      let distance = BoxMapParser.distance(tail: try source.read((byteCount - tail)..<byteCount)),
      distance < byteCount, distance <= 1 << 28
    else { return }
    let start = byteCount - distance
    let map = BoxMapParser.parse(try source.read(start..<byteCount), at: start).map
    if map.frames.storedCount > found.frames.storedCount {
      report.lostFrames.append(
        .init(
          index: found.frames.storedCount,
          reason: "the box map names \(map.frames.storedCount) codestreams, "
            + "\(found.frames.storedCount) were found; which are missing is not known"))
    }
    for name in map.chunksInFileOrder where found[name] == nil {
      report.lostChunks.append(
        .init(name: name, reason: "the box map names it, but it was not found"))
    }
  }
}

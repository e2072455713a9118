import ND2Codecs
import ND2Format

/// What opening needs of a file of version 1.0, and what it makes of it.
enum LegacyParts {
  /// Bytes of the first image that are looked at.
  static let peekByteCount: UInt64 = 1024
  /// Most frames whose descriptions are read to find out the loops.
  private static let mostRecords = 5000

  /// Names of the boxes that describe the images.
  static func wanted(in map: ChunkMap) -> [String] {
    var names = [
      BoxName.imageHeader, BoxName.picture(0), BoxName.calibration(0), BoxName.advancedAttributes,
      BoxName.textInfo, BoxName.calibration,
    ].filter { map[$0] != nil }
    if let experiment = map.first(of: BoxName.experiment) { names.append(experiment.name) }
    return names
  }

  /// Names of the descriptions of all frames, when it takes them to tell the loops; else none.
  static func furtherNames(
    _ map: ChunkMap, _ chunks: [String: ChunkData], limits: ParsingLimits
  ) -> [String] {
    var log = DiagnosticLog()
    let parts = parts(map, chunks, limits: limits, log: &log)
    guard (2...mostRecords).contains(parts.pictureCount),
      LegacyDescription.needsRecords(parts)
    else { return [] }
    return (0..<parts.pictureCount).map { BoxName.picture($0) }
  }

  /// The description of the images.
  static func description(
    _ map: ChunkMap, _ chunks: [String: ChunkData], limits: ParsingLimits,
    log: inout DiagnosticLog
  ) -> LegacyDescription {
    let description = LegacyDescription(parts(map, chunks, limits: limits, log: &log))
    for warning in description.warnings { log.warning(warning) }
    return description
  }

  private static func parts(
    _ map: ChunkMap, _ chunks: [String: ChunkData], limits: ParsingLimits,
    log: inout DiagnosticLog
  ) -> LegacyDescription.Parts {
    func content(_ name: String) -> MetadataValue? {
      chunks.legacyTree(name, limits, &log).map { LegacyDocument.content(of: $0) }
    }
    var parts = LegacyDescription.Parts()
    parts.imageHeader = chunks[BoxName.imageHeader]?.bytes
    parts.picture = content(BoxName.picture(0))
    parts.calibration = content(BoxName.calibration(0))
    parts.advanced = content(BoxName.advancedAttributes)
    parts.textInfo = content(BoxName.textInfo)
    parts.fileCalibration = content(BoxName.calibration)
    if let name = BoxName.experiment.first(where: { chunks[$0] != nil }) {
      parts.experiment = chunks.legacyTree(name, limits, &log)
    }
    parts.codestreamCount = map.frames.upperBound
    parts.calibrationCount = upperBound(of: BoxName.calibrationTag, in: map)
    parts.pictureCount = upperBound(of: BoxName.pictureTag, in: map)
    if let first = map.frames.stored.first, let head = chunks[map.frameName(first.index)] {
      parts.codestream = codestream(head.bytes)
    }
    if parts.pictureCount > 1, chunks[BoxName.picture(1)] != nil {
      let boxes = (0..<parts.pictureCount).map { chunks[BoxName.picture($0)] }
      parts.records = boxes.map { box in
        box.map { LegacyFrameRecord(document: $0.bytes) } ?? LegacyFrameRecord()
      }
    }
    return parts
  }

  /// The header of a codestream at the beginning of its box, or of one that has lost its box.
  private static func codestream(_ box: [UInt8]) -> JPEG2000Header? {
    if let header = try? BoxHeader(box, at: 0), header.kind == .codestream {
      return JPEG2000Header(Array(box.dropFirst(Int(header.dataOffset))))
    }
    return JPEG2000Header(box)
  }

  /// One more than the highest number of the boxes of a tag, as long as about so many are there.
  static func upperBound(of tag: String, in map: ChunkMap) -> Int {
    var count = 0
    var bound = 0
    for name in map.chunks.keys {
      guard let index = BoxName.index(name, tag: tag) else { continue }
      count += 1
      bound = max(bound, index + 1)
    }
    return bound <= count * 4 + 16 ? bound : count
  }
}

extension [String: ChunkData] {
  /// The decoded document of a box that is there, with its root; defects are reported.
  func legacyTree(
    _ name: String, _ limits: ParsingLimits, _ log: inout DiagnosticLog
  ) -> MetadataValue? {
    guard let box = self[name] else { return nil }
    do {
      let decoded = try LegacyDocument.decode(box.bytes, limits: limits, at: box.offset)
      log.damage(decoded.problems, in: name)
      return decoded.root
    } catch {
      log.damage("the box cannot be decoded: \(error)", chunk: name, offset: error.offset)
      return nil
    }
  }
}

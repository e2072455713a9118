import ND2Format

// The metadata of files of version 1.0, which have a document of XML for every frame.
extension ND2File {
  /// Numbers of the frames that have a document.
  private static func described(_ map: ChunkMap) -> Range<Int> {
    0..<LegacyParts.upperBound(of: BoxName.pictureTag, in: map)
  }

  /// When and where frames were taken, by frame.
  private static func records(_ chunks: [String: ChunkData]) -> [Int: LegacyFrameRecord] {
    var records: [Int: LegacyFrameRecord] = [:]
    for (name, box) in chunks {
      guard let index = BoxName.index(name, tag: BoxName.pictureTag) else { continue }
      records[index] = LegacyFrameRecord(document: box.bytes)
    }
    return records
  }

  /// Times of the frames, ms; NaN for frames that do not say theirs.
  private static func times(_ records: [Int: LegacyFrameRecord]) -> [Double] {
    guard let last = records.filter({ $0.value.timeMs != nil }).keys.max() else { return [] }
    return (0...last).map { records[$0]?.timeMs ?? .nan }
  }

  var legacyFrameTimesPart: MetadataPart<[Double]> {
    MetadataPart(
      key: "frameTimes", chunkNames: { map in Self.described(map).map { BoxName.picture($0) } },
      decode: { chunks, _ in Self.times(Self.records(chunks)) })
  }

  var legacyFrameFactsPart: MetadataPart<FrameFacts> {
    let facts = description.facts(isND2Compatible: options.isND2Compatible)
    return MetadataPart(
      key: "frameFacts", chunkNames: { map in Self.described(map).map { BoxName.picture($0) } },
      decode: { chunks, _ in
        var facts = facts
        facts.records = Self.records(chunks)
        facts.times = Self.times(facts.records)
        return facts
      })
  }

  /// What places one frame in time and space.
  func legacyFrameFactsPart(of index: Int) -> MetadataPart<FrameFacts> {
    let facts = description.facts(isND2Compatible: options.isND2Compatible)
    return MetadataPart(
      key: "frameFacts|\(index)", isKept: false, chunkNames: { _ in [BoxName.picture(index)] },
      decode: { chunks, _ in
        var facts = facts
        facts.records = Self.records(chunks)
        return facts
      })
  }

  var legacyEventsPart: MetadataPart<[ExperimentEvent]> {
    let limits = options.limits
    return MetadataPart(key: "events", chunkNames: { _ in [BoxName.events] }) { chunks, log in
      chunks.legacyTree(BoxName.events, limits, &log).map {
        EventDecoder.decode(LegacyDocument.content(of: $0), chunk: BoxName.events, log: &log)
      } ?? []
    }
  }

  func legacyUnstructuredPart(_ strippingPrefixes: Bool) -> MetadataPart<JSONValue> {
    let limits = options.limits
    return MetadataPart(
      key: "unstructured-\(strippingPrefixes)",
      chunkNames: { map in map.chunksInFileOrder.filter(BoxName.isXML) },
      decode: { chunks, log in
        let names = chunks.values.ordered { $0.offset < $1.offset }.map(\.name)
        return .object(
          names.compactMap { name in
            chunks.legacyTree(name, limits, &log).map { tree in
              JSONValue.Member(
                MetadataDump.key(name),
                LegacyDocument.content(of: tree)
                  .json(strippingPrefixes: strippingPrefixes, isXML: true))
            }
          })
      })
  }
}

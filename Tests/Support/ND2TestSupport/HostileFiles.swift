import ND2Codecs
import ND2Format
import ND2Writer

/// Files made to take as much memory or time as possible for their size.
package struct HostileFile: Sendable {
  /// What it tries.
  package var name: String
  /// The bytes of the file.
  package var bytes: [UInt8]

  /// All of them.
  package static func all() throws -> [HostileFile] {
    var files = try custom.map { try HostileFile(name: $0.name, bytes: file(with: [$0.chunk])) }
    let bombs = (0..<150).map { index in
      SampleFile.CustomChunk("CustomDataVar|Bomb\(index)!", packed(tinyItems(1_400_000)))
    }
    files.append(try HostileFile(name: "many chunks that inflate a lot", bytes: file(with: bombs)))
    files += [
      try edited("loops of many frames") {
        $0.flaws.edits[.experiment] = { $0.set("uLoopPars/uiCount", .uint32(40_000_000)) }
      },
      try edited("loops of as many frames as are allowed") {
        $0.flaws.edits[.experiment] = { $0.set("uLoopPars/uiCount", .uint32(132_000)) }
      },
      try edited("a map that names one frame many times") {
        $0.flaws.mapEdit = { entries in
          for index in 1..<40_000 {
            entries.append(.init(name: ChunkName.frame(index), offset: 4096, byteCount: 64))
          }
        }
      },
      try edited("all trees of the description inflate a lot") {
        for name in ["ImageMetadataSeqLV|0!", "ImageMetadataLV!", "ImageTextInfoLV!"] {
          $0.flaws.dataEdits[name] = { $0 = packed(tinyItems(1_400_000)) }
        }
      },
      try overlapping(), try lostChunks(), headersInARow(), boxesInARow(), xmlBoxes(),
    ]
    return files
  }

  private static func file(with chunks: [SampleFile.CustomChunk]) throws -> [UInt8] {
    var sample = SampleFile(width: 8, height: 8, loops: [.time(count: 2)])
    sample.customChunks = chunks
    return try sample.bytes()
  }

  private static func edited(
    _ name: String, _ change: (inout SampleFile) -> Void
  ) throws -> HostileFile {
    var sample = SampleFile(width: 8, height: 8, loops: [.time(count: 2)])
    change(&sample)
    return HostileFile(name: name, bytes: try sample.bytes())
  }

  /// One chunk each.
  private static var custom: [(name: String, chunk: SampleFile.CustomChunk)] {
    func variant(_ name: String, _ bytes: [UInt8]) -> (String, SampleFile.CustomChunk) {
      (name, .init("CustomDataVar|Hostile!", bytes))
    }
    let frames = ChunkName.wellPlateFrames
    return [
      variant("levels that claim many children", greedyLevels(70_000)),
      variant("very small items", tinyItems(350_000)),
      variant("very small items, compressed", packed(tinyItems(20_000_000))),
      variant("zeros, compressed", packed([UInt8](repeating: 0, count: 100 << 20))),
      variant("one byte array", level([9, 1, 0, 0] + count64(1 << 20) + zeros(1 << 20))),
      variant(
        "one byte array, compressed",
        packed(level([9, 1, 0, 0] + count64(60 << 20) + zeros(60 << 20)))),
      variant("one text, compressed", packed(level([8, 1, 0, 0] + asian(2_000_000) + [0, 0]))),
      variant("levels in levels", nestedLevels(60_000)),
      variant("empty elements", xml(Array(repeating: "<a/>", count: 250_000))),
      variant("elements in elements", xml(Array(repeating: "<a>", count: 300_000))),
      variant("attributes", xml(["<a "] + Array(repeating: "a='' ", count: 200_000))),
      variant("texts", xml(Array(repeating: "<a>b</a>", count: 120_000))),
      variant(
        "wrong numbers", xml(Array(repeating: "<a runtype='double' value=''/>", count: 40_000))),
      ("numbers in JSON", .init(frames, json(Array(repeating: "1,", count: 500_000)))),
      ("objects in JSON", .init(frames, json(Array(repeating: "{},", count: 330_000)))),
      ("wells in JSON", .init(frames, json(Array(repeating: #"{"seqIndex":1},"#, count: 70_000)))),
      ("brackets in JSON", .init(frames, Array(repeating: 0x5B, count: 1 << 20))),
      ("regions", .init(ChunkName.rois, regions(25_000))),
      ("times of frames", .init(ChunkName.frameTimes, zeros(1 << 20))),
    ]
  }
}

// MARK: - Parts

extension HostileFile {
  private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  private static func count64(_ count: Int) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
  }

  private static func asian(_ count: Int) -> [UInt8] {
    (0..<(count * 2)).map { $0 % 2 == 0 ? 0x42 : 0x65 }
  }

  /// A level without name that has those children, all of one kind or damaged.
  private static func level(_ children: [UInt8], count: Int = 1) -> [UInt8] {
    [11, 1, 0, 0] + count64(count).prefix(4) + count64(16 + children.count) + children
      + zeros(8 * min(count, 1 << 20))
  }

  private static func tinyItems(_ count: Int) -> [UInt8] {
    var items: [UInt8] = []
    items.reserveCapacity(count * 3)
    for _ in 0..<count { items += [1, 0, 1] }
    return [11, 1, 0, 0] + count64(count).prefix(4) + count64(16 + items.count) + items
  }

  private static func greedyLevels(_ count: Int) -> [UInt8] {
    let greedy: [UInt8] = [11, 0] + count64(4096).prefix(4) + count64(14)
    return [11, 1, 0, 0] + count64(count).prefix(4) + count64(16 + greedy.count * count)
      + Array(repeating: greedy, count: count).joined()
  }

  private static func nestedLevels(_ count: Int) -> [UInt8] {
    let one: [UInt8] = [11, 0] + count64(1).prefix(4) + count64(1 << 20)
    return Array(Array(repeating: one, count: count).joined())
  }

  /// The same as a compressed chunk.
  private static func packed(_ bytes: [UInt8]) -> [UInt8] {
    let stream = try? Deflater(level: 9).deflate(bytes)
    return [76, 86, 48, 90] + count64(bytes.count) + (stream ?? [])
  }

  private static func xml(_ parts: [String]) -> [UInt8] {
    Array("<?xml version=\"1.0\"?><variant><no_name>".utf8) + parts.flatMap { Array($0.utf8) }
  }

  private static func json(_ parts: [String]) -> [UInt8] {
    Array("[".utf8) + parts.flatMap { Array($0.utf8) } + Array("0]".utf8)
  }

  private static func regions(_ count: Int) -> [UInt8] {
    let items = (0..<count).flatMap { index in
      Array(
        "<Global_\(index)><Id value='1' runtype='lx_int32'/><Info><a/></Info></Global_\(index)>"
          .utf8)
    }
    return Array("<variant><RoiMetadata_v1>".utf8) + items
  }

  private static func header(_ name: String, dataByteCount: Int) -> [UInt8] {
    [0xDA, 0xCE, 0xBE, 0x0A] + count64(name.utf8.count).prefix(4) + count64(dataByteCount)
      + Array(name.utf8)
  }

  /// Chunks that all go on to the end of the file.
  private static func overlapping() throws -> HostileFile {
    let names = (0..<10_000).map { "CustomDataVar|O\($0)!" }
    var payload: [UInt8] = []
    var places: [Int] = []
    for name in names {
      places.append(payload.count)
      payload += header(name, dataByteCount: 500_000)
    }
    payload += zeros(600_000)
    let mark = Array("CustomDataVar|O0!".utf8)
    let plain = try file(with: [.init("CustomData|Carrier!", payload)])
    let first = plain.indices.first { plain[$0...].starts(with: mark) } ?? 16
    let start = first - 16
    var sample = SampleFile(width: 8, height: 8, loops: [.time(count: 2)])
    sample.customChunks = [.init("CustomData|Carrier!", payload)]
    let offsets = places.map { UInt64(start + $0) }
    sample.flaws.mapEdit = { entries in
      for (name, offset) in zip(names, offsets) {
        entries.append(
          .init(name: name, offset: offset, byteCount: 500_000))
      }
    }
    return HostileFile(name: "chunks that overlap", bytes: try sample.bytes())
  }

  /// Names for which there is no chunk.
  private static func lostChunks() throws -> HostileFile {
    var sample = SampleFile(width: 8, height: 8, loops: [.time(count: 2)])
    sample.customChunks = [.init("CustomData|Carrier!", zeros(300_000))]
    sample.flaws.mapEdit = { entries in
      for index in 0..<20_000 {
        entries.append(.init(name: "CustomDataVar|L\(index)!", offset: 200_000, byteCount: 9))
      }
    }
    return HostileFile(name: "many chunks that are lost", bytes: try sample.bytes())
  }

  /// Headers side by side, each with a length that leads nowhere, and no map.
  private static func headersInARow() -> HostileFile {
    var bytes = Array(((try? file(with: [])) ?? []).prefix(4096))
    for index in 0..<30_000 { bytes += header("C\(index)!", dataByteCount: 3) }
    return HostileFile(name: "headers in a row", bytes: bytes)
  }

  private static let boxHead: [UInt8] =
    [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A]

  /// Small boxes without map.
  private static func boxesInARow() -> HostileFile {
    let box: [UInt8] = [0, 0, 0, 8] + Array("abcd".utf8)
    return HostileFile(
      name: "boxes in a row", bytes: boxHead + Array(repeating: box, count: 130_000).joined())
  }

  /// Documents that all go on to the end of the file.
  private static func xmlBoxes() -> HostileFile {
    var bytes = boxHead
    for index in 0..<4000 {
      let document = "<MetadataSeq _SEQUENCE_INDEX=\"\(index)\"><a/></MetadataSeq>"
      bytes += [0, 0, 0xFF, 0xFF] + Array("xml ".utf8) + Array(document.utf8)
    }
    return HostileFile(name: "documents that overlap", bytes: bytes)
  }
}

import ND2
import ND2Codecs
import ND2Format

/// Writes the chunks of a file in the order in which real files have them.
final class SampleFileBuilder {
  private let file: SampleFile
  private let encoding: SampleFile.Encoding
  private var writer: ChunkWriter
  private let deflater: Deflater

  private var isXML: Bool { encoding == .xml }

  init(_ file: SampleFile, sink: any ByteSink) throws {
    self.file = file
    encoding = file.flaws.encoding ?? (file.version.major >= 3 ? .liteVariant : .xml)
    writer = try ChunkWriter(
      sink,
      version: file.flaws.versionText ?? "Ver\(file.version.major).\(file.version.minor)")
    deflater = try Deflater(level: 1)
  }

  func writeAll() throws {
    let small = SmallTrees(file: file, isLegacyShape: isXML)
    let frameCount = file.storedFrameCount ?? file.frameCount
    if file.flaws.writesEarlyAttributes {
      try append(
        ChunkName.attributes, "SLxImageAttributes", .attributes,
        small.attributes(sequenceCount: 0))
    }
    if let experiment = ExperimentTree(file: file, isLegacyShape: isXML).content {
      try append(ChunkName.experiment, "SLxExperiment", .experiment, experiment)
    }
    try append(ChunkName.calibration, "SLxCalibration", .calibration, small.calibration)
    try append(
      ChunkName.pictureMetadata, "SLxPictureMetadata", .pictureMetadata,
      PictureTree(file: file, isLegacyShape: isXML).content)
    try writeFrames()
    try append(ChunkName.textInfo, "SLxImageTextInfo", .textInfo, small.textInfo)
    try writeRecordedData(small)
    if let application = file.application {
      try appendXML(
        ChunkName.applicationInfo, root: nil, .applicationInfo, small.application(application))
    }
    if !file.regions.isEmpty {
      try appendBinary(
        ChunkName.rois, "RoiMetadata_v1", .rois, RegionTree(regions: file.regions).content)
    }
    try writeMasks(small)
    try writeJob()
    try writePlate()
    for chunk in file.customChunks { try append(chunk) }
    if !file.events.isEmpty {
      try appendBinary(ChunkName.experimentEvents, "RLxExperimentRecord", .events, small.events)
    }
    try writeTimes(frameCount)
    try append(
      ChunkName.attributes, "SLxImageAttributes", .attributes,
      small.attributes(sequenceCount: frameCount))
    for chunk in file.flaws.rewrittenChunks { try append(chunk) }
    var entries = writer.entries
    if file.flaws.writesEarlyAttributes {
      // A rewritten chunk is listed once, where it lies now.
      let name = ChunkName.attributes[isXML ? 1 : 0]
      if let first = entries.firstIndex(where: { $0.name == name }) { entries.remove(at: first) }
    }
    file.flaws.mapEdit?(&entries)
    try writer.finish(listing: entries)
  }
}

// MARK: - Frames

extension SampleFileBuilder {
  private func writeFrames() throws {
    for frame in file.storedFrames {
      if let gap = file.flaws.gaps[frame] { try writer.appendGap(gap) }
      let packed = file.packedFrame(frame)
      let payload = try file.flaws.framePayloads[frame] ?? self.payload(packed)
      let number = frame + file.flaws.firstFrameNumber
      if !file.flaws.omittedChunks.contains(ChunkName.frame(number)) {
        try payload.withUnsafeBytes { bytes in
          try writer.appendFrame(
            number, timeMs: file.timeMs(ofFrame: frame), payload: bytes,
            nameFieldByteCount: file.flaws.frameNameFields[frame] ?? file.flaws.frameNameField)
        }
      }
      if file.storage.writesPyramid {
        for level in Pyramid(file, frame: packed).levels {
          let name = "CustomDataSeq|DownsampledColorData_\(level.sizeNumber)|\(number)!"
          try append(SampleFile.CustomChunk(name, level.rows))
        }
      }
    }
  }

  /// The bytes of a frame as they are stored: padded rows, compressed if asked for.
  private func payload(_ packed: [UInt8]) throws -> [UInt8] {
    let rows =
      file.flaws.packsRows
      ? packed
      : RowPadding.pad(packed, from: file.packedRowByteCount, to: file.rowByteCount)
    return file.storage.compression == .lossless ? try deflater.deflate(rows) : rows
  }

  private func writeTimes(_ count: Int) throws {
    if case .unknown = file.frameTimes { return }
    let times = (0..<count).map { file.timeMs(ofFrame: $0) }
    try append(.init(ChunkName.frameTimes, [UInt8](littleEndian: times)))
    try append(
      .init("CustomData|AcqTimes2Cache!", [UInt8](repeating: 0, count: count * 8)))
    try append(
      .init("CustomData|AcqFramesCache!", [UInt8](repeating: 0, count: count * 4)))
  }
}

/// Zero bytes at the ends of rows.
enum RowPadding {
  static func pad(_ packed: [UInt8], from packedRow: Int, to row: Int) -> [UInt8] {
    guard row > packedRow, packedRow > 0 else { return packed }
    var rows: [UInt8] = []
    rows.reserveCapacity(packed.count / packedRow * row)
    let fill = [UInt8](repeating: 0, count: row - packedRow)
    for start in stride(from: 0, to: packed.count, by: packedRow) {
      rows += packed[start..<min(start + packedRow, packed.count)]
      rows += fill
    }
    return rows
  }
}

// MARK: - Metadata

extension SampleFileBuilder {
  private func append(_ chunk: SampleFile.CustomChunk) throws {
    guard !file.flaws.omittedChunks.contains(chunk.name) else { return }
    var bytes = chunk.bytes
    file.flaws.dataEdits[chunk.name]?(&bytes)
    try writer.append(chunk.name, bytes)
  }

  /// Appends a tree in the encoding of the file.
  private func append(
    _ names: [String], _ root: String, _ tree: SampleFile.Tree, _ content: MetadataValue
  ) throws {
    if isXML {
      try appendXML(names[1], root: nil, tree, content)
    } else {
      try appendBinary(
        names[0], root, tree, content, isCompressed: encoding == .compressedLiteVariant)
    }
  }

  private func appendBinary(
    _ name: String, _ root: String, _ tree: SampleFile.Tree, _ content: MetadataValue,
    isCompressed: Bool = false
  ) throws {
    let field = MetadataField(root, edited(content, tree))
    let bytes = LiteVariantEncoder.encode(field)
    try append(
      .init(name, isCompressed ? try LiteVariantEncoder.compress(bytes) : bytes))
  }

  private func appendXML(
    _ name: String, root: String?, _ tree: SampleFile.Tree, _ content: MetadataValue
  ) throws {
    let content = edited(content, tree)
    let bytes =
      if let root {
        XMLVariantEncoder.encode(.level([MetadataField(root, content)]), wrapper: .none)
      } else {
        XMLVariantEncoder.encode(content)
      }
    try append(.init(name, bytes))
  }

  private func edited(_ content: MetadataValue, _ tree: SampleFile.Tree) -> MetadataValue {
    var content = content
    file.flaws.edits[tree]?(&content)
    return content
  }

  private func writeRecordedData(_ small: SmallTrees) throws {
    guard !file.recordedColumns.isEmpty else { return }
    try appendXML(
      ChunkName.recordedData, root: "CustomTagDescription_v1.0", .recordedData, small.recordedData)
    for column in file.recordedColumns {
      let bytes: [UInt8]
      switch column.values {
      case .doubles(let values): bytes = [UInt8](littleEndian: values)
      case .integers(let values): bytes = [UInt8](littleEndian: values)
      case .strings(let values): bytes = values.flatMap(Self.textRecord)
      }
      try append(.init("CustomData|\(column.id)!", bytes))
    }
  }

  /// A text of recorded data: UTF-16 in a record of 512 bytes, ended by NUL.
  private static func textRecord(_ text: String) -> [UInt8] {
    var units = Array(text.utf16.prefix(255))
    units += [UInt16](repeating: 0, count: 256 - units.count)
    return [UInt8](littleEndian: units)
  }

  private func writeMasks(_ small: SmallTrees) throws {
    if !file.maskLayers.isEmpty {
      try appendXML(
        ChunkName.binaryLayers, root: "BinaryMetadata_v1", .binaryLayers, small.binaryLayers)
      for layer in file.maskLayers {
        for (frame, mask) in layer.masks.sorted(by: { $0.key < $1.key }) {
          try append(
            .init(
              "CustomDataSeq|\(layer.fileTag)|\(frame)!",
              try RunLengthMask.chunk(mask, version: layer.formatVersion)))
        }
      }
    }
    if !file.rasterLayers.isEmpty {
      try append(.init(ChunkName.rasterLayers, RasterTiles.description(file.rasterLayers)))
      for layer in file.rasterLayers {
        for chunk in try RasterTiles.chunks(layer) { try append(chunk) }
      }
    }
  }

  private func writeJob() throws {
    guard let job = file.job else { return }
    if let guid = job.runGUID {
      try append(
        .init(ChunkName.jobRunGUID, [UInt8](littleEndian: Array(guid.utf16) + [0])))
    }
    if let description = job.description {
      try append(.init(ChunkName.jobDescription, LiteVariantEncoder.encode(description)))
    }
    let definition = LiteVariantEncoder.encode(job.definition)
    try append(
      .init(
        ChunkName.jobDefinition,
        job.isCompressed ? try LiteVariantEncoder.compress(definition) : definition))
  }

  private func writePlate() throws {
    guard let plate = file.wellPlate else { return }
    let description = MetadataField(
      "PlateDesc",
      .object([
        "name": .string(plate.name),
        "rows": .count(plate.rows),
        "columns": .count(plate.columns),
        "rowNaming": .string(plate.rowNaming),
        "columnNaming": .string(plate.columnNaming),
      ]))
    try append(.init(ChunkName.wellPlate, LiteVariantEncoder.encode(description)))
    let frames = plate.wells.enumerated().map { frame, well -> JSONValue in
      [
        "plateIndex": 0,
        "plateUuid": "sample-plate",
        "seqIndex": .integer(Int64(frame)),
        "wellIndex": .integer(Int64(well.row * plate.columns + well.column)),
        "wellName": .string(well.name),
        "wellCompactName": .string(well.name),
        "wellColIndex": .integer(Int64(well.column)),
        "wellRowIndex": .integer(Int64(well.row)),
      ]
    }
    try append(
      .init(
        ChunkName.wellPlateFrames,
        try deflater.deflate(Array(JSONValue.array(frames).text().utf8))))
  }
}

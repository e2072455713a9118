import ND2
import ND2Codecs
import ND2Format

/// Writes the chunks of a file in the order in which real files have them: what ``ND2FileWriter``
/// and ``SampleFile`` have in common.
final class FileAssembly {
  private let encoding: SampleFile.Encoding
  private let flaws: SampleFile.Flaws
  private var writer: ChunkWriter
  /// The data of chunks that may have to be written again, by name.
  private var opening: [String: [UInt8]] = [:]
  private var phase = Phase.body

  private enum Phase {
    case opening, refreshing, body
  }

  private var isXML: Bool { encoding == .xml }

  init(
    _ sink: any ByteSink, version: ND2FileDescription.Version, compressesTrees: Bool = false,
    flaws: SampleFile.Flaws = .init()
  ) throws {
    let usual: SampleFile.Encoding =
      version.major < 3 ? .xml : compressesTrees ? .compressedLiteVariant : .liteVariant
    encoding = flaws.encoding ?? usual
    self.flaws = flaws
    writer = try ChunkWriter(
      sink, version: flaws.versionText ?? "Ver\(version.major).\(version.minor)")
  }

  /// The chunks written so far, in file order.
  var entries: [ChunkWriter.Entry] { writer.entries }

  /// Name of the chunk of attributes.
  var attributesName: String { ChunkName.attributes[isXML ? 1 : 0] }

  // MARK: - Opening

  /// Writes what stands in front of the frames.
  func writeOpening(_ file: ND2FileDescription, firstTimeMs: Double) throws {
    if phase == .body { phase = .opening }
    defer { phase = .body }
    if let experiment = ExperimentTree(file: file, isLegacyShape: isXML).content {
      try append(ChunkName.experiment, "SLxExperiment", .experiment, experiment)
    }
    let small = SmallTrees(file: file, isLegacyShape: isXML)
    try append(ChunkName.calibration, "SLxCalibration", .calibration, small.calibration)
    try append(
      ChunkName.pictureMetadata, "SLxPictureMetadata", .pictureMetadata,
      PictureTree(file: file, firstTimeMs: firstTimeMs, isLegacyShape: isXML).content)
  }

  /// Writes those chunks of the opening again that changed since.
  func refreshOpening(_ file: ND2FileDescription, firstTimeMs: Double) throws {
    phase = .refreshing
    try writeOpening(file, firstTimeMs: firstTimeMs)
  }

  /// Writes the geometry and the number of frames.
  func writeAttributes(_ file: ND2FileDescription, sequenceCount: Int) throws {
    try append(
      ChunkName.attributes, "SLxImageAttributes", .attributes,
      SmallTrees(file: file, isLegacyShape: isXML).attributes(
        sequenceCount: sequenceCount, declaredCompression: flaws.declaredCompression))
  }

  // MARK: - Frames

  /// Appends a frame as it is.
  func appendFrame(
    _ number: Int, timeMs: Double, payload: UnsafeRawBufferPointer,
    nameFieldByteCount: Int? = nil
  ) throws {
    try writer.appendFrame(
      number, timeMs: timeMs, payload: payload, nameFieldByteCount: nameFieldByteCount)
  }

  /// Appends bytes of no chunk.
  func appendGap(_ bytes: [UInt8]) throws { try writer.appendGap(bytes) }

  // MARK: - Closing

  /// Writes what stands behind the frames, but for the attributes.
  ///
  /// - Parameter times: time of each frame in ms; nil when none is known.
  func writeClosing(_ file: ND2FileDescription, times: [Double]?) throws {
    let small = SmallTrees(file: file, isLegacyShape: isXML)
    try append(ChunkName.textInfo, "SLxImageTextInfo", .textInfo, small.textInfo)
    try writeRecordedData(file, small)
    if let application = file.application {
      try appendXML(
        ChunkName.applicationInfo, root: nil, .applicationInfo, small.application(application))
    }
    if !file.regions.isEmpty {
      try appendBinary(
        ChunkName.rois, "RoiMetadata_v1", .rois, RegionTree(regions: file.regions).content)
    }
    try writeMasks(file, small)
    if let job = file.job {
      for chunk in try JobChunks.chunks(job) { try append(chunk) }
    }
    if let plate = file.wellPlate {
      for chunk in try PlateChunks.chunks(plate) { try append(chunk) }
    }
    for chunk in file.customChunks { try append(chunk) }
    if !file.events.isEmpty {
      try appendBinary(ChunkName.experimentEvents, "RLxExperimentRecord", .events, small.events)
    }
    if let times {
      try append(.init(ChunkName.frameTimes, [UInt8](littleEndian: times)))
      try append(
        .init("CustomData|AcqTimes2Cache!", [UInt8](repeating: 0, count: times.count * 8)))
      try append(
        .init("CustomData|AcqFramesCache!", [UInt8](repeating: 0, count: times.count * 4)))
    }
  }

  private func writeRecordedData(_ file: ND2FileDescription, _ small: SmallTrees) throws {
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

  private func writeMasks(_ file: ND2FileDescription, _ small: SmallTrees) throws {
    if !file.maskLayers.isEmpty {
      try appendXML(
        ChunkName.binaryLayers, root: "BinaryMetadata_v1", .binaryLayers, small.binaryLayers)
      for layer in file.maskLayers {
        for (frame, mask) in layer.masks.ordered(by: { $0.key < $1.key }) {
          try append(mask, frame: frame, of: layer)
        }
      }
    }
    if !file.rasterLayers.isEmpty {
      try append(.init(ChunkName.rasterLayers, RasterTiles.description(file)))
      for layer in file.rasterLayers {
        for (frame, mask) in layer.masks.ordered(by: { $0.key < $1.key }) {
          try append(mask, frame: frame, of: layer)
        }
      }
    }
  }

  /// Appends a mask in run-length form.
  func append(
    _ mask: ND2FileDescription.Mask, frame: Int, of layer: ND2FileDescription.MaskLayer
  ) throws {
    try append(
      .init(
        "CustomDataSeq|\(layer.fileTag)|\(frame)!",
        try RunLengthMask.chunk(mask, version: layer.formatVersion)))
  }

  /// Appends a mask as tiles.
  func append(
    _ mask: ND2FileDescription.Mask, frame: Int, of layer: ND2FileDescription.RasterLayer
  ) throws {
    for chunk in try RasterTiles.chunks(mask, frame: frame, of: layer) { try append(chunk) }
  }

  /// Writes the map of the chunks, of those listed when given; of chunks of one name the last.
  func finish(listing entries: [ChunkWriter.Entry]? = nil) throws {
    try writer.finish(listing: entries, lastOfName: entries == nil)
  }

  // MARK: - Chunks

  /// Appends a chunk, unless it is to be left out.
  func append(_ chunk: ND2FileDescription.CustomChunk) throws {
    guard !flaws.omittedChunks.contains(chunk.name) else { return }
    var bytes = chunk.bytes
    flaws.dataEdits[chunk.name]?(&bytes)
    if phase == .refreshing, opening[chunk.name] == bytes { return }
    if phase == .opening { opening[chunk.name] = bytes }
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
    try append(.init(name, isCompressed ? try LiteVariantEncoder.compress(bytes) : bytes))
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
    flaws.edits[tree]?(&content)
    return content
  }
}

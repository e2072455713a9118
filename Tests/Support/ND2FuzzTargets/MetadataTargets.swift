import ND2
import ND2Codecs
import ND2Format

enum MetadataTargets {
  private static var limits: ParsingLimits { EncodingTargets.tight }

  private static func tree(_ bytes: [UInt8]) -> MetadataValue? {
    (try? MetadataDecoder.decode(bytes, limits: limits))?.root
  }

  static func rois(_ bytes: [UInt8]) {
    guard let root = tree(bytes) else { return }
    var log = DiagnosticLog()
    let regions = ROIDecoder.decode(root, log: &log)
    let table = regions.table(
      imageWidth: 64, imageHeight: 48, voxelSize: nil, positionNames: ["a", nil])
    consume(table.text(.csv))
  }

  static func experiment(_ bytes: [UInt8]) {
    guard let root = tree(bytes) else { return }
    var log = DiagnosticLog()
    let plan = ExperimentDecoder.decode(root, frameCount: 100, limits: limits, log: &log)
    let layout = LoopLayout(
      plan.loops, frames: StoredFrames(storedCount: 10, upperBound: 12, sequenceCount: 100),
      limits: limits, log: &log)
    var facts = FrameFacts(loops: plan.loops, layout: layout, picture: PictureMetadata())
    facts.times = [1, 2, .nan]
    for frame in [0, 1, 7, layout.frameCount - 1, layout.frameCount] {
      consume(layout.coordinates(ofFrame: frame).flatMap { layout.frameIndex(at: $0) })
      consume(facts.position(ofFrame: frame))
      consume(facts.time(ofFrame: frame) { 3 })
    }
    let channels = ChannelLayout(picture: PictureMetadata(), componentCount: 2, log: &log)
    var finder = AxisCoordinateFinder(
      facts: facts, channels: channels, voxelSize: VoxelSize(x: 1, y: 1, z: 1), size: (4, 5))
    for isCompatible in [false, true] {
      finder.isND2Compatible = isCompatible
      for element in layout.axes { consume(finder.coordinates(along: element.axis)) }
      consume(finder.framesWithUnknownTime(most: 100))
    }
  }

  static func picture(_ bytes: [UInt8]) {
    var parts = Parts(bytes)
    let flags = parts.byte()
    var chunks = DescriptionChunks(
      attributes: tree(parts.chunk()), picture: tree(parts.chunk()),
      experiment: tree(parts.chunk()), textInfo: tree(parts.chunk()),
      calibration: tree(parts.chunk()))
    chunks.isLegacy = flags & 4 != 0
    var log = DiagnosticLog()
    let description = try? ImageDescription(
      chunks, storedCount: 3, upperBound: 4, payloadByteCount: 4096,
      payloadCompression: flags & 2 != 0 ? .lossless : nil, isND2Compatible: flags & 1 != 0,
      limits: limits, log: &log)
    guard let description else { return }
    consume(description.sizes.elementCount)
    consume(description.metadata.channels.map(\.channel.name))
    let facts = description.facts()
    consume(facts.metadata(ofFrame: 0, description.metadata) { nil })
    consume(log.entries.map(\.description))
  }

  static func events(_ bytes: [UInt8]) {
    var parts = Parts(bytes)
    var log = DiagnosticLog()
    let chunk = parts.chunk()
    let columns = parts.chunk()
    let data = parts.remainder()
    var events: [ExperimentEvent] = []
    if let root = tree(chunk) {
      events = EventDecoder.decode(root, chunk: ChunkName.experimentEvents, log: &log)
      consume(CustomDescriptionDecoder.decode(root, log: &log))
      consume(ApplicationInfo(root).software)
    }
    var recorded: [RecordedColumn] = []
    if let root = tree(columns) {
      let tags = RecordedDataDecoder.tags(root, log: &log)
      recorded = RecordedDataDecoder.columns(tags, log: &log) { _ in data }
    }
    let context = EventContext(
      loops: [
        .init(.time, 2, .none), .init(.position, 2, .positionNames(["a", nil])),
        .init(.z, 3, .zStack(stepUm: 0.5, homeIndex: 1, bottomToTop: true)),
      ], frameTimesMs: [0, 1, 2, 3], storedFrameCount: 4)
    let table = EventTable(context: context, recorded: recorded, events: events, log: &log)
    consume(table)
    consume(
      JobsDecoder.decode(
        .init(definition: chunk, description: columns, runGUID: data), limits: limits, log: &log))
    consume(MetadataDump.json(of: chunk, chunk: "CustomDataVar|x!", limits: limits, log: &log))
    consume(try? DeepSIMRawData(data, limits: limits))
  }

  static func legacyDocuments(_ bytes: [UInt8]) {
    var parts = Parts(bytes)
    let flags = parts.byte()
    var documents: [[UInt8]] = []
    for _ in 0..<7 { documents.append(parts.chunk()) }
    func content(_ index: Int) -> MetadataValue? {
      (try? LegacyDocument.decode(documents[index], limits: limits)).map {
        LegacyDocument.content(of: $0.root)
      }
    }
    var legacy = LegacyDescription.Parts()
    legacy.picture = content(0)
    legacy.calibration = content(1)
    legacy.advanced = content(2)
    legacy.textInfo = content(3)
    legacy.experiment = (try? LegacyDocument.decode(documents[4], limits: limits))?.root
    legacy.imageHeader = documents[5]
    legacy.codestream = JPEG2000Header(documents[6])
    legacy.codestreamCount = Int(flags & 15)
    legacy.pictureCount = Int(flags >> 4)
    legacy.calibrationCount = Int(flags >> 4)
    legacy.records = (0..<legacy.pictureCount).map {
      LegacyFrameRecord(document: documents[$0 % 5])
    }
    consume(LegacyDescription.needsRecords(legacy))
    let description = LegacyDescription(legacy)
    var chunks = DescriptionChunks(
      attributes: description.attributes, picture: description.picture,
      experiment: description.experiment, textInfo: description.textInfo,
      calibration: description.calibration)
    chunks.isLegacy = true
    var log = DiagnosticLog()
    consume(
      try? ImageDescription(
        chunks, storedCount: 3, upperBound: 3, limits: limits, log: &log
      ).metadata)
    if let events = content(0) {
      consume(EventDecoder.decode(events, chunk: "IEVE!", log: &log))
    }
  }
}

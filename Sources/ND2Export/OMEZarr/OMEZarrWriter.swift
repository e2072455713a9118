import ND2
import ND2Codecs
import Synchronization

/// Writes a file as an OME-Zarr store.
struct OMEZarrWriter {
  private let file: ND2File
  private let options: OMEZarrOptions
  private let part: OMEPart
  private let documents: ZarrDocuments
  private let plate: PlateGroup?
  private let layers: [BinaryLayer]
  private let regions: ROICollection
  private let meter: ExportMeter
  private let isCancelled: @Sendable () -> Bool
  private let planeByteCount: Int

  init(
    _ file: ND2File, _ options: OMEZarrOptions, isCancelled: @escaping @Sendable () -> Bool,
    progress: (@Sendable (ExportProgress) -> Void)?
  ) throws {
    self.file = file
    self.options = options
    self.isCancelled = isCancelled
    var wanted = OMEOptions()
    wanted.selection = options.selection.ranges
    wanted.positions = options.selection.positions
    part = try OMEPart(of: file, wanted)
    documents = ZarrDocuments(version: options.version, compression: options.compression)
    guard documents.codec(file.sampleType).isAvailable else {
      throw ND2Error(.unsupported, "Blosc was built without that compressor")
    }
    if options.version == .v0_4, case .sizes = options.sharding {
      throw ND2Error(.invalidRequest, "OME-Zarr 0.4 has no shards; write 0.5")
    }
    plate = options.layout == .automatic ? try PlateGroup(of: file, part) : nil
    layers = options.includesMasks ? try file.binaryLayers() : []
    regions = options.includesROIs ? try file.rois() : []
    planeByteCount = part.rows.count * part.columns.count * file.sampleType.byteCount
    meter = ExportMeter(
      planes: part.positions.count * part.sizeT * part.sizeZ * part.planesPerFrame,
      planeByteCount: planeByteCount, isStrict: options.isStrict, path: file.path,
      report: progress)
  }

  /// Bytes of the pixels of all images at full resolution.
  var pixelByteCount: UInt64 {
    let planes = part.positions.count * part.sizeT * part.sizeZ * part.planesPerFrame
    let (bytes, overflow) = UInt64(planes)
      .multipliedReportingOverflow(by: UInt64(planeByteCount))
    return overflow ? .max : bytes
  }

  /// Where the images are, relative to the root.
  private var imagePaths: [String] {
    if let plate { return plate.imagePaths }
    if part.positions.count == 1, options.layout == .automatic { return [""] }
    return part.positions.indices.map { String($0) }
  }

  /// Writes everything into a folder.
  func write(into root: String) throws -> ExportReport {
    var report = ExportReport()
    let paths = imagePaths
    var rootMembers: [JSONValue.Member] = []
    for (image, path) in paths.enumerated() {
      let folder = path.isEmpty ? root : "\(root)/\(path)"
      let (members, byteCount) = try writeImage(image, at: folder)
      report.byteCount += UInt64(byteCount)
      if path.isEmpty {
        rootMembers = members
      } else {
        try documents.writeGroup(members, at: folder)
      }
    }
    if let plate {
      rootMembers = [.init("bioformats2raw.layout", 3), plate.attributes(options.version)]
      try plate.writeGroups(documents, at: root)
    } else if paths != [""] {
      rootMembers = [.init("bioformats2raw.layout", 3)]
    }
    try documents.writeGroup(rootMembers, others: try otherAttributes(), at: root)
    try writeDescription(series: paths == [""] ? nil : paths, at: "\(root)/OME")
    report.imageCount = paths.count
    report.planeCount = paths.count * part.sizeT * part.sizeZ * part.planesPerFrame
    report.incompleteFrames = meter.incompleteFrames
    return report
  }

  // MARK: - Images

  /// The axes that the store shows: those of the file, or all.
  private func axes(hasChannels: Bool) -> [ZarrAxis] {
    let loops = file.loopLayout.axes
    return ZarrAxis.allCases.filter { axis in
      switch axis {
      case .y, .x: return true
      case .c:
        guard hasChannels else { return false }
        let count = file.channelLayout.channelAxisCount * part.sampleCount
        return options.keepsSingletonAxes || count > 1
      case .z: return options.keepsSingletonAxes || (loops[.z] ?? 1) > 1
      case .t:
        return options.keepsSingletonAxes
          || loops.contains { $0.axis != .z && $0.axis != .position && $0.count > 1 }
      }
    }
  }

  private func plan(planeCount: Int, type: SampleType, hasChannels: Bool) throws -> ZarrArrayPlan {
    var wishes = ZarrArrayPlan.Wishes()
    wishes.levelCount = options.levelCount
    wishes.chunkSizes = options.chunkSizes
    wishes.sharding = options.version == .v0_4 ? .none : options.sharding
    return try ZarrArrayPlan(
      shape: [part.sizeT, planeCount, part.sizeZ, part.rows.count, part.columns.count],
      axes: axes(hasChannels: hasChannels), type: type, wishes: wishes)
  }

  /// Writes the arrays of an image and its labels; the attributes of its group are for the caller.
  private func writeImage(
    _ image: Int, at folder: String
  ) throws -> (members: [JSONValue.Member], byteCount: Int) {
    let plan = try plan(
      planeCount: part.planesPerFrame, type: file.sampleType, hasChannels: true)
    let grid = FrameGrid(part, image: image)
    let (meter, planeByteCount) = (meter, planeByteCount)
    let sample = ContrastSample(
      of: file, part, image: image, frameCount: part.positions.count > 8 ? 1 : 3)
    var byteCount = try writeArrays(
      plan, .frames(of: file, part, image: image, sample: sample), omitted: options.omittedChunks,
      skipsComplete: options.isResumable, at: folder
    ) { outcome in
      for frame in outcome.frames where frame.state != .whole {
        if let number = grid[frame.time, frame.focus] { try meter.lose(number) }
      }
      meter.advance(by: outcome.planeCount * planeByteCount)
    }
    byteCount += try writeLabels(image, at: folder)
    let name = imageName(image)
    let windows = try sample.windows()
    let group = ImageGroup(
      plan: plan, version: options.version, name: name, scale: try scale(image))
    return (
      [
        group.multiscales,
        ShownChannel.omero(
          ShownChannel.channels(of: file, part, windows: windows), name: name,
          version: options.version, sizeZ: part.sizeZ),
      ], byteCount
    )
  }

  private func writeArrays(
    _ plan: ZarrArrayPlan, _ source: PlaneSource, omitted: OMEZarrOptions.OmittedChunks,
    skipsComplete: Bool, at folder: String,
    done: @escaping @Sendable (SlabEngine.Outcome) throws -> Void
  ) throws -> Int {
    let sinks = try plan.levels.enumerated().map { number, level in
      let path = "\(folder)/\(number)"
      try FileTree.makeFolder(path)
      try documents.writeArray(level, plan, at: path)
      return ChunkSink(folder: path, level: level, axes: plan.axes, documents: documents)
    }
    let engine = SlabEngine(
      plan: plan, sinks: sinks, source: source, codec: documents.codec(plan.type),
      isLevelExact: options.isLevelExact,
      omitted: omitted, memoryLimit: max(1 << 20, options.memoryLimit))
    try engine.run(
      skipsComplete: skipsComplete,
      threadCount: max(1, min(options.threadCount ?? WorkerTeam.coreCount, 256)),
      isCancelled: isCancelled, done: done)
    return sinks.reduce(0) { $0 + $1.byteCount }
  }

  // MARK: - Labels

  private func writeLabels(_ image: Int, at folder: String) throws -> Int {
    var names: [String] = []
    var byteCount = 0
    for (number, layer) in layers.enumerated() {
      let values = LabelValues()
      let name = LabelGroup.name(number, layer.name)
      byteCount += try writeLabel(
        image, .masks(of: layer, in: file, part, image: image, noted: values),
        at: "\(folder)/labels/\(name)", name: name
      ) { LabelGroup.colors(of: layer, values.sorted) }
      names.append(name)
    }
    let position = part.positions[image]
    let drawn = regions.regions(atPosition: position).filter {
      $0.id > 0 && UInt32(exactly: $0.id) != nil
    }
    if !drawn.isEmpty {
      let drawing = RegionDrawing(
        width: file.attributes.widthPx, height: file.attributes.heightPx, regions: drawn)
      byteCount += try writeLabel(
        image, try regionSource(drawing, image), at: "\(folder)/labels/rois", name: "rois"
      ) {
        drawn.compactMap { region in
          UInt32(exactly: region.id).map {
            ($0, Color(abgr: UInt32(truncatingIfNeeded: region.info.color)))
          }
        }
      }
      names.append("rois")
    }
    if !names.isEmpty {
      try writeLabelList(names, at: "\(folder)/labels")
    }
    return byteCount
  }

  private func writeLabelList(_ names: [String], at folder: String) throws {
    try documents.writeGroup(
      [.init("labels", .array(names.map { .string($0) }))], at: folder)
  }

  private func writeLabel(
    _ image: Int, _ source: PlaneSource, at folder: String, name: String,
    colors: () -> [(label: UInt32, color: Color)]
  ) throws -> Int {
    let plan = try plan(planeCount: 1, type: .uint32, hasChannels: false)
    // Which labels there are is known only when all are read, so nothing is skipped here.
    let byteCount = try writeArrays(
      plan, source, omitted: options.omittedChunks == .none ? .none : .allZero,
      skipsComplete: false, at: folder
    ) { _ in }
    var group = ImageGroup(
      plan: plan, version: options.version, name: name, scale: try scale(image))
    group.isLabels = true
    try documents.writeGroup(
      [group.multiscales, LabelGroup.attributes(options.version, colors: colors())], at: folder)
    return byteCount
  }

  /// Regions drawn for every frame; only those that move need its time.
  private func regionSource(_ drawing: RegionDrawing, _ image: Int) throws -> PlaneSource {
    let grid = FrameGrid(part, image: image)
    let moves = drawing.regions.contains { $0.animationParameters.count > 1 }
    let file = file
    let still = moves ? nil : drawing.image(atMs: 0)
    return .labels(part, noted: LabelValues()) { time, focus in
      guard moves else { return still }
      guard let frame = grid[time, focus] else { return nil }
      return drawing.image(atMs: try file.frameTime(frame).relativeTimeMs)
    }
  }

  // MARK: - Names and places

  private func imageName(_ image: Int) -> String {
    let labels = file.positionLabels
    let position = part.positions[image]
    if part.positions.count > 1, labels.indices.contains(position) { return labels[position] }
    let name = file.path.split(separator: "/").last.map(String.init) ?? "image"
    return name.lowercased().hasSuffix(".nd2") ? String(name.dropLast(4)) : name
  }

  private func scale(_ image: Int) throws -> ImageGroup.Scale {
    var scale = ImageGroup.Scale(of: file)
    scale.origin = [
      0, Double(part.rows.lowerBound) * (scale.y ?? 1),
      Double(part.columns.lowerBound) * (scale.x ?? 1),
    ]
    if let z = options.selection.ranges.ranges[.z]?.lowerBound {
      scale.origin[0] = Double(z) * (scale.z ?? 1)
    }
    if options.usesStagePositions { try addStage(to: &scale, image) }
    return scale
  }

  /// The stage stands at the middle of the image.
  private func addStage(to scale: inout ImageGroup.Scale, _ image: Int) throws {
    guard let frame = part.frames[image].first?.frame else { return }
    let stage = try file.framePosition(frame).stagePositionUm
    let (sizeX, sizeY) = (scale.x ?? 1, scale.y ?? 1)
    let x = stage.x - Double(file.attributes.widthPx - 1) / 2 * sizeX
    let y = stage.y - Double(file.attributes.heightPx - 1) / 2 * sizeY
    if x.isFinite { scale.origin[2] += x }
    if y.isFinite { scale.origin[1] += y }
    if stage.z.isFinite { scale.origin[0] = stage.z }
  }

  // MARK: - Descriptions

  private func otherAttributes() throws -> [JSONValue.Member] {
    let unrolled = file.loopLayout.axes.filter {
      $0.axis != .time && $0.axis != .z && $0.axis != .position && $0.count > 1
    }
    var members: [JSONValue.Member] = []
    if !unrolled.isEmpty {
      // Axis t holds several loops.
      let loops = file.loopLayout.axes.filter {
        $0.axis != .z && $0.axis != .position && $0.count > 1
      }
      members.append(
        .init(
          "unrolled_axes",
          .array(
            loops.map { loop in
              let range = options.selection.ranges.ranges[loop.axis]
              return [
                "name": .string(loop.axis.rawValue),
                "size": .integer(Int64(range?.count ?? loop.count)),
              ]
            })))
    }
    if options.includesAllMetadata {
      members.append(.init("format_version", .string(file.version.description)))
      members.append(.init("unstructured_metadata", try file.unstructuredMetadata()))
      members.append(.init("custom_data", try file.customData()))
    }
    return members.isEmpty ? [] : [.init("nd2", .object(members))]
  }

  /// The group with the description in OME-XML and the order of the images.
  private func writeDescription(series: [String]?, at folder: String) throws {
    guard options.includesOMEXML || series != nil else { return }
    var members: [JSONValue.Member] = []
    if let series { members.append(.init("series", .array(series.map { .string($0) }))) }
    try documents.writeGroup(members, at: folder)
    guard options.includesOMEXML else { return }
    var wanted = OMEOptions()
    wanted.selection = options.selection.ranges
    wanted.positions = options.selection.positions
    wanted.dimensionOrder = .xyzct
    let document = try OMEDocument(of: file, options: wanted)
    try FileTree.write(document.xmlText(), to: "\(folder)/METADATA.ome.xml")
  }
}

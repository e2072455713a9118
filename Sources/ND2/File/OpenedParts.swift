import ND2Format

/// The parts of an open file, made from what opening found.
struct OpenedParts {
  let all: (FormatVersion, ChunkMap, ImageDescription, ArrayGeometry, FrameStore, DiagnosticStore)

  init(_ opened: OpenPlan.Outcome, byteCount: UInt64, options: ReadingOptions) throws {
    var log = opened.diagnostics
    let version: FormatVersion
    var chunks: DescriptionChunks
    var shift = 0
    var codestreams: CodestreamLayout?
    if case .modern(let major, let minor) = opened.signature {
      version = FormatVersion(major: major, minor: minor)
      if major > 3 {
        log.warning("version \(version) is newer than what is known; it is read as 3.0")
      }
      var limits = options.limits
      chunks = DescriptionChunks(
        attributes: opened.chunks.firstTree(ChunkName.attributes, &limits, &log),
        picture: opened.chunks.firstTree(ChunkName.pictureMetadata, &limits, &log),
        experiment: opened.chunks.firstTree(ChunkName.experiment, &limits, &log),
        textInfo: opened.chunks.firstTree(ChunkName.textInfo, &limits, &log),
        calibration: opened.chunks.firstTree(ChunkName.calibration, &limits, &log))
      shift = Self.firstFrameNumber(opened.map.frames, chunks.attributes, &log)
    } else {
      version = FormatVersion(major: 1, minor: 0)
      let legacy = LegacyParts.description(
        opened.map, opened.chunks, limits: options.limits, log: &log)
      chunks = DescriptionChunks(
        attributes: legacy.attributes, picture: legacy.picture, experiment: legacy.experiment,
        textInfo: legacy.textInfo, calibration: legacy.calibration)
      chunks.isLegacy = true
      codestreams = CodestreamLayout(
        perFrame: legacy.codestreamsPerFrame, componentCount: legacy.componentsPerCodestream)
    }
    let sample = version.major < 2 ? nil : FrameSample(opened)
    let frames = FrameNumbers(opened.map.frames, first: shift, codestreams: codestreams)
    let description = try ImageDescription(
      chunks, storedCount: frames.storedCount, upperBound: frames.upperBound,
      payloadByteCount: sample?.byteCount, payloadCompression: sample?.compression,
      frameShape: options.frameShape,
      isND2Compatible: options.isND2Compatible, limits: options.limits, log: &log)
    let geometry = try ArrayGeometry(
      description, isND2Compatible: options.isND2Compatible, codestreams: codestreams)
    let diagnostics = DiagnosticStore(log)
    let store = FrameStore(
      layout: geometry.layout, codestreams: codestreams,
      isSigned: description.attributes.pixelDataType == .signed, map: opened.map, numbers: frames,
      isScanned: opened.isScanned, fileByteCount: byteCount, options: options,
      diagnostics: diagnostics)
    all = (version, opened.map, description, geometry, store, diagnostics)
  }

  /// 1 when image chunks are numbered from one, as some writers do, else 0 (nd2-format §4.9).
  private static func firstFrameNumber(
    _ frames: FrameTable, _ attributes: MetadataValue?, _ log: inout DiagnosticLog
  ) -> Int {
    let tree = attributes?["SLxImageAttributes"] ?? attributes
    guard let count = tree?["uiSequenceCount"]?.int, count > 0, frames.upperBound == count + 1,
      frames[0] == nil, frames.storedCount == count
    else { return 0 }
    log.warning("the image chunks are numbered from 1; frame 0 is the first of them")
    return 1
  }
}

/// What one image chunk tells of the size of frames, for files that lack their attributes.
private struct FrameSample {
  var byteCount: Int
  var compression: ImageAttributes.Compression?

  init?(_ opened: OpenPlan.Outcome) {
    guard let chunk = opened.chunks.values.first(where: { ChunkName.frameIndex($0.name) != nil })
    else { return nil }
    let payload = Array(chunk.bytes.dropFirst(Int(FrameLayout.prefixByteCount)))
    byteCount = payload.count
    if let inflated = InflatedSize.measure(payload) {
      byteCount = inflated
      compression = .lossless
    }
  }
}

/// How many frames the image chunks of a file make up, and how they are numbered.
struct FrameNumbers: Sendable {
  /// Number in the name of the first frame's chunk: 0, or 1 for some writers.
  let first: Int
  /// Number of frames that have a chunk.
  let storedCount: Int
  /// One more than the highest number of a frame that has a chunk.
  let upperBound: Int

  init(_ table: FrameTable, first: Int, codestreams: CodestreamLayout?) {
    self.first = first
    let perFrame = max(1, codestreams?.perFrame ?? 1)
    // The last frame may lack codestreams; rounding without a sum that might overflow.
    func frames(_ count: Int) -> Int { count / perFrame + (count % perFrame > 0 ? 1 : 0) }
    storedCount = frames(table.storedCount)
    upperBound = frames(table.upperBound) - first
  }
}

extension ArrayGeometry {
  /// The geometry that the metadata describe.
  ///
  /// - Throws: ``ND2Error/Code/limitExceeded`` when frames are larger than memory can be.
  init(
    _ description: ImageDescription, isND2Compatible: Bool, codestreams: CodestreamLayout?
  ) throws {
    let attributes = description.attributes
    let type = isND2Compatible ? attributes.nd2CompatibleSampleType : attributes.sampleType
    var compression: FrameLayout.Compression =
      switch attributes.compressionType {
      case .some(.lossless): .lossless
      case .some(.lossy): .lossy
      case .some(.none), nil: .none
      }
    if codestreams != nil { compression = .jpeg2000 }
    guard
      let layout = FrameLayout(
        width: attributes.widthPx, height: attributes.heightPx,
        componentCount: attributes.componentCount, sampleByteCount: type.byteCount,
        declaredRowByteCount: attributes.widthBytes, compression: compression)
    else {
      throw ND2Error(
        .limitExceeded,
        "frames of \(attributes.widthPx) × \(attributes.heightPx) pixels fit into no memory")
    }
    self.init(
      loops: description.layout,
      // Codestreams have red first.
      planes: description.channels.components(
        isBlueFirst: !isND2Compatible && codestreams == nil), layout: layout, sampleType: type)
  }
}

extension [String: ChunkData] {
  /// The decoded tree of the first of several chunks that is there.
  fileprivate func firstTree(
    _ names: [String], _ limits: inout ParsingLimits, _ log: inout DiagnosticLog
  ) -> MetadataValue? {
    for name in names {
      guard let decoded = decoded(name, limits, &log) else { continue }
      limits.spend(items: decoded.itemCount, inflatedBytes: decoded.inflatedByteCount)
      return decoded.root
    }
    return nil
  }
}

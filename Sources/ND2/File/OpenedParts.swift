import ND2Format

/// The parts of an open file, made from what opening found.
struct OpenedParts {
  let all: (FormatVersion, ChunkMap, ImageDescription, ArrayGeometry, FrameStore, DiagnosticStore)

  init(_ opened: OpenPlan.Outcome, byteCount: UInt64, options: ReadingOptions) throws {
    guard case .modern(let major, let minor) = opened.signature else {
      throw ND2Error(
        .unsupported,
        "this is a legacy ND2 file (JPEG 2000, version 1.0), which cannot be read yet")
    }
    var log = opened.diagnostics
    if major > 3 {
      log.warning("version \(major).\(minor) is newer than what is known; it is read as 3.0")
    }
    let chunks = DescriptionChunks(
      attributes: opened.chunks.firstTree(ChunkName.attributes, options.limits, &log),
      picture: opened.chunks.firstTree(ChunkName.pictureMetadata, options.limits, &log),
      experiment: opened.chunks.firstTree(ChunkName.experiment, options.limits, &log),
      textInfo: opened.chunks.firstTree(ChunkName.textInfo, options.limits, &log),
      calibration: opened.chunks.firstTree(ChunkName.calibration, options.limits, &log))
    let shift = Self.firstFrameNumber(opened.map.frames, chunks.attributes, &log)
    let sample = FrameSample(opened)
    let description = try ImageDescription(
      chunks, storedCount: opened.map.frames.storedCount,
      upperBound: opened.map.frames.upperBound - shift, payloadByteCount: sample?.byteCount,
      payloadCompression: sample?.compression, isND2Compatible: options.isND2Compatible,
      limits: options.limits, log: &log)
    let geometry = try ArrayGeometry(description, isND2Compatible: options.isND2Compatible)
    let diagnostics = DiagnosticStore(log)
    let store = FrameStore(
      layout: geometry.layout, table: opened.map.frames, firstNumber: shift,
      isScanned: opened.isScanned, fileByteCount: byteCount, options: options,
      diagnostics: diagnostics)
    all = (
      FormatVersion(major: major, minor: minor), opened.map, description, geometry, store,
      diagnostics
    )
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

extension ArrayGeometry {
  /// The geometry that the metadata describe.
  ///
  /// - Throws: ``ND2Error/Code/limitExceeded`` when frames are larger than memory can be.
  init(_ description: ImageDescription, isND2Compatible: Bool) throws {
    let attributes = description.attributes
    let type = isND2Compatible ? attributes.nd2CompatibleSampleType : attributes.sampleType
    let compression: FrameLayout.Compression =
      switch attributes.compressionType {
      case .some(.lossless): .lossless
      case .some(.lossy): .lossy
      case .some(.none), nil: .none
      }
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
      planes: description.channels.components(
        isBlueFirst: !isND2Compatible), layout: layout, sampleType: type)
  }
}

extension [String: ChunkData] {
  /// The decoded tree of the first of several chunks that is there.
  fileprivate func firstTree(
    _ names: [String], _ limits: ParsingLimits, _ log: inout DiagnosticLog
  ) -> MetadataValue? {
    for name in names { if let tree = tree(name, limits, &log) { return tree } }
    return nil
  }
}

import ND2Format

extension ND2File {
  /// The layers of binary masks, without their pixels; see ``mask(of:frame:level:)-1dswv``.
  public func binaryLayers() throws -> [BinaryLayer] { try load(binaryLayersPart) }

  /// The layers of binary masks, without their pixels.
  public func binaryLayers() async throws -> [BinaryLayer] { try await load(binaryLayersPart) }

  /// The mask of a layer for one frame, or nil when the frame has none.
  ///
  /// - Parameters:
  ///   - layer: a layer of this file.
  ///   - frame: number of the frame.
  ///   - level: 0 for full size, else how often the size is halved; run-length masks have level 0
  ///     only.
  /// - Throws: ``ND2Error/Code/malformed`` when the mask cannot be decoded,
  ///   ``ND2Error/Code/invalidRequest`` for a frame that the file does not have.
  public func mask(of layer: BinaryLayer, frame: Int, level: Int = 0) throws -> LabelImage? {
    try located {
      let frame = try checkedFrame(frame)
      let names = try maskChunkNames(layer, frame, level)
      return try decode(layer, frame, level, try access.blocking.run(fetchPlan(names)))
    }
  }

  /// The mask of a layer for one frame, or nil when the frame has none.
  ///
  /// - Parameters:
  ///   - layer: a layer of this file.
  ///   - frame: number of the frame.
  ///   - level: 0 for full size, else how often the size is halved.
  public func mask(of layer: BinaryLayer, frame: Int, level: Int = 0) async throws -> LabelImage? {
    let names = try located { try maskChunkNames(layer, try checkedFrame(frame), level) }
    let fetched = try await access.asynchronous.run(fetchPlan(names))
    return try located { try decode(layer, frame, level, fetched) }
  }

  /// The objects of a run-length layer in one frame, with their runs; nil without a mask.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a raster layer, which has no list of objects.
  public func maskObjects(of layer: BinaryLayer, frame: Int) throws -> BinaryMask? {
    try located {
      let names = try objectChunkNames(layer, frame)
      return try runLengthMask(layer, frame, try access.blocking.run(fetchPlan(names)))
    }
  }

  /// The objects of a run-length layer in one frame, with their runs; nil without a mask.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a raster layer, which has no list of objects.
  public func maskObjects(of layer: BinaryLayer, frame: Int) async throws -> BinaryMask? {
    let names = try located { try objectChunkNames(layer, frame) }
    let fetched = try await access.asynchronous.run(fetchPlan(names))
    return try located { try runLengthMask(layer, frame, fetched) }
  }

  private func objectChunkNames(_ layer: BinaryLayer, _ frame: Int) throws -> [String] {
    guard layer.storage == .runLength else {
      throw ND2Error.invalidRequest("layer '\(layer.name)' is a raster without a list of objects")
    }
    return try maskChunkNames(layer, try checkedFrame(frame), 0)
  }

  /// The masks of a layer for all frames, frames without a mask being zeros.
  ///
  /// - Returns: an array with the loops' axes of ``sizes``, then rows and columns; or nil when no
  ///   frame has a mask.
  public func maskArray(of layer: BinaryLayer) throws -> NDArray<UInt32>? {
    var masks: [Int: LabelImage] = [:]
    for frame in 0..<frameCount { masks[frame] = try mask(of: layer, frame: frame) }
    return try located { try stack(masks) }
  }

  /// The masks of a layer for all frames, frames without a mask being zeros.
  ///
  /// - Returns: an array with the loops' axes of ``sizes``, then rows and columns; or nil when no
  ///   frame has a mask.
  public func maskArray(of layer: BinaryLayer) async throws -> NDArray<UInt32>? {
    var masks: [Int: LabelImage] = [:]
    for frame in 0..<frameCount { masks[frame] = try await mask(of: layer, frame: frame) }
    return try located { try stack(masks) }
  }

  /// One array of the masks of some frames, by frame.
  private func stack(_ masks: [Int: LabelImage]) throws -> NDArray<UInt32>? {
    guard let first = masks.values.first else { return nil }
    let loops = geometry.loops.filter { $0.count != 1 }
    let sizes = AxisSizes(
      loops + [AxisSizes.Element(.y, first.height), AxisSizes.Element(.x, first.width)])
    let array = try AnyNDArray(zeros: sizes, sampleType: .uint32)
    let count = first.width * first.height
    let labels = array.storage.bytes.bindMemory(to: UInt32.self)
    for (frame, mask) in masks where mask.labels.count == count {
      for (index, label) in mask.labels.enumerated() { labels[frame * count + index] = label }
    }
    return NDArray(sizes: sizes, storage: array.storage)
  }

  private var binaryLayersPart: MetadataPart<[BinaryLayer]> {
    let limits = options.limits
    return MetadataPart(
      key: "binaryLayers", chunkNames: { _ in [ChunkName.binaryLayers, ChunkName.rasterLayers] },
      decode: { chunks, log in
        BinaryLayerList.layers(
          runLength: chunks.tree(ChunkName.binaryLayers, limits, &log),
          raster: chunks[ChunkName.rasterLayers].flatMap {
            BinaryLayerList.rasterDocument($0.bytes, limits: limits, log: &log)
          }, log: &log)
      })
  }

  private var imagePixelCount: Int { geometry.layout.width * geometry.layout.height }

  private func maskChunkNames(
    _ layer: BinaryLayer, _ frame: Int, _ level: Int
  ) throws -> [String] {
    switch layer.storage {
    case .runLength:
      guard level == 0 else {
        throw ND2Error.invalidRequest("run-length masks have no reduced levels")
      }
      return [RunLengthMaskDecoder.chunkName(fileTag: layer.fileTag, frame: frame)]
    case .raster(let raster):
      return try rasterMask(layer, raster, frame, level).tiles.map(\.chunkName)
    }
  }

  private func rasterMask(
    _ layer: BinaryLayer, _ raster: BinaryLayer.RasterGeometry, _ frame: Int, _ level: Int
  ) throws -> RasterMask {
    do {
      return try RasterMask(
        layer: layer.id ?? 0, geometry: raster, frame: frame, level: level,
        imagePixelCount: imagePixelCount, limits: options.limits)
    } catch {
      throw ND2Error(error, in: "mask of layer '\(layer.name)'")
    }
  }

  private func decode(
    _ layer: BinaryLayer, _ frame: Int, _ level: Int, _ fetched: ChunkFetchPlan.Outcome
  ) throws -> LabelImage? {
    guard case .raster(let raster) = layer.storage else {
      return try runLengthMask(layer, frame, fetched)?.labelImage()
    }
    var log = fetched.diagnostics
    defer { diagnosticStore.append(contentsOf: log) }
    return try rasterMask(layer, raster, frame, level).assemble(log: &log, limits: options.limits) {
      fetched.chunks[$0.chunkName]?.bytes
    }
  }

  private func runLengthMask(
    _ layer: BinaryLayer, _ frame: Int, _ fetched: ChunkFetchPlan.Outcome
  ) throws -> BinaryMask? {
    var log = fetched.diagnostics
    defer { diagnosticStore.append(contentsOf: log) }
    let name = RunLengthMaskDecoder.chunkName(fileTag: layer.fileTag, frame: frame)
    guard let chunk = fetched.chunks[name] else { return nil }
    do {
      let result = try RunLengthMaskDecoder.decode(
        chunk.bytes, imagePixelCount: imagePixelCount, limits: options.limits)
      if let result { log.damage(result.problems, in: name) }
      return result?.mask
    } catch {
      throw ND2Error(error, in: "mask of layer '\(layer.name)', frame \(frame)", chunk: name)
    }
  }
}

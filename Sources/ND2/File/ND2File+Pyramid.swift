import ND2Format

extension ND2File {
  /// The reduced-resolution levels that the file stores, finest first; empty when it has none.
  public var pyramidLevels: [PyramidLevel] {
    PyramidLevel.levels(width: geometry.layout.width, height: geometry.layout.height)
      .filter { level in
        let prefix = "\(ChunkName.customSequencePrefix)DownsampledColorData_\(level.sizeNumber)|"
        return map.chunks.keys.contains { $0.hasPrefix(prefix) }
      }
  }

  /// Reads one frame at a reduced resolution.
  ///
  /// The level is taken from the file when it stores it for that frame, else it is made from the
  /// next finer one by the mean of 2 × 2 pixels, which is how NIS-Elements makes it.
  ///
  /// - Parameters:
  ///   - index: number of the frame.
  ///   - level: 1 for half the width and height, 2 for a quarter, …
  ///   - order: the order of the samples of colour pixels.
  /// - Returns: an array with the axes that ``readFrame(_:order:)-8wbcp`` gives.
  /// - Throws: ``ND2Error/Code/invalidRequest`` when the image is too small for that level.
  public func readFrame(
    _ index: Int, level: Int, order: ArraySelection.ComponentOrder = .rgb
  ) throws -> AnyNDArray {
    if level == 0 { return try readFrame(index, order: order) }
    let size = try located { try reducedSize(level) }
    let pixels = try reducedPixels(index, size)
    return try located { try assemble(pixels, size, order) }
  }

  /// Reads one frame at a reduced resolution; see ``readFrame(_:level:order:)``.
  public func readFrame(
    _ index: Int, level: Int, order: ArraySelection.ComponentOrder = .rgb
  ) async throws -> AnyNDArray {
    if level == 0 { return try await readFrame(index, order: order) }
    let size = try located { try reducedSize(level) }
    let pixels = try await reducedPixels(index, size)
    return try located { try assemble(pixels, size, order) }
  }

  private func reducedSize(_ level: Int) throws -> PyramidLevel {
    let (width, height) = (geometry.layout.width, geometry.layout.height)
    guard level > 0, level < 32, width >> level > 0, height >> level > 0 else {
      throw ND2Error.invalidRequest(
        "an image of \(width) × \(height) pixels has no level \(level)")
    }
    return PyramidLevel(level: level, width: width >> level, height: height >> level)
  }

  /// The interleaved pixels of a level, rows without fill.
  private func reducedPixels(_ index: Int, _ size: PyramidLevel) throws -> [UInt8] {
    if let name = storedLevel(index, size), let pixels = unpadded(try chunk(name), size, name) {
      return pixels
    }
    return halved(
      size.level == 1
        ? try readStoredFrame(index).withUnsafeBytes { Array($0) }
        : try reducedPixels(index, try reducedSize(size.level - 1)), size)
  }

  /// The interleaved pixels of a level, rows without fill.
  private func reducedPixels(_ index: Int, _ size: PyramidLevel) async throws -> [UInt8] {
    if let name = storedLevel(index, size),
      let pixels = unpadded(try await chunk(name), size, name)
    {
      return pixels
    }
    if size.level == 1 {
      let frame = try await readStoredFrame(index)
      return halved(frame.withUnsafeBytes { Array($0) }, size)
    }
    return halved(try await reducedPixels(index, try reducedSize(size.level - 1)), size)
  }

  /// The chunk that holds a level of a frame, if the file has it.
  private func storedLevel(_ index: Int, _ size: PyramidLevel) -> String? {
    let levels = PyramidLevel.levels(width: geometry.layout.width, height: geometry.layout.height)
    let name = size.chunkName(frame: index)
    return levels.contains(size) && map[name] != nil ? name : nil
  }

  /// Rows without their fill; nil when the data is too short.
  private func unpadded(_ stored: [UInt8], _ size: PyramidLevel, _ name: String) -> [UInt8]? {
    let packed = size.width * geometry.layout.componentCount * geometry.layout.sampleByteCount
    let row = (packed + 3) / 4 * 4
    guard stored.count >= row * (size.height - 1) + packed else {
      diagnosticStore.append(
        Diagnostic(
          .warning, "a reduced image is too short; it was made anew", at: .init(chunk: name)))
      return nil
    }
    return (0..<size.height).flatMap { stored[($0 * row)..<($0 * row + packed)] }
  }

  /// The pixels of a level from those of the next finer one.
  private func halved(_ finer: [UInt8], _ size: PyramidLevel) -> [UInt8] {
    let layout = geometry.layout
    return Halving.halve(
      finer, width: layout.width >> (size.level - 1), height: layout.height >> (size.level - 1),
      components: layout.componentCount, type: geometry.sampleType)
  }

  /// The array of a level from its interleaved pixels.
  private func assemble(
    _ pixels: [UInt8], _ size: PyramidLevel, _ order: ArraySelection.ComponentOrder
  ) throws -> AnyNDArray {
    let layout = geometry.layout
    guard
      let reduced = FrameLayout(
        width: size.width, height: size.height, componentCount: layout.componentCount,
        sampleByteCount: layout.sampleByteCount, declaredRowByteCount: nil, compression: .none)
    else { throw ND2Error.invalidRequest("level \(size.level) has no pixels") }
    let frame = ArrayGeometry(
      loops: geometry.loopLayout, planes: geometry.planes, layout: reduced,
      sampleType: geometry.sampleType
    ).frame(0, order: order)
    let array = try AnyNDArray(zeros: frame.sizes, sampleType: geometry.sampleType)
    guard let base = array.storage.bytes.baseAddress else { return array }
    pixels.withUnsafeBytes { bytes in
      guard let source = bytes.baseAddress, bytes.count >= reduced.packedFrameByteCount else {
        return
      }
      frame.gather.move(
        from: source, rowStride: reduced.packedRowByteCount, rows: 0..<size.height, to: base)
    }
    return array
  }
}

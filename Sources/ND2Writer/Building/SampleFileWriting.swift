import ND2

extension SampleFile {
  /// The bytes of the file.
  ///
  /// - Throws: `ND2Error` with `invalidRequest` when the description contradicts
  ///   itself.
  public func bytes() throws -> [UInt8] {
    let sink = MemorySink()
    try write(to: sink)
    return sink.bytes
  }

  /// Writes the file. It appears whole or not at all; memory does not grow with its size.
  ///
  /// - Throws: `ND2Error` with `invalidRequest` when the file exists and must not
  ///   be overwritten, or when the description contradicts itself; with `io` when
  ///   writing fails.
  public func write(to path: String, overwrite: Bool = false) throws {
    try write(to: FileSink(path: path, overwrite: overwrite))
  }

  /// Writes the file to a sink.
  package func write(to sink: any ByteSink) throws {
    try validate()
    if description.version.major < 2 {
      var builder = try LegacyFileBuilder(self, sink: sink)
      try builder.writeAll()
    } else {
      try SampleFileBuilder(self, sink: sink).writeAll()
    }
    try sink.commit()
  }

  private func validate() throws {
    try description.validate()
    if description.version.major < 2 { try validateLegacy() }
    if case .packed(let frames) = pixels {
      let size = description.packedRowByteCount * description.height
      let stored = storedFrames
      guard frames.count > (stored.last ?? -1), stored.allSatisfy({ frames[$0].count == size })
      else {
        throw ND2Error(
          .invalidRequest, "each stored frame needs \(size) bytes of pixels")
      }
    }
  }

  /// What files of version 1.0 cannot hold.
  private func validateLegacy() throws {
    let file = description
    func require(_ condition: Bool, _ what: String) throws {
      guard condition else {
        throw ND2Error(.invalidRequest, "a file of version 1.0 \(what)")
      }
    }
    try require(file.sampleType.byteCount <= 2, "has samples of 8 or 16 bits")
    try require(
      file.channels.allSatisfy { $0.componentCount == file.channels[0].componentCount },
      "has channels of one number of components")
    try require(
      storedFrames == Array(storedFrames.indices), "can only lack frames behind its last one")
    try require(
      file.recordedColumns.isEmpty && file.regions.isEmpty && file.maskLayers.isEmpty
        && file.rasterLayers.isEmpty && file.job == nil && file.wellPlate == nil
        && file.customChunks.isEmpty && !file.storage.writesPyramid,
      "has neither recorded data, regions, masks, JOBS, plates nor reduced images")
  }
}

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
    if version.major < 2 {
      var builder = try LegacyFileBuilder(self, sink: sink)
      try builder.writeAll()
    } else {
      try SampleFileBuilder(self, sink: sink).writeAll()
    }
    try sink.commit()
  }

  private func validate() throws {
    guard width > 0, height > 0 else {
      throw ND2Error(.invalidRequest, "an image has at least one pixel in each direction")
    }
    guard !channels.isEmpty, channels.allSatisfy({ $0.componentCount > 0 }) else {
      throw ND2Error(.invalidRequest, "a file has at least one channel of at least one component")
    }
    guard rowByteCount >= packedRowByteCount else {
      throw ND2Error(
        .invalidRequest,
        "rows of \(rowByteCount) bytes cannot hold the \(packedRowByteCount) bytes of their pixels")
    }
    if version.major < 2 {
      try validateLegacy()
    } else if case .lossy = storage.compression {
      throw ND2Error(.invalidRequest, "only files of version 1.0 have lossy images")
    }
    if case .packed(let frames) = pixels {
      let size = packedRowByteCount * height
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
    func require(_ condition: Bool, _ what: String) throws {
      guard condition else {
        throw ND2Error(.invalidRequest, "a file of version 1.0 \(what)")
      }
    }
    try require(sampleType.byteCount <= 2, "has samples of 8 or 16 bits")
    try require(
      channels.allSatisfy { $0.componentCount == channels[0].componentCount },
      "has channels of one number of components")
    try require(
      storedFrames == Array(storedFrames.indices), "can only lack frames behind its last one")
    try require(
      recordedColumns.isEmpty && regions.isEmpty && maskLayers.isEmpty && rasterLayers.isEmpty
        && job == nil && wellPlate == nil && customChunks.isEmpty && !storage.writesPyramid,
      "has neither recorded data, regions, masks, JOBS, plates nor reduced images")
  }
}

import ND2

extension ND2FileDescription {
  /// Throws when the description contradicts itself.
  func validate() throws {
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
    if version.major >= 2, case .lossy = storage.compression {
      throw ND2Error(.invalidRequest, "only files of version 1.0 have lossy images")
    }
  }

  /// Throws when the description is none that ``ND2FileWriter`` can write.
  func validateForStreaming() throws {
    try validate()
    guard version.major >= 2 else {
      throw ND2Error(
        .unsupported, "files of version 1.0 are written whole, by SampleFile; use 2.0 to 3.0 here")
    }
    guard width <= Int(UInt32.max), height <= Int(UInt32.max),
      !rowByteCount.multipliedReportingOverflow(by: height).overflow
    else {
      throw ND2Error(.invalidRequest, "an image of \(width) × \(height) pixels is too large")
    }
    if let bits = significantBitCount, !(1...(sampleType.byteCount * 8)).contains(bits) {
      throw ND2Error(.invalidRequest, "a sample of \(sampleType) has no \(bits) significant bits")
    }
    guard loops.allSatisfy({ $0.frameFactor >= 0 }),
      openLoop != nil || (1...FrameLedger.mostFrames).contains(checkedFrameCount ?? 0)
    else {
      throw ND2Error(
        .invalidRequest,
        "the loops describe no frames, or more than \(FrameLedger.mostFrames);"
          + " only an outermost time loop may have a count of 0, for any number")
    }
    if openLoop != nil, framesOfStep < 1 {
      throw ND2Error(.invalidRequest, "an inner loop has a count of 0")
    }
    try requireUnique(recordedColumns.map(\.id), "columns of recorded data")
    try requireUnique(maskLayers.map(\.id), "layers of masks")
    try requireUnique(maskLayers.map(\.fileTag), "file tags of layers of masks")
    try requireUnique(rasterLayers.map(\.id), "layers of tiled masks")
    guard rasterLayers.allSatisfy({ $0.tileWidth > 0 && $0.tileHeight > 0 }) else {
      throw ND2Error(.invalidRequest, "a tile has at least one pixel in each direction")
    }
    for chunk in customChunks { try chunk.validate() }
  }

  private func requireUnique(_ values: [some Hashable], _ what: String) throws {
    guard Set(values).count == values.count else {
      throw ND2Error(.invalidRequest, "two \(what) have one identity")
    }
  }

  private var checkedFrameCount: Int? {
    var product = 1
    for loop in loops {
      let (next, overflow) = product.multipliedReportingOverflow(by: loop.frameFactor)
      if overflow { return nil }
      product = next
    }
    return product
  }

  /// Place of the time loop whose count is not known beforehand, if there is one.
  var openLoop: Int? {
    for (place, loop) in loops.enumerated() {
      switch loop {
      case .spectral: continue
      case .time(let phase): return phase.count == 0 ? place : nil
      default: return nil
      }
    }
    return nil
  }

  /// Number of frames of one step of the open loop.
  var framesOfStep: Int {
    guard let openLoop else { return frameCount }
    return loops[(openLoop + 1)...].reduce(1) {
      let (product, overflow) = $0.multipliedReportingOverflow(by: $1.frameFactor)
      return overflow ? 0 : product
    }
  }

  /// Gives the open loop, if there is one, the count that holds a number of frames.
  mutating func closeLoop(frames: Int) {
    guard let openLoop, case .time(var phase) = loops[openLoop] else { return }
    phase.count = (frames + framesOfStep - 1) / framesOfStep
    loops[openLoop] = .time(phase)
  }

  /// What must stay as it is once frames are written.
  var fixedPart: [String] {
    var parts = [
      "\(version)", "\(width)", "\(height)", "\(sampleType)", "\(channels.map(\.componentCount))",
      "\(loops.map(\.frameFactor))", "\(openLoop ?? -1)", "\(storage)",
    ]
    for column in recordedColumns { parts.append("\(column.id) \(column.kindName)") }
    return parts
  }
}

extension ND2FileDescription.CustomChunk {
  /// Throws when no chunk of the user's own can have that name.
  func validate() throws {
    let bytes = Array(name.utf8)
    guard bytes.count > 1, bytes.count <= 120, bytes.firstIndex(of: 0x21) == bytes.count - 1,
      bytes.allSatisfy({ (0x20..<0x7F).contains($0) })
    else {
      throw ND2Error(
        .invalidRequest,
        "a chunk's name is up to 120 characters of ASCII of which only the last"
          + " is '!'; given: '\(name)'")
    }
  }
}

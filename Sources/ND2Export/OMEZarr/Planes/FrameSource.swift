import ND2

extension PlaneSource {
  /// The planes of one image of a file.
  ///
  /// - Parameters:
  ///   - part: what of the file is taken.
  ///   - image: number of the image in the part.
  ///   - sample: is shown what is read ahead.
  static func frames(
    of file: ND2File, _ part: OMEPart, image: Int, sample: ContrastSample? = nil
  ) -> PlaneSource {
    let grid = FrameGrid(part, image: image)
    let isWhole =
      part.rows == 0..<file.attributes.heightPx && part.columns == 0..<file.attributes.widthPx
    var source = PlaneSource(planeCount: part.planesPerFrame) {
      time, focus, rows, memory, threads in
      guard let frame = grid[time, focus], !file.isMissing(frame: frame) else {
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        return .missing
      }
      let first = part.rows.lowerBound
      let isWhole = try file.readPlanes(
        ofFrame: frame, channels: part.channels,
        rows: (first + rows.lowerBound)..<(first + rows.upperBound), columns: part.columns,
        into: memory, threadCount: threads)
      return isWhole ? .whole : .damaged
    }
    source.isDivisible = !file.isLegacy && file.attributes.compressionType == nil
    source.isRemote = file.isRemote
    source.readAhead = { places, memoryLimit, isCancelled in
      PlaneAhead(
        of: file, part, grid, places: places, sample: sample, memoryLimit: memoryLimit,
        isCancelled: isCancelled)
    }
    guard isWhole else { return source }
    let levels = file.pyramidLevels
    source.storedLevels = Set(levels.map(\.level))
    if file.isRemote, !levels.isEmpty {
      source.waitingThreadCount = file.threadCount(forPiecesOf: file.frameLayout.frameByteCount)
    }
    source.readLevel = { time, focus, level, memory in
      guard let frame = grid[time, focus] else { return false }
      return LevelCopy(part: part).copy(try file.readFrame(frame, level: level), into: memory)
    }
    return source
  }

  /// The masks of a layer as planes of 32-bit numbers, one channel.
  ///
  /// - Parameter noted: told which numbers there are.
  static func masks(
    of layer: BinaryLayer, in file: ND2File, _ part: OMEPart, image: Int, noted: LabelValues
  ) -> PlaneSource {
    let grid = FrameGrid(part, image: image)
    var source = labels(part, noted: noted) { time, focus in
      guard let frame = grid[time, focus] else { return nil }
      return try file.mask(of: layer, frame: frame)
    }
    if file.isRemote {
      source.waitingThreadCount = file.threadCount(
        forPiecesOf: part.rows.count * part.columns.count * 4)
    }
    return source
  }

  /// Label images from anywhere, cut as the part says; nil for frames without labels.
  static func labels(
    _ part: OMEPart, noted: LabelValues,
    _ image: @escaping @Sendable (_ time: Int, _ focus: Int) throws -> LabelImage?
  ) -> PlaneSource {
    var source = PlaneSource(planeCount: 1) { time, focus, rows, memory, _ in
      guard let mask = try image(time, focus) else {
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        return .whole
      }
      let width = part.columns.count
      let target = memory.bindMemory(to: UInt32.self)
      _ = target.update(fromContentsOf: repeatElement(0, count: target.count))
      mask.labels.withUnsafeBufferPointer { labels in
        let last = min(part.columns.upperBound, mask.width)
        for row in rows {
          let y = part.rows.lowerBound + row
          guard y < mask.height, part.columns.lowerBound < last,
            labels.count >= mask.width * mask.height
          else { break }
          let start = (row - rows.lowerBound) * width
          for x in part.columns.lowerBound..<last {
            target[start + x - part.columns.lowerBound] = labels[y * mask.width + x]
          }
        }
      }
      noted.add(target)
      return .whole
    }
    source.isLabels = true
    source.isDivisible = false
    return source
  }
}

/// The frames of an image by t and z.
struct FrameGrid: Sendable {
  private let frames: [Int]
  private let sizeZ: Int

  init(_ part: OMEPart, image: Int) {
    sizeZ = part.sizeZ
    var frames = [Int](repeating: -1, count: part.sizeT * part.sizeZ)
    for plane in part.frames[image] {
      let place = plane.t * part.sizeZ + plane.z
      if frames.indices.contains(place) { frames[place] = plane.frame }
    }
    self.frames = frames
  }

  /// The frame at a t and a z; nil when there is none.
  subscript(time: Int, focus: Int) -> Int? {
    let place = time * sizeZ + focus
    return frames.indices.contains(place) && frames[place] >= 0 ? frames[place] : nil
  }
}

extension OMEPart {
  /// Samples of a pixel of a channel.
  var sampleCount: Int { samples?.count ?? 1 }
  /// Planes of a frame: its channels, or three for each coloured one.
  var planesPerFrame: Int { channels.count * sampleCount }
}

/// Copies a stored level into planes.
private struct LevelCopy {
  let part: OMEPart

  /// False when the level has another size.
  func copy(_ level: AnyNDArray, into memory: UnsafeMutableRawBufferPointer) -> Bool {
    let size = level.sampleType.byteCount
    let samples = part.sampleCount
    let (height, width) = (level.sizes[.y] ?? 1, level.sizes[.x] ?? 1)
    let plane = height * width
    return level.withUnsafeBytes { bytes in
      let first = part.channels.lowerBound * plane * samples * size
      guard memory.count == plane * part.planesPerFrame * size,
        bytes.count >= first + memory.count, let from = bytes.baseAddress,
        let to = memory.baseAddress
      else { return false }
      guard samples > 1 else {
        to.copyMemory(from: from + first, byteCount: memory.count)
        return true
      }
      for channel in 0..<part.channels.count {
        for pixel in 0..<plane {
          for sample in 0..<samples {
            let source = from + first + ((channel * plane + pixel) * samples + sample) * size
            (to + ((channel * samples + sample) * plane + pixel) * size)
              .copyMemory(from: source, byteCount: size)
          }
        }
      }
      return true
    }
  }
}

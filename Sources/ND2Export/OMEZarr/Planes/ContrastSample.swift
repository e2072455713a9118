import ND2

/// Finds between which values the pixels of an image lie, from a few of its frames.
struct ContrastSample {
  /// A range of values for each plane of a frame.
  struct Window: Sendable, Hashable {
    /// A value that few pixels lie below.
    var start: Double
    /// A value that few pixels lie above.
    var end: Double
    /// The least value that was seen.
    var least: Double
    /// The greatest value that was seen.
    var greatest: Double
  }

  /// Samples up to three frames of an image: the first, one in the middle, and the last.
  ///
  /// - Returns: nil where no pixel could be read.
  static func windows(
    of file: ND2File, _ part: OMEPart, image: Int, frameCount: Int
  ) throws -> [Window?] {
    let grid = FrameGrid(part, image: image)
    let times = [0, part.sizeT / 2, part.sizeT - 1]
    let frames = Set(times.prefix(frameCount).map { [$0, part.sizeZ / 2] }).compactMap {
      grid[$0[0], $0[1]]
    }.filter { !file.isMissing(frame: $0) }
    var values = [[Double]](repeating: [], count: part.planesPerFrame)
    for frame in frames { try sample(file, part, frame, into: &values) }
    return values.map(window)
  }

  /// Three bands of rows, or all where that is little or rows cannot be had alone.
  private static func sample(
    _ file: ND2File, _ part: OMEPart, _ frame: Int, into values: inout [[Double]]
  ) throws {
    let type = file.sampleType
    let rowBytes = part.columns.count * part.planesPerFrame * type.byteCount
    let height = part.rows.count
    let room = max(1, (8 << 20) / max(1, rowBytes))
    var bands = [part.rows]
    if height > room {
      let rows = min(height, max(1, room / 3))
      bands = [height / 6, height / 2, height * 5 / 6].map { middle in
        let first = part.rows.lowerBound + min(max(0, middle - rows / 2), height - rows)
        return first..<(first + rows)
      }
      if file.isLegacy || file.attributes.compressionType != nil { bands = [bands[1]] }
    }
    for band in bands {
      let memory = UnsafeMutableRawBufferPointer.allocate(
        byteCount: band.count * rowBytes, alignment: 16)
      defer { memory.deallocate() }
      try file.readPlanes(
        ofFrame: frame, channels: part.channels, rows: band, columns: part.columns, into: memory)
      let count = band.count * part.columns.count
      // An odd step, so that columns of a pattern take turns.
      let step = max(1, count / 40_000) | 1
      for plane in values.indices {
        let base = UnsafeRawBufferPointer(
          rebasing: memory[
            (plane * count * type.byteCount)..<((plane + 1) * count * type.byteCount)])
        for place in stride(from: 0, to: count, by: step) {
          let value = number(base, place, type)
          if value.isFinite { values[plane].append(value) }
        }
      }
    }
  }

  private static func number(
    _ bytes: UnsafeRawBufferPointer, _ place: Int, _ type: SampleType
  ) -> Double {
    func load<T: BitwiseCopyable>(_ type: T.Type) -> T {
      bytes.loadUnaligned(fromByteOffset: place * MemoryLayout<T>.size, as: T.self)
    }
    return switch type {
    case .uint8: Double(load(UInt8.self))
    case .uint16: Double(load(UInt16.self))
    case .uint32: Double(load(UInt32.self))
    case .int8: Double(load(Int8.self))
    case .int16: Double(load(Int16.self))
    case .int32: Double(load(Int32.self))
    case .float32: Double(load(Float.self))
    case .float64: load(Double.self)
    }
  }

  /// The values that one in a thousand pixels lies below, and above.
  static func window(_ values: [Double]) -> Window? {
    let sorted = values.sorted()
    guard let least = sorted.first, let greatest = sorted.last else { return nil }
    let margin = sorted.count / 1000
    var window = Window(
      start: sorted[margin], end: sorted[sorted.count - 1 - margin], least: least,
      greatest: greatest)
    if window.end <= window.start { (window.start, window.end) = (least, greatest) }
    if window.end <= window.start { window.end = window.start + 1 }
    return window
  }
}

import ND2

/// Finds between which values the pixels of an image lie, from a few of its frames.
///
/// It can be shown the frames while they are written; those that it was not shown are read.
final class ContrastSample: Sendable {
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

  /// What was seen of a frame.
  private struct Seen: Sendable {
    var rowCount = 0
    var values: [[Double]]
  }

  private let file: ND2File
  private let part: OMEPart
  private let frames: Set<Int>
  /// The rows that are looked at, counted in the file: three bands, or all where that is little or
  /// rows cannot be had alone.
  private let bands: [Range<Int>]
  private let seen = Lock<[Int: Seen]>([:])

  /// Samples up to three frames of an image: the first, one in the middle, and the last.
  init(of file: ND2File, _ part: OMEPart, image: Int, frameCount: Int) {
    self.file = file
    self.part = part
    let grid = FrameGrid(part, image: image)
    let times = [0, part.sizeT / 2, part.sizeT - 1]
    let places = Set(times.prefix(frameCount).map { [$0, part.sizeZ / 2] })
    frames = Set(
      places.compactMap { grid[$0[0], $0[1]] }.filter { !file.isMissing(frame: $0) })
    let rowBytes = part.columns.count * part.planesPerFrame * file.sampleType.byteCount
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
    self.bands = bands
  }

  private var none: Seen { Seen(values: [[Double]](repeating: [], count: part.planesPerFrame)) }

  /// Shows rows of a frame, each once.
  ///
  /// - Parameters:
  ///   - rows: the rows, counted within the part.
  ///   - bytes: all planes one after the other.
  func see(_ frame: Int, rows: Range<Int>, _ bytes: UnsafeRawBufferPointer) {
    guard frames.contains(frame) else { return }
    let first = part.rows.lowerBound
    let rows = (first + rows.lowerBound)..<(first + rows.upperBound)
    var added = none
    for band in bands { look(at: band, in: rows, bytes, &added) }
    seen.withLock { seen in
      var known = seen[frame] ?? none
      known.rowCount += added.rowCount
      for plane in known.values.indices { known.values[plane] += added.values[plane] }
      seen[frame] = known
    }
  }

  /// The range of values of each plane; nil where no pixel could be read.
  func windows() throws -> [Window?] {
    let shown = seen.withLock { $0 }
    let rowCount = bands.reduce(0) { $0 + $1.count }
    var values = none.values
    for frame in frames {
      var known = shown[frame] ?? none
      if known.rowCount != rowCount { known = try read(frame) }
      for plane in values.indices { values[plane] += known.values[plane] }
    }
    return values.map(Self.window)
  }

  private func read(_ frame: Int) throws -> Seen {
    var seen = none
    let rowBytes = part.columns.count * part.planesPerFrame * file.sampleType.byteCount
    for band in bands {
      let memory = UnsafeMutableRawBufferPointer.allocate(
        byteCount: band.count * rowBytes, alignment: 16)
      defer { memory.deallocate() }
      try file.readPlanes(
        ofFrame: frame, channels: part.channels, rows: band, columns: part.columns, into: memory)
      look(at: band, in: band, UnsafeRawBufferPointer(memory), &seen)
    }
    return seen
  }

  /// Takes values of a band from the rows of it that are there.
  private func look(
    at band: Range<Int>, in rows: Range<Int>, _ bytes: UnsafeRawBufferPointer, _ seen: inout Seen
  ) {
    let there = band.clamped(to: rows)
    guard !there.isEmpty else { return }
    seen.rowCount += there.count
    let type = file.sampleType
    let width = part.columns.count
    let plane = rows.count * width * type.byteCount
    // An odd step, so that columns of a pattern take turns.
    let step = max(1, band.count * width / 40_000) | 1
    let low = (there.lowerBound - band.lowerBound) * width
    let places = stride(
      from: (low + step - 1) / step * step, to: (there.upperBound - band.lowerBound) * width,
      by: step)
    for number in seen.values.indices {
      let base = UnsafeRawBufferPointer(
        rebasing: bytes[(number * plane)..<((number + 1) * plane)])
      for place in places {
        let value = Self.number(
          base, place - (rows.lowerBound - band.lowerBound) * width, type)
        if value.isFinite { seen.values[number].append(value) }
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

import ND2

/// Writes pixels as one array.
struct ArrayExport {
  /// The name of the array in an archive.
  static let arrayName = "pixels"
  private static let bandByteCount = 2 << 20
  private static let mostBytes = 128 << 20
  /// Most memory for pixels of a file far away.
  private static let mostBytesAhead = 208 << 20

  private let file: ND2File
  private let path: String
  private let options: ArrayExportOptions
  private let planes: ExportPlanes
  private let sizes: AxisSizes
  private let meter: ExportMeter

  init(
    of file: ND2File, path: String, options: ArrayExportOptions,
    progress: (@Sendable (ExportProgress) -> Void)?
  ) throws {
    self.file = file
    self.path = path
    self.options = options
    planes = try ExportPlanes(of: file, options.selection)
    sizes = Self.sizes(of: file, planes, options.selection)
    meter = ExportMeter(
      planes: planes.count, planeByteCount: planes.planeByteCount, isStrict: options.isStrict,
      path: file.path, report: progress)
  }

  /// The axes of the array: those of the file.
  static func sizes(
    of file: ND2File, _ planes: ExportPlanes, _ selection: ExportSelection
  ) -> AxisSizes {
    AxisSizes(
      file.sizes.map { element in
        let count = selection.ranges.ranges[element.axis]?.count ?? element.count
        return .init(
          element.axis, element.axis == .position ? planes.part.positions.count : count)
      })
  }

  /// Writes the array; it gets its name by the commit.
  func stage() throws -> StagedExport {
    var request = WholeFile.Options(overwriting: options.overwrites)
    request.inputs = file.path.isEmpty ? [] : [file.path]
    request.needsPlaces = options.form != .npz
    request.watcher = options.watcher
    if let advice = options.advice { request.advice = advice }
    let output = try WholeFile(path: path, options: request)
    var outputs = [output]
    var report = ExportReport()
    report.paths = [path]
    report.byteCount = planes.byteCount
    report.imageCount = planes.part.positions.count
    report.planeCount = planes.count
    try DiskSpace.check(planes.byteCount, for: path)
    switch options.form {
    case .npy:
      let header = NumPyFormat.header(shape: sizes.shape, sampleType: planes.sampleType)
      try header.withUnsafeBytes { try output.places.write($0, at: 0) }
      report.byteCount += UInt64(header.count)
      try writePlaces(output.places, from: UInt64(header.count))
    case .raw:
      request.needsPlaces = false
      let side = try WholeFile(path: path + ".json", options: request)
      let text = RawDescription.text(sizes, planes.sampleType, path: path)
      try side.write(Array(text.utf8))
      try side.seal()
      outputs.append(side)
      report.paths.append(path + ".json")
      report.byteCount += UInt64(text.utf8.count)
      try writePlaces(output.places, from: 0)
    case .npz:
      try NumPyArchive.write(
        Self.arrayName, shape: sizes.shape, sampleType: planes.sampleType,
        to: { try output.write($0) }, bytes: writeInOrder)
    }
    try output.seal()
    report.incompleteFrames = meter.incompleteFrames
    let all = outputs
    return StagedExport(
      report, commit: { for output in all { try output.commit() } },
      discard: { for output in all { output.discard() } })
  }

  private func rowsPerBand(_ bandByteCount: Int) -> Int {
    planes.rowsPerRead(of: file, byteCount: bandByteCount)
  }

  private var threadCount: Int {
    max(1, min(options.threadCount ?? file.options.threadCount ?? WorkerTeam.coreCount, 256))
  }

  /// Reads frames on all cores and writes each where it belongs.
  private func writePlaces(_ output: PlacedOutput, from start: UInt64) throws {
    let (total, overflow) = planes.byteCount.addingReportingOverflow(start)
    guard !overflow else { throw ND2Error(.limitExceeded, "the array is too large for a file") }
    try output.reserve(total)
    let (planes, meter) = (planes, meter)
    let rowCount = rowsPerBand(Self.bandByteCount)
    let perFrame = (planes.height + rowCount - 1) / rowCount
    let row = planes.rowByteCount
    let bandByteCount = rowCount * row * planes.channelCount
    let queue = WorkQueue(count: planes.frameCount * perFrame, isCancelled: options.isCancelled)
    let most = max(1, min(threadCount, Self.mostBytes / max(1, 2 * bandByteCount)))
    let supply = planes.supply(
      of: file, rowsPerBand: rowCount, memoryLimit: Self.mostBytesAhead,
      isCancelled: { [options] in queue.isStopped || options.isCancelled() })
    defer { supply.stop() }
    WorkerTeam.run(count: most) { _ in
      let memory = FrameMemory()
      while let number = queue.take() {
        do {
          let (frame, band) = number.quotientAndRemainder(dividingBy: perFrame)
          let rows = (band * rowCount)..<min((band + 1) * rowCount, planes.height)
          let size = rows.count * row
          try supply.withPart(number, byteCount: size * planes.channelCount, memory) {
            bytes, lost in
            if let lost { try meter.lose(lost) }
            let place =
              start + UInt64(planes.arrayIndex(ofFrame: frame) * planes.channelCount)
              * UInt64(planes.planeByteCount) + UInt64(rows.lowerBound * row)
            for channel in 0..<planes.channelCount {
              let plane = UnsafeRawBufferPointer(
                rebasing: bytes[(channel * size)..<((channel + 1) * size)])
              try output.write(plane, at: place + UInt64(channel * planes.planeByteCount))
            }
          }
          meter.advance(by: size * planes.channelCount)
        } catch {
          queue.fail(error)
        }
      }
    }
    try queue.finish()
  }

  /// Hands over all elements one after the other.
  private func writeInOrder(_ take: (UnsafeRawBufferPointer) throws -> Void) throws {
    var order = [Int](repeating: 0, count: planes.frameCount)
    for frame in order.indices { order[planes.arrayIndex(ofFrame: frame)] = frame }
    // Rows of one channel follow each other, so a frame is taken whole unless it has one channel.
    let rowCount = planes.channelCount == 1 ? rowsPerBand(16 << 20) : planes.height
    let memory = FrameMemory()
    let supply = planes.supply(
      of: file, rowsPerBand: rowCount, order: order, memoryLimit: Self.mostBytesAhead,
      isCancelled: options.isCancelled)
    defer { supply.stop() }
    var number = 0
    for _ in order {
      for first in stride(from: 0, to: planes.height, by: rowCount) {
        if options.isCancelled() { throw CancellationError() }
        let count = min(rowCount, planes.height - first)
        let byteCount = count * planes.rowByteCount * planes.channelCount
        try supply.withPart(number, byteCount: byteCount, memory) { bytes, lost in
          if let lost { try meter.lose(lost) }
          try take(bytes)
        }
        meter.advance(by: byteCount)
        number += 1
      }
    }
  }
}

extension ExportPlanes {
  /// How many rows of all channels of a frame are read at a time.
  func rowsPerRead(of file: ND2File, byteCount: Int) -> Int {
    file.rowsPerRead(
      of: height, rowByteCount: rowByteCount * channelCount, byteCount: byteCount)
  }

  /// The pixels of all frames, in bands of that many rows.
  ///
  /// - Parameter order: the frames in the order in which they are wanted; nil for their own.
  func supply(
    of file: ND2File, rowsPerBand: Int, order: [Int]? = nil, memoryLimit: Int,
    isCancelled: @escaping @Sendable () -> Bool
  ) -> FrameSupply {
    let perFrame = (height + rowsPerBand - 1) / rowsPerBand
    return FrameSupply(
      of: file, count: frameCount * perFrame, memoryLimit: memoryLimit, isCancelled: isCancelled
    ) { number in
      let (place, band) = number.quotientAndRemainder(dividingBy: perFrame)
      guard let frame = frame(order?[place] ?? place) else { return nil }
      var wanted = framePart
      let first = wanted.rows.lowerBound
      wanted.rows =
        (first + band * rowsPerBand)..<(first + min((band + 1) * rowsPerBand, height))
      return FrameRequest(frame, wanted)
    }
  }
}

/// What is beside a file of numbers only.
enum RawDescription {
  static func text(_ sizes: AxisSizes, _ type: SampleType, path: String) -> String {
    let document: JSONValue = [
      "file": .string(TIFFFileName.base(path)), "type": .string(type.rawValue),
      "byteOrder": "little", "order": "row-major",
      "axes": .array(sizes.map { .string($0.axis.rawValue) }),
      "shape": .array(sizes.map { .integer(Int64($0.count)) }), "offset": 0,
    ]
    return document.text(indentation: 2) + "\n"
  }
}

import ND2
import ND2Export
import ND2Writer

/// One file on its way into another format.
struct Conversion {
  let file: ND2File
  let input: String
  let output: String
  let format: ExportFormat
  let settings: ConversionSettings
  let ranges: ArraySelection
  let progress: ConversionProgress

  /// Writes the output, and compares it with the file where that is wanted.
  func run() throws -> ConversionResult {
    var result = ConversionResult()
    // Taken names are errors before anything is written.
    let manifest = settings.verifies ? try output(ExportManifest.path(for: output)) : nil
    result.report = try write()
    if let manifest {
      progress.begin("verify")
      var request = VerificationRequest(format)
      request.selection = ExportSelection(ranges)
      request.division = settings.division
      request.threadCount = settings.threadCount
      request.isCancelled = { StopSignal.isReceived }
      var verification = try file.verifyExport(at: output, request) { progress.update($0) }
      verification.manifest.tool = "swift-nd2 \(ToolVersion.text)"
      if verification.isEqual {
        try verification.manifest.write { try manifest.write($0) }
        try manifest.commit()
      }
      result.verification = verification
    }
    result.diagnostics = file.diagnostics
    return result
  }

  private func output(_ path: String) throws -> OutputFile {
    try OutputFile(path: path, overwrite: settings.overwrites, inputs: [input])
  }

  private func write() throws -> ExportReport {
    if format.isTIFF { return try writeTIFF() }
    if format.isTable { return try writeTable() }
    let pieces = try settings.division.pieces(of: ranges, in: file)
    let total = try pieces.reduce(UInt64(0)) {
      $0 &+ (try ExportPlanes(of: file, ExportSelection($1.ranges)).byteCount)
    }
    var report = ExportReport()
    var stages: [Stage] = []
    var done: (planes: Int, bytes: UInt64) = (0, 0)
    for piece in pieces {
      try StopSignal.check()
      let path = format.path(output, adding: piece.suffix)
      let planes = try ExportPlanes(of: file, ExportSelection(piece.ranges))
      let (before, progress) = (done, progress)
      let planeCount = max(1, planes.planeByteCount)
      let stage = try self.stage(piece.ranges, planes, at: path) { step in
        progress.update(
          ExportProgress(
            planeCount: before.planes + step.planeCount,
            totalPlaneCount: Int(clamping: total / UInt64(planeCount)),
            byteCount: before.bytes + step.byteCount, totalByteCount: total))
      }
      done.planes += planes.count
      done.bytes += planes.byteCount
      stages.append(stage)
      report.add(stage.report)
    }
    for stage in stages { try stage.commit() }
    return report
  }

  /// An output without its name.
  private struct Stage {
    var report: ExportReport
    var commit: () throws -> Void
  }

  private func stage(
    _ ranges: ArraySelection, _ planes: ExportPlanes, at path: String,
    _ progress: @escaping @Sendable (ExportProgress) -> Void
  ) throws -> Stage {
    let staged: StagedExport
    switch format {
    case .omeZarr, .zarr:
      var options = settings.zarr
      options.selection = ExportSelection(ranges)
      options.includesAllMetadata = settings.includesUnstructuredMetadata
      options.isStrict = settings.isStrict
      options.overwrites = settings.overwrites
      options.threadCount = settings.threadCount
      options.memoryLimit /= max(1, settings.jobCount)
      staged = try file.stageOMEZarr(
        to: path, options: options, isCancelled: { StopSignal.isReceived }, progress: progress)
    case .png: return try stagePicture(ranges, planes, at: path)
    case .nd2: return try stageSubset(ranges, planes, at: path, progress)
    default:
      var options = ArrayExportOptions()
      options.form = format == .npy ? .npy : format == .npz ? .npz : .raw
      options.selection = ExportSelection(ranges)
      options.isStrict = settings.isStrict
      options.overwrites = settings.overwrites
      options.threadCount = settings.threadCount
      options.isCancelled = { StopSignal.isReceived }
      options.advice = OutputFile.advice
      options.watcher = PendingFileWatcher()
      staged = try file.stageArray(to: path, options: options, progress: progress)
    }
    return Stage(report: staged.report, commit: { try staged.commit() })
  }

  private func writeTIFF() throws -> ExportReport {
    var options = settings.tiff
    options.selection = ExportSelection(ranges)
    options.division = settings.division
    options.includesUnstructuredMetadata = settings.includesUnstructuredMetadata
    options.isStrict = settings.isStrict
    options.overwrites = settings.overwrites
    options.threadCount = settings.threadCount
    options.isCancelled = { StopSignal.isReceived }
    let progress = progress
    return try file.writeTIFF(to: output, options: options) { progress.update($0) }
  }

  /// The frames with their times and places.
  private func writeTable() throws -> ExportReport {
    let target = try output(output)
    let planes = try ExportPlanes(of: file, ExportSelection(ranges))
    let numbers = Set(planes.numbers)
    let table = try file.framesTable().filter { row in
      row["Index"]?.json.int.map(numbers.contains) ?? false
    }
    var text = ""
    if format == .csv {
      table.write(.csv, to: &text, lineEnd: .lf)
    } else {
      text = table.json(.records).text(indentation: 2) + "\n"
    }
    try target.write(Array(text.utf8))
    try target.commit()
    var report = ExportReport()
    report.paths = [output]
    report.byteCount = UInt64(text.utf8.count)
    report.imageCount = planes.positions.count
    return report
  }

  private func stagePicture(
    _ ranges: ArraySelection, _ planes: ExportPlanes, at path: String
  ) throws -> Stage {
    let numbers = planes.numbers
    guard planes.frameCount == 1, let number = numbers.first else {
      throw ND2Error(
        .invalidRequest,
        "a picture shows one frame, and there are \(planes.frameCount); choose one by --t, --z and "
          + "--position, or use 'nd2 sequence'", at: .init(file: file.path))
    }
    let target = try output(path)
    if settings.isStrict, file.isMissing(frame: number) {
      throw ND2Error(.missingFrame, "frame \(number) is missing", at: .init(file: file.path))
    }
    var style = PictureStyle()
    style.channels = ranges.ranges[.channel].map(Array.init)
    let renderer = PictureRenderer(file, style: style)
    var view = PictureView(frame: number)
    view.rows = ranges.ranges[.y]
    view.columns = ranges.ranges[.x]
    let picture = try renderer.picture(of: view)
    let bytes = try PictureDocument.encode(
      picture, .png, pixelSize: renderer.pixelSize(of: view, picture))
    try target.write(bytes)
    try target.file.seal()
    var report = ExportReport()
    report.paths = [path]
    report.byteCount = UInt64(bytes.count)
    report.imageCount = 1
    report.planeCount = planes.channelCount
    return Stage(report: report, commit: { try target.commit() })
  }

  private func stageSubset(
    _ ranges: ArraySelection, _ planes: ExportPlanes, at path: String,
    _ progress: @escaping @Sendable (ExportProgress) -> Void
  ) throws -> Stage {
    let sink = StagedSink(try output(path))
    var selection = SubsetSelection()
    for (axis, range) in ranges.ranges {
      selection[axis] = axis == .y || axis == .x ? .range(range) : .list(Array(range))
    }
    var options = SubsetOptions()
    options.isStrict = settings.isStrict
    let (count, total) = (planes.count, planes.byteCount)
    let subset = try file.writeSubset(to: sink, selection: selection, options: options) { share in
      let share = min(max(share, 0), 1)
      progress(
        ExportProgress(
          planeCount: Int(exactly: (share * Double(count)).rounded(.down)) ?? 0,
          totalPlaneCount: count,
          byteCount: UInt64(exactly: (share * Double(total)).rounded(.down)) ?? 0,
          totalByteCount: total))
    }
    var report = ExportReport()
    report.paths = [path]
    report.byteCount = subset.byteCount
    report.imageCount = planes.positions.count
    report.planeCount = planes.count
    report.incompleteFrames = subset.damagedFrames
    return Stage(report: report, commit: { try sink.file.commit() })
  }
}

extension ExportReport {
  /// Adds what another part did.
  mutating func add(_ other: ExportReport) {
    paths += other.paths
    byteCount += other.byteCount
    imageCount += other.imageCount
    planeCount += other.planeCount
    incompleteFrames = Set(incompleteFrames + other.incompleteFrames).sorted()
  }
}

/// A sink whose file gets its name later, and that stops at a signal.
private final class StagedSink: ByteSink {
  private static let bufferByteCount = 1 << 20
  let file: OutputFile
  private(set) var position: UInt64 = 0
  private var buffer: [UInt8] = []

  init(_ file: OutputFile) { self.file = file }

  func append(_ bytes: UnsafeRawBufferPointer) throws {
    position += UInt64(bytes.count)
    if bytes.count >= Self.bufferByteCount {
      try flush()
      return try file.write(bytes)
    }
    buffer += bytes
    if buffer.count >= Self.bufferByteCount { try flush() }
  }

  private func flush() throws {
    try StopSignal.check()
    if !buffer.isEmpty { try file.write(buffer) }
    buffer.removeAll(keepingCapacity: true)
  }

  func commit() throws {
    try flush()
    try file.file.seal()
  }

  func discard() { file.discard() }
}

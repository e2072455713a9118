import CTIFF
import ND2

/// Writes the files of a plan.
struct TIFFExport: Sendable {
  let file: ND2File
  let plan: TIFFPlan
  let options: TIFFOptions
  let progress: (@Sendable (ExportProgress) -> Void)?

  init(
    of file: ND2File, path: String, options: TIFFOptions,
    progress: (@Sendable (ExportProgress) -> Void)?
  ) throws {
    self.file = file
    self.options = options
    self.progress = progress
    plan = try TIFFPlan(of: file, path: path, options: options)
    guard TIFFIsCODECConfigured(options.compressionTag) != 0 else {
      throw ND2Error(.unsupported, "this libtiff was built without that compression")
    }
  }

  /// What the OME-XML says.
  var documentOptions: OMEOptions {
    var request = OMEOptions()
    request.selection = options.selection.ranges
    request.positions = options.selection.positions
    request.creator = options.creator
    guard plan.metadata == .ome else {
      request.includesPlanes = false
      request.includesROIs = false
      return request
    }
    request.includesUnstructuredMetadata = options.includesUnstructuredMetadata
    request.modify = options.modifyOME
    var places: [Int: OMEPlaneLocation] = [:]
    for file in plan.files {
      // A file that is all alone needs no name, and may be renamed.
      let reference =
        plan.files.count > 1
        ? OME.TiffData.File(name: TIFFFileName.base(file.path), uuid: file.uuid) : nil
      for (index, frame) in file.frames.enumerated() {
        guard let number = frame.number else { continue }
        places[number] = OMEPlaneLocation(ifd: index * plan.channelCount, file: reference)
      }
    }
    let known = places
    request.storage = .tiff { address in
      var place = known[address.frame] ?? OMEPlaneLocation(ifd: 0)
      place.ifd += address.c
      return place
    }
    return request
  }

  /// Writes all files; they appear when all are complete.
  func run(_ document: OMEDocument) throws -> ExportReport {
    let meter = ExportMeter(
      planes: plan.pageCount, planeByteCount: plan.shape.planeByteCount,
      isStrict: options.isStrict, path: file.path, report: progress)
    var report = ExportReport()
    report.imageCount = plan.part.positions.count
    report.planeCount = plan.pageCount
    // Taken names are errors before anything is read.
    if plan.files.count > 1, !options.overwrites {
      for part in plan.files { try TIFFExport.checkIsFree(part.path, options) }
    }
    var outputs: [WholeFile] = []
    for part in plan.files {
      let output = try WholeFile(path: part.path, options: outputOptions)
      report.byteCount += try write(part, to: output, document, meter)
      try output.seal()
      outputs.append(output)
    }
    for output in outputs { try output.commit() }
    report.paths = plan.files.map(\.path)
    report.incompleteFrames = meter.incompleteFrames
    return report
  }

  private var outputOptions: WholeFile.Options {
    var request = WholeFile.Options(overwriting: options.overwrites)
    request.inputs = file.path.isEmpty ? [] : [file.path]
    request.needsPlaces = true
    request.watcher = options.watcher
    if let advice = options.advice { request.advice = advice }
    return request
  }

  /// Begins an output and gives it up again.
  private static func checkIsFree(_ path: String, _ options: TIFFOptions) throws {
    var request = WholeFile.Options(overwriting: false)
    request.needsPlaces = true
    if let advice = options.advice { request.advice = advice }
    try WholeFile(path: path, options: request).discard()
  }

  private func write(
    _ part: TIFFPlan.File, to output: WholeFile, _ document: OMEDocument, _ meter: ExportMeter
  ) throws -> UInt64 {
    let pageCount = part.frames.count * plan.channelCount
    let ledger = try TIFFBlockLedger(pageCount: pageCount, shape: plan.shape)
    let pixels = TIFFPixels(
      file: file, plan: plan, frames: part.frames, output: output.places, ledger: ledger,
      options: options, meter: meter)
    let end = try pixels.write()
    let directories = TIFFDirectories(
      plan: plan, options: options, ledger: ledger, output: output.places)
    return try directories.write(
      try head(of: part, document), pageCount: pageCount, pixelEnd: end)
  }

  // MARK: - What the first page says

  private func head(
    of part: TIFFPlan.File, _ document: OMEDocument
  ) throws -> TIFFDirectories.Head {
    var head = TIFFDirectories.Head(software: options.creator)
    head.dateTime = dateTime
    let pixels = document.images.first?.pixels
    if let x = pixels?.physicalSizeXUm, x > 0, x.isFinite {
      let y = pixels?.physicalSizeYUm.flatMap { $0 > 0 && $0.isFinite ? $0 : nil } ?? x
      // ImageJ divides by the unit of its description.
      head.resolution =
        plan.metadata == .imageJ ? (1 / x, 1 / y, 1) : (10_000 / x, 10_000 / y, 3)
    }
    switch plan.metadata {
    case .ome, .automatic:
      var own = document
      if plan.files.count > 1 { own.uuid = part.uuid }
      head.description = own.xmlText()
    case .imageJ:
      guard let pixels else { break }
      head.description = ImageJHyperstack.description(
        pixels, frames: options.division == .timePoints ? 1 : plan.part.sizeT,
        imageCount: part.frames.count * plan.channelCount)
      if plan.shape.samples == 1 {
        head.imageJ = ImageJMetadata(
          ranges: try ranges(of: part),
          colors: pixels.channels.map { $0.color ?? OME.Color(red: 255, green: 255, blue: 255) })
      }
    case .none: break
    }
    return head
  }

  /// What is black and what is bright in each channel, by the frame in the middle.
  private func ranges(of part: TIFFPlan.File) throws -> [ContrastRange] {
    // Some rows of a large frame are enough.
    let height = plan.part.rows.count
    let rowByteCount = plan.frameByteCount / max(1, height)
    let count =
      file.hasDivisibleFrames ? max(1, min(height, (8 << 20) / max(1, rowByteCount))) : height
    var region = plan.framePart
    region.rows = region.rows.dropFirst((height - count) / 2).prefix(count)
    guard let number = part.frames[part.frames.count / 2].number else { return [] }
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: count * rowByteCount, alignment: 4096)
    defer { memory.deallocate() }
    guard try file.readFrame(number, region, into: memory) else { return [] }
    let size = memory.count / plan.channelCount
    return (0..<plan.channelCount).map { channel in
      ContrastRange.percentiles(
        of: UnsafeRawBufferPointer(rebasing: memory[(channel * size)..<((channel + 1) * size)]),
        type: file.sampleType)
    }
  }

  /// `2026:11:22 10:20:30`, as the tag has it.
  private var dateTime: String? {
    guard let text = file.acquisitionDate?.description, text.utf8.count >= 19 else { return nil }
    let characters = text.prefix(19).map { character -> Character in
      switch character {
      case "-": ":"
      case "T": " "
      default: character
      }
    }
    return String(characters)
  }
}

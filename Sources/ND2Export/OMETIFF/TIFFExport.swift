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
    // By the number of the frame, the first channel of a file, and that file.
    var places: [Int: [(channel: Int, place: OMEPlaneLocation)]] = [:]
    let first = plan.part.channels.lowerBound
    for file in plan.files {
      // A file that is all alone needs no name, and may be renamed.
      let reference =
        plan.files.count > 1
        ? OME.TiffData.File(name: TIFFFileName.base(file.path), uuid: file.uuid) : nil
      for (index, frame) in file.frames.enumerated() {
        guard let number = frame.number else { continue }
        let place = OMEPlaneLocation(ifd: index * file.channels.count, file: reference)
        places[number, default: []].append((file.channels.lowerBound - first, place))
      }
    }
    let known = places
    request.storage = .tiff { address in
      let file = known[address.frame]?.last { $0.channel <= address.c }
      var place = file?.place ?? OMEPlaneLocation(ifd: 0)
      place.ifd += address.c - (file?.channel ?? 0)
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
    if options.compression == .none, let first = plan.files.first {
      let bytes = UInt64(plan.pageCount)
        .multipliedReportingOverflow(by: UInt64(plan.shape.storedByteCount))
      try DiskSpace.check(bytes.overflow ? .max : bytes.partialValue, for: first.path)
    }
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
    let plan = plan.narrowed(to: part)
    let pageCount = part.frames.count * plan.channelCount
    let ledger = try TIFFBlockLedger(pageCount: pageCount, shape: plan.shape)
    let ranges =
      plan.metadata == .imageJ && plan.shape.samples == 1
      ? TIFFRanges(file, plan, part.frames) : nil
    let pixels = TIFFPixels(
      file: file, plan: plan, frames: part.frames, output: output.places, ledger: ledger,
      options: options, meter: meter, ranges: file.isRemote ? ranges : nil)
    let end = try pixels.write()
    let directories = TIFFDirectories(
      plan: plan, options: options, ledger: ledger, output: output.places)
    return try directories.write(
      try head(of: part, document, ranges), pageCount: pageCount, pixelEnd: end)
  }

  // MARK: - What the first page says

  private func head(
    of part: TIFFPlan.File, _ document: OMEDocument, _ ranges: TIFFRanges?
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
        pixels, channels: part.channels.count,
        frames: options.division.contains(.timePoints) ? 1 : plan.part.sizeT,
        imageCount: part.frames.count * part.channels.count)
      if let ranges {
        head.imageJ = ImageJMetadata(
          ranges: try ranges.ranges(), colors: colors(of: part, pixels))
      }
    case .none: break
    }
    return head
  }

  /// The colours of the channels of a file.
  private func colors(of part: TIFFPlan.File, _ pixels: OME.Pixels) -> [OME.Color] {
    let first = plan.part.channels.lowerBound
    return part.channels.map { channel in
      let known = pixels.channels.indices.contains(channel - first)
      return (known ? pixels.channels[channel - first].color : nil)
        ?? OME.Color(red: 255, green: 255, blue: 255)
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

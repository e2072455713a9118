import ND2

/// What a microscopist wants to know first about a file, as labelled lines.
struct FileSummary {
  private let file: ND2File
  private let terminal: Terminal
  /// The lines, each below its label; further lines of a label have none.
  private(set) var rows: [(label: String, text: String)] = []

  init(_ file: ND2File, terminal: Terminal) {
    self.file = file
    self.terminal = terminal
    addImage()
    addCalibration()
    addChannels()
    addMicroscope()
    addLoops()
    addOrigin()
    addExtras()
    addDiagnostics()
  }

  /// The lines as text.
  var lines: [String] {
    let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
    let version = "ND2 \(file.version.major).\(file.version.minor)"
    var lines = [
      terminal.styled(PlainText.singleLine(name), .heading)
        + "  \(HumanText.bytes(file.byteCount)), \(version)"
    ]
    let width = rows.map { PlainText.width($0.label) }.max() ?? 0
    for (label, text) in rows {
      let lead = terminal.styled(PlainText.padded(label, width: width), .dim)
      lines.append("  \(lead)  \(text)")
    }
    return lines
  }

  private mutating func add(_ label: String, _ text: String?) {
    guard let text, !text.isEmpty else { return }
    rows.append((label, text))
  }

  /// Text of the file, cut to the line that is left behind a label.
  private func fitted(_ text: String, reserved: Int = 16) -> String {
    let safe = PlainText.singleLine(text)
    return terminal.isInteractive
      ? PlainText.fitted(safe, width: terminal.width - reserved) : safe
  }

  // MARK: - Image

  private mutating func addImage() {
    let attributes = file.attributes
    var kind = "\(file.sampleType)"
    let bits = attributes.bitsPerComponentSignificant
    if bits > 0, bits != file.sampleType.byteCount * 8 { kind += ", \(bits) bits used" }
    if file.isRGB { kind += ", colour" }
    let sizes = file.sizes.isEmpty ? "1 pixel" : file.sizes.description
    add("Image", "\(sizes)   \(kind)")

    var frames = HumanText.count(file.frameCount, "frame")
    if file.storedFrameCount != file.frameCount {
      frames += ", \(HumanText.count(file.storedFrameCount)) stored"
    }
    let compression =
      switch attributes.compressionType {
      case .lossless: file.isLegacy ? "JPEG 2000 (lossless)" : "compressed (lossless)"
      case .lossy: file.isLegacy ? "JPEG 2000 (lossy)" : "said to be lossy"
      default: "uncompressed"
      }
    var storage = "\(frames), \(compression)"
    if let width = attributes.tileWidthPx, let height = attributes.tileHeightPx {
      storage += ", tiles of \(width) × \(height)"
    }
    if !file.pyramidLevels.isEmpty {
      storage += ", \(HumanText.count(file.pyramidLevels.count, "reduced level"))"
    }
    add("Stored", storage)
  }

  private mutating func addCalibration() {
    let voxel = file.voxelSize
    let isCalibrated = file.metadata.channels.first?.volume.axesCalibrated.first ?? false
    guard isCalibrated else {
      add("Pixel", "not calibrated")
      return
    }
    var text =
      voxel.x == voxel.y
      ? "\(HumanText.length(micrometres: voxel.x)) a pixel"
      : "\(HumanText.length(micrometres: voxel.x)) × \(HumanText.length(micrometres: voxel.y)) a pixel"
    let width = Double(file.attributes.widthPx) * voxel.x
    let height = Double(file.attributes.heightPx) * voxel.y
    text +=
      ", field \(HumanText.length(micrometres: width)) × \(HumanText.length(micrometres: height))"
    add("Pixel", text)
  }

  // MARK: - Channels

  private mutating func addChannels() {
    let channels = file.metadata.channels
    let shown = channels.prefix(Self.mostListed)
    let nameWidth = shown.map { PlainText.width(fitted($0.channel.name, reserved: 50)) }.max() ?? 0
    for (index, channel) in shown.enumerated() {
      let name = PlainText.padded(fitted(channel.channel.name, reserved: 50), width: nameWidth)
      let colour = channel.channel.color
      let swatch = terminal.swatch(red: colour.r, green: colour.g, blue: colour.b)
      let mark = swatch.isEmpty ? colour.hex : swatch
      let details = fitted(
        ChannelText.details(of: channel).joined(separator: ", "),
        reserved: 18 + nameWidth + (swatch.isEmpty ? 7 : 2))
      add(index == 0 ? "Channels" : "", "\(mark) \(name)  \(details)")
    }
    if channels.count > shown.count {
      add("", "and \(channels.count - shown.count) more")
    }
  }

  private static let mostListed = 16

  // MARK: - Microscope

  private mutating func addMicroscope() {
    guard let channel = file.metadata.channels.first else { return }
    let microscope = channel.microscope
    var parts: [String] = []
    let inferred = microscope.inferred
    if let name = microscope.objectiveName ?? inferred?.name, !name.isEmpty {
      parts.append(fitted(name, reserved: 60))
    }
    if let magnification = microscope.objectiveMagnification ?? inferred?.magnification,
      magnification > 0
    {
      parts.append("\(HumanText.number(magnification))×")
    }
    if let aperture = microscope.objectiveNumericalAperture ?? inferred?.numericalAperture,
      aperture > 0
    {
      parts.append("NA \(HumanText.number(aperture))")
    }
    if let index = microscope.immersionRefractiveIndex ?? inferred?.refractiveIndex,
      index > 1
    {
      parts.append("immersion \(HumanText.number(index))")
    }
    if let zoom = microscope.zoomMagnification, zoom > 0, zoom != 1 {
      parts.append("zoom \(HumanText.number(zoom))×")
    }
    add("Objective", parts.joined(separator: ", "))
    let instrument = [channel.acquisition.microscopeName, channel.acquisition.cameraName]
      .compactMap { $0 }.filter { !$0.isEmpty && $0 != "N/A" }
    add("Instrument", fitted(instrument.joined(separator: ", ")))
  }

  // MARK: - Loops

  private mutating func addLoops() {
    for loop in file.experiment {
      switch loop {
      case .time(let time): add("Time", LoopText.text(of: time.parameters, count: time.count))
      case .neTime(let loop):
        for (index, period) in loop.parameters.periods.prefix(Self.mostListed).enumerated() {
          let interval = period.intervalMs.map { HumanText.duration(milliseconds: $0) }
          let text =
            HumanText.count(period.count, "point") + (interval.map { ", every \($0)" } ?? "")
          let isOnly = loop.parameters.periods.count == 1
          add(index == 0 ? "Time" : "", isOnly ? text : "phase \(index + 1): \(text)")
        }
      case .xyPositions(let positions): add("Positions", fitted(LoopText.text(of: positions)))
      case .zStack(let stack): add("Focus", fitted(LoopText.text(of: stack)))
      case .custom(let custom): add("Custom", HumanText.count(custom.count, "step"))
      case .other(let other): add(other.type.name, HumanText.count(other.count, "step"))
      }
    }
    addDuration()
  }

  /// How long the acquisition took, as recorded.
  private mutating func addDuration() {
    guard let times = try? file.frameTimes().filter(\.isFinite), times.count > 1,
      let first = times.min(), let last = times.max(), last > first
    else { return }
    add("Duration", HumanText.duration(milliseconds: last - first))
  }

  // MARK: - Origin

  private mutating func addOrigin() {
    if let date = file.acquisitionDate {
      // "2013-03-17T07:18:07.189221+00:00" without the fraction.
      let text = date.description.prefix(19).replacing("T", with: " ")
      add("Acquired", text + (date.zone == .utc ? " UTC" : ""))
    } else if let date = file.textInfo.date {
      add("Acquired", fitted(date))
    }
    if let application = try? file.applicationInfo() {
      let parts = [application.software, application.version].filter { !$0.isEmpty }
      add("Software", fitted(parts.joined(separator: " ")))
    }
    add("Author", file.textInfo.author.map { fitted($0) })
  }

  /// What else the file holds, for a look with other verbs.
  private mutating func addExtras() {
    var extras: [String] = []
    if let regions = try? file.rois(), !regions.isEmpty {
      extras.append(HumanText.count(regions.count, "region") + " of interest")
    }
    if let layers = try? file.binaryLayers(), !layers.isEmpty {
      extras.append(HumanText.count(layers.count, "mask layer"))
    }
    if let events = try? file.experimentEvents(), !events.isEmpty {
      extras.append(HumanText.count(events.count, "event"))
    }
    if let columns = try? file.recordedData(), !columns.isEmpty {
      extras.append("recorded data (\(HumanText.count(columns.count, "column")))")
    }
    if let plate = try? file.wellPlate() {
      let name = plate.name.isEmpty ? "well plate" : plate.name
      extras.append(
        "\(PlainText.singleLine(name)) (\(HumanText.count(plate.wells().count, "well")))")
    }
    if (try? file.jobs()) ?? nil != nil { extras.append("JOBS run") }
    add("Also has", fitted(extras.joined(separator: ", ")))
  }

  private mutating func addDiagnostics() {
    let diagnostics = file.diagnostics.ordered { Self.rank($0) > Self.rank($1) }
    for (index, diagnostic) in diagnostics.prefix(Self.mostListed).enumerated() {
      let style: Terminal.Style =
        switch diagnostic.severity {
        case .damage: .bad
        case .warning: .warning
        case .note: .dim
        }
      let text = PlainText.singleLine(diagnostic.description)
      add(index == 0 ? "Attention" : "", terminal.styled(text, style))
    }
    if diagnostics.count > Self.mostListed {
      add(
        "",
        "and \(diagnostics.count - Self.mostListed) more; see 'nd2 metadata --section diagnostics'")
    }
  }

  private static func rank(_ diagnostic: Diagnostic) -> Int {
    switch diagnostic.severity {
    case .note: 0
    case .warning: 1
    case .damage: 2
    }
  }
}

import ND2

/// Makes a document of what a file says.
struct OMEBuilder {
  let file: ND2File
  let options: OMEOptions
  let part: OMEPart
  let facts: OMEFacts
  let frames: OMEFrameColumns
  let equipment: OMEEquipment
  let channels: OMEChannels

  init(file: ND2File, options: OMEOptions, part: OMEPart, facts: OMEFacts) {
    self.file = file
    self.options = options
    self.part = part
    self.facts = facts
    frames = OMEFrameColumns(facts.frames)
    equipment = OMEEquipment(file.metadata.channels)
    channels = OMEChannels(file: file, part: part)
  }

  /// The whole document.
  func document() throws -> OMEDocument {
    var document = OMEDocument(creator: options.creator)
    document.instruments = [equipment.instrument]
    if let author = file.textInfo.author.flatMap(Self.trimmed) {
      var experimenter = OME.Experimenter(id: "Experimenter:0")
      experimenter.userName = author
      document.experimenters = [experimenter]
    }
    for image in part.positions.indices {
      document.images.append(self.image(image, firstOrdinal: image * planesPerImage))
      if let annotation = missingFrames(image, id: document.annotations.count) {
        document.images[image].annotations.append(annotation.id)
        document.annotations.append(annotation)
      }
    }
    if let environment = OMEEnvironment.of(facts.recorded) {
      for image in document.images.indices {
        document.images[image].imagingEnvironment = environment
      }
    }
    if options.includesROIs { addRegions(to: &document) }
    document.plates = plates()
    if let unstructured = facts.unstructured {
      document.annotations.append(
        Self.annotation(of: unstructured, id: document.annotations.count))
    }
    try options.modify?(&document)
    return document
  }

  /// Number of planes of an image; a coloured channel is one.
  private var planesPerImage: Int { (part.frames.first?.count ?? 0) * part.channels.count }

  // MARK: - Images

  private func image(_ number: Int, firstOrdinal: Int) -> OME.Image {
    let position = part.positions[number]
    var image = OME.Image(
      id: "Image:\(number)", name: name(ofPosition: position),
      pixels: pixels(number, firstOrdinal: firstOrdinal))
    image.acquisitionDate = file.acquisitionDate?.description
    if file.textInfo.author.flatMap(Self.trimmed) != nil { image.experimenter = "Experimenter:0" }
    image.description = file.textInfo.description.flatMap(Self.trimmed)
    image.instrument = equipment.instrument.id
    image.objectiveSettings = equipment.objectiveSettings
    if file.experiment.xyPositions != nil, file.positionLabels.indices.contains(position) {
      image.stageLabel = OME.StageLabel(
        name: file.positionLabels[position], x: place("X [µm]", position),
        y: place("Y [µm]", position), z: place("Z [µm]", position))
    }
    return image
  }

  /// Where the stage stood, µm.
  func place(_ column: String, _ position: Int) -> Double? {
    OMEFrameColumns.rounded(facts.positions[column]?[position]?.double)
  }

  /// The name of the file for its only image; else that of the position, or of its well.
  private func name(ofPosition position: Int) -> String {
    let stem = Self.stem(of: file.path)
    let count = file.loopLayout.axes[.position] ?? 1
    guard count > 1 else { return stem }
    if let name = facts.positions["Position Name"]?[position]?.string.flatMap(Self.trimmed) {
      return name
    }
    if let well = facts.positions["Well"]?[position]?.string.flatMap(Self.trimmed) {
      return "\(well) (Series \(position))"
    }
    return "\(stem) (Series \(position))"
  }

  private func pixels(_ number: Int, firstOrdinal: Int) -> OME.Pixels {
    var pixels = OME.Pixels(
      id: "Pixels:\(number)", dimensionOrder: options.dimensionOrder ?? naturalOrder,
      type: Self.type(file.sampleType), sizeX: part.columns.count, sizeY: part.rows.count,
      sizeZ: part.sizeZ, sizeC: part.channels.count * channels.samplesPerPixel, sizeT: part.sizeT)
    let bits = file.attributes.bitsPerComponentSignificant
    let most = file.sampleType.byteCount * 8
    pixels.significantBits = bits > 0 ? min(bits, most) : most
    let volume = file.metadata.channels.first?.volume
    pixels.physicalSizeXUm = size(file.voxelSize.x, axis: 0, volume)
    pixels.physicalSizeYUm = size(file.voxelSize.y, axis: 1, volume)
    if let stack = file.experiment.zStack, stack.parameters.stepUm != 0 {
      pixels.physicalSizeZUm = file.voxelSize.z
    }
    if part.sizeT > 1, let interval = file.experiment.time?.parameters.intervalMs,
      part.sizeT == options.selection.ranges[.time]?.count ?? file.loopLayout.axes[.time]
    {
      pixels.timeIncrementMs = OMEFrameColumns.rounded(interval)
    }
    pixels.channels = channels.channels(image: number, equipment)
    addPlanes(to: &pixels, number, firstOrdinal: firstOrdinal)
    return pixels
  }

  /// A pixel's size, unless it is not known or no length.
  private func size(_ value: Double, axis: Int, _ volume: Volume?) -> Double? {
    guard let volume else { return value == 1 ? nil : value }
    let isLength =
      !volume.axesInterpretation.indices.contains(axis)
      || volume.axesInterpretation[axis] == .distance
    let isCalibrated =
      volume.axesCalibrated.indices.contains(axis) && volume.axesCalibrated[axis]
    return isLength && (isCalibrated || value != 1) ? value : nil
  }

  private func addPlanes(to pixels: inout OME.Pixels, _ image: Int, firstOrdinal: Int) {
    let count = part.frames[image].count * part.channels.count
    if options.includesPlanes { pixels.planes.reserveCapacity(count) }
    var ordinal = 0
    for frame in part.frames[image] {
      var plane = OME.Plane(theZ: frame.z, theT: frame.t, theC: 0)
      let isShown = options.includesPlanes && !frames.isMissing(frame.frame)
      if isShown {
        plane.deltaTMs = frames.timeMs(frame.frame)
        plane.positionXUm = frames.x(frame.frame)
        plane.positionYUm = frames.y(frame.frame)
        plane.positionZUm = frames.z(frame.frame)
      }
      for channel in 0..<part.channels.count {
        if isShown {
          plane.theC = channel
          plane.exposureMs = channels.exposuresMs[channel]
          pixels.planes.append(plane)
        }
        if case .tiff(let location) = options.storage {
          let place = location(
            OMEPlaneAddress(
              image: image, z: frame.z, c: channel, t: frame.t, frame: frame.frame,
              ordinalInImage: ordinal, ordinal: firstOrdinal + ordinal))
          pixels.tiffData.append(
            OME.TiffData(
              ifd: place.ifd, firstZ: frame.z, firstC: channel, firstT: frame.t, file: place.file))
        }
        ordinal += 1
      }
    }
  }

  /// The first order of the schema that begins as the file's axes do, the fastest first.
  private var naturalOrder: OME.DimensionOrder {
    let letters = file.sizes.axes.reversed().map(\.rawValue).filter { "XYCZT".contains($0) }
      .joined()
    return OME.DimensionOrder.allCases.first { $0.rawValue.hasPrefix(letters) } ?? .xyczt
  }

  private static func type(_ type: SampleType) -> OME.PixelType {
    switch type {
    case .uint8: .uint8
    case .uint16: .uint16
    case .uint32: .uint32
    case .int8: .int8
    case .int16: .int16
    case .int32: .int32
    case .float32: .float
    case .float64: .double
    }
  }

  // MARK: - Texts

  /// A text without white space at its ends, its lines ended by line feeds; nil when nothing is left.
  static func trimmed(_ text: String) -> String? {
    var characters = text[...]
    while characters.last?.isWhitespace == true { characters.removeLast() }
    while characters.first?.isWhitespace == true { characters.removeFirst() }
    guard !characters.isEmpty else { return nil }
    var result = ""
    result.reserveCapacity(characters.utf8.count)
    for character in characters {
      result.append(character == "\r\n" || character == "\r" ? "\n" : character)
    }
    return result
  }

  /// The name of a file without folders and ending.
  private static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }
}

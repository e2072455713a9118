package import ND2Codecs

/// What describes the images of a file of version 1.0, in the trees that version 2 has.
///
/// Nothing but these trees and the number of codestreams of a frame is needed to read such a file
/// like any other.
package struct LegacyDescription: Sendable {
  /// What was found in a file: the documents by their content, and how many boxes there are.
  package struct Parts: Sendable {
    /// Data of the box `jp2h`.
    package var imageHeader: [UInt8]?
    /// Header of the first codestream.
    package var codestream: JPEG2000Header?
    /// `VIMD` of the first frame.
    package var picture: MetadataValue?
    /// `VCAL` of the first frame.
    package var calibration: MetadataValue?
    /// `ARTT`.
    package var advanced: MetadataValue?
    /// `AIM1` or `AIMD`, with its root.
    package var experiment: MetadataValue?
    /// `TINF`.
    package var textInfo: MetadataValue?
    /// `ACAL`.
    package var fileCalibration: MetadataValue?
    /// One more than the highest number of a codestream.
    package var codestreamCount = 0
    /// Number of documents `VCAL`.
    package var calibrationCount = 0
    /// Number of documents `VIMD`.
    package var pictureCount = 0
    /// When and where frames were taken; only where it takes that to tell loops.
    package var records: [LegacyFrameRecord] = []

    package init() {}
  }

  /// As `SLxImageAttributes`; nil when the size of the images is not known.
  package private(set) var attributes: MetadataValue?
  /// As `SLxPictureMetadata`.
  package private(set) var picture: MetadataValue?
  /// As `SLxExperiment`.
  package private(set) var experiment: MetadataValue?
  /// As `SLxImageTextInfo`.
  package private(set) var textInfo: MetadataValue?
  /// As `SLxCalibration`.
  package private(set) var calibration: MetadataValue?
  /// Codestreams of a frame, one after the other.
  package private(set) var codestreamsPerFrame = 1
  /// Components of a codestream.
  package private(set) var componentsPerCodestream = 1
  /// Defects and how they were taken.
  package private(set) var warnings: [String] = []

  /// Whether it takes the records of all frames to tell the loops.
  package static func needsRecords(_ parts: Parts) -> Bool {
    var plain = parts
    plain.records = []
    let description = LegacyDescription(plain)
    return description.experiment == nil && description.frameCount(plain) > 1
  }

  /// Combines the parts.
  package init(_ parts: Parts) {
    setComponents(parts)
    let text = setTextInfo(parts.textInfo)
    setAttributes(parts)
    setPicture(parts)
    calibration = parts.calibration
    let frames = frameCount(parts)
    let reader = LegacyExperiment(text: text, frameCount: frames)
    experiment = parts.experiment.flatMap { reader.tree(of: $0) } ?? reader.treeFromText()
    if experiment == nil, frames > 1, parts.records.count == frames {
      experiment = LegacyInference.tree(of: parts.records)
      if experiment != nil {
        warnings.append("no experiment says what the frames are; their positions do")
      }
    }
  }

  /// Number of frames that the file says to have.
  private func frameCount(_ parts: Parts) -> Int {
    if parts.calibrationCount > 0 { return parts.calibrationCount }
    if parts.pictureCount > 0 { return parts.pictureCount }
    return parts.codestreamCount / max(1, codestreamsPerFrame)
  }
}

extension LegacyDescription {
  /// Numbers of codestreams of a frame and of components of a codestream.
  private mutating func setComponents(_ parts: Parts) {
    let planes = parts.picture?["sPicturePlanes"]
    let header = parts.imageHeader.flatMap { ImageHeaderBox($0) }
    componentsPerCodestream = max(
      1, min(parts.codestream?.components.count ?? header?.componentCount ?? 1, 64))
    let channels = max(1, min(planes?["uiCount"]?.int ?? 1, 4096))
    codestreamsPerFrame = channels
    let (streams, frames) = (parts.codestreamCount, parts.calibrationCount)
    guard streams > 0, frames > 0, streams != frames * channels else { return }
    let isWhole = streams % frames == 0
    let perFrame = streams / frames
    // A codestream for each component of a colour channel.
    let components = planes?["uiCompCount"]?.int ?? channels
    if isWhole, perFrame * componentsPerCodestream == components {
      codestreamsPerFrame = perFrame
    } else if streams % channels != 0, streams > frames * channels {
      codestreamsPerFrame = isWhole ? min(perFrame, 4096) : 1
      warnings.append(
        "\(streams) images are no multiple of \(channels) channels; "
          + "\(codestreamsPerFrame) are taken for a frame")
    }
  }

  private mutating func setAttributes(_ parts: Parts) {
    let header = parts.imageHeader.flatMap { ImageHeaderBox($0) }
    guard let width = parts.codestream?.width ?? header?.width,
      let height = parts.codestream?.height ?? header?.height
    else { return }
    if let stream = parts.codestream, let header,
      stream.width != header.width || stream.height != header.height
    {
      warnings.append(
        "the image header says \(header.width) × \(header.height) pixels, the first image has "
          + "\(width) × \(height)")
    }
    let bits = parts.codestream?.components.map(\.bitCount).max() ?? header?.bitCount ?? 8
    let inMemory = bits <= 8 ? 8 : bits <= 16 ? 16 : 32
    let isSigned = parts.codestream?.components.contains { $0.isSigned } ?? false
    let significant = parts.advanced?["SignificantBits"]?.int ?? bits
    let components = codestreamsPerFrame * componentsPerCodestream
    let row = Checked.product(width, components, inMemory / 8) ?? 0
    var fields = [
      MetadataField("uiWidth", .int64(Int64(width))),
      MetadataField("uiHeight", .int64(Int64(height))),
      MetadataField("uiWidthBytes", .int64(Int64(row))),
      MetadataField("uiComp", .int64(Int64(components))),
      MetadataField("uiBpcInMemory", .int32(Int32(inMemory))),
      MetadataField("uiBpcSignificant", .int64(Int64(significant))),
      MetadataField("uiSequenceCount", .int64(Int64(frameCount(parts)))),
      MetadataField("ePixelType", .int32(isSigned ? 0 : 1)),
    ]
    if let stream = parts.codestream, stream.tileCount > 1 {
      fields += [
        MetadataField("uiTileWidth", .int64(Int64(min(stream.tileWidth, width)))),
        MetadataField("uiTileHeight", .int64(Int64(min(stream.tileHeight, height)))),
      ]
    }
    // The reversible wavelet transform is used for lossless images, the other one for lossy ones.
    fields += [
      MetadataField(
        "eCompression", .int32(parts.codestream?.isReversible == false ? 1 : 0)),
      MetadataField("dCompressionParam", .double(Double(header?.compression ?? 7))),
    ]
    attributes = .level(fields)
  }

  /// Channels are named by their optical configuration in this version.
  private mutating func setPicture(_ parts: Parts) {
    guard case .level(var fields)? = parts.picture else { return }
    // In these files camera and stage look in opposite directions.
    for (name, value) in [
      ("dStgLgCT11", -1.0), ("dStgLgCT12", 0), ("dStgLgCT21", 0), ("dStgLgCT22", -1),
    ] where parts.picture?[name] == nil {
      fields.append(MetadataField(name, .double(value)))
    }
    if parts.picture?["dCalibration"]?.finiteDouble == nil,
      let scale = Self.scale(parts.fileCalibration)
    {
      fields.set("dCalibration", .double(scale))
    }
    if case .level(var planes)? = parts.picture?["sPicturePlanes"],
      let place = planes.firstIndex(where: { $0.name == "sPlane" || $0.name == "sPlaneNew" })
    {
      planes[place].value = .level(
        planes[place].value.fields.map { field in
          guard case .level(var plane) = field.value,
            let name = field.value["sOpticalConfigName"]?.nonEmptyString
          else { return field }
          plane.set("sDescription", .string(name))
          return MetadataField(field.name, .level(plane))
        })
      fields.set("sPicturePlanes", .level(planes))
    }
    picture = .level(fields)
  }

  /// Size of a pixel, µm, in the calibration of the file.
  private static func scale(_ tree: MetadataValue?) -> Double? {
    let value = tree?["Calibration_11"]
    let number = value?.finiteDouble ?? value?.string.flatMap { Double($0) }
    return number.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
  }

  /// Takes the texts over by their numbers; gives what they say of the dimensions.
  private mutating func setTextInfo(_ tree: MetadataValue?) -> LegacyText {
    guard let tree else { return LegacyText() }
    var fields: [MetadataField] = []
    var description: String?
    let items = tree.fields.filter { $0.name.hasPrefix("TextInfoItem") }
    for (rank, item) in items.enumerated() {
      let text = item.value["Text"]?.nonEmptyString ?? item.value.nonEmptyString
      guard let text else { continue }
      let stored = item.value["Index"]
      let index = stored?.int ?? stored?.string.flatMap { Int($0) } ?? rank
      if text.hasPrefix("Metadata:"), description == nil { description = text }
      fields.append(MetadataField("TextInfoItem_\(index)", .string(text)))
    }
    // Whatever its number, that text is the description.
    if let description, !fields.contains(where: { $0.name == "TextInfoItem_5" }) {
      fields.append(MetadataField("TextInfoItem_5", .string(description)))
    }
    textInfo = .level(fields)
    let known = fields.first { $0.name == "TextInfoItem_5" }?.value.string
    return (description ?? known).map { LegacyText(description: $0) } ?? LegacyText()
  }
}

/// The box `ihdr` within the header of the images.
package struct ImageHeaderBox: Hashable, Sendable {
  package var height: Int
  package var width: Int
  package var componentCount: Int
  /// Bits of a sample; the bit that tells signed numbers is left out, as writers set it at random.
  package var bitCount: Int
  /// Kind of compression; 7 for JPEG 2000.
  package var compression: Int

  /// Reads it at the start of the data of a box `jp2h`; nil when it is not there.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count >= 22, bytes[4..<8].elementsEqual("ihdr".utf8) else { return nil }
    height = Int(bytes.bigEndian(at: 8))
    width = Int(bytes.bigEndian(at: 12))
    componentCount = Int(bytes[16]) << 8 | Int(bytes[17])
    bitCount = Int(bytes[18] & 0x7F) + 1
    compression = Int(bytes[19])
    guard height > 0, width > 0, componentCount > 0, bitCount <= 38 else { return nil }
  }
}

/// Guesses loops from when and where frames were taken.
enum LegacyInference {
  /// A stack that is repeated, points that are repeated, or both; nil when all lies along time.
  static func tree(of records: [LegacyFrameRecord]) -> MetadataValue? {
    let places = records.map { [key($0.x), key($0.y)] }
    // The innermost loop is the one that changes with every frame.
    let planes = stack(in: records.map { key($0.z) })
    let points = period(of: every(planes, of: places)) ?? 1
    let rest = records.count / planes / points
    guard planes * points * rest == records.count, planes > 1 || points > 1 else { return nil }
    var loops: [(name: String, count: Int)] = []
    if rest > 1 { loops.append(("T", rest)) }
    if points > 1 { loops.append(("XY", points)) }
    if planes > 1 { loops.append(("Z", planes)) }
    var step: Double?
    if planes > 1, let low = records[0].z, let high = records[planes - 1].z {
      step = abs(high - low) / Double(planes - 1)
    }
    let stops = every(planes, of: records).prefix(points)
    return LegacyExperiment.tree(loops, stepUm: step, points: Array(stops))
  }

  /// Number of planes of the stacks that heights consist of: equal steps, again and again; 1 for
  /// heights that a focus system found.
  private static func stack(in heights: [Double]) -> Int {
    let steps = zip(heights.dropFirst(), heights).map { $0 - $1 }
    guard let first = steps.first, abs(first) > 10 else { return 1 }
    func isStep(_ step: Double) -> Bool { abs(step - first) <= max(10, abs(first) * 0.02) }
    let planes = (steps.firstIndex { !isStep($0) } ?? steps.count) + 1
    // Two frames at two heights may be anything.
    guard heights.count % planes == 0, planes > 2 || heights.count > planes else { return 1 }
    let isRegular = steps.indices.allSatisfy { ($0 + 1) % planes == 0 || isStep(steps[$0]) }
    return isRegular ? planes : 1
  }

  /// Positions in steps of 1 nm.
  private static func key(_ value: Double?) -> Double { ((value ?? 0) * 1000).rounded() }

  private static func every<T>(_ step: Int, of values: [T]) -> [T] {
    stride(from: 0, to: values.count, by: step).map { values[$0] }
  }

  /// The number of different values with which the list begins, when it consists of repetitions of
  /// them.
  private static func period<T: Hashable>(of values: [T]) -> Int? {
    var seen: Set<T> = []
    let count = values.firstIndex { !seen.insert($0).inserted } ?? values.count
    guard count > 1, values.count % count == 0 else { return nil }
    return values.indices.allSatisfy { values[$0] == values[$0 % count] } ? count : nil
  }
}

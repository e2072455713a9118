import ND2
import ND2Format

/// The trees of the smaller metadata chunks: contents below the name of the root.
struct SmallTrees {
  let file: ND2FileDescription
  /// Whether the trees have the shape of XML files.
  let isLegacyShape: Bool

  /// Geometry (nd2-format §3.1).
  ///
  /// - Parameter declaredCompression: code of the compression, whatever the frames have.
  func attributes(sequenceCount: Int, declaredCompression: Int32? = nil) -> MetadataValue {
    let bits = file.sampleType.byteCount * 8
    let significant = file.significantBitCount ?? bits
    let isCompressed = file.storage.compression == .lossless
    func bitCount(_ value: Int) -> MetadataValue {
      isLegacyShape ? .count(value) : .int32(Int32(value))
    }
    let pixelType: Int32 =
      switch file.sampleType {
      case .int8, .int16, .int32: 0
      case .uint8, .uint16, .uint32: 1
      case .float32, .float64: 2
      }
    var fields = MetadataValue.object([
      "uiWidth": .count(file.width),
      "uiWidthBytes": .count(file.rowByteCount),
      "uiHeight": .count(file.height),
      "uiComp": .count(file.componentCount),
      "uiBpcInMemory": bitCount(bits),
      "uiBpcSignificant": bitCount(significant),
      "uiSequenceCount": .count(sequenceCount),
      "uiTileWidth": .count(file.width),
      "uiTileHeight": .count(file.height),
      "eCompression": .int32(declaredCompression ?? (isCompressed ? 0 : 2)),
      "dCompressionParam": .double(isLegacyShape ? -1 : 0),
    ]).fields
    if !isLegacyShape { fields.append(MetadataField("ePixelType", .int32(pixelType))) }
    fields.append(MetadataField("uiVirtualComponents", .count(file.componentCount)))
    return .level(fields)
  }

  /// Calibration, a duplicate of what the picture metadata says.
  var calibration: MetadataValue {
    .object([
      "dCalibration": .double(file.microscope.pixelSizeUm),
      "dAspect": .double(1),
      "bValid": .bool(file.microscope.isCalibrated),
      "sObjective": .string(file.microscope.objectiveName),
    ])
  }

  /// Text fields (nd2-format §3.4).
  var textInfo: MetadataValue {
    var items = file.textInfo
    if items[.optics] == nil { items[.optics] = file.microscope.objectiveName }
    if items[.description] == nil { items[.description] = description }
    let last = items[.applicationVersion] == nil ? 13 : 14
    return .numbered(
      "TextInfoItem_",
      ND2FileDescription.TextItem.allCases.filter { $0.rawValue <= last }.map {
        .string(items[$0] ?? "")
      })
  }

  /// The description that programs write: dimensions and channels.
  var description: String {
    var dimensions: [String] = []
    for loop in file.loops {
      switch loop {
      case .time, .timePhases: dimensions.append("T(\(loop.frameFactor))")
      case .positions: dimensions.append("XY(\(loop.frameFactor))")
      case .zStack: dimensions.append("Z(\(loop.frameFactor))")
      default: break
      }
    }
    if file.channels.count > 1 { dimensions.append("λ(\(file.channels.count))") }
    var lines: [String] = []
    if !dimensions.isEmpty { lines.append("Dimensions: " + dimensions.joined(separator: " x ")) }
    lines.append("Camera Name: \(file.microscope.cameraName)")
    lines.append("Number of Picture Planes: \(file.channels.count)")
    for (index, channel) in file.channels.enumerated() {
      lines.append("Plane #\(index + 1):")
      lines.append(" Name: \(channel.name)")
      lines.append(" Component Count: \(channel.componentCount)")
    }
    return lines.map { $0 + "\r\n" }.joined()
  }

  /// Description of the columns of recorded data (nd2-format §3.7).
  var recordedData: MetadataValue {
    .numbered(
      "Tag",
      file.recordedColumns.map { column in
        let (type, count): (Int32, Int) =
          switch column.values {
          case .strings(let values): (1, values.count)
          case .integers(let values): (2, values.count)
          case .doubles(let values): (3, values.count)
          }
        var fields = MetadataValue.object([
          "ID": .string(column.id), "Type": .int32(type),
        ]).fields
        if let group = column.group { fields.append(MetadataField("Group", .int32(group))) }
        fields +=
          MetadataValue.object([
            "Size": .int32(Int32(clamping: count)),
            "Desc": .string(column.description),
            "Unit": .string(column.unit),
          ]).fields
        return .level(fields)
      })
  }

  /// Identity of the program (nd2-format §3.11).
  func application(_ application: ND2FileDescription.Application) -> MetadataValue {
    .object([
      "m_SWNameString": .string(application.name),
      "m_GrabberString": .string(application.grabber),
      "m_VersionString": .string(application.version),
      "m_CopyrightString": .string(application.copyright),
      "m_CompanyString": .string(application.company),
      "m_NFRString": .string(application.licence),
    ])
  }

  /// Events (nd2-format §3.8).
  var events: MetadataValue {
    .object([
      "uiCount": .count(file.events.count),
      "pEvents": .list(file.events.map(event)),
    ])
  }

  private func event(_ event: ND2FileDescription.Event) -> MetadataValue {
    var fields = [MetadataField("T", .double(event.timeMs))]
    if let time = event.secondTime { fields.append(MetadataField("T2", .double(time))) }
    fields.append(MetadataField("M", .uint32(event.meaning)))
    if let text = event.description { fields.append(MetadataField("D", .string(text))) }
    if let data = event.data { fields.append(MetadataField("A", .string(data))) }
    fields.append(MetadataField("I", .uint32(event.id)))
    if let stimulation = event.stimulation {
      fields.append(
        MetadataField(
          "S",
          .object([
            "T": .uint32(stimulation.type),
            "L": .uint32(stimulation.loopIndex),
            "P": .uint32(stimulation.position),
            "D": .string(stimulation.description),
          ])))
    }
    return .level(fields)
  }

  /// Description of the run-length masks (nd2-format §3.10).
  var binaryLayers: MetadataValue {
    .level(
      file.maskLayers.map { layer in
        MetadataField(
          "BinaryItem",
          .object([
            "uiBinLayerID": .uint32(layer.id),
            "uiState": .uint32(layer.state),
            "uiColor": .uint32(layer.color.stored),
            "uiCompOrder": .uint32(layer.componentOrder),
            "strName": .string(layer.name),
            "strFileTag": .string(layer.fileTag),
            "strCompName": .string(layer.componentName),
            "strUuid": .string(""),
            "uiColorMode": .uint32(layer.colorMode),
          ]))
      })
  }
}

import ND2
import ND2Format

/// The documents of a file of version 1.0 (nd2-format §5.1, §5.4).
struct LegacyTree {
  let file: SampleFile

  private static let declaration = #"<?xml version="1.0" encoding="UTF-8"?>"#

  private func document(_ opening: String, _ body: [UInt8], _ closing: String) -> [UInt8] {
    Array((Self.declaration + opening).utf8) + body + Array(closing.utf8)
  }

  /// A document about one frame, in a list of one.
  private func sequence(_ root: String, _ frame: Int, _ content: MetadataValue) -> [UInt8] {
    document(
      "<\(root) _VERSION=\"1.000000\" _SEQUENCE_INDEX=\"\(frame)\"><variant version=\"1.0\">",
      XMLVariantEncoder.elements([MetadataField("", content)]), "</variant></\(root)>")
  }

  /// `VIMD`: channels, optics, place and time of a frame.
  func picture(_ frame: Int) -> [UInt8] {
    var content = PictureTree(
      file: file.description, firstTimeMs: file.timeMs(ofFrame: 0), isLegacyShape: true
    ).content
    content.set("dTimeMSec", .double(file.timeMs(ofFrame: frame)))
    let place = place(ofFrame: frame)
    content.set("dXPos", .double(place.x))
    content.set("dYPos", .double(place.y))
    content.set("dZPos", .double(place.z))
    file.flaws.edits[.pictureMetadata]?(&content)
    return sequence("MetadataSeq", frame, content)
  }

  /// Where a frame is taken: the point of its loop, and the height of its plane.
  func place(ofFrame frame: Int) -> SampleFile.Position {
    var place = file.microscope.stage
    var height = 0.0
    for (loop, index) in zip(file.loops, file.loopIndices(ofFrame: frame)) {
      switch loop {
      case .positions(let list):
        let points = list.points.filter(\.isValid)
        guard points.indices.contains(index) else { continue }
        place.x = points[index].x + (list.reference?.x ?? 0)
        place.y = points[index].y + (list.reference?.y ?? 0)
        if list.usesZ { place.z = points[index].z }
      case .zStack(let stack):
        let range = stack.range
        let first = stack.type >= 4 ? range.high : range.low
        height += first - stack.homeUm + Double(index) * (stack.type >= 4 ? -1 : 1) * stack.stepUm
      default: break
      }
    }
    place.z += height
    return place
  }

  /// `VCAL`: calibration of a frame.
  func calibration(_ frame: Int) -> [UInt8] {
    var content = SmallTrees(file: file.description, isLegacyShape: true).calibration
    file.flaws.edits[.calibration]?(&content)
    return sequence("CalibrationSeq", frame, content)
  }

  /// `ARTT`: significant bits.
  var advancedAttributes: [UInt8] {
    var content = MetadataValue.object([
      "SignificantBits": .count(file.significantBitCount ?? file.sampleType.byteCount * 8),
      "VirtualComponents": .count(file.componentCount),
    ])
    file.flaws.edits[.attributes]?(&content)
    return document(
      #"<AdvancedImageAttributes _VERSION="1.000000">"#,
      XMLVariantEncoder.elements(content.fields), "</AdvancedImageAttributes>")
  }

  /// `ACAL`: calibration of the file.
  var fileCalibration: [UInt8] {
    let size = file.microscope.isCalibrated ? file.microscope.pixelSizeUm : 1
    return document(
      "<Calibration Calibration_11=\"\(size)\" Calibration_12=\"0\" Calibration_21=\"0\""
        + " Calibration_22=\"\(size)\">", [], "</Calibration>")
  }

  /// `TINF`: texts, as attributes.
  var textInfo: [UInt8] {
    var items = file.textInfo
    if items[.optics] == nil { items[.optics] = file.microscope.objectiveName }
    if items[.description] == nil {
      let known = SmallTrees(file: file.description, isLegacyShape: true).description
      items[.description] = "Metadata:\r\n" + known
    }
    var body: [UInt8] = []
    for (item, text) in items.ordered(by: { $0.key.rawValue < $1.key.rawValue }) {
      body += "<TextInfoItem Text=\"".utf8
      body += XMLVariantEncoder.attribute(text)
      body += "\" Index=\"\(item.rawValue)\"/>".utf8
    }
    return document(#"<TextInfo _VERSION="1.000000">"#, body, "</TextInfo>")
  }

  /// `IEVE`: what happened.
  var events: [UInt8] {
    let list = file.events.map { event in
      MetadataValue.object([
        "dTime": .double(event.timeMs),
        "eMeaning": .uint32(event.meaning),
        "wsDescription": .string(event.description ?? ""),
        "wsData": .string(event.data ?? ""),
      ])
    }
    var content = MetadataValue.object(["pFirstEvent": .list(list)])
    file.flaws.edits[.events]?(&content)
    return document(
      #"<Events _VERSION="1.000000">"#, XMLVariantEncoder.elements(content.fields), "</Events>")
  }

  // MARK: - Experiment

  /// `AIM1` or `AIMD`: the loops within each other, or side by side; nil without loops.
  var experiment: (tag: String, bytes: [UInt8])? {
    guard !file.loops.isEmpty else { return nil }
    if file.flaws.numbersLoops {
      var content = MetadataValue.level(
        file.loops.enumerated().map { index, loop in
          MetadataField("LoopNo" + (index < 10 ? "0" : "") + String(index), level(loop, child: nil))
        })
      file.flaws.edits[.experiment]?(&content)
      let body = XMLVariantEncoder.elements([MetadataField("", content)])
      return (
        "AIMD",
        document(
          #"<Metadata><variant version="1.0">"#, body, "</variant></Metadata>")
      )
    }
    var content: MetadataValue?
    for loop in file.loops.reversed() { content = level(loop, child: content) }
    guard var content else { return nil }
    file.flaws.edits[.experiment]?(&content)
    let body = XMLVariantEncoder.elements([MetadataField("vMetadata", content)])
    return ("AIM1", document("<Metadata_V1.2>", body, "</Metadata_V1.2>"))
  }

  private func level(_ loop: SampleFile.Loop, child: MetadataValue?) -> MetadataValue {
    let (type, parameters) = parameters(of: loop)
    var fields = MetadataValue.object([
      "eType": .uint32(type), "wsApplicationDesc": .string(""), "wsUserDesc": .string(""),
      "aMeasProbesBase64": .bytes([0, 0]), "uLoopPars": parameters, "pItemValid": .level([]),
      "bControlShutter": .bool(false), "bUsePFS": .bool(false), "uiRepeatCount": .uint32(1),
    ]).fields
    if let child { fields.append(MetadataField("ppNextLevelEx", .list([child]))) }
    return .level(fields)
  }

  private func parameters(of loop: SampleFile.Loop) -> (type: UInt32, MetadataValue) {
    switch loop {
    case .time(let phase) where file.flaws.writesPlainTimeLoop: (1, time(phase))
    case .time(let phase): (8, phases([phase]))
    case .timePhases(let list): (8, phases(list))
    case .positions(let list): (2, positions(list))
    case .zStack(let stack): (4, zStack(stack))
    case .spectral: (6, .object(["uiCount": .count(file.channels.count)]))
    case .custom(let count): (7, .object(["uiCount": .count(count)]))
    case .other(let type, let count): (type, .object(["uiCount": .count(count)]))
    }
  }

  private func time(_ phase: SampleFile.TimePhase) -> MetadataValue {
    let measured = phase.measuredPeriodMs
    return .object([
      "uiCount": .count(phase.count), "dStart": .double(phase.startMs),
      "dPeriod": .double(phase.periodMs), "dDuration": .double(phase.durationMs),
      "dMinPeriodDiff": .double(measured.minimum), "dMaxPeriodDiff": .double(measured.maximum),
      "dAvgPeriodDiff": .double(measured.average),
    ])
  }

  private func phases(_ list: [SampleFile.TimePhase]) -> MetadataValue {
    .object([
      "uiCount": .count(list.reduce(0) { $0 + ($1.isValid ? $1.count : 0) }),
      "uiPeriodCount": .count(list.count),
      "pPeriod": .numbered("_", list.map(time), digits: 2),
      "pSubLoops": .level([]),
      "pPeriodValid": .numbered("_", list.map { .bool($0.isValid) }, digits: 2),
    ])
  }

  /// Points in parallel lists, from the last to the first.
  private func positions(_ list: SampleFile.PositionList) -> MetadataValue {
    let points = list.points.filter(\.isValid).reversed()
    func column(_ value: (SampleFile.Position) -> Double) -> MetadataValue {
      .numbered("_", points.map { .double(value($0)) }, digits: 5)
    }
    return .object([
      "uiCount": .count(points.count),
      "dPosX": column { $0.x + (list.reference?.x ?? 0) },
      "dPosY": column { $0.y + (list.reference?.y ?? 0) },
      "bUseZ": .bool(list.usesZ),
      "dPosZ": column(\.z),
      "dPFSOffset": column(\.focusOffset),
      "uiLargeImageRows": .uint32(1),
      "uiLargeImageCols": .uint32(1),
    ])
  }

  /// Planes from low on; low is the larger number when they go downwards.
  private func zStack(_ stack: SampleFile.ZStack) -> MetadataValue {
    let range = stack.range
    let isDownwards = stack.type >= 4
    return .object([
      "uiCount": .count(stack.count),
      "dZLow": .double(isDownwards ? range.high : range.low),
      "dZLowPFSOffset": .double(0),
      "dZHigh": .double(isDownwards ? range.low : range.high),
      "dZHighPFSOffset": .double(0),
      "dZHome": .double(stack.homeUm),
      "dZStep": .double(stack.stepUm),
      "bAbsolute": .bool(stack.isAbsolute),
      "bTriggeredPiezo": .bool(false),
    ])
  }
}

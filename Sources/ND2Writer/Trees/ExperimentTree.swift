import ND2Format

/// The tree of the experiment: a chain of levels, one for each loop (nd2-format §3.3).
struct ExperimentTree {
  let file: ND2FileDescription
  /// Whether the tree has the shape of XML files: wrapped parameters, parallel lists of positions.
  let isLegacyShape: Bool

  /// The content of the outermost level, or nil without loops.
  var content: MetadataValue? {
    var child: MetadataValue?
    for loop in file.loops.reversed() { child = level(loop, child: child) }
    return child
  }

  private func level(_ loop: ND2FileDescription.Loop, child: MetadataValue?) -> MetadataValue {
    let (type, parameters) = parameters(of: loop)
    var fields = MetadataValue.object([
      "eType": .uint32(type),
      "wsApplicationDesc": .string(""),
      "wsUserDesc": .string(""),
      "aMeasProbesBase64": isLegacyShape ? .bytes([0, 0]) : .string(""),
      "wsCameraName": .string(""),
      "uLoopPars": isLegacyShape ? .list([parameters]) : parameters,
    ]).fields
    if case .positions(let list) = loop {
      fields.append(MetadataField("pItemValid", flags(list.points.map(\.isValid))))
    }
    fields +=
      MetadataValue.object([
        "sAutoFocusBeforeLoop": autofocus,
        "wsCommandBeforeLoop": .string(""),
        "wsCommandBeforeCapture": .string(""),
        "wsCommandAfterCapture": .string(""),
        "wsCommandAfterLoop": .string(""),
        "bControlShutter": .bool(true),
        "bControlLight": .bool(false),
        "bUsePFS": .bool(false),
        "bUseHWSequencer": .bool(false),
        "bUseTiRecipe": .bool(false),
        "bUseIntenzityCorrection": .bool(false),
        "bKeepObject": .bool(false),
        "uiRepeatCount": .uint32(1),
      ]).fields
    if !isLegacyShape {
      fields.append(MetadataField("uiNextLevelCount", .uint32(child == nil ? 0 : 1)))
    }
    if let child { fields.append(MetadataField("ppNextLevelEx", .list([child]))) }
    return .level(fields)
  }

  private func parameters(of loop: ND2FileDescription.Loop) -> (type: UInt32, MetadataValue) {
    switch loop {
    case .time(let phase): (1, time(phase))
    case .timePhases(let phases): (8, timePhases(phases))
    case .positions(let list): (2, positions(list))
    case .zStack(let stack): (4, zStack(stack))
    case .spectral: (6, spectral)
    case .custom(let count): (7, .object(["uiCount": .count(count)]))
    case .other(let type, let count): (type, .object(["uiCount": .count(count)]))
    }
  }

  /// Truth values as bytes, or as numbered children.
  private func flags(_ values: [Bool]) -> MetadataValue {
    isLegacyShape
      ? .numbered("_", values.map { .bool($0) }, digits: 2) : .bytes(values.map { $0 ? 1 : 0 })
  }

  private var autofocus: MetadataValue {
    .object([
      "eType": .uint32(0), "dStep": .double(0), "dRange": .double(0), "dPrecision": .double(0),
      "dSpeed": .double(0), "dOffset": .double(0), "uiFlags": .uint32(0),
      "iFocusCriterion": .int32(0), "sZDrive": .string(""), "wszOptConf": .string(""),
      "wszPreferedAFChannel": .string(""),
    ])
  }

  private func time(_ phase: ND2FileDescription.TimePhase) -> MetadataValue {
    let measured = phase.measuredPeriodMs
    return .object([
      "uiCount": .count(phase.count),
      "dStart": .double(phase.startMs),
      "dPeriod": .double(phase.periodMs),
      "dDuration": .double(phase.durationMs),
      "bDurationPref": .bool(phase.durationMs > 0),
      "dMinPeriodDiff": .double(measured.minimum),
      "dMaxPeriodDiff": .double(measured.maximum),
      "dAvgPeriodDiff": .double(measured.average),
      "sAutoFocusBeforeCapture": autofocus,
      "wsInterfaceName": .string(""),
    ])
  }

  private func timePhases(_ phases: [ND2FileDescription.TimePhase]) -> MetadataValue {
    .object([
      "uiCount": .count(phases.reduce(0) { $0 + ($1.isValid ? $1.count : 0) }),
      "uiPeriodCount": .count(phases.count),
      "pPeriod": .list(phases.map(time)),
      "pPeriodValid": flags(phases.map(\.isValid)),
    ])
  }

  private func positions(_ list: ND2FileDescription.PositionList) -> MetadataValue {
    let points = list.points
    var fields = MetadataValue.object([
      "uiCount": .count(points.count),
      "bRelativeXY": .bool(list.reference != nil),
      "dReferenceX": .double(list.reference?.x ?? 0),
      "dReferenceY": .double(list.reference?.y ?? 0),
      "bUseZ": .bool(list.usesZ),
      "sZDevice": .string("Sample ZDrive"),
      "bKeepPFSOn": .bool(false),
      "bSplitMultipoints": .bool(false),
    ]).fields
    guard isLegacyShape else {
      fields.append(
        MetadataField(
          "Points",
          .list(
            points.map { point in
              .object([
                "dPosX": .double(point.x), "dPosY": .double(point.y), "dPosZ": .double(point.z),
                "dPFSOffset": .double(point.focusOffset), "dPosName": .string(point.name),
              ])
            })))
      return .level(fields)
    }
    func column(_ name: String, _ value: (ND2FileDescription.Position) -> MetadataValue) {
      fields.append(MetadataField(name, .numbered("_", points.map(value), digits: 5)))
    }
    column("dPosX") { .double($0.x) }
    column("dPosY") { .double($0.y) }
    column("dPosZ") { .double($0.z) }
    column("dPFSOffset") { .double($0.focusOffset) }
    column("pPosName") { .string($0.name) }
    return .level(fields)
  }

  private func zStack(_ stack: ND2FileDescription.ZStack) -> MetadataValue {
    let range = stack.range
    return .object([
      "uiCount": .count(stack.count),
      "bAbsolute": .bool(stack.isAbsolute),
      "bTriggeredPiezo": .bool(false),
      "bZInverted": .bool(stack.isInverted),
      "dReferencePosition": .double(0),
      "dTIRFPosition": .double(0.000333),
      "dTIRFPFSOffset": .double(-1),
      "bTIRF": .bool(false),
      "dZHigh": .double(range.high),
      "dZHome": .double(stack.homeUm),
      "dZLow": .double(range.low),
      "dZStep": .double(stack.stepUm),
      "iType": .int32(stack.type),
      "wsCommandAfterCapture": .string(""),
      "wsCommandBeforeCapture": .string(""),
      isLegacyShape ? "sZDevice" : "wsZDevice": .string(stack.device),
    ])
  }

  private var spectral: MetadataValue {
    .object([
      "uiCount": .count(file.channels.count),
      "bMergeCameras": .bool(false),
      "bWaitForPFS": .bool(true),
      "bAskForFilter": .bool(false),
      "iOffsetReference": .int32(0),
      "pPlanes": .object([
        "uiCount": .count(file.channels.count), "uiCompCount": .count(file.componentCount),
      ]),
    ])
  }
}

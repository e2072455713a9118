import ND2Format

/// Decodes the parameters of one loop.
enum LoopDecoder {
  /// The loop, or nil when it has no turns.
  ///
  /// - Parameter flags: which points were used; they count for positions only.
  static func loop(
    _ type: LoopType, _ tree: MetadataValue, flags: MetadataValue?, level: Int
  ) -> ExperimentLoop? {
    let count = max(0, tree.integer("uiCount") ?? 0)
    switch type {
    case .time:
      guard count > 0 else { return nil }
      return .time(TimeLoop(count: count, nestingLevel: level, parameters: timing(tree)))
    case .neTime: return phases(tree, level: level)
    case .xyPositions:
      let points = points(tree, flags: ValidityFlags.decode(flags))
      guard !points.isEmpty else { return nil }
      return .xyPositions(
        XYPosLoop(nestingLevel: level, isSettingZ: tree.flag("bUseZ") ?? false, points: points))
    case .zStack:
      guard count > 0 else { return nil }
      return .zStack(stack(tree, count: count, level: level))
    case .custom:
      return count > 0 ? .custom(CustomLoop(count: count, nestingLevel: level)) : nil
    default:
      return count > 0
        ? .other(OtherLoop(type: type, count: count, nestingLevel: level)) : nil
    }
  }

  private static func timing(_ tree: MetadataValue) -> TimeLoopParameters {
    TimeLoopParameters(
      startMs: tree.number("dStart") ?? 0, periodMs: tree.number("dPeriod") ?? 0,
      durationMs: tree.number("dDuration") ?? 0,
      periodDiff: PeriodDifference(
        avg: tree.number("dAvgPeriodDiff") ?? 0, max: tree.number("dMaxPeriodDiff") ?? 0,
        min: tree.number("dMinPeriodDiff") ?? 0))
  }

  /// The phases that are valid and have turns; the stored total is not to be trusted.
  private static func phases(_ tree: MetadataValue, level: Int) -> ExperimentLoop? {
    let flags = ValidityFlags.decode(tree["pPeriodValid"])
    var periods: [NETimeLoop.Period] = []
    var total = 0
    for (index, phase) in IndexedChildren.sortedValues(tree["pPeriod"]).enumerated() {
      let phase = phase.soleUnnamedLevel ?? phase
      guard flags.isValid(index), let count = phase.integer("uiCount"), count > 0,
        let sum = Checked.sum(total, count)
      else { continue }
      total = sum
      periods.append(NETimeLoop.Period(count: count, timing(phase)))
    }
    guard total > 0 else { return nil }
    return .neTime(NETimeLoop(count: total, nestingLevel: level, periods: periods))
  }

  /// The positions that were used, in stage coordinates.
  private static func points(_ tree: MetadataValue, flags: [Bool]) -> [XYPosLoop.Point] {
    let usesZ = tree.flag("bUseZ") ?? false
    let isRelative = tree.flag("bRelativeXY") ?? false
    let reference = (
      x: isRelative ? tree.number("dReferenceX") ?? 0 : 0,
      y: isRelative ? tree.number("dReferenceY") ?? 0 : 0
    )
    func point(
      _ x: Double?, _ y: Double?, _ z: Double?, _ offset: Double?, _ name: String?
    ) -> XYPosLoop.Point {
      XYPosLoop.Point(
        stagePositionUm: StagePosition(
          x: (x ?? 0) + reference.x, y: (y ?? 0) + reference.y, z: usesZ ? z ?? 0 : 0),
        pfsOffset: offset.flatMap { $0 >= 0 ? $0 : nil }, name: name)
    }

    if let list = tree["Points"], list.hasChildren {
      return IndexedChildren.sortedValues(list).enumerated()
        .filter { flags.isValid($0.offset) }
        .map { _, stored in
          let stored = stored.soleUnnamedLevel ?? stored
          return point(
            stored.number("dPosX"), stored.number("dPosY"), stored.number("dPosZ"),
            stored.number("dPFSOffset"), stored.text("dPosName") ?? stored.text("pPosName"))
        }
    }
    // Files before 3.0 keep parallel lists.
    func column(_ name: String) -> [MetadataValue?] {
      IndexedChildren.placedValues(tree[name])
    }
    let (xs, ys, zs) = (column("dPosX"), column("dPosY"), column("dPosZ"))
    let offsets = column("dPFSOffset")
    let names = tree["dPosName"] != nil ? column("dPosName") : column("pPosName")
    func value(_ column: [MetadataValue?], _ index: Int) -> MetadataValue? {
      index < column.count ? column[index] : nil
    }
    return (0..<max(xs.count, ys.count)).filter { flags.isValid($0) }
      .map { index in
        point(
          value(xs, index)?.finiteDouble, value(ys, index)?.finiteDouble,
          value(zs, index)?.finiteDouble, value(offsets, index)?.finiteDouble,
          value(names, index)?.nonEmptyString)
      }
  }

  private static func stack(_ tree: MetadataValue, count: Int, level: Int) -> ZStackLoop {
    let (low, high) = (tree.number("dZLow") ?? 0, tree.number("dZHigh") ?? 0)
    var step = tree.number("dZStep") ?? 0
    if step == 0, count > 1 { step = abs(high - low) / Double(count - 1) }
    let code = tree.integer("iType") ?? 0
    let home = ZStackHome(
      low: low, high: high, home: tree.number("dZHome") ?? 0, step: step, code: code,
      isInverted: tree.flag("bZInverted") ?? false)
    return ZStackLoop(
      count: count, nestingLevel: level,
      parameters: ZStackLoop.Parameters(
        homeIndex: home.index(count: count), stepUm: step.isFinite ? step : 0,
        bottomToTop: !(4...7).contains(code),
        deviceName: tree["wsZDevice"]?.string ?? tree["sZDevice"]?.string))
  }
}

/// Finds which plane of a stack is its home plane (nd2-format §3.3.4).
package struct ZStackHome {
  var low: Double
  var high: Double
  var home: Double
  var step: Double
  /// `iType`: 2 and 3 are planned around home from the bottom, 6 and 7 from the top.
  var code: Int
  var isInverted: Bool

  /// Describes a stack; lengths in µm.
  package init(
    low: Double, high: Double, home: Double, step: Double, code: Int, isInverted: Bool
  ) {
    self.low = low
    self.high = high
    self.home = home
    self.step = step
    self.code = code
    self.isInverted = isInverted
  }

  /// The index of the home plane.
  package func index(count: Int) -> Int {
    guard count > 1 else { return 0 }
    let distance: Double
    switch code {
    case 2, 3: distance = isInverted ? abs(high - home) : abs(low - home)
    case 6, 7: distance = isInverted ? abs(low - home) : abs(high - home)
    default: return (count - 1) / 2
    }
    let range = abs(high - low)
    let planes: Double
    if step > 0 {
      planes = ((distance - 0.05 * step) / step).rounded(.up)
    } else {
      guard range > 0 else { return 0 }
      planes = (Double(count - 1) * distance / range).rounded(.towardZero)
    }
    guard planes.isFinite else { return 0 }
    return min(Int(exactly: min(abs(planes), 1e15)) ?? 0, count - 1)
  }
}

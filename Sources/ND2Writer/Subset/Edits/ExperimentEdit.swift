import ND2
import ND2Format

/// Cuts the plan of an experiment to the turns that are taken (nd2-format §3.3).
///
/// Walks the levels as the reader of experiments does, so that each level is given what is taken of
/// the loop that was read from it.
struct ExperimentEdit {
  let plan: SubsetPlan
  /// Times of the frames of the input, ms; empty when they are not listed.
  let firstTimes: (SubsetPlan.LoopPart) -> [Double]
  /// How far the focus of the home plane moved, µm: not zero when that plane is not taken.
  private(set) var focusShift = 0.0
  /// Whether the shift was applied to stage positions.
  private(set) var didShiftPoints = false

  init(plan: SubsetPlan, firstTimes: @escaping (SubsetPlan.LoopPart) -> [Double]) {
    self.plan = plan
    self.firstTimes = firstTimes
  }

  private enum Pass { case loops, focus }

  /// Cuts the tree of the chunk.
  mutating func apply(to chunk: inout EditableChunk) {
    var copy = self
    chunk.editContent(named: "SLxExperiment") { copy.visit(&$0, level: 0, depth: 0, .loops) }
    if copy.focusShift != 0 {
      chunk.editContent(named: "SLxExperiment") { copy.visit(&$0, level: 0, depth: 0, .focus) }
    }
    self = copy
  }

  private mutating func visit(_ node: inout VariantNode, level: Int, depth: Int, _ pass: Pass) {
    var copy = self
    node.editContent(named: "SLxExperiment") { copy.visitLevel(&$0, level, depth, pass) }
    self = copy
  }

  private mutating func visitLevel(
    _ tree: inout VariantNode, _ level: Int, _ depth: Int, _ pass: Pass
  ) {
    guard depth <= 64, tree.hasChildren else { return }
    let type = LoopType(rawValue: tree.int("eType") ?? 0) ?? .unknown
    var innerLevel = level
    if type == .spectral {
      if pass == .loops, plan.components != nil { cutSpectral(&tree) }
    } else if type != .unknown, let part = part(type, level) {
      innerLevel += 1
      if pass == .loops, !part.isWhole { cut(&tree, part) }
      if pass == .focus, type == .xyPositions { shiftPoints(&tree) }
    }
    if type == .neTime {
      var copy = self
      tree.edit("uLoopPars") { parameters in
        parameters.editUnwrapped { parameters in
          _ = parameters.edit("pSubLoops") { phases in
            phases.editChildren { copy.visitChildren(of: &$1, innerLevel, depth, pass) }
          }
        }
      }
      self = copy
    }
    visitChildren(of: &tree, innerLevel, depth, pass)
  }

  private mutating func visitChildren(
    of tree: inout VariantNode, _ level: Int, _ depth: Int, _ pass: Pass
  ) {
    var copy = self
    tree.edit("ppNextLevelEx") { children in
      if children["eType"] != nil || children["SLxExperiment"] != nil {
        copy.visit(&children, level: level, depth: depth + 1, pass)
      } else {
        children.editChildren { copy.visit(&$1, level: level, depth: depth + 1, pass) }
      }
    }
    self = copy
  }

  private func part(_ type: LoopType, _ level: Int) -> SubsetPlan.LoopPart? {
    plan.loops.values.first { $0.loop.type == type && $0.loop.nestingLevel == level }
  }

  // MARK: - Loops

  private mutating func cut(_ tree: inout VariantNode, _ part: SubsetPlan.LoopPart) {
    var flags: [Bool]?
    if part.loop.type == .xyPositions { flags = tree["pItemValid"]?.flags }
    var chosen: [Int] = []
    var copy = self
    tree.edit("uLoopPars") { parameters in
      parameters.editUnwrapped { parameters in
        switch part.loop {
        case .time(let loop): copy.cutTime(&parameters, loop, part)
        case .neTime(let loop): copy.cutPhases(&parameters, loop, part)
        case .xyPositions: chosen = Self.cutPoints(&parameters, flags ?? [], part.turns)
        case .zStack(let loop): copy.cutStack(&parameters, loop, part)
        default: parameters.set("uiCount", part.turns.count)
        }
      }
    }
    self = copy
    if flags != nil { tree.edit("pItemValid") { $0.keepFlags(chosen) } }
  }

  private func cutTime(
    _ tree: inout VariantNode, _ loop: TimeLoop, _ part: SubsetPlan.LoopPart
  ) {
    let turns = part.turns.filter { $0 < (tree.int("uiCount") ?? 0) }
    tree.set("uiCount", turns.count)
    var start = loop.parameters.startMs
    if let interval = loop.parameters.intervalMs { start += Double(turns.first ?? 0) * interval }
    setTiming(&tree, start: start, step: part.spacing?.step, count: turns.count, part)
  }

  /// Sets start and intervals of a time loop, or of one of its phases.
  ///
  /// - Parameter step: turns of the input from one to the next; nil when that varies.
  private func setTiming(
    _ tree: inout VariantNode, start: Double?, step: Int?, count: Int,
    _ part: SubsetPlan.LoopPart
  ) {
    if let start { tree.set("dStart", start) }
    // From now on the count says how long the loop is.
    tree.set("dDuration", 0.0)
    tree.set("bDurationPref", 0)
    guard count > 1, step != 1 else { return }
    guard let step else {
      for name in ["dPeriod", "dAvgPeriodDiff", "dMinPeriodDiff", "dMaxPeriodDiff"] {
        tree.set(name, 0.0)
      }
      return
    }
    for name in ["dPeriod", "dAvgPeriodDiff", "dMinPeriodDiff", "dMaxPeriodDiff"] {
      if let value = tree.double(name) { tree.set(name, value * Double(step)) }
    }
    let times = firstTimes(part)
    let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
    guard part.loop.type == .time, gaps.count == count - 1, let least = gaps.min(),
      let most = gaps.max(), let mean = tree.double("dAvgPeriodDiff"), mean > 0
    else { return }
    tree.set("dMinPeriodDiff", min(least, mean))
    tree.set("dMaxPeriodDiff", max(most, mean))
  }

  private func cutPhases(
    _ tree: inout VariantNode, _ loop: NETimeLoop, _ part: SubsetPlan.LoopPart
  ) {
    let flags = tree["pPeriodValid"]?.flags ?? []
    guard let phases = tree["pPeriod"] else { return }
    let places = phases.memberPlaces
    var kept: [Int] = []
    var timings: [Int: [Int]] = [:]
    var first = 0
    for (rank, place) in places.enumerated() {
      var phase = phases.children[place]
      if phase.isWrapper { phase = phase.children[0] }
      // No sum of such counts overflows.
      let count = max(0, min(phase.int("uiCount") ?? 0, 1 << 40))
      guard rank >= flags.count || flags[rank], count > 0 else { continue }
      let own = part.turns.filter { $0 >= first && $0 < first + count }
      if !own.isEmpty {
        kept.append(rank)
        timings[place] = own
      }
      first += count
    }
    let copy = self
    tree.edit("pPeriod") { phases in
      phases.editChildren { place, phase in
        guard let own = timings[place] else { return }
        phase.editUnwrapped { phase in
          let isWhole = own.count == phase.int("uiCount")
          phase.set("uiCount", own.count)
          var spacing = SubsetPlan.LoopPart(loop: part.loop, turns: own, count: 0).spacing?.step
          if own.count < 2 { spacing = 1 }
          if isWhole {
            // Phases before it may have become shorter.
            if let start = loop.time(ofTurn: own[0]) { phase.set("dStart", start) }
          } else {
            copy.setTiming(
              &phase, start: loop.time(ofTurn: own[0]), step: spacing, count: own.count, part)
          }
        }
      }
      phases.keepMembers(kept)
    }
    if !flags.isEmpty { tree.edit("pPeriodValid") { $0.keepFlags(kept) } }
    tree.edit("pSubLoops") { $0.keepMembers(kept) }
    tree.set("uiPeriodCount", kept.count)
    tree.set("uiCount", part.turns.count)
  }

  /// Keeps some of the positions that were used.
  ///
  /// - Returns: their places among all positions.
  private static func cutPoints(
    _ tree: inout VariantNode, _ flags: [Bool], _ turns: [Int]
  ) -> [Int] {
    let count: Int
    if let points = tree["Points"], points.hasChildren {
      count = points.children.count
    } else {
      count = max(tree["dPosX"]?.children.count ?? 0, tree["dPosY"]?.children.count ?? 0)
    }
    let used = (0..<count).filter { $0 >= flags.count || flags[$0] }
    let chosen = turns.filter(used.indices.contains).map { used[$0] }
    // Lists that run parallel to the positions are cut with them.
    tree.editChildren { _, node in
      if node.isMemberList, node.children.count == count { node.keepMembers(chosen) }
    }
    tree.set("uiCount", chosen.count)
    return chosen
  }

  // MARK: - Focus

  /// Cuts a stack: its bounds, its step, and its home plane.
  ///
  /// Where the home plane is taken, it stays home. Else the nearest plane becomes home, and the
  /// focus from which the stack is counted moves to it.
  private mutating func cutStack(
    _ tree: inout VariantNode, _ loop: ZStackLoop, _ part: SubsetPlan.LoopPart
  ) {
    let parameters = loop.parameters
    guard let (start, stride) = part.spacing else { return }
    let count = part.turns.count
    let step = parameters.stepUm
    let newStep = step * Double(stride)
    let sign = parameters.bottomToTop ? 1.0 : -1.0
    let (low, high) = (tree.double("dZLow") ?? 0, tree.double("dZHigh") ?? 0)
    let first = (parameters.bottomToTop ? low : high) + sign * Double(start) * step
    let last = first + sign * Double(count - 1) * newStep
    tree.set("uiCount", count)
    tree.set("dZLow", min(first, last))
    tree.set("dZHigh", max(first, last))
    if count > 1, tree.double("dZStep") != 0 {
      tree.set("dZStep", (tree.double("dZStep") ?? step) * Double(stride))
    } else if count == 1, tree.double("dZStep") == 0 {
      tree.set("dZStep", step)
    }
    let distance = Double(parameters.homeIndex - start) / Double(stride)
    let wanted = Int(exactly: min(max(distance.rounded(), 0), Double(count - 1))) ?? 0
    if Self.homeIndex(tree, count, newStep) != wanted { setHome(&tree, wanted, newStep) }
    let home = Self.homeIndex(tree, count, newStep)
    focusShift =
      sign * step * (Double(start - parameters.homeIndex) + Double(home) * Double(stride))
  }

  /// Makes a plane the home plane: the stack becomes one around its home.
  private func setHome(_ tree: inout VariantNode, _ wanted: Int, _ step: Double) {
    let code = tree.int("iType") ?? 0
    let isDownward = (4...7).contains(code)
    let isInverted = tree["bZInverted"]?.bool ?? false
    tree.set("iType", isDownward ? 7 : 3)
    let fromLow = isDownward == isInverted
    let offset = Double(wanted) * abs(step)
    tree.set(
      "dZHome",
      fromLow ? (tree.double("dZLow") ?? 0) + offset : (tree.double("dZHigh") ?? 0) - offset)
  }

  private static func homeIndex(_ tree: VariantNode, _ count: Int, _ step: Double) -> Int {
    ZStackHome(
      low: tree.double("dZLow") ?? 0, high: tree.double("dZHigh") ?? 0,
      home: tree.double("dZHome") ?? 0, step: step, code: tree.int("iType") ?? 0,
      isInverted: tree["bZInverted"]?.bool ?? false
    ).index(count: count)
  }

  private mutating func shiftPoints(_ tree: inout VariantNode) {
    var didShift = false
    let shift = focusShift
    tree.edit("uLoopPars") { parameters in
      parameters.editUnwrapped { parameters in
        guard parameters["bUseZ"]?.bool == true else { return }
        didShift = true
        func move(_ node: inout VariantNode) {
          if let z = node.double { node.setNumber(z + shift) }
        }
        let hasPoints = parameters.edit("Points") { points in
          points.editChildren { _, point in
            point.editUnwrapped { point in _ = point.edit("dPosZ") { move(&$0) } }
          }
        }
        if !hasPoints { parameters.edit("dPosZ") { $0.editChildren { move(&$1) } } }
      }
    }
    didShiftPoints = didShiftPoints || didShift
  }

  // MARK: - Channels

  /// Cuts a loop over wavelengths to the channels that are taken.
  private func cutSpectral(_ tree: inout VariantNode) {
    let chosen = plan.planes
    var count: Int?
    tree.edit("uLoopPars") { parameters in
      parameters.editUnwrapped { parameters in
        count =
          parameters["pPlanes"]?.int("uiCount") ?? parameters.int("uiCount")
          ?? parameters["pPlaneDesc"]?.children.count
        guard let count, let last = chosen.last, last < count else { return }
        let plan = plan
        parameters.editChildren { _, node in
          if node["sPlaneNew"] != nil || node["sPlane"] != nil {
            PictureEdit.cutPlanes(&node, plan)
          } else if node.isMemberList, node.children.count == count {
            node.keepMembers(chosen)
          }
        }
        parameters.set("uiCount", chosen.count)
      }
    }
    guard let count, let last = chosen.last, last < count else { return }
    tree.edit("pItemValid") { if $0.flagCount == count { $0.keepFlags(chosen) } }
  }
}

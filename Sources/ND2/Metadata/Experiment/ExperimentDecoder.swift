package import ND2Format

/// Decodes `SLxExperiment`, the tree of loops (nd2-format §3.3).
package struct ExperimentDecoder {
  /// Most levels of one tree that are visited.
  private static let mostLevels = 10_000

  private let limits: ParsingLimits
  /// Whether a loop without turns hides the loops in it.
  private var emptyLoopsHide = true
  private var sawEmptyLoop = false
  private var levelsLeft = Self.mostLevels
  private var experiment = Experiment()
  private var log = DiagnosticLog()

  private init(limits: ParsingLimits) { self.limits = limits }

  /// Decodes the experiment chunk.
  ///
  /// A loop without turns hides itself and the loops in it, as for other readers, unless the
  /// number of frames says that the loops in it were run.
  ///
  /// - Parameters:
  ///   - root: the decoded chunk.
  ///   - frameCount: number of frames that the file says to have, or has.
  package static func decode(
    _ root: MetadataValue, frameCount: Int, limits: ParsingLimits = .standard,
    log: inout DiagnosticLog
  ) -> Experiment {
    var decoder = ExperimentDecoder(limits: limits)
    decoder.visit(root, level: 0, depth: 0)
    if decoder.sawEmptyLoop {
      var lenient = ExperimentDecoder(limits: limits)
      lenient.emptyLoopsHide = false
      lenient.visit(root, level: 0, depth: 0)
      let product = Checked.product(lenient.experiment.loops.map(\.count))
      if frameCount > 1, product == frameCount,
        product != Checked.product(decoder.experiment.loops.map(\.count))
      {
        decoder = lenient
      }
      decoder.log.warning(
        "a loop of the experiment without turns is left out", chunk: ChunkName.experiment.first)
    }
    log.append(contentsOf: decoder.log)
    return decoder.experiment
  }

  /// Visits a level and those in it; returns without a word beyond the limits.
  private mutating func visit(_ node: MetadataValue, level: Int, depth: Int) {
    let tree = node.content(named: "SLxExperiment")
    guard depth <= limits.depth, levelsLeft > 0, tree.hasChildren else { return }
    levelsLeft -= 1
    if depth == 0 { describe(tree) }
    var parameters = tree["uLoopPars"] ?? .level([])
    if let inner = parameters.soleUnnamedLevel { parameters = inner }

    var innerLevel = level
    let code = tree.integer("eType") ?? 0
    let type = LoopType(rawValue: code) ?? .unknown
    // What files without loops hold.
    if depth == 0, code == 0, tree["ppNextLevelEx"]?.hasChildren != true { return }
    if type == .spectral {
      noteSpectralLoop(parameters, level: level)
    } else if type != .unknown, parameters.hasChildren,
      let loop = LoopDecoder.loop(type, parameters, flags: tree["pItemValid"], level: level)
    {
      add(loop)
      innerLevel += 1
    } else {
      if type == .unknown {
        log.warning(
          "a loop of the unknown type \(code) is left out", chunk: ChunkName.experiment.first)
      }
      sawEmptyLoop = true
      if emptyLoopsHide { return }
    }
    if type == .neTime { visitSubLoops(parameters, level: innerLevel, depth: depth) }
    for child in Self.children(of: tree) { visit(child, level: innerLevel, depth: depth + 1) }
  }

  private static func children(of tree: MetadataValue) -> [MetadataValue] {
    guard let children = tree["ppNextLevelEx"] else { return [] }
    // A single child may stand there without a list around it.
    if children["eType"] != nil || children["SLxExperiment"] != nil { return [children] }
    return IndexedChildren.sortedValues(children)
  }

  /// Loops that the phases of a time loop have of their own, after an experiment was paused and
  /// changed: those of the first phase that has any count.
  private mutating func visitSubLoops(_ parameters: MetadataValue, level: Int, depth: Int) {
    let phases = IndexedChildren.sortedValues(parameters["pSubLoops"]).map(Self.children)
      .filter { !$0.isEmpty }
    guard let first = phases.first else { return }
    for child in first { visit(child, level: level, depth: depth + 1) }
    let shapes = phases.map { children -> [[Int]] in
      var decoder = ExperimentDecoder(limits: limits)
      // Phases in phases are visited twice for every level of them: one bound for all visits.
      decoder.levelsLeft = levelsLeft
      for child in children { decoder.visit(child, level: level, depth: depth + 1) }
      levelsLeft = decoder.levelsLeft
      return decoder.experiment.loops.map { [$0.type.rawValue, $0.count] }
    }
    guard shapes.contains(where: { $0 != shapes[0] }) else { return }
    experiment.isJagged = true
    log.warning(
      "the phases of a time loop have different loops; those of the first one are used",
      chunk: ChunkName.experiment.first, path: "pSubLoops")
  }

  /// Adds a loop that lies deeper than those before it.
  ///
  /// Of two loops of one kind side by side the larger one stays, of other loops side by side the
  /// first one; the loops in them are taken together. So do the vendor's library and others.
  private mutating func add(_ loop: ExperimentLoop) {
    guard let last = experiment.loops.last, loop.nestingLevel <= last.nestingLevel else {
      experiment.loops.append(loop)
      return
    }
    if loop.nestingLevel == last.nestingLevel, loop.type == last.type {
      if loop.count > last.count { experiment.loops[experiment.loops.count - 1] = loop }
    } else if !experiment.loops.contains(loop) {
      log.note(
        "a \(loop.type.name) beside another loop is left out", chunk: ChunkName.experiment.first)
    }
  }

  private mutating func noteSpectralLoop(_ parameters: MetadataValue, level: Int) {
    let count =
      parameters.integer("uiCount") ?? parameters["pPlanes"]?.integer("uiCount")
      ?? parameters["pPlaneDesc"]?.elements.count ?? 0
    guard count > 0, count > experiment.spectralLoop?.count ?? 0 else { return }
    experiment.spectralLoop = SpectralLoop(count: count, nestingLevel: level)
  }

  private mutating func describe(_ tree: MetadataValue) {
    experiment.application = tree.text("wsApplicationDesc")
    experiment.userDescription = tree.text("wsUserDesc")
    for name in ["pLargeImageEx", "pLargeImage"] {
      guard let plan = tree[name], plan.flag("bValid") == true,
        let x = plan.integer("iXFields"), let y = plan.integer("iYFields"), x > 0, y > 0
      else { continue }
      experiment.largeImage = LargeImage(
        fieldCountX: x, fieldCountY: y, overlapPercent: plan.number("dOverlap"),
        isStitched: plan.flag("bStitch") ?? false)
      return
    }
  }
}

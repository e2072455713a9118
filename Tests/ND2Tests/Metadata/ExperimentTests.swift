import ND2Format
import Testing

@testable import ND2

@Suite struct ExperimentTests {
  private func decode(
    _ tree: MetadataValue, frames: Int = 0, log: inout DiagnosticLog
  ) -> Experiment {
    ExperimentDecoder.decode(tree, frameCount: frames, log: &log)
  }

  private func shape(_ tree: MetadataValue, frames: Int = 0) -> [String] {
    var log = DiagnosticLog()
    return decode(tree, frames: frames, log: &log).loops
      .map { "\($0.type.name) \($0.count) \($0.nestingLevel)" }
  }

  @Test("Walks loops from the outermost one, wrapped or not") func walksLoopsFromTheOutermostOne() {
    let tree = timeLoop(3, [positionLoop(2, [zLoop(4)])])
    let expected = ["TimeLoop 3 0", "XYPosLoop 2 1", "ZStackLoop 4 2"]
    #expect(shape(tree) == expected)
    #expect(shape(chunk("SLxExperiment", tree)) == expected)
    #expect(shape(list([tree])) == expected)
    let wrapped = timeLoop(3).with(
      "ppNextLevelEx",
      list([chunk("SLxExperiment", positionLoop(2).with("ppNextLevelEx", zLoop(4)))]))
    #expect(shape(wrapped) == expected)
  }

  @Test("Positions or focus may be outermost") func positionsOrFocusMayBeOutermost() {
    #expect(shape(zLoop(4, [timeLoop(2)])) == ["ZStackLoop 4 0", "TimeLoop 2 1"])
    #expect(shape(positionLoop(2, [timeLoop(2)])) == ["XYPosLoop 2 0", "TimeLoop 2 1"])
  }

  @Test("Parameters of files before 3.0 are in a list of one") func parametersOfFilesBefore30() {
    var tree = timeLoop(3)
    tree = tree.with("uLoopPars", tree["uLoopPars"].map { list([$0]) })
    #expect(shape(tree) == ["TimeLoop 3 0"])
  }

  @Test("A loop over wavelengths adds no axis") func aLoopOverWavelengthsAddsNo() {
    let spectral = loop(6, object(["pPlanes": object(["uiCount": 5])]), [zLoop(2)])
    let tree = timeLoop(3, [spectral])
    #expect(shape(tree) == ["TimeLoop 3 0", "ZStackLoop 2 1"])
    var log = DiagnosticLog()
    #expect(decode(tree, log: &log).spectralLoop == SpectralLoop(count: 5, nestingLevel: 1))
  }

  @Test(
    "Loops of other kinds count, too",
    arguments: [
      (3, "XYDiscrLoop", Axis.position), (5, "PolarLoop", .custom), (7, "CustomLoop", .custom),
      (9, "ManTimeLoop", .time), (10, "ZStackLoopAccurate", .z),
    ])
  func loopsOfOtherKindsCountToo(_ type: Int, _ name: String, _ axis: Axis) {
    var log = DiagnosticLog()
    let loops = decode(timeLoop(2, [loop(type, object(["uiCount": 4]))]), log: &log).loops
    #expect(loops.count == 2)
    #expect(loops.last?.type.name == name)
    #expect(loops.last?.axis == axis)
    #expect(loops.last?.count == 4)
    #expect(loops.last?.nestingLevel == 1)
  }

  @Test("Of loops of one kind side by side the larger one counts") func ofLoopsOfOneKindSide() {
    var tree = timeLoop(3).with("ppNextLevelEx", list([zLoop(2), zLoop(3)]))
    #expect(shape(tree) == ["TimeLoop 3 0", "ZStackLoop 3 1"])
    tree = tree.with(
      "ppNextLevelEx", list([positionLoop(3, [zLoop(4)]), positionLoop(3, [zLoop(9)])]))
    #expect(shape(tree) == ["TimeLoop 3 0", "XYPosLoop 3 1", "ZStackLoop 9 2"])
  }

  @Test("Of other loops side by side the first one counts") func ofOtherLoopsSideBySide() {
    var tree = timeLoop(3).with("ppNextLevelEx", list([positionLoop(3), zLoop(4)]))
    #expect(shape(tree) == ["TimeLoop 3 0", "XYPosLoop 3 1"])
    tree = tree.with("ppNextLevelEx", list([zLoop(2), positionLoop(3, [zLoop(4)])]))
    #expect(shape(tree) == ["TimeLoop 3 0", "ZStackLoop 2 1", "ZStackLoop 4 2"])
  }

  @Test("Loops of one kind in each other both count") func loopsOfOneKindInEach() {
    #expect(
      shape(timeLoop(3, [timeLoop(2, [zLoop(4)])]))
        == ["TimeLoop 3 0", "TimeLoop 2 1", "ZStackLoop 4 2"])
  }

  @Test("A loop without turns hides those in it") func aLoopWithoutTurnsHidesThose() {
    let tree = timeLoop(0, [zLoop(3)])
    #expect(shape(tree).isEmpty)
    #expect(shape(timeLoop(3, [zLoop(0)]), frames: 3) == ["TimeLoop 3 0"])
  }

  @Test("Unless the number of frames says that those were run") func unlessTheNumberOfFramesSays() {
    #expect(shape(timeLoop(0, [zLoop(3)]), frames: 3) == ["ZStackLoop 3 0"])
    #expect(shape(timeLoop(0, [zLoop(3)]), frames: 4).isEmpty)
    let hidden = timeLoop(2, [loop(11, object(["uiCount": 7]), [zLoop(3)])])
    #expect(shape(hidden, frames: 6) == ["TimeLoop 2 0", "ZStackLoop 3 1"])
    #expect(shape(hidden, frames: 2) == ["TimeLoop 2 0"])
  }

  @Test("Chunks without loops are no loops and no defect") func chunksWithoutLoopsAreNoLoops() {
    var log = DiagnosticLog()
    for tree: MetadataValue in [object([:]), object(["eType": 0]), 5, "x", list([])] {
      #expect(decode(tree, log: &log).loops.isEmpty)
    }
    #expect(log.entries.isEmpty)
  }

  @Test("Phases count when they are valid and have turns") func phasesCountWhenTheyAreValid() {
    let phases = [timing(2), timing(3), timing(4, start: 50), timing(0)]
    func tree(_ flags: MetadataValue?) -> MetadataValue {
      loop(8, object(["uiCount": 9, "pPeriod": list(phases)]).with("pPeriodValid", flags))
    }
    #expect(shape(tree(nil)) == ["NETimeLoop 9 0"])
    #expect(shape(tree(.bytes([1, 0, 1, 1]))) == ["NETimeLoop 6 0"])
    #expect(shape(tree(.bytes([0]))) == ["NETimeLoop 7 0"])
    #expect(shape(tree(object(["_00": true, "_02": false]))) == ["NETimeLoop 5 0"])
    #expect(shape(tree(.bytes([0, 0, 0]))).isEmpty)
    var log = DiagnosticLog()
    guard case .neTime(let loop)? = decode(tree(.bytes([0, 0, 1])), log: &log).loops.first else {
      Issue.record("no loop over phases")
      return
    }
    #expect(loop.parameters.periods.map(\.startMs) == [50])
  }

  @Test("Phases with numbered names are sorted by number") func phasesWithNumberedNamesAreSorted() {
    let names = ["_2", "_10", "_1"]
    let phases = MetadataValue.level(
      names.enumerated().map { MetadataField($1, timing($0 + 1, start: Double($0))) })
    var log = DiagnosticLog()
    let tree = loop(8, object(["pPeriod": phases]))
    guard case .neTime(let loop)? = decode(tree, log: &log).loops.first else {
      Issue.record("no loop over phases")
      return
    }
    #expect(loop.parameters.periods.map(\.startMs) == [2, 0, 1])
  }

  @Test("Loops of the first phase count, and different ones are reported")
  func loopsOfTheFirstPhaseCount() {
    func tree(_ second: MetadataValue) -> MetadataValue {
      let subLoops = list([
        object(["ppNextLevelEx": list([chunk("SLxExperiment", positionLoop(2))])]),
        object(["ppNextLevelEx": list([chunk("SLxExperiment", second)])]),
      ])
      return loop(8, object(["pPeriod": list([timing(2), timing(3)]), "pSubLoops": subLoops]))
    }
    #expect(shape(tree(positionLoop(2))) == ["NETimeLoop 5 0", "XYPosLoop 2 1"])
    var log = DiagnosticLog()
    #expect(!decode(tree(positionLoop(2)), log: &log).isJagged)
    #expect(log.entries.isEmpty)
    let jagged = decode(tree(positionLoop(4)), log: &log)
    #expect(jagged.isJagged)
    #expect(jagged.loops.last?.count == 2)
    #expect(log.entries.count == 1)
  }

  @Test("Says what the plan says of stitching") func saysWhatThePlanSaysOf() {
    let plan = object([
      "iXFields": 2, "iYFields": 3, "dOverlap": 10.0, "bValid": true, "bStitch": true,
    ])
    var log = DiagnosticLog()
    let tree = timeLoop(2).with("pLargeImage", plan).with("wsApplicationDesc", "ND Acquisition")
    let experiment = decode(tree, log: &log)
    #expect(
      experiment.largeImage
        == LargeImage(fieldCountX: 2, fieldCountY: 3, overlapPercent: 10, isStitched: true))
    #expect(experiment.application == "ND Acquisition")
    let invalid = timeLoop(2).with("pLargeImage", plan.with("bValid", false))
    #expect(decode(invalid, log: &log).largeImage == nil)
  }

  @Test("Hostile trees end") func hostileTreesEnd() {
    var deep = timeLoop(2)
    for _ in 0..<2000 { deep = timeLoop(2, [deep]) }
    #expect(shape(deep).count <= 65)
    let wide = timeLoop(2).with("ppNextLevelEx", list((0..<30_000).map { _ in zLoop(1) }))
    #expect(shape(wide).count == 2)
    let counts = loop(1, object(["uiCount": .uint64(.max)]))
    #expect(shape(counts).isEmpty)
    #expect(shape(loop(1, object(["uiCount": .double(.nan)]))).isEmpty)
    #expect(shape(loop(1, object(["uiCount": .uint32(.max)]))) == ["TimeLoop 4294967295 0"])
    let phases = list((0..<4).map { _ in object(["uiCount": .int64(.max / 2)]) })
    #expect(shape(loop(8, object(["pPeriod": phases]))).count == 1)
  }
}

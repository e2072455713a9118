import ND2Format
import Testing

@testable import ND2

@Suite struct PositionLoopTests {
  private func points(
    _ parameters: MetadataValue, flags: MetadataValue? = nil
  ) -> [XYPosLoop.Point] {
    guard
      case .xyPositions(let loop)? = LoopDecoder.loop(
        .xyPositions, parameters, flags: flags, level: 0)
    else { return [] }
    #expect(loop.count == loop.parameters.points.count)
    return loop.parameters.points
  }

  private func list(of count: Int) -> MetadataValue {
    object(["uiCount": 99, "Points": ND2Tests.list((0..<count).map(point))])
  }

  @Test("Points that were not used are left out") func pointsThatWereNotUsedAre() {
    #expect(points(list(of: 4)).map(\.name) == ["P0", "P1", "P2", "P3"])
    #expect(points(list(of: 4), flags: .bytes([1, 0, 1, 116])).map(\.name) == ["P0", "P2", "P3"])
    #expect(points(list(of: 2), flags: .bytes([0, 0])).isEmpty)
  }

  @Test("Points without a flag were used") func pointsWithoutAFlagWereUsed() {
    #expect(points(list(of: 4), flags: .bytes([0])).map(\.name) == ["P1", "P2", "P3"])
    #expect(points(list(of: 2), flags: .bytes([1, 1, 1, 1])).count == 2)
  }

  @Test("Flags with numbered names are sorted by number") func flagsWithNumberedNamesAreSorted() {
    // As text `_100` would come before `_11`.
    var flags = (0..<120).map { MetadataField("_\($0)", .bool($0 != 100)) }
    flags.sort { $0.name < $1.name }
    let names = points(list(of: 120), flags: .level(flags)).map(\.name)
    #expect(names.count == 119)
    #expect(!names.contains("P100"))
  }

  @Test("Adds the reference only to relative positions") func addsTheReferenceOnlyToRelative() {
    let relative = list(of: 1).with("bRelativeXY", true).with("dReferenceX", 1000.5)
      .with("dReferenceY", -2000.0)
    #expect(points(relative)[0].stagePositionUm == StagePosition(x: 1001.5, y: -2001, z: 0))
    #expect(points(relative.with("bRelativeXY", false))[0].stagePositionUm.x == 1)
  }

  @Test("Takes the focus only when the loop sets it") func takesTheFocusOnlyWhenThe() {
    #expect(points(list(of: 1))[0].stagePositionUm.z == 0)
    #expect(points(list(of: 1).with("bUseZ", .bool(true)))[0].stagePositionUm.z == 500)
  }

  @Test("Knows an offset of the focus system from none") func knowsAnOffsetOfTheFocus() {
    func offset(_ value: Double) -> Double? {
      points(
        object(["Points": ND2Tests.list([point(0).with("dPFSOffset", .double(value))])])
      )[0].pfsOffset
    }
    #expect(offset(-1) == nil)
    #expect(offset(0) == 0)
    #expect(offset(8499) == 8499)
    #expect(offset(.nan) == nil)
  }

  @Test("An empty name is none, and the older name serves as well") func anEmptyNameIsNoneAnd() {
    let unnamed = object(["Points": ND2Tests.list([point(0).with("dPosName", "")])])
    #expect(points(unnamed)[0].name == nil)
    let older = point(0).with("dPosName", nil).with("pPosName", "old")
    #expect(points(object(["Points": ND2Tests.list([older])]))[0].name == "old")
  }

  @Test("Reads the parallel lists of files before 3.0") func readsTheParallelListsOfFiles() {
    let tree = object([
      "uiCount": 3, "bUseZ": true,
      "dPosX": object(["_00000": 1.0, "_00001": 2.0, "_00002": 3.0]),
      "dPosY": object(["_00002": 6.0, "_00000": 4.0]),
      "dPosZ": object(["_00000": 7.0, "_00001": 8.0, "_00002": 9.0]),
      "dPFSOffset": object(["_00000": -1.0, "_00001": 5.0, "_00002": -1.0]),
      "pPosName": object(["_00000": "a", "_00001": "", "_00002": "c"]),
    ])
    let found = points(tree, flags: object(["_00": true, "_01": true, "_02": true]))
    #expect(found.map(\.stagePositionUm.x) == [1, 2, 3])
    #expect(found.map(\.stagePositionUm.y) == [4, 0, 6])
    #expect(found.map(\.stagePositionUm.z) == [7, 8, 9])
    #expect(found.map(\.pfsOffset) == [nil, 5, nil])
    #expect(found.map(\.name) == ["a", nil, "c"])
  }

  @Test("Numbers of hostile names allocate nothing") func numbersOfHostileNamesAllocateNothing() {
    let tree = object(["dPosX": object(["_999999999": 1.0, "_00000001": 2.0])])
    #expect(points(tree).map(\.stagePositionUm.x) == [2, 1])
    #expect(points(object(["dPosX": object(["_99999999999999999999": 1.0])])).count == 1)
    #expect(points(object(["Points": 5, "dPosX": "x"])).isEmpty)
  }
}

@Suite struct ZStackLoopTests {
  private func stack(
    count: Int = 5, step: Double = 1, type: Int = 2, home: Double = 0, low: Double = -1,
    high: Double = 3, isInverted: Bool = false
  ) -> ZStackLoop.Parameters? {
    let tree = zLoop(count, step: step, type: type, home: home, low: low, high: high)
    let parameters = (tree["uLoopPars"] ?? 0).with("bZInverted", .bool(isInverted))
    guard case .zStack(let loop)? = LoopDecoder.loop(.zStack, parameters, flags: nil, level: 0)
    else { return nil }
    return loop.parameters
  }

  @Test(
    "Finds the home plane by the kind of stack",
    arguments: [
      (0, false, 2), (1, false, 2), (2, false, 1), (3, false, 1), (4, false, 2), (5, false, 2),
      (6, false, 3), (7, false, 3), (2, true, 3), (3, true, 3), (6, true, 1), (7, true, 1),
    ])
  func findsTheHomePlaneByThe(
    _ type: Int, _ isInverted: Bool, _ expected: Int
  ) {
    #expect(stack(type: type, isInverted: isInverted)?.homeIndex == expected)
  }

  @Test("Types up to 3 run from the bottom to the top") func typesUpTo3RunFrom() {
    for type in 0...3 { #expect(stack(type: type)?.bottomToTop == true) }
    for type in 4...7 { #expect(stack(type: type)?.bottomToTop == false) }
    #expect(stack(type: 99)?.bottomToTop == true)
  }

  @Test("A missing step follows from the range") func aMissingStepFollowsFromThe() {
    #expect(stack(step: 0)?.stepUm == 1)
    #expect(stack(step: 0)?.homeIndex == 1)
    // Both peers round up here: home is 2.94 planes from the bottom.
    #expect(stack(step: 0, home: 0.26, low: -1, high: 3.2, isInverted: true)?.homeIndex == 3)
    #expect(stack(step: -0.5)?.stepUm == -0.5)
  }

  @Test("Stacks without extent have their home at the first plane")
  func stacksWithoutExtentHaveTheirHome() {
    #expect(stack(count: 1, step: 0, low: 0, high: 0)?.homeIndex == 0)
    #expect(stack(count: 1, step: 0, low: 0, high: 0)?.stepUm == 0)
    #expect(stack(count: 7, step: 0, home: -3.3, low: -3.3, high: -3.3)?.homeIndex == 0)
  }

  @Test("The home plane is always one of the stack") func theHomePlaneIsAlwaysOne() {
    #expect(stack(home: 1e300)?.homeIndex == 4)
    #expect(stack(step: 1e-300, home: 1e300)?.homeIndex == 0)
    #expect(stack(step: .nan, home: .infinity, low: .nan)?.homeIndex == 0)
    #expect(stack(low: -1e308, high: 1e308)?.homeIndex == 4)
  }

  @Test("Planes lie at multiples of the step from home") func planesLieAtMultiplesOfThe() {
    let up = ZStackLoop(
      count: 5, parameters: .init(homeIndex: 2, stepUm: 0.5, bottomToTop: true))
    #expect((0..<5).map(up.offsetUm) == [-1, -0.5, 0, 0.5, 1])
    let down = ZStackLoop(
      count: 5, parameters: .init(homeIndex: 3, stepUm: 0.5, bottomToTop: false))
    #expect((0..<5).map(down.offsetUm) == [1.5, 1, 0.5, 0, -0.5])
  }

  @Test("The drive has another name in files before 3.0") func theDriveHasAnotherNameIn() {
    let tree = object(["uiCount": 2, "sZDevice": "Ti ZDrive"])
    guard case .zStack(let loop)? = LoopDecoder.loop(.zStack, tree, flags: nil, level: 0) else {
      Issue.record("no stack")
      return
    }
    #expect(loop.parameters.deviceName == "Ti ZDrive")
    #expect(loop.parameters.stepUm == 0)
  }
}

@Suite struct TimeLoopTests {
  @Test("The interval is measured, else planned") func theIntervalIsMeasuredElsePlanned() {
    var parameters = TimeLoopParameters(periodMs: 1000, periodDiff: .init(avg: 1029))
    #expect(parameters.intervalMs == 1029)
    parameters.periodDiff.avg = 0
    #expect(parameters.intervalMs == 1000)
    parameters.periodMs = 0
    #expect(parameters.intervalMs == nil)
  }

  @Test("Times of phases go on where the phase before ends") func timesOfPhasesGoOnWhere() {
    func phase(_ count: Int, _ period: Double, start: Double = 0) -> NETimeLoop.Period {
      .init(count: count, .init(startMs: start, periodMs: period))
    }
    let joined = NETimeLoop(count: 5, periods: [phase(3, 500), phase(2, 2000)])
    #expect((0..<5).map(joined.time) == [0, 500, 1000, 1500, 3500])
    let started = NETimeLoop(count: 5, periods: [phase(3, 500), phase(2, 2000, start: 1800)])
    #expect((0..<5).map(started.time) == [0, 500, 1000, 1800, 3800])
    let early = NETimeLoop(count: 5, periods: [phase(3, 500), phase(2, 2000, start: 900)])
    #expect(early.time(ofTurn: 3) == 1500)
    #expect(joined.time(ofTurn: 5) == nil)
    #expect(joined.time(ofTurn: -1) == nil)
    #expect(NETimeLoop(count: 3, periods: [phase(3, 0)]).time(ofTurn: 0) == nil)
    #expect(NETimeLoop(count: 1, periods: [phase(1, 0)]).time(ofTurn: 0) == 0)
  }
}

import ND2Format
import Testing

@testable import ND2

@Suite struct AxisCoordinatesTests {
  private func finder(_ experiment: MetadataValue?, frames: Int = 30) throws -> AxisCoordinateFinder
  {
    var log = DiagnosticLog()
    let description = try ImageDescription(
      DescriptionChunks(
        attributes: smallAttributes, picture: picture([plane("A"), plane("B")]),
        experiment: experiment),
      storedCount: frames, upperBound: frames, log: &log)
    return AxisCoordinateFinder(
      facts: description.facts(), channels: description.channels,
      voxelSize: description.voxelSize, size: (height: 3, width: 2))
  }

  @Test("Rows and columns are multiples of the pixel") func rowsAndColumnsAreMultiplesOf() throws {
    let finder = try finder(nil, frames: 1)
    #expect(finder.coordinates(along: .y) == .numbers([0, 0.5, 1]))
    #expect(finder.coordinates(along: .x) == .numbers([0, 0.5]))
    #expect(finder.coordinates(along: .channel) == .labels(["A", "B"]))
    #expect(finder.coordinates(along: .sample) == .labels(["Red", "Green", "Blue"]))
    #expect(finder.coordinates(along: .position) == .labels(["XYPos:0"]))
    #expect(finder.coordinates(along: .custom) == nil)
  }

  @Test("Planes are multiples of the step") func planesAreMultiplesOfTheStep() throws {
    let finder = try finder(zLoop(4, step: 0.3))
    #expect(finder.coordinates(along: .z) == .numbers([0, 0.3, 0.6, 0.8999999999999999]))
    #expect(finder.coordinates(along: .z)?.count == 4)
  }

  @Test("Times are measured, else planned, else those of the frames")
  func timesAreMeasuredElsePlannedElse() throws {
    #expect(
      try finder(timeLoop(3, period: 1000, average: 1029)).coordinates(along: .time)
        == .numbers([0, 1029, 2058]))
    #expect(
      try finder(timeLoop(3, period: 1000)).coordinates(along: .time)
        == .numbers([0, 1000, 2000]))
    var recorded = try finder(timeLoop(2, period: 0, [zLoop(2)]))
    recorded.facts.times = [5, 6, 7, 8]
    #expect(recorded.coordinates(along: .time) == .numbers([5, 7]))
    recorded.facts.times = []
    #expect(recorded.coordinates(along: .time) { Double($0) * 10 } == .numbers([0, 20]))
    #expect(recorded.coordinates(along: .time) == nil)
  }

  @Test("Times of phases do not start anew") func timesOfPhasesDoNotStart() throws {
    let tree = loop(
      8, object(["pPeriod": list([timing(3, period: 500), timing(2, period: 2000)])]))
    var finder = try finder(tree)
    #expect(finder.coordinates(along: .time) == .numbers([0, 500, 1000, 1500, 3500]))
    finder.isND2Compatible = true
    #expect(finder.coordinates(along: .time) == .numbers([0, 0, 0, 0, 0]))
  }

  @Test("Nd2 counts measured intervals only") func nd2CountsMeasuredIntervalsOnly() throws {
    var measured = try finder(timeLoop(3, average: 1029))
    measured.isND2Compatible = true
    #expect(measured.coordinates(along: .time) == .numbers([0, 1029, 2058]))
    var planned = try finder(timeLoop(3))
    planned.isND2Compatible = true
    #expect(planned.coordinates(along: .time) == .numbers([0, 0, 0]))
  }

  @Test("Frames without an experiment have their own times")
  func framesWithoutAnExperimentHaveTheir() throws {
    var finder = try finder(nil, frames: 3)
    finder.facts.times = [1, 2, 4]
    #expect(finder.coordinates(along: .time) == .numbers([1, 2, 4]))
  }

  @Test("Positions have names or numbers") func positionsHaveNamesOrNumbers() throws {
    let unnamed = point(1).with("dPosName", "")
    let tree = loop(2, object(["Points": list([point(0), unnamed])]))
    #expect(try finder(tree).coordinates(along: .position) == .labels(["P0", "XYPos:1"]))
  }

  @Test("Coordinates of nested loops along one axis are added")
  func coordinatesOfNestedLoopsAlongOne() throws {
    let finder = try finder(timeLoop(2, period: 1000, [timeLoop(3, period: 10)]))
    #expect(finder.coordinates(along: .time) == .numbers([0, 10, 20, 1000, 1010, 1020]))
    let positions = try self.finder(positionLoop(2, [positionLoop(2)]))
    #expect(
      positions.coordinates(along: .position) == .labels(["P0 P0", "P0 P1", "P1 P0", "P1 P1"]))
  }
}

import ND2Format
import Testing

@testable import ND2

@Suite struct FrameFactsTests {
  private func description(_ experiment: MetadataValue?, frames: Int = 30) throws
    -> ImageDescription
  {
    var log = DiagnosticLog()
    return try ImageDescription(
      DescriptionChunks(
        attributes: smallAttributes, picture: picture([plane("A"), plane("B")]),
        experiment: experiment),
      storedCount: frames, upperBound: frames, log: &log)
  }

  @Test("A frame without loops is where the file says") func aFrameWithoutLoopsIsWhere() throws {
    let facts = try description(nil, frames: 1).facts()
    #expect(facts.position(ofFrame: 0).stagePositionUm == StagePosition(x: 10, y: 20, z: 100))
    #expect(facts.position(ofFrame: 0).name == nil)
  }

  @Test("A frame of a position is there") func aFrameOfAPositionIs() throws {
    let facts = try description(timeLoop(2, [positionLoop(3)])).facts()
    let fourth = facts.position(ofFrame: 4)
    #expect(fourth.stagePositionUm == StagePosition(x: 2, y: -2, z: 100))
    #expect(fourth.name == "P1")
    #expect(fourth.pfsOffset == nil)
    let focused = try description(positionLoop(3, usesZ: true)).facts()
    #expect(focused.position(ofFrame: 2).stagePositionUm == StagePosition(x: 3, y: -3, z: 502))
  }

  @Test("Planes lie one above the other") func planesLieOneAboveTheOther() throws {
    // Home is plane 2 of 5.
    var facts = try description(
      timeLoop(2, [zLoop(5, step: 0.5, home: 0, low: -1, high: 1)])
    ).facts()
    #expect(
      (0..<5).map { facts.position(ofFrame: $0).stagePositionUm.z } == [99, 99.5, 100, 100.5, 101])
    #expect(facts.position(ofFrame: 9).stagePositionUm.z == 101)
    facts.zRule = .nd2Compatible
    #expect((0..<5).map { facts.position(ofFrame: $0).stagePositionUm.z } == [99, 99, 99, 99, 99])
  }

  @Test("Planes from the top to the bottom lie one below the other") func planesFromTheTopToThe()
    throws
  {
    var facts = try description(zLoop(5, step: 0.5, type: 6, home: 0, low: -1, high: 1)).facts()
    #expect(
      (0..<5).map { facts.position(ofFrame: $0).stagePositionUm.z } == [101, 100.5, 100, 99.5, 99])
    facts.zRule = .nd2Compatible
    #expect(facts.position(ofFrame: 3).stagePositionUm.z == 99)
  }

  @Test("Frames behind the loops are where the file says") func framesBehindTheLoopsAreWhere()
    throws
  {
    let facts = try description(positionLoop(3), frames: 5).facts()
    #expect(facts.position(ofFrame: 4).stagePositionUm == StagePosition(x: 10, y: 20, z: 100))
    #expect(facts.position(ofFrame: -1).name == nil)
  }

  @Test("Recorded focus is told apart from the planned one") func recordedFocusIsToldApartFrom()
    throws
  {
    var facts = try description(zLoop(3)).facts()
    facts.recordedZ = [100.1, 101.2]
    #expect(facts.position(ofFrame: 1).recordedZUm == 101.2)
    #expect(facts.position(ofFrame: 2).recordedZUm == nil)
  }

  @Test("Times come from the list, the frame, the loop, the file") func timesComeFromTheListThe()
    throws
  {
    var facts = try description(timeLoop(3, period: 1000)).facts()
    facts.times = [445.25, .nan]
    #expect(facts.time(ofFrame: 0) { 7 }.relativeTimeMs == 445.25)
    #expect(facts.time(ofFrame: 1) { 7 }.relativeTimeMs == 7)
    #expect(facts.time(ofFrame: 2) { -1 }.relativeTimeMs == 2000)
    #expect(facts.time(ofFrame: 2) { .infinity }.relativeTimeMs == 2000)
    let single = try description(nil, frames: 1).facts()
    #expect(single.time(ofFrame: 0) { nil }.relativeTimeMs == 445.5)
    let unknown = try description(timeLoop(3, period: 0)).facts()
    #expect(unknown.time(ofFrame: 1) { nil }.relativeTimeMs == 445.5)
  }

  @Test("The measured interval goes before the planned one") func theMeasuredIntervalGoesBeforeThe()
    throws
  {
    let facts = try description(timeLoop(3, period: 1000, average: 1100, [zLoop(2)])).facts()
    #expect(facts.plannedTime(ofFrame: 4) == 2200)
    #expect(facts.plannedTime(ofFrame: 6) == nil)
  }

  @Test("An error of the one who reads the frame's time is passed on") func anErrorOfTheOneWho()
    throws
  {
    struct Failure: Error {}
    let facts = try description(timeLoop(3)).facts()
    #expect(throws: Failure.self) { try facts.time(ofFrame: 0) { throw Failure() } }
  }

  @Test("The absolute time counts from the start") func theAbsoluteTimeCountsFromThe() throws {
    var facts = try description(timeLoop(3)).facts()
    facts.times = [445.0834982842207]
    let time = facts.time(ofFrame: 0) { nil }
    #expect(time.absoluteJulianDayNumber == 2456827.0801370037)
    #expect(time.date?.description == "2014-06-18T13:55:23.837118+00:00")
    #expect(FrameTime(absoluteJulianDayNumber: -1, relativeTimeMs: 0).date == nil)
  }

  @Test("Every channel of a frame says where and when it was taken") func everyChannelOfAFrameSays()
    throws
  {
    let description = try description(timeLoop(3, [positionLoop(2)]))
    var facts = description.facts()
    facts.pfsStatus = [7, 1, 8]
    let frame = facts.metadata(ofFrame: 1, description.metadata) { 12 }
    #expect(frame.contents == description.metadata.contents)
    #expect(frame.channels.map(\.channel.name) == ["A", "B"])
    #expect(frame.channels.map(\.position.name) == ["P1", "P1"])
    #expect(frame.channels.map(\.time.relativeTimeMs) == [12, 12])
    #expect(frame.channels.map(\.pfsStatus) == [1, 1])
    #expect(facts.metadata(ofFrame: 2, description.metadata) { 0 }.channels[0].pfsStatus == 8)
    #expect(facts.metadata(ofFrame: 3, description.metadata) { 0 }.channels[0].pfsStatus == nil)
    #expect(PFSStatus(rawValue: 1) == .focused)
    #expect(PFSStatus(rawValue: 8) == nil)
  }
}

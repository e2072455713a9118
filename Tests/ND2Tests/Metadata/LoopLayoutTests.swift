import ND2Format
import Testing

@testable import ND2

@Suite struct LoopLayoutTests {
  private func layout(
    _ loops: [(LoopType, Int)], stored: Int? = nil, bound: Int? = nil, sequence: Int = 0,
    log: inout DiagnosticLog
  ) -> LoopLayout {
    let loops = loops.enumerated().map { level, loop in
      ExperimentLoop.other(OtherLoop(type: loop.0, count: loop.1, nestingLevel: level))
    }
    let product = loops.reduce(1) { $0 &* $1.count }
    return LoopLayout(
      loops,
      frames: StoredFrames(
        storedCount: stored ?? product, upperBound: bound ?? stored ?? product,
        sequenceCount: sequence), log: &log)
  }

  private func layout(_ loops: (LoopType, Int)...) -> LoopLayout {
    var log = DiagnosticLog()
    let layout = layout(loops, log: &log)
    #expect(log.entries.isEmpty)
    return layout
  }

  @Test("Frames are numbered with the innermost loop fastest")
  func framesAreNumberedWithTheInnermost() {
    let layout = layout((.time, 3), (.xyPositions, 2), (.zStack, 4))
    #expect(layout.frameCount == 24)
    #expect(layout.axes == [.time: 3, .position: 2, .z: 4])
    #expect(layout.coordinates(ofFrame: 0) == [0, 0, 0])
    #expect(layout.coordinates(ofFrame: 13) == [1, 1, 1])
    #expect(layout.coordinates(ofFrame: 23) == [2, 1, 3])
    #expect(layout.coordinates(ofFrame: 24) == nil)
    #expect(layout.coordinates(ofFrame: -1) == nil)
    for frame in 0..<24 {
      #expect(layout.frameIndex(at: layout.coordinates(ofFrame: frame) ?? []) == frame)
    }
    #expect(layout.isRowMajor)
  }

  @Test("Indices out of range name no frame") func indicesOutOfRangeNameNo() {
    let layout = layout((.time, 3), (.zStack, 4))
    #expect(layout.frameIndex(at: [2, 3]) == 11)
    for wrong in [[3, 0], [0, 4], [-1, 0], [0], [0, 0, 0], [.max, .max]] {
      #expect(layout.frameIndex(at: wrong) == nil)
      #expect(layout.frameIndex(ofTurns: wrong) == nil)
    }
  }

  @Test("Loops of one turn have an index but no size") func loopsOfOneTurnHaveAn() {
    let layout = layout((.xyPositions, 1), (.zStack, 21))
    #expect(layout.axes == [.position: 1, .z: 21])
    let indices = layout.indices(ofFrame: 5) ?? []
    #expect(indices.map(\.axis) == [.position, .z])
    #expect(indices.map(\.index) == [0, 5])
    let attributes = ImageAttributes(
      widthPx: 1, heightPx: 4, componentCount: 1, bitsPerComponentInMemory: 8,
      bitsPerComponentSignificant: 8)
    var log = DiagnosticLog()
    let channels = ChannelLayout(picture: PictureMetadata(), componentCount: 1, log: &log)
    #expect(layout.sizes(attributes: attributes, channels: channels) == [.z: 21, .y: 4])
    #expect(
      layout.fullSizes(attributes: attributes, channels: channels)
        == [.position: 1, .z: 21, .channel: 1, .y: 4, .x: 1])
  }

  @Test("Loops along one axis are multiplied") func loopsAlongOneAxisAreMultiplied() {
    let layout = layout((.time, 3), (.manualTime, 2), (.zStack, 4))
    #expect(layout.axes == [.time: 6, .z: 4])
    #expect(layout.isRowMajor)
    #expect(layout.turns(ofFrame: 13) == [1, 1, 1])
    #expect(layout.coordinates(ofFrame: 13) == [3, 1])
    #expect(layout.frameIndex(at: [3, 1]) == 13)
    #expect(layout.frameIndex(ofTurns: [1, 1, 1]) == 13)
  }

  @Test("Also when another loop lies between them") func alsoWhenAnotherLoopLiesBetween() {
    let layout = layout((.time, 3), (.xyPositions, 2), (.time, 4))
    #expect(layout.axes == [.time: 12, .position: 2])
    #expect(!layout.isRowMajor)
    var seen: Set<[Int]> = []
    for frame in 0..<24 {
      let coordinates = layout.coordinates(ofFrame: frame) ?? []
      seen.insert(coordinates)
      #expect(layout.frameIndex(at: coordinates) == frame)
    }
    #expect(seen.count == 24)
    #expect(layout.coordinates(ofFrame: 4) == [0, 1])
    #expect(layout.coordinates(ofFrame: 8) == [4, 0])
    #expect(self.layout((.time, 3), (.xyPositions, 1), (.time, 4)).isRowMajor)
  }

  @Test("Stored frames without an experiment lie along time")
  func storedFramesWithoutAnExperimentLie() {
    var log = DiagnosticLog()
    let several = layout([], stored: 5, sequence: 9, log: &log)
    #expect(several.axes == [.time: 5])
    #expect(several.frameCount == 5)
    #expect(several.coordinates(ofFrame: 4) == [4])
    #expect(several.loops.first?.place == nil)
    #expect(log.entries.count == 1)
  }

  @Test("A single frame without an experiment has no axis") func aSingleFrameWithoutAnExperiment() {
    var log = DiagnosticLog()
    for stored in [0, 1] {
      let single = layout([], stored: stored, sequence: 2, log: &log)
      #expect(single.axes.isEmpty)
      #expect(single.frameCount == 1)
      #expect(single.indices(ofFrame: 0)?.isEmpty == true)
      #expect(single.frameIndex(at: []) == 0)
    }
  }

  @Test("More frames than the loops describe are counted apart")
  func moreFramesThanTheLoopsDescribe() {
    var log = DiagnosticLog()
    let more = layout([(.time, 26), (.zStack, 35)], stored: 944, sequence: 944, log: &log)
    #expect(more.frameCount == 910)
    #expect(more.extraFrameCount == 34)
    #expect(log.entries.map(\.severity) == [.note])
  }

  @Test("Fewer frames than the loops describe are reported") func fewerFramesThanTheLoopsDescribe()
  {
    var log = DiagnosticLog()
    let fewer = layout([(.time, 4)], stored: 2, bound: 4, log: &log)
    #expect(fewer.frameCount == 4)
    #expect(fewer.extraFrameCount == 0)
    #expect(log.entries.map(\.severity) == [.warning])
  }

  @Test("Loops that describe more than a file can hold are not followed")
  func loopsThatDescribeMoreThanA() {
    for loops: [(LoopType, Int)] in [
      [(.time, .max), (.zStack, .max)], [(.time, 4_294_967_295)],
      [(.time, 100_000), (.zStack, 100_000)],
    ] {
      var log = DiagnosticLog()
      let layout = layout(loops, stored: 3, log: &log)
      #expect(layout.axes == [.time: 3])
      #expect(layout.frameCount == 3)
      #expect(log.entries.first?.severity == .damage)
    }
  }

  @Test("A few frames of absurd numbers do not make an array") func aFewFramesOfAbsurdNumbers() {
    var log = DiagnosticLog()
    let sparse = layout([], stored: 3, bound: 9_999_999_999, log: &log)
    #expect(sparse.frameCount == 3)
    #expect(sparse.extraFrameCount == 9_999_999_996)
    let limited = LoopLayout(
      [], frames: StoredFrames(storedCount: 100, upperBound: 100, sequenceCount: 100),
      limits: ParsingLimits(frameCount: 10), log: &log)
    #expect(limited.frameCount == 10)
    #expect(StoredFrames(storedCount: -1, upperBound: -1, sequenceCount: -1).unloopedCount == 1)
    #expect(
      StoredFrames(storedCount: .max, upperBound: .max, sequenceCount: .max).unloopedCount == .max)
  }
}

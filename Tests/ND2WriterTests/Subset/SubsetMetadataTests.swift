import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Parts of files: metadata")
struct SubsetMetadataTests {
  @Test("A stack keeps its planes' heights whichever are taken", arguments: Int32(0)..<8)
  func stacks(_ type: Int32) throws {
    for isInverted in [false, true] {
      var stack = SampleFile.ZStack(
        count: 7, stepUm: 0.5, type: type, lowUm: -1, highUm: 2, homeUm: 0.5)
      stack.isInverted = isInverted
      for usesPoints in [false, true] {
        var loops: [SampleFile.Loop] = [.zStack(stack)]
        if usesPoints {
          loops.insert(
            .positions(
              .init([.init(x: 1, y: 2, z: 300), .init(x: 3, y: 4, z: 301)], usesZ: true)), at: 0)
        }
        let sample = SampleFile(width: 6, height: 4, loops: loops)
        for chosen in [[0], [6], [3], [0, 1, 2], [4, 5, 6], [0, 3, 6], [1, 3, 5], [2, 4, 6]] {
          let part = try SubsetFixture(sample, [.z: .list(chosen)])
          let frames = (0..<part.input.frameCount).filter { chosen.contains($0 % 7) }
          try part.expectFrames(frames)
          let step = part.output.voxelSize.z
          let spacing = chosen.count > 1 ? Double(chosen[1] - chosen[0]) : 1
          #expect(SubsetFixture.isNear(step, 0.5 * spacing))
        }
      }
    }
  }

  @Test("A home plane that is taken stays home")
  func home() throws {
    let stack = SampleFile.ZStack(
      count: 5, stepUm: 1, type: 2, lowUm: -2, highUm: 2, homeUm: 0)
    let sample = SampleFile(width: 6, height: 4, loops: [.zStack(stack)])
    let part = try SubsetFixture(sample, [.z: .range(1..<5)])
    let loop = try #require(part.output.experiment.first)
    guard case .zStack(let cut) = loop else {
      Issue.record("no stack")
      return
    }
    #expect(cut.count == 4)
    #expect(cut.parameters.homeIndex == 1)
    let (old, new) = (
      try part.input.metadataTree(ofChunk: "ImageMetadataSeqLV|0!"),
      try part.tree("ImageMetadataSeqLV|0!")
    )
    #expect(old["SLxPictureMetadata"]?["dZPos"] == new["SLxPictureMetadata"]?["dZPos"])
  }

  @Test("Times go on as they were, with wider intervals between fewer time points")
  func times() throws {
    var sample = SampleFile(
      width: 6, height: 4,
      loops: [.time(.init(count: 9, startMs: 50, periodMs: 200))])
    for times in [SampleFile.FrameTimes.every(milliseconds: 200), .unknown] {
      sample.frameTimes = times
      let part = try SubsetFixture(sample, [.time: .list([2, 5, 8])])
      try part.expectFrames([2, 5, 8])
      guard case .time(let loop) = try #require(part.output.experiment.first) else {
        Issue.record("no time loop")
        return
      }
      #expect(loop.count == 3)
      #expect(loop.parameters.startMs == 450)
      #expect(loop.parameters.periodMs == 600)
    }
    let uneven = try SubsetFixture(sample, [.time: .list([0, 1, 4])])
    guard case .time(let loop) = try #require(uneven.output.experiment.first) else { return }
    #expect(loop.parameters.intervalMs == nil)
  }

  @Test("Phases of a time loop lose their time points, and vanish when none is left")
  func phases() throws {
    for version in [SampleFile.Version.v3_0, .v2_1] {
      let sample = SampleFile(
        version: version, width: 6, height: 4,
        loops: [
          .timePhases([
            .init(count: 2, periodMs: 500), .init(count: 4, periodMs: 10, isValid: false),
            .init(count: 3, startMs: 1500, periodMs: 2000), .init(count: 2, periodMs: 100),
          ])
        ])
      let part = try SubsetFixture(sample, [.time: .list([3, 4, 6])])
      try part.expectFrames([3, 4, 6])
      guard case .neTime(let loop) = try #require(part.output.experiment.first) else {
        Issue.record("no phases")
        return
      }
      #expect(loop.parameters.periods.map(\.count) == [2, 1])
      #expect(loop.parameters.periods[0].startMs == 3500)
      #expect(loop.parameters.periods[0].periodMs == 2000)
    }
  }

  @Test("Positions keep their names and places, in both shapes of their list")
  func positions() throws {
    for version in [SampleFile.Version.v3_0, .v2_1] {
      let points = (0..<12).map { index in
        SampleFile.Position(
          x: Double(index), y: -Double(index), z: 7, name: index == 3 ? "" : "p\(index)",
          isValid: index != 1)
      }
      let sample = SampleFile(
        version: version, width: 6, height: 4, loops: [.positions(.init(points, usesZ: true))])
      let part = try SubsetFixture(sample, [.position: .list([0, 2, 10])])
      try part.expectFrames([0, 2, 10])
      #expect(
        part.output.positionLabels
          == part.input.positionLabels.enumerated()
          .filter { [0, 2, 10].contains($0.offset) }.map(\.element)
          || part.output.experiment.first?.count == 3)
    }
  }

  @Test("Recorded data and its description have the rows of the frames")
  func recordedData() throws {
    let sample = try #require(Gallery.metadata["recorded"])
    let part = try SubsetFixture(sample, [.time: .list([0, 2])])
    let (old, new) = (try part.input.recordedData(), try part.output.recordedData())
    #expect(new.map(\.title) == old.map(\.title))
    #expect(new.map(\.values.count) == [2, 2, 2])
    #expect(new[0].values == .doubles([-5, -5.5]))
    #expect(new[2].values == .strings(["a", "日本"]))
  }

  @Test("Masks are renumbered, and cut with the frames")
  func masks() throws {
    for name in ["masks", "raster_masks"] {
      let sample = try #require(Gallery.annotations[name])
      let last = sample.frameCount - 1
      let part = try SubsetFixture(sample, [.time: .list([0, last])])
      let (old, new) = (try part.input.binaryLayers(), try part.output.binaryLayers())
      #expect(old == new)
      for (a, b) in [(0, 0), (last, 1)] {
        #expect(
          try part.input.mask(of: old[0], frame: a) == part.output.mask(of: new[0], frame: b))
      }
      let (x, y) = (4..<19, 3..<14)
      let crop = try SubsetFixture(sample, [.x: .range(x), .y: .range(y)])
      let layers = try crop.output.binaryLayers()
      for frame in 0..<sample.frameCount {
        let whole = try crop.input.mask(of: old[0], frame: frame)
        let cut = try crop.output.mask(of: layers[0], frame: frame)
        #expect((whole == nil) == (cut == nil))
        guard let whole, let cut else { continue }
        let expected = y.flatMap { row in
          x.map { whole.labels[row * whole.width + $0] }
        }
        #expect(cut.width == x.count && cut.height == y.count)
        #expect(cut.labels == expected)
      }
    }
  }

  @Test("Regions stay where they are in the picture, and go with their position")
  func regions() throws {
    let sample = try #require(Gallery.annotations["regions"])
    let crop = try SubsetFixture(sample, [.x: .range(2..<30), .y: .range(5..<30)])
    let (old, new) = (try crop.input.rois(), try crop.output.rois())
    #expect(old.count == new.count)
    for (a, b) in zip(old, new) {
      #expect(a.info == b.info)
      for (from, to) in zip(a.animationParameters, b.animationParameters) {
        let before = from.boundingBoxInPixels(imageWidth: 40, imageHeight: 30)
        let after = to.boundingBoxInPixels(imageWidth: 28, imageHeight: 25)
        #expect(SubsetFixture.isNear(before.x - 2, after.x))
        #expect(SubsetFixture.isNear(before.y - 5, after.y))
        #expect(SubsetFixture.isNear(before.width, after.width))
        #expect(SubsetFixture.isNear(before.height, after.height))
      }
    }
    let corner = try SubsetFixture(sample, [.x: .range(36..<40), .y: .range(0..<4)])
    #expect(try corner.output.rois().isEmpty)
    #expect(corner.report.changes.contains { $0.kind == .dropped && $0.message.contains("2") })
    let second = try SubsetFixture(sample, [.position: .list([1])])
    #expect(try second.output.rois().map(\.positionIndex) == [nil, 0])
    let first = try SubsetFixture(sample, [.position: .list([0])])
    #expect(try first.output.rois().count == 1)
  }

  @Test("Wells are those of the frames")
  func wells() throws {
    let sample = try #require(Gallery.annotations["jobs_and_plate"])
    let part = try SubsetFixture(sample, [.position: .list([1])])
    let plate = try #require(try part.output.wellPlate())
    #expect(plate.frames.map(\.wellName) == ["H12"])
    #expect(plate.frames.map(\.frameIndex) == [0])
    #expect(try part.isSame("CustomData|JobDefinitionV1_0!"))
  }

  @Test("Reduced images go with whole frames only")
  func pyramid() throws {
    let sample = try #require(Gallery.geometry["pyramid"])
    let name = "CustomDataSeq|DownsampledColorData_1024|0!"
    #expect(try SubsetFixture(sample).output.hasChunk(name))
    let part = try SubsetFixture(sample, [.x: .range(0..<600)])
    #expect(!part.output.hasChunk(name))
    #expect(part.report.changes.contains { $0.kind == .dropped })
  }

  @Test("The description tells the sizes of the part")
  func description() throws {
    var sample = SampleFile(
      width: 6, height: 4, channels: [.init("a"), .init("b"), .init("c")],
      loops: [.time(count: 4), .positions(count: 3), .zStack(count: 5)])
    sample.textInfo[.author] = "T(4) x Z(5)"
    let part = try SubsetFixture(
      sample, [.time: .range(0..<2), .z: .list([0, 2, 4]), .channel: .list([2])])
    let text = try #require(part.output.textInfo.description)
    #expect(text.contains("Dimensions: T(2) x XY(3) x Z(3) x λ(1)\r\n"))
    #expect(text.contains("Number of Picture Planes: 1\r\n"))
    #expect(text.contains("Plane #1:\r\n Name: c\r\n"))
    #expect(!text.contains("Name: a"))
    #expect(part.output.textInfo.author == "T(4) x Z(5)")
  }

  @Test("Settings that no channel uses any more are dropped, the others numbered anew")
  func settings() throws {
    var sample = SampleFile(
      width: 6, height: 4,
      channels: (0..<4).map { SampleFile.Channel("c\($0)", exposureMs: Double(10 + $0)) })
    sample.channels[3].sampleIndex = 1
    let part = try SubsetFixture(sample, [.channel: .list([1, 2, 3])])
    let planes = try #require(
      try part.tree("ImageMetadataSeqLV|0!")["SLxPictureMetadata"]?["sPicturePlanes"])
    #expect(planes["uiCount"] == .uint32(3))
    #expect(planes["uiSampleCount"] == .uint32(2))
    #expect(planes["sPlaneNew"]?.fields.map(\.name) == ["a0", "a1", "a2"])
    #expect(planes["sPlaneNew"]?.elements.map { $0["uiSampleIndex"]?.int } == [0, 1, 0])
    #expect(planes["sSampleSetting"]?.fields.map(\.name) == ["a0", "a1"])
    #expect(
      planes["sSampleSetting"]?.elements.map { $0["dExposureTime"]?.double } == [11, 12])
  }
}

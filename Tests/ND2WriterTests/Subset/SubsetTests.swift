import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Parts of files: frames")
struct SubsetTests {
  private static let gallery = Gallery.all.filter { !$0.key.hasPrefix("v1_") }

  @Test("A part that is everything has the same chunks", arguments: gallery.keys.sorted())
  func everything(_ name: String) throws {
    let part = try SubsetFixture(try #require(Self.gallery[name]))
    #expect(part.input.chunks.map(\.name).sorted() == part.output.chunks.map(\.name).sorted())
    for chunk in part.input.chunks {
      #expect(try part.isSame(chunk.name), "\(chunk.name)")
    }
    #expect(part.report.changes.isEmpty)
    #expect(part.output.diagnostics == part.input.diagnostics)
    #expect(part.output.version == part.input.version)
  }

  @Test(
    "Every other index along each axis reads as the selection", arguments: gallery.keys.sorted())
  func everyOther(_ name: String) throws {
    let sample = try #require(Self.gallery[name])
    let whole = try ND2File(reading: MemorySource(try sample.bytes()))
    for element in whole.loopLayout.axes where element.count > 1 {
      let chosen = Array(stride(from: 1, to: element.count, by: 2))
      let part = try SubsetFixture(sample, [element.axis: .list(chosen)])
      let place = try #require(whole.loopLayout.axes.index(of: element.axis))
      let frames = (0..<whole.frameCount).filter { frame in
        whole.loopLayout.coordinates(ofFrame: frame).map { chosen.contains($0[place]) } ?? false
      }
      try part.expectFrames(frames)
      for (new, old) in frames.enumerated() {
        #expect(
          try part.output.readFrame(new).allBytes == part.input.readFrame(old).allBytes)
      }
      #expect(part.output.diagnostics.count <= part.input.diagnostics.count)
      #expect(part.output.sizes[element.axis] ?? 1 == chosen.count)
    }
  }

  @Test(
    "Of a file far away many frames are under way, and the part is that of a local file",
    arguments: [[:], [Axis.x: SubsetSelection.Indices.range(3..<60)]])
  func distant(_ selection: [Axis: SubsetSelection.Indices]) throws {
    let bytes = try SampleFile(width: 64, height: 40, loops: [.time(count: 24)]).bytes()
    var part = SubsetSelection()
    for (axis, indices) in selection { part[axis] = indices }
    let source = DistantSource(MemorySource(bytes))
    let file = try ND2File(reading: BlockingSource(source))
    source.begin { $0.companions = 16 }
    let sink = MemorySink()
    _ = try file.writeSubset(to: sink, selection: part)
    #expect(source.mostAtOnce >= 16)
    #expect(try SubsetFixture(bytes, selection).outputBytes == sink.bytes)
  }

  @Test("A crop reads as the selection", arguments: gallery.keys.sorted())
  func crop(_ name: String) throws {
    let sample = try #require(Self.gallery[name])
    let (x, y) = (1..<max(2, sample.width - 2), 1..<max(2, sample.height - 1))
    let part = try SubsetFixture(sample, [.x: .range(x), .y: .range(y)])
    let expected = try part.input.read(ArraySelection(.x, x).with(.y, y))
    #expect(try part.output.read().allBytes == expected.allBytes)
    #expect(part.output.attributes.widthPx == x.count)
    #expect(part.output.attributes.heightPx == y.count)
    #expect(part.output.attributes.widthBytes.map { $0 % 4 } == 0)
    try part.expectFrames(Array(0..<part.input.frameCount))
  }

  @Test("One channel reads as the selection", arguments: gallery.keys.sorted())
  func channel(_ name: String) throws {
    let sample = try #require(Self.gallery[name])
    guard name != "rgb_and_mono" else { return }
    let whole = try ND2File(reading: MemorySource(try sample.bytes()))
    let count = whole.channelLayout.channelAxisCount
    guard count > 1 else { return }
    let part = try SubsetFixture(sample, [.channel: .list([count - 1])])
    let expected = try part.input.read(ArraySelection(.channel, count - 1))
    #expect(try part.output.read().allBytes == expected.allBytes)
    if whole.channelLayout.planes.count == count {
      let (old, new) = (
        try #require(whole.metadata.channels.last), part.output.metadata.channels
      )
      #expect(new.count == 1)
      #expect(part.output.channelNames == [old.channel.name])
      #expect(new.first?.channel.color == old.channel.color)
      // The wavelengths of colour go by the place of the channel.
      if !whole.isRGB {
        #expect(new.first?.channel.emissionLambdaNm == old.channel.emissionLambdaNm)
      }
    }
  }

  @Test("Crop, channels and loops go together, compressed or not")
  func together() throws {
    for compression in [SampleFile.Storage.Compression.none, .lossless] {
      var sample = SampleFile(
        width: 21, height: 17,
        channels: (0..<3).map { SampleFile.Channel("c\($0)", exposureMs: Double($0 + 1)) },
        loops: [.time(count: 4), .zStack(count: 3)])
      sample.storage.compression = compression
      let part = try SubsetFixture(
        sample,
        [
          .time: .list([1, 3]), .z: .range(1..<3), .channel: .list([0, 2]), .x: .range(3..<10),
          .y: .range(5..<17),
        ])
      let frames = [4, 5, 10, 11]
      try part.expectFrames(frames)
      for (new, old) in frames.enumerated() {
        let coordinates = part.input.coordinates(ofFrame: old)
        var place = ArraySelection(.x, 3..<10).with(.y, 5..<17)
        for (axis, index) in coordinates { place = place.with(axis, index) }
        let taken = try [0, 2].map { try part.input.read(place.with(.channel, $0)).allBytes }
        #expect(try part.output.readFrame(new).allBytes == taken.flatMap { $0 })
      }
      #expect(part.output.channelNames == ["c0", "c2"])
    }
  }

  @Test("Whole frames are copied as they are stored")
  func copies() throws {
    var sample = SampleFile(width: 15, height: 11, loops: [.time(count: 4)])
    sample.storage.compression = .lossless
    let part = try SubsetFixture(sample, [.time: .list([0, 3])])
    #expect(
      try part.input.chunk("ImageDataSeq|3!") == part.output.chunk("ImageDataSeq|1!"))
  }

  @Test("Missing frames stay missing, damaged ones are left out and reported")
  func damage() throws {
    var sample = SampleFile(width: 12, height: 8, loops: [.time(count: 5)])
    sample.missingFrames = [1]
    sample.flaws.framePayloads[3] = [1, 2, 3]
    let part = try SubsetFixture(sample, [.time: .range(1..<5), .x: .range(0..<4)])
    #expect(part.report.missingFrames == [1])
    #expect(part.report.damagedFrames == [3])
    #expect((0..<4).map { part.output.isMissing(frame: $0) } == [true, false, true, false])
    var strict = SubsetOptions()
    strict.isStrict = true
    #expect {
      try SubsetFixture(sample, [.x: .range(0..<4)], options: strict)
    } throws: { ($0 as? ND2Error)?.code == .missingFrame }
  }

  @Test("Requests that a file cannot fulfil are refused")
  func refusals() throws {
    let sample = SampleFile(
      width: 12, height: 8, channels: [.rgb(), .init("GFP")],
      loops: [.time(count: 5), .zStack(count: 5)])
    let requests: [[Axis: SubsetSelection.Indices]] = [
      [.time: .list([5])], [.time: .list([2, 1])], [.time: .list([])], [.z: .list([0, 1, 3])],
      [.x: .list([0, 2])], [.x: .range(0..<13)], [.channel: .list([1])], [.sample: .list([0])],
      [.position: .list([1])],
    ]
    for request in requests {
      #expect {
        try SubsetFixture(sample, request)
      } throws: { ($0 as? ND2Error)?.code == .invalidRequest }
    }
    // An axis of one element may be asked for though the file does not have it.
    _ = try SubsetFixture(sample, [.position: .list([0])])
  }

  @Test("Output appears whole or not at all, and never replaces the input")
  func output() throws {
    let folder = try TemporaryDirectory()
    let path = try folder.write(try SampleFile.demo(width: 16, height: 16).bytes(), as: "in.nd2")
    let file = try ND2File(path: path)
    #expect(throws: ND2Error.self) { try file.writeSubset(to: path) }
    var options = SubsetOptions()
    options.overwrite = true
    #expect(throws: ND2Error.self) { try file.writeSubset(to: path, options: options) }
    var wrong = SubsetSelection()
    wrong[.time] = .list([99])
    #expect(throws: ND2Error.self) {
      try file.writeSubset(to: folder.file("out.nd2"), selection: wrong)
    }
    #expect(TemporaryDirectory.names(in: folder.path) == ["in.nd2"])
    let report = try file.writeSubset(to: folder.file("out.nd2"))
    #expect(try UInt64(folder.read("out.nd2").count) == report.byteCount)
  }

  @Test("Files of version 1.0 are refused in words")
  func legacy() throws {
    guard let sample = Gallery.boxes["v1_single"] else { return }
    #expect {
      try SubsetFixture(sample)
    } throws: { ($0 as? ND2Error)?.code == .unsupported }
  }
}

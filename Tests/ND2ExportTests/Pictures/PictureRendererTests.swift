import ND2
import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2Export

@Suite("Pictures of files")
struct PictureRendererTests {
  private func file(_ change: (inout SampleFile) -> Void = { _ in }) throws -> ND2File {
    var sample = SampleFile(
      width: 20, height: 12,
      channels: [
        .init("red", color: .init(red: 255, green: 0, blue: 0)),
        .init("green", color: .init(red: 0, green: 255, blue: 0)),
      ], loops: [.time(count: 2), .positions(count: 3), .zStack(count: 4)])
    change(&sample)
    return try ND2File(reading: sample.source())
  }

  /// The values of a channel of a place, as doubles.
  private func values(_ file: ND2File, _ selection: ArraySelection) throws -> [Double] {
    let array = try LazyArray(file.read(selection)).cast(to: .float64, .saturating).compute()
    return array.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
  }

  private func expected(_ value: Double, _ low: Double, _ high: Double) -> UInt8 {
    UInt8(min(max((value - low) / (high - low), 0), 1) * 255 + 0.5)
  }

  @Test("A channel has its colour and the range that was given")
  func composite() throws {
    let file = try file()
    var style = PictureStyle()
    style.appearances[0] = ChannelAppearance(contrast: .range(.init(low: 10, high: 4000)))
    style.appearances[1] = ChannelAppearance(contrast: .range(.init(low: 0, high: 9000)))
    let view = PictureView(at: [.time: 1, .position: 2, .z: 3])
    let picture = try PictureRenderer(file, style: style).picture(of: view)
    let place = ArraySelection(.time, 1).with(.position, 2).with(.z, 3)
    let red = try values(file, place.with(.channel, 0))
    let green = try values(file, place.with(.channel, 1))
    #expect(picture.layout == .rgb8)
    for index in 0..<240 {
      let pixel = Array(picture.bytes[(3 * index)..<(3 * index + 3)]).map(Int.init)
      let wanted = [expected(red[index], 10, 4000), expected(green[index], 0, 9000), 0].map(
        Int.init)
      #expect(zip(pixel, wanted).allSatisfy { abs($0 - $1) <= 1 }, "pixel \(index)")
    }
  }

  @Test("Unchanged values of 16 bits are the values of the file")
  func unchanged() throws {
    let file = try file()
    var style = PictureStyle(channels: [1], depth: 16)
    style.appearance = ChannelAppearance(table: .grey, contrast: .unchanged)
    let picture = try PictureRenderer(file, style: style).picture(of: PictureView(at: [.z: 2]))
    let truth = try file.read(
      ArraySelection(.time, 0).with(.position, 0).with(.z, 2).with(.channel, 1))
    #expect(picture.layout == .grey16)
    #expect(truth.withUnsafeBytes { Array($0) } == picture.bytes)
  }

  @Test("A projection shows the greatest values")
  func projection() throws {
    let file = try file()
    var style = PictureStyle(channels: [0], depth: 16)
    style.appearance = ChannelAppearance(table: .grey, contrast: .unchanged)
    let view = PictureView(at: [.time: 1, .position: 1], .max, over: [.z])
    let picture = try PictureRenderer(file, style: style).picture(of: view)
    let planes = try (0..<4).map { z in
      try values(
        file, ArraySelection(.time, 1).with(.position, 1).with(.z, z).with(.channel, 0))
    }
    for index in 0..<240 {
      let value = Int(picture.bytes[2 * index]) | Int(picture.bytes[2 * index + 1]) << 8
      #expect(Double(value) == planes.map { $0[index] }.max())
    }
  }

  @Test("A part of the image shows those pixels")
  func crop() throws {
    let file = try file()
    var style = PictureStyle(channels: [0], depth: 16)
    style.appearance = ChannelAppearance(table: .grey, contrast: .unchanged)
    let renderer = PictureRenderer(file, style: style)
    let whole = try renderer.picture(of: PictureView())
    let part = try renderer.picture(of: PictureView(rows: 3..<7, columns: 5..<15))
    #expect((part.width, part.height) == (10, 4))
    var rows: [UInt8] = []
    for row in 3..<7 {
      let start: Int = 2 * (20 * row + 5)
      rows += whole.bytes[start..<(start + 20)]
    }
    #expect(part.bytes == rows)
  }

  @Test("Gamma below 1 brightens what is between black and white")
  func gamma() throws {
    let samples: [UInt8] = [0, 64, 128, 255]
    let picture = try samples.withUnsafeBytes {
      try PictureComposer.merge(
        [
          .init(
            samples: $0, type: .uint8, table: .grey, contrast: .init(low: 0, high: 255), gamma: 0.5)
        ], width: 4, height: 1)
    }
    // 255 × √(value / 255)
    #expect(picture.bytes == [0, 128, 181, 255])
  }

  @Test("Samples of 16 bits keep the steps between those of 8")
  func sixteenBits() throws {
    let samples: [UInt16] = [0, 1, 300, 65535]
    let picture = try samples.withUnsafeBytes {
      try PictureComposer.merge(
        [
          .init(
            samples: $0, type: .uint16, colour: .init(red: 1, green: 0, blue: 0),
            contrast: .init(low: 0, high: 65535))
        ], width: 4, height: 1, depth: 16)
    }
    #expect(picture.layout == .rgb16)
    let red = (0..<4).map { Int(picture.bytes[6 * $0]) | Int(picture.bytes[6 * $0 + 1]) << 8 }
    #expect(red == [0, 1, 300, 65535])
  }

  @Test("Several threads draw what one draws")
  func threads() throws {
    let samples = (0..<(700 * 500)).map { UInt16(truncatingIfNeeded: $0 &* 37) }
    let pictures = try [1, 3].map { threads in
      try samples.withUnsafeBytes {
        try PictureComposer.merge(
          [.init(samples: $0, type: .uint16, table: .fire)], width: 700, height: 500,
          threadCount: threads)
      }
    }
    #expect(pictures[0] == pictures[1])
  }

  @Test("A common contrast makes frames comparable")
  func commonContrast() throws {
    let file = try file()
    var style = PictureStyle(channels: [0])
    style.appearance.contrast = .minimumToMaximum
    let views = PictureView().along(.z, of: file)
    let renderer = try PictureRenderer(file, style: style).withCommonContrast(for: views)
    guard case .range(let range) = renderer.style.appearances[0]?.contrast else {
      Issue.record("no range was chosen")
      return
    }
    let all = try values(
      file, ArraySelection(.time, 0).with(.position, 0).with(.channel, 0))
    #expect(range == ContrastRange(low: all.min() ?? 0, high: all.max() ?? 0))
  }

  @Test("Colour images stay as they are")
  func rgb() throws {
    let file = try ND2File(
      reading: SampleFile(width: 9, height: 5, sampleType: .uint8, channels: [.rgb()]).source())
    let picture = try PictureRenderer(file).picture(of: PictureView())
    #expect(picture.layout == .rgb8)
    #expect(try file.read().withUnsafeBytes { Array($0) } == picture.bytes)
  }

  @Test("Every file of the gallery has a picture, a thumbnail and a common contrast")
  func gallery() throws {
    for (name, sample) in Gallery.all.sorted(by: { $0.key < $1.key }) {
      let file = try ND2File(reading: sample.source())
      var style = PictureStyle()
      style.annotations = PictureAnnotations(
        scaleBar: ScaleBar(), labels: [.time, .height, .position, .channels])
      let renderer = PictureRenderer(file, style: style)
      let picture = try renderer.picture(of: PictureView())
      #expect(picture.width == (file.sizes[.x] ?? 1), "\(name)")
      #expect(try renderer.thumbnail(side: 8).width <= 8, "\(name)")
      _ = try renderer.withCommonContrast(for: [PictureView()])
    }
  }

  @Test("The code of the README writes a picture, and replaces none unasked")
  func readme() throws {
    let folder = try TemporaryDirectory()
    let file = try file()
    var style = PictureStyle(annotations: .init(scaleBar: ScaleBar(), labels: [.time, .height]))
    style.appearances[0] = ChannelAppearance(
      table: .fire, contrast: .range(.init(low: 100, high: 900)))
    let renderer = PictureRenderer(file, style: style)
    let view = PictureView(at: [.time: 1], .max, over: [.z])
    try renderer.picture(of: view).write(to: folder.file("figure.png"))
    #expect(try PNGReader(folder.read("figure.png")).pixels == renderer.picture(of: view).bytes)
    #expect(throws: ND2Error.self) {
      try renderer.picture(of: view).write(to: folder.file("figure.png"))
    }
    try renderer.picture(of: view).write(to: folder.file("figure.TIF"))
    #expect(try folder.read("figure.TIF").prefix(4) == [0x49, 0x49, 42, 0])
  }

  @Test("Places that the file does not have are errors")
  func wrongPlaces() throws {
    let renderer = PictureRenderer(try file())
    for view in [
      PictureView(at: [.time: 2]), PictureView(at: [.time: -1]), PictureView(at: [.custom: 1]),
      PictureView(rows: 0..<13), PictureView(columns: 5..<5), PictureView(level: 9),
      PictureView(level: 40), PictureView(.max, over: [.y]), PictureView(frame: 24),
      PictureView(.standardDeviation, over: [.z], level: 1),
    ] {
      #expect(throws: ND2Error.self, "\(view)") { try renderer.picture(of: view) }
    }
    var wrong = renderer
    wrong.style.channels = [2]
    #expect(throws: ND2Error.self) { try wrong.picture(of: PictureView()) }
    wrong.style.channels = []
    #expect(throws: ND2Error.self) { try wrong.picture(of: PictureView()) }
    wrong.style = PictureStyle(depth: 12)
    #expect(throws: ND2Error.self) { try wrong.picture(of: PictureView()) }
  }

  @Test("Projections of halved frames are those of the frames that are halved")
  func levels() throws {
    let file = try file()
    var style = PictureStyle(channels: [0], depth: 16)
    style.appearance = ChannelAppearance(table: .grey, contrast: .unchanged)
    let renderer = PictureRenderer(file, style: style)
    let view = PictureView(.max, over: [.z], level: 1)
    let picture = try renderer.picture(of: view)
    #expect((picture.width, picture.height) == (10, 6))
    var single = view
    single.reduction = nil
    let planes = try single.along(.z, of: file).map { try renderer.picture(of: $0).bytes }
    func value(_ bytes: [UInt8], _ index: Int) -> Int {
      Int(bytes[2 * index]) | Int(bytes[2 * index + 1]) << 8
    }
    for index in 0..<60 {
      #expect(value(picture.bytes, index) == planes.map { value($0, index) }.max())
    }
    var means = view
    means.reduction = .mean
    let mean = try renderer.picture(of: means)
    for index in 0..<60 {
      let wanted = Double(planes.map { value($0, index) }.reduce(0, +)) / 4
      #expect(abs(Double(value(mean.bytes, index)) - wanted) <= 0.51)
    }
  }
}

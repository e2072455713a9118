import ND2
import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2Export

@Suite("Writing TIFF")
struct TIFFWritingTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func open(_ sample: SampleFile) throws -> ND2File {
    try ND2File(reading: try sample.source())
  }

  private func positions() throws -> ND2File {
    try open(
      SampleFile(
        width: 12, height: 6, channels: [.init("a"), .init("b")],
        loops: [.time(count: 2), .positions(count: 3), .zStack(count: 2)]))
  }

  @Test("Pages are image by image, frame by frame, channel by channel")
  func order() throws {
    let file = try positions()
    let path = directory.file("out.ome.tif")
    let report = try file.writeTIFF(to: path)
    let pages = TIFFReading.pages(path)
    #expect(pages.count == 24)
    #expect(report.planeCount == 24)
    #expect(report.imageCount == 3)
    #expect(report.byteCount == UInt64(try directory.read("out.ome.tif").count))
    var page = 0
    for position in 0..<3 {
      for time in 0..<2 {
        for z in 0..<2 {
          let frame = try #require(file.loopLayout.frameIndex(at: [time, position, z]))
          for channel in 0..<2 {
            #expect(pages[page].pixels == (try file.plane(frame, channel)), "page \(page)")
            page += 1
          }
        }
      }
    }
    let xml = try #require(pages[0].description)
    #expect(xml.contains("<TiffData IFD=\"23\""))
    #expect(pages.dropFirst().allSatisfy { $0.description == nil })
    #expect(pages[0].software == "swift-nd2")
    #expect(pages[0].unit == 3)
  }

  @Test(
    "Every number type survives every compression",
    arguments: [TIFFOptions.Compression.none, .lzw, .deflate(), .zstd()])
  func types(_ compression: TIFFOptions.Compression) throws {
    for type in SampleType.allCases {
      let file = try open(
        SampleFile(width: 33, height: 17, sampleType: type, loops: [.time(count: 2)]))
      for predictor in [true, false] {
        let path = directory.file("\(type)-\(predictor).tif")
        var options = TIFFOptions()
        options.compression = compression
        options.usesPredictor = predictor
        options.overwrites = true
        try file.writeTIFF(to: path, options: options)
        let pages = TIFFReading.pages(path)
        #expect(pages.count == 2)
        for (frame, page) in pages.enumerated() {
          #expect(page.bits == UInt16(type.byteCount * 8))
          #expect(page.pixels == (try file.plane(frame, 0)), "\(type) \(compression)")
          #expect(page.compression == options.compressionTag)
        }
      }
    }
  }

  @Test("Colour is one page of red, green, blue")
  func colour() throws {
    let file = try open(
      SampleFile(
        width: 5, height: 9, sampleType: .uint8, channels: [.rgb()], loops: [.zStack(count: 2)]))
    let path = directory.file("rgb.ome.tif")
    try file.writeTIFF(to: path)
    let pages = TIFFReading.pages(path)
    #expect(pages.map(\.samples) == [3, 3])
    #expect(pages.map(\.photometric) == [2, 2])
    #expect(pages[1].pixels == (try file.plane(1, 0)))
  }

  @Test("Files are BigTIFF when asked, or when 4 GB may not do")
  func big() throws {
    let file = try positions()
    func version(_ name: String) throws -> UInt8 { try directory.read(name)[2] }
    var options = TIFFOptions()
    try file.writeTIFF(to: directory.file("a.ome.tif"), options: options)
    #expect(try version("a.ome.tif") == 42)
    options.bigTIFF = .always
    try file.writeTIFF(to: directory.file("b.ome.tif"), options: options)
    #expect(try version("b.ome.tif") == 43)
    #expect(TIFFReading.pages(directory.file("b.ome.tif")).count == 24)
    var sample = SampleFile(width: 1024, height: 1024, loops: [.time(count: 2100)])
    sample.missingFrames = Set(1..<2100)
    let large = try open(sample)
    options.bigTIFF = .automatic
    #expect(try TIFFPlan(of: large, path: "x.ome.tif", options: options).isBig)
    #expect(try TIFFPlan(of: large, path: "x.tif", options: options).metadata == .none)
    options.selection = ExportSelection(ArraySelection(.time, 0..<1000))
    #expect(try !TIFFPlan(of: large, path: "x.ome.tif", options: options).isBig)
    options.selection = .all
    options.bigTIFF = .never
    #expect(throws: ND2Error.self) {
      _ = try TIFFPlan(of: large, path: "x.ome.tif", options: options)
    }
  }

  @Test("Pyramids halve until they fit into 256 pixels")
  func pyramid() throws {
    let file = try open(
      SampleFile(width: 1101, height: 530, channels: [.init("a"), .init("b")]))
    let path = directory.file("p.ome.tif")
    var options = TIFFOptions()
    options.hasPyramid = true
    options.tileSide = 128
    options.compression = .deflate()
    try file.writeTIFF(to: path, options: options)
    let pages = TIFFReading.pages(path)
    #expect(pages.count == 2)
    for page in pages {
      #expect(page.tileWidth == 128)
      let sizes = page.levels.compactMap { TIFFReading.page(path, at: $0) }
        .map { [$0.width, $0.height, $0.tileWidth] }
      #expect(sizes == [[550, 265, 128], [275, 132, 128], [137, 66, 128]])
    }
  }

  @Test("Files do not depend on the number of threads")
  func threads() throws {
    let file = try open(SampleFile(width: 700, height: 600, loops: [.time(count: 5)]))
    for (number, pyramid) in [false, true].enumerated() {
      var options = TIFFOptions()
      options.compression = .zstd()
      options.hasPyramid = pyramid
      options.threadCount = 1
      try file.writeTIFF(to: directory.file("1-\(number).tif"), options: options)
      options.threadCount = 4
      try file.writeTIFF(to: directory.file("4-\(number).tif"), options: options)
      #expect(
        try directory.read("1-\(number).tif") == (try directory.read("4-\(number).tif")))
    }
  }

  @Test("A file for each position, or time point, knows all others")
  func divided() throws {
    let file = try positions()
    var options = TIFFOptions()
    options.division = .positions
    let report = try file.writeTIFF(to: directory.file("out.ome.tif"), options: options)
    #expect(directory.fileNames == ["out_P0.ome.tif", "out_P1.ome.tif", "out_P2.ome.tif"])
    #expect(report.paths.count == 3)
    let documents = report.paths.compactMap { TIFFReading.pages($0).first?.description }
    #expect(documents.count == 3)
    #expect(Set(documents).count == 3)
    for document in documents {
      for name in directory.fileNames { #expect(document.contains("FileName=\"\(name)\"")) }
    }
    options.division = .timePoints
    try file.writeTIFF(to: directory.file("t.ome.tif"), options: options)
    #expect(TIFFReading.pages(directory.file("t_T1.ome.tif")).count == 12)
  }

  @Test("Parts of a file: ranges, positions, a crop")
  func part() throws {
    let file = try positions()
    var options = TIFFOptions()
    options.selection = ExportSelection(
      ArraySelection(.time, 1).with(.channel, 1).with(.y, 1..<4).with(.x, 2..<9),
      positions: [2, 0])
    let path = directory.file("part.ome.tif")
    try file.writeTIFF(to: path, options: options)
    let pages = TIFFReading.pages(path)
    #expect(pages.count == 4)
    #expect(pages[0].width == 7)
    #expect(pages[0].height == 3)
    let expected = try file.read(
      ArraySelection(.time, 1).with(.position, 2).with(.z, 0).with(.channel, 1).with(.y, 1..<4)
        .with(.x, 2..<9))
    #expect(pages[0].pixels == expected.withUnsafeBytes { Array($0) })
  }

  @Test("Hyperstacks say their axes, scale and colours; what ImageJ cannot read is refused")
  func imageJ() throws {
    let path = directory.file("stack.tif")
    let file = try positions()
    var options = TIFFOptions()
    options.metadata = .imageJ
    #expect(throws: ND2Error.self) { try file.writeTIFF(to: path, options: options) }
    #expect(directory.fileNames.isEmpty)
    options.selection = ExportSelection(ArraySelection(.position, 1))
    try file.writeTIFF(to: path, options: options)
    let text = try #require(TIFFReading.pages(path).first?.description)
    for line in ["images=8", "channels=2", "slices=2", "frames=2", "hyperstack=true"] {
      #expect(text.contains("\(line)\n"))
    }
  }

  @Test("Missing frames are zeros and reported, or an error; nothing stays then")
  func missing() throws {
    var sample = SampleFile(width: 9, height: 4, loops: [.time(count: 4)])
    sample.missingFrames = [2]
    let file = try open(sample)
    let path = directory.file("gaps.ome.tif")
    let report = try file.writeTIFF(to: path)
    #expect(report.incompleteFrames == [2])
    #expect(TIFFReading.pages(path)[2].pixels.allSatisfy { $0 == 0 })
    var options = TIFFOptions()
    options.isStrict = true
    #expect(throws: ND2Error.self) {
      try file.writeTIFF(to: directory.file("strict.ome.tif"), options: options)
    }
    #expect(directory.fileNames == ["gaps.ome.tif"])
  }

  @Test("A file that is there is kept unless it may be replaced")
  func existing() throws {
    let file = try positions()
    let path = try directory.write([1, 2, 3], as: "out.ome.tif")
    #expect(throws: ND2Error.self) { try file.writeTIFF(to: path) }
    #expect(try directory.read("out.ome.tif") == [1, 2, 3])
    var options = TIFFOptions()
    options.overwrites = true
    options.isCancelled = { true }
    #expect(throws: CancellationError.self) { try file.writeTIFF(to: path, options: options) }
    #expect(try directory.read("out.ome.tif") == [1, 2, 3])
    options.isCancelled = { false }
    try file.writeTIFF(to: path, options: options)
    #expect(TIFFReading.pages(path).count == 24)
    #expect(directory.fileNames == ["out.ome.tif"])
  }

  @Test("Progress goes up to the end; cancelling a task leaves nothing")
  func progress() async throws {
    let file = try open(SampleFile(width: 64, height: 64, loops: [.time(count: 20)]))
    let last = Lock<ExportProgress?>(nil)
    let plain = directory.file("a.ome.tif")
    try await file.writeTIFF(to: plain, options: TIFFOptions()) { progress in
      last.withLock { $0 = progress }
    }
    let progress = try #require(last.withLock { $0 })
    #expect(progress.planeCount == 20)
    #expect(progress.share == 1)
    let path = directory.file("b.ome.tif")
    let task = Task { try await file.writeTIFF(to: path) }
    task.cancel()
    let result = await task.result
    #expect(throws: (any Error).self) { try result.get() }
    #expect(directory.fileNames == ["a.ome.tif"])
  }

  @Test("Options that do not go together are refused")
  func refused() throws {
    let file = try positions()
    for change: (inout TIFFOptions) -> Void in [
      { $0.tileSide = 100 }, { $0.compression = .deflate(level: 13) },
      { $0.compression = .zstd(level: 0) },
      { $0.selection = ExportSelection(ArraySelection(.time, 7)) },
      { $0.selection = ExportSelection(positions: [0, 0]) },
    ] {
      var options = TIFFOptions()
      change(&options)
      #expect(throws: ND2Error.self) {
        try file.writeTIFF(to: directory.file("no.ome.tif"), options: options)
      }
    }
    #expect(throws: ND2Error.self) { try file.writeTIFF(to: "/dev/full") }
    #expect(throws: ND2Error.self) { try file.writeTIFF(to: directory.file("nowhere/a.tif")) }
    #expect(directory.fileNames.isEmpty)
  }
}

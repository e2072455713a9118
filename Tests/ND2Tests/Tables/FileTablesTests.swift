import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Tables of regions, positions and frames")
struct FileTablesTests {
  private typealias Region = SampleFile.Region

  private static let places: [SampleFile.Position] = [
    .init(x: 10, y: -20, z: 30, focusOffset: 5, name: "A1"),
    .init(x: 11, y: -21, z: 31, name: "B2"),
  ]

  private func sample(usesZ: Bool = true) -> SampleFile {
    SampleFile(
      width: 20, height: 10,
      loops: [
        .time(count: 2), .positions(.init(Self.places, usesZ: usesZ)), .zStack(count: 3),
      ])
  }

  private func open(_ sample: SampleFile) throws -> ND2File {
    try ND2File(reading: try sample.source())
  }

  // MARK: - Regions

  @Test("Regions have their place in pixels and their area")
  func regions() throws {
    var file = sample()
    var ellipse = Region(
      id: 3, shape: 4, centerX: -0.5, centerY: 0.2, sizeX: 0.4, sizeY: 0.6)
    ellipse.label = "cell, \"one\""
    ellipse.interpretation = 4
    ellipse.stimulationGroup = 2
    let polygon = Region(
      id: 4, shape: 5, points: [.init(0, 0), .init(0.2, 0), .init(0.2, 0.4)])
    file.regions = [
      ellipse, polygon, Region(id: 5, shape: 2), Region(id: 6, shape: 3, sizeX: 1, sizeY: 1),
      Region(id: 7, shape: 11, sizeX: 1, sizeY: 1),
    ]
    let opened = try open(file)
    let table = try opened.roisTable()
    #expect(table.rowCount == 5)
    #expect(table["ID"]?.integers == [3, 4, 5, 6, 7])
    #expect(table["Label"]?.strings?[0] == "cell, \"one\"")
    #expect(
      table["Shape"]?.strings == ["Ellipse", "Polygon", "Point", "Rectangle", "Ring"])
    #expect(table["Interpretation"]?.strings?[0] == "StimulationROI")
    #expect(table["Stimulation Group"]?.integers?[0] == 2)
    #expect(table["Center X [px]"]?.doubles?.prefix(2) == [5, 10])
    #expect(table["Center Y [px]"]?.doubles?.prefix(2) == [6, 5])
    #expect(table["Box Width [px]"]?.doubles?[0] == 4)
    #expect(table["Points"]?.integers == [0, 3, 0, 0, 0])
    let areas = try #require(table["Area [px²]"])
    #expect(isNear(areas[0], .pi * 4 * 3 / 4))
    // A triangle of 2 by 2 pixels.
    #expect(isNear(areas[1], 2))
    #expect(areas[2] == nil && areas[4] == nil)
    #expect(isNear(areas[3], 50))
    let size = opened.voxelSize.x
    #expect(isNear(table["Area [µm²]"]?[3], 50 * size * size))
  }

  @Test("A region that moves has a row for each step, one without place a row of its own")
  func movingRegions() {
    var moving = ROI(id: 1, positionIndex: 1)
    for step in 0..<3 {
      var place = ROI.AnimationParameters()
      place.timeMs = Double(step) * 500
      place.centerX = Double(step) / 2
      place.isEnabled = step != 1
      moving.animationParameters.append(place)
    }
    let regions: ROICollection = [moving, ROI(id: 1)]
    let table = regions.table(
      imageWidth: 100, imageHeight: 50, positionNames: [nil, "here"])
    #expect(table["ID"]?.integers == [1, 1, 1, 1])
    #expect(table["Step"]?.integers == [0, 1, 2, 0])
    #expect(table["Time [s]"]?.doubles?.prefix(3) == [0, 0.5, 1])
    #expect(table["Time [s]"]?[3] == nil)
    #expect(table["Enabled"]?.integers == [1, 0, 1, nil])
    #expect(table["Center X [px]"]?.doubles?.prefix(3) == [50, 75, 100])
    #expect(table["P Index"]?.integers == [1, 1, 1, nil])
    #expect(table["Position Name"]?.strings == ["here", "here", "here", nil])
    #expect(table["Area [µm²]"]?.isEmpty == true)
  }

  @Test("Without regions the columns are the same")
  func noRegions() {
    let none = ROICollection().table(imageWidth: 1, imageHeight: 1)
    let one = ROICollection([ROI(id: 1)]).table(imageWidth: 1, imageHeight: 1)
    #expect(none.titles == one.titles)
    #expect(none.rowCount == 0)
  }

  private func isNear(_ value: Table.Value?, _ expected: Double) -> Bool {
    value?.double.map { ($0 - expected).magnitude < 1e-9 * expected.magnitude } ?? false
  }

  // MARK: - Positions

  @Test("Positions have name, place, focus offset, and the well that their names say")
  func positions() throws {
    let table = try open(sample()).positionsTable()
    #expect(
      table.titles == [
        "P Index", "Position Name", "X [µm]", "Y [µm]", "Z [µm]", "PFS Offset", "Well",
        "Well Row", "Well Column", "Well Index", "Plate Index",
      ])
    #expect(table["Position Name"]?.strings == ["A1", "B2"])
    #expect(table["Y [µm]"]?.doubles == [-20, -21])
    #expect(table["Z [µm]"]?.doubles == [30, 31])
    #expect(table["PFS Offset"]?[0] == .double(5) && table["PFS Offset"]?[1] == nil)
    #expect(table["Well Row"]?.strings == ["A", "B"])
    #expect(table["Well Column"]?.strings == ["1", "2"])
  }

  @Test("Where the loop sets no focus, positions have that of the file")
  func positionsWithoutFocus() throws {
    let file = try open(sample(usesZ: false))
    let z = try file.positionsTable()["Z [µm]"]?.doubles
    let ofFrames = try [0, 3].map { try file.framePosition($0).stagePositionUm.z }
    // The planes of both positions are those of one stack.
    #expect(ofFrames[0] == ofFrames[1])
    #expect(z?.count == 2 && z?[0] == z?[1] && z?[0] != 30)
  }

  @Test("The wells of the file's own plate count more than names")
  func plate() throws {
    var file = sample()
    file.wellPlate = .init(
      name: "96", rows: 8, columns: 12,
      wells: (0..<12).map { frame in
        .init(row: frame / 3 % 2 == 0 ? 2 : 7, column: 11)
      })
    let opened = try open(file)
    #expect(try opened.positionsTable()["Well"]?.strings == ["C12", "H12"])
    #expect(
      try opened.framesTable()["Well"]?.strings?.prefix(4) == ["C12", "C12", "C12", "H12"])
  }

  @Test("A file without a loop over positions has one position, without name")
  func singlePosition() throws {
    let file = try open(SampleFile(width: 4, height: 4, loops: [.time(count: 2)]))
    let table = try file.positionsTable()
    #expect(table.rowCount == 1)
    #expect(table["P Index"]?.integers == [0])
    #expect(table["Position Name"]?[0] == nil)
    #expect(table["X [µm]"]?[0]?.double == (try file.framePosition(0).stagePositionUm.x))
    #expect(table["Well"] == nil)
  }

  // MARK: - Frames

  @Test("Frames have indices along all axes, time, place and offset")
  func frames() throws {
    let file = try open(sample())
    let table = try file.framesTable()
    #expect(
      table.titles == [
        "Index", "T Index", "P Index", "Z Index", "Position Name", "Well", "Time [s]", "X [µm]",
        "Y [µm]", "Z [µm]", "Offset", "Missing",
      ])
    #expect(table.rowCount == 12)
    let last = try #require(table.rows.last)
    #expect(last["T Index"] == .integer(1) && last["P Index"] == .integer(1))
    #expect(last["Z Index"] == .integer(2) && last["Position Name"] == .string("B2"))
    for row in table.rows {
      let position = try file.framePosition(row.index).stagePositionUm
      #expect(row["Z [µm]"] == .double(position.z))
      #expect(
        row["Time [s]"] == .double(try file.frameTime(row.index).relativeTimeMs / 1000))
      #expect(row["Offset"]?.int.map { UInt64($0) } == file.frameOffset(row.index))
      #expect(row["Missing"] == .integer(0))
    }
  }

  @Test("Frames that are not stored, or behind the loops, are listed")
  func unusualFrames() throws {
    var file = SampleFile(width: 4, height: 4, loops: [.time(.init(count: 3, periodMs: 100))])
    file.missingFrames = [1]
    let table = try open(file).framesTable()
    #expect(table["Missing"]?.integers == [0, 1, 0])
    #expect(table["Offset"]?.integers?[1] == nil)
    #expect(table["Time [s]"]?.doubles == [0, 0.1, 0.2])
  }

  @Test("A chunk of an absurd frame number does not make an enormous table")
  func absurdFrameNumber() throws {
    var file = SampleFile(width: 4, height: 4, loops: [.time(count: 3)])
    file.customChunks = [.init("ImageDataSeq|900000000!", Array(repeating: 0, count: 40))]
    let opened = try open(file)
    #expect(opened.storedFrameBound > 900_000_000)
    // As many as are stored, the absurd one included.
    #expect(try opened.framesTable().rowCount == 4)
  }

  @Test("Times that the file has no list of are those before the pixels")
  func timesOfFrames() async throws {
    var file = SampleFile(width: 4, height: 4, loops: [.time(count: 40)])
    file.frameTimes = .list((0..<40).map { Double($0) * 250 + 7 })
    var bytes = try file.bytes()
    let expected = (0..<40).map { (Double($0) * 250 + 7) / 1000 }
    #expect(try Self.times(bytes) == expected)
    // Under another name the list of times is gone.
    let name = Array("CustomData|AcqTimesCache!".utf8)
    let places = bytes.indices.filter { bytes[$0...].starts(with: name) }
    #expect(!places.isEmpty)
    for place in places { bytes[place + 11] = UInt8(ascii: "X") }
    #expect(try Self.times(bytes) == expected)
    let remote = try await ND2File(reading: CountingAsyncSource(bytes))
    #expect(try await remote.frameTimes().isEmpty)
    #expect(try await remote.framesTable()["Time [s]"]?.doubles == expected)
    let last = try await remote.frameTime(39)
    #expect(last.relativeTimeMs == 39 * 250 + 7)
  }

  private static func times(_ bytes: [UInt8]) throws -> [Double]? {
    try ND2File(reading: MemorySource(bytes)).framesTable()["Time [s]"]?.doubles
  }

  @Test("What was recorded of the focus has columns of its own")
  func recordedFocus() throws {
    var file = SampleFile(width: 4, height: 4, loops: [.time(count: 2)])
    file.recordedColumns = [
      .init(id: "PFS_STATUS", description: "PFS Status", group: 1, values: .integers([1, 6])),
      .init(
        id: "Z1", description: "Drive", unit: "µm", group: 1, values: .doubles([100.25, 101])),
    ]
    let table = try open(file).framesTable()
    #expect(table["PFS Status"]?.integers == [1, 6])
    #expect(table["Recorded Z [µm]"]?.doubles == [100.25, 101])
  }

  @Test("The asynchronous tables are the blocking ones")
  func asynchronous() async throws {
    for (name, file) in Gallery.all where name != "pyramid" {
      guard let bytes = try? file.bytes() else { continue }
      let local = try Self.blockingTables(bytes)
      let remote = try await ND2File(reading: CountingAsyncSource(bytes))
      let tables = [
        try await remote.roisTable(), try await remote.positionsTable(),
        try await remote.framesTable(),
      ]
      #expect(tables == local, "\(name)")
    }
  }

  @Test("The times of the frames are fetched once, whatever their number")
  func fewRequests() async throws {
    let file = SampleFile(width: 4, height: 4, loops: [.time(count: 200)])
    let source = CountingAsyncSource(try file.bytes())
    let opened = try await ND2File(reading: source)
    let before = await source.roundCount
    _ = try await opened.framesTable()
    _ = try await opened.framesTable()
    #expect(await source.roundCount - before <= 2)
  }

  private static func blockingTables(_ bytes: [UInt8]) throws -> [Table] {
    let file = try ND2File(reading: MemorySource(bytes))
    return [try file.roisTable(), try file.positionsTable(), try file.framesTable()]
  }
}

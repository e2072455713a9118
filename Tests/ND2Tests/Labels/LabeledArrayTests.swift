import ND2
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Labelled arrays") struct LabeledArrayTests {
  static let sample: SampleFile = {
    var sample = SampleFile(
      width: 6, height: 4, channels: [.init("DAPI"), .init("GFP"), .init("Cy5")],
      loops: [.time(count: 3, periodMs: 500), .zStack(count: 4, stepUm: 0.5)])
    sample.microscope.pixelSizeUm = 0.25
    return sample
  }()

  static func file(_ sample: SampleFile = sample) throws -> ND2File {
    try ND2File(reading: try sample.source())
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch { return "\(error)" }
  }

  @Test("Files give times, heights, pixels and names with their units") func coordinates() throws {
    let array = try Self.file().lazyLabeledArray()
    #expect(array.coordinates[.time] == Coordinate(.numbers([0, 500, 1000]), unit: "ms"))
    #expect(array.coordinates[.z] == Coordinate(.numbers([0, 0.5, 1, 1.5]), unit: "µm"))
    #expect(array.coordinates[.channel] == Coordinate(.labels(["DAPI", "GFP", "Cy5"])))
    #expect(array.coordinates[.x]?.numbers == [0, 0.25, 0.5, 0.75, 1, 1.25])
    #expect(array.coordinates[.y]?.unit == "µm")
    #expect(array.attributes?.attributes.widthPx == 6)
    #expect(array.scalars.isEmpty)
  }

  @Test("Blocking, asynchronous, lazy and read arrays agree") func forms() async throws {
    let file = try Self.file()
    let read = try await file.labeledArray()
    let lazy = try await file.lazyLabeledArray()
    #expect(read.values == (try await file.read()))
    #expect(read.coordinates == lazy.coordinates)
    #expect(try await lazy.compute().values == read.values)
    func blocking() throws -> LabeledArray<AnyNDArray> { try file.labeledArray() }
    #expect(try blocking().values == read.values)
  }

  @Test("Elements are found by name, value, nearest value and range") func selection() throws {
    let file = try Self.file()
    let (array, dense) = (try file.labeledArray(), try file.read())
    let gfp = try array.sel(.channel, "GFP")
    #expect(gfp.values == (try dense[.channel, 1]))
    #expect(gfp.scalars[.channel]?.labels == ["GFP"])
    #expect(gfp.coordinates[.channel] == nil)
    #expect(try array.sel(.time, 1000).values == dense[.time, 2])
    #expect(try array.sel(.time, nearest: 700).values == dense[.time, 1])
    #expect(try array.sel(.z, 0.5...1.2).values == dense[.z, 1...2])
    #expect(try array.sel(.z, 0.5...1.2).coordinates[.z]?.numbers == [0.5, 1])
    let two = try array.sel(.channel, ["Cy5", "DAPI"])
    #expect(two.coordinates[.channel]?.labels == ["Cy5", "DAPI"])
    #expect(try two.values[.channel, 0] == dense[.channel, 2])
    let mixed = try array.sel(.channel, ["GFP", "DAPI", "Cy5"])
    #expect(try mixed.values[.channel, 1] == dense[.channel, 0])
  }

  @Test("Labels survive slices, projections and other orders") func survival() throws {
    let array = try Self.file().lazyLabeledArray()
    let part = try array.isel([.time: 1, .z: .range(1...2)])
    #expect(part.coordinates[.z]?.numbers == [0.5, 1])
    #expect(part.scalars[.time] == Coordinate(.numbers([500]), unit: "ms"))
    let projection = try part.max(over: .z)
    #expect(projection.coordinates[.z] == nil && projection.coordinates[.channel] != nil)
    #expect(projection.scalars[.time]?.numbers == [500])
    let turned = try projection.transposed(.x, .y, .channel)
    #expect(turned.coordinates[.x]?.count == 6 && turned.sizes.axes == [.x, .y, .channel])
    let backwards = try array.isel(.time, 0..., by: -2)
    #expect(backwards.coordinates[.time]?.numbers == [1000, 0])
    let scaled = try (array - array.mean(over: .time)) * 2
    #expect(scaled.coordinates[.time]?.count == 3)
    let kept = try array.isel(.channel, 0..<1).squeezed()
    #expect(kept.scalars[.channel]?.labels == ["DAPI"])
  }

  @Test("Arrays with different labels do not go together") func mismatch() throws {
    let array = try Self.file().lazyLabeledArray()
    let early = try array.isel(.time, 0..<2)
    let late = try array.isel(.time, 1..<3)
    #expect(message { _ = try late - early }.contains("labels of axis T differ"))
    #expect(throws: Never.self) { try early.values - late.values }
  }

  @Test("Axes of one element are there when asked for, in front") func allAxes() throws {
    var sample = SampleFile(
      width: 5, height: 4, channels: [.init("only")],
      loops: [.time(count: 1, periodMs: 10), .zStack(count: 3)])
    sample.microscope.pixelSizeUm = 1
    let file = try Self.file(sample)
    #expect(try file.labeledArray().sizes.axes == [.z, .y, .x])
    #expect(try file.labeledArray().scalars[.channel]?.labels == ["only"])
    let all = try file.labeledArray(axes: .all)
    #expect(all.sizes.axes == [.position, .time, .channel, .z, .y, .x])
    #expect(all.coordinates[.position]?.labels == ["XYPos:0"])
    #expect(all.coordinates[.channel]?.labels == ["only"])
    #expect(try all.values.squeezed() == file.read())
  }

  @Test("One position is taken by its index") func position() throws {
    let sample = SampleFile(
      width: 5, height: 4,
      loops: [
        .positions(
          SampleFile.PositionList([
            .init(x: 1, y: 2, name: "A"), .init(x: 3, y: 4, name: "B"), .init(x: 5, y: 6),
          ])), .zStack(count: 2),
      ])
    let file = try Self.file(sample)
    #expect(try file.coordinate(.position)?.labels == ["A", "B", "XYPos:2"])
    let one = try file.labeledArray(position: 1)
    #expect(one.sizes.axes == [.z, .y, .x] && one.scalars[.position]?.labels == ["B"])
    #expect(try one.values == file.read()[.position, 1])
    let kept = try file.labeledArray(axes: .all, position: 1)
    #expect(kept.sizes[.position] == 1 && kept.coordinates[.position]?.labels == ["B"])
    #expect(message { _ = try file.labeledArray(position: 3) }.contains("axis P has 3 elements"))
    #expect(message { _ = try file.labeledArray(position: -1) }.contains("-1 is outside"))
  }

  @Test("What is not there is named, with what is") func errors() throws {
    let array = try Self.file().lazyLabeledArray()
    #expect(
      message { _ = try array.sel(.channel, "mCherry") }
        == "axis C has no 'mCherry', but DAPI, GFP, Cy5")
    #expect(
      message { _ = try array.sel(.position, "A") }
        == "there is no axis P: the array has the axes T, Z, C, Y, X")
    #expect(message { _ = try array.sel(.time, 400) }.contains("The nearest is 500.0 ms"))
    #expect(
      message { _ = try array.sel(.time, nearest: 800, tolerance: 100) }
        .contains("within 100.0 ms of 800.0 ms"))
    #expect(message { _ = try array.sel(.z, 5...9) }.contains("go from 0.0 to 1.5 µm"))
    #expect(message { _ = try array.sel(.channel, 3.0) }.contains("names, not values"))
    #expect(message { _ = try array.sel(.z, "top") }.contains("values, not names"))
    #expect(message { _ = try array.isel(.z, 9) }.contains("index 9 is outside 0..<4"))
    #expect(message { _ = try array.isel(.z, indices: [0, 9, 1]) }.contains("index 9"))
    #expect(message { _ = try array.sel(.time, nearest: .nan) } != "")
    #expect(
      message {
        _ = try LabeledArray(array.values, coordinates: [.z: Coordinate(.numbers([1]))])
      }.contains("axis Z has 4 elements, its coordinate 1"))
  }

  @Test("Names that come twice are not guessed at") func duplicateNames() throws {
    let sample = SampleFile(
      width: 4, height: 3, channels: [.init("Cy5"), .init("GFP"), .init("Cy5")])
    let array = try Self.file(sample).lazyLabeledArray()
    #expect(message { _ = try array.sel(.channel, "Cy5") }.contains("several times, at 0, 2"))
    #expect(try array.sel(.channel, "GFP").sizes.axes == [.y, .x])
  }

  @Test("The description shows the labels") func description() throws {
    let text = "\(try Self.file().lazyLabeledArray().isel(.channel, 1))"
    #expect(text.contains("T: 0.0, 500.0, 1000.0 ms"))
    #expect(text.contains("at C: GFP"))
    #expect(text.contains("uint16 lazy array, T 3 × Z 4 × Y 4 × X 6"))
  }

  @Test("The one-line reader has four forms") func oneLineReader() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("a.nd2")
    try Self.sample.write(to: path)
    let file = try ND2File(path: path)
    let dense = try imread(path)
    #expect(dense == (try file.read()))
    #expect(try imread(path, lazy: .frames).compute() == dense)
    #expect(try imread(path, lazy: .sizes([.z: 2])).chunkShape == [1, 2, 3, 4, 6])
    #expect(try imread(path, labeled: .squeezed).values == dense)
    #expect(try imread(path, labeled: .all).sizes.axes.first == .position)
    let both = try imread(path, lazy: .sizes([.y: 2]), labeled: .squeezed)
    #expect(try both.sel(.channel, "GFP").compute().values == dense[.channel, 1])
    #expect(throws: ND2Error.self) { try imread("/nowhere/a.nd2") }
    #expect(throws: ND2Error.self) { try imread(path, lazy: .sizes([.position: 1])) }
  }
}

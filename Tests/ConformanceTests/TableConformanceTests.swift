import ND2
import Testing

/// Holds the tables of every sample to what Python nd2 0.12 says of its regions, positions and
/// frames.
@Suite(.enabled(if: SampleFiles.folder != nil, "needs the sample files"))
struct TableConformanceTests {
  @Test(
    "Regions lie where the formula of the format puts nd2's numbers",
    arguments: SampleFiles.names)
  func regions(name: String) throws {
    let regions = SampleFiles.expected(name)?["rois"]?.members ?? []
    let file = try SampleFiles.open(name)
    let table = try file.roisTable()
    // nd2 keeps one region of each number.
    let ids = table["ID"]?.integers?.compactMap(\.self) ?? []
    guard regions.count == Set(ids).count else { return }
    let (width, height) = (
      Double(file.attributes.widthPx) / 2, Double(file.attributes.heightPx) / 2
    )
    for region in regions.map(\.value) {
      let id = try #require(region["id"]?.int)
      let rows = table.filter { $0["ID"] == .integer(id) }
      let steps = region["animParams"]?.elements ?? []
      #expect(rows.rowCount == max(1, steps.count))
      #expect(rows["Label"]?.strings?[0] == region["info"]?["label"]?.string)
      for (row, step) in zip(rows.rows, steps) {
        let (x, y) = (try #require(step["centerX"]?.double), try #require(step["centerY"]?.double))
        #expect(row["Center X [px]"]?.double == width * (1 + x))
        #expect(row["Center Y [px]"]?.double == height * (1 + y))
        #expect(row["Time [s]"]?.double == (step["timeMs"]?.double ?? .nan) / 1000)
        #expect(row["Rotation"]?.double == step["rotationZ"]?.double)
        #expect(
          row["Points"]?.int == step["extrudedShape"]?["basePoints"]?.elements.count)
      }
    }
  }

  @Test("Positions are those of nd2's loop over them", arguments: SampleFiles.names)
  func positions(name: String) throws {
    let loops = SampleFiles.expected(name)?["experiment"]?.elements ?? []
    guard let loop = loops.first(where: { $0["type"]?.string == "XYPosLoop" }) else { return }
    let points = loop["parameters"]?["points"]?.elements ?? []
    let table = try SampleFiles.open(name).positionsTable()
    #expect(table.rowCount == points.count)
    for (row, point) in zip(table.rows, points) {
      let stage = point["stagePositionUm"]
      #expect(row["Position Name"]?.string == point["name"]?.string)
      #expect(row["X [µm]"]?.double == stage?["x"]?.double)
      #expect(row["Y [µm]"]?.double == stage?["y"]?.double)
      if loop["parameters"]?["isSettingZ"] == true {
        #expect(row["Z [µm]"]?.double == stage?["z"]?.double)
      }
      // nd2-format §3.3.3: a negative offset is none, which nd2 shows as 0 in version 2.
      if let offset = row["PFS Offset"]?.double { #expect(offset == point["pfsOffset"]?.double) }
    }
  }

  @Test("Frames have nd2's indices, times and places", arguments: SampleFiles.names)
  func frames(name: String) throws {
    let expected = try #require(SampleFiles.expected(name))
    let table = try SampleFiles.open(name).framesTable()
    let indices = expected["loop_indices"]?.elements ?? []
    for (row, known) in zip(table.rows, indices) {
      for axis in known.members {
        #expect(row["\(axis.name) Index"]?.int == axis.value.int)
      }
    }
    for (key, frame) in (expected["frame_metadata"]?.members ?? []).map({ ($0.name, $0.value) }) {
      guard let index = Int(key), let channel = frame["channels"]?.elements.first else { continue }
      let row = try #require(table.rows.first { $0.index == index })
      let stage = channel["position"]?["stagePositionUm"]
      #expect(row["X [µm]"]?.double == stage?["x"]?.double)
      #expect(row["Y [µm]"]?.double == stage?["y"]?.double)
      let time = try #require(channel["time"]?["relativeTimeMs"]?.double)
      #expect(row["Time [s]"]?.double == time / 1000)
      if let status = channel["pfs_status"]?.int { #expect(row["PFS Status"]?.int == status) }
    }
  }
}

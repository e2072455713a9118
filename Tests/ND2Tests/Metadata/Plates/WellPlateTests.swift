import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Well plates")
struct WellPlateTests {
  private func decode(
    _ chunks: WellPlateDecoder.Chunks
  ) -> (plate: WellPlate?, log: DiagnosticLog) {
    var log = DiagnosticLog()
    return (WellPlateDecoder.decode(chunks, log: &log), log)
  }

  private func frames(_ text: String) throws -> [UInt8] { try zlib(Array(text.utf8)) }

  @Test("The plate of a file is read with the well of every frame")
  func wholeFile() throws {
    let chunks = try ChunkBox(try #require(Gallery.all["jobs_and_plate"]))
    let (plate, log) = decode(
      .init(
        description: chunks[ChunkName.wellPlate], descriptionJSON: chunks[ChunkName.wellPlateJSON],
        frames: chunks[ChunkName.wellPlateFrames]))
    let found = try #require(plate)
    #expect(found.source == .description)
    #expect(found.name == "96 Well Plate")
    #expect(found.rowCount == 8 && found.columnCount == 12)
    #expect(found.rowName(7) == "H" && found.columnName(11) == "12")
    #expect(found.well(ofFrame: 1)?.wellName == "H12")
    #expect(found.wells().map(\.name) == ["A1", "H12"])
    #expect(log.entries.isEmpty)
    #expect(try JSONValue(encoding: found).decode() == found)
  }

  @Test("Several positions in a well are its fields of view")
  func severalFields() throws {
    let text = (0..<6).map { frame in
      """
      {"plateIndex":0,"plateUuid":"u","seqIndex":\(frame),"wellIndex":\(frame % 3 / 2),\
      "wellName":"","wellCompactName":"A\(frame % 3 / 2 + 1)","wellColIndex":\(frame % 3 / 2),\
      "wellRowIndex":0}
      """
    }
    let (plate, _) = decode(.init(frames: try frames("[\(text.joined(separator: ","))]")))
    let found = try #require(plate)
    #expect(found.source == .frameTable)
    #expect(found.rowCount == 1 && found.columnCount == 2)
    let wells = found.wells { $0 % 3 }
    #expect(wells.map(\.name) == ["A1", "A2"])
    #expect(wells.map(\.frames) == [[0, 1, 3, 4], [2, 5]])
    #expect(wells.map(\.positions) == [[0, 1], [2]])
  }

  @Test("The JSON form fills in what the other form does not say")
  func jsonForm() {
    let json = Array(#"{"name":"96","rows":8,"columns":12,"rowNaming":"1-8"}"#.utf8)
    let plate = decode(.init(descriptionJSON: json)).plate
    #expect(plate?.name == "96" && plate?.columnCount == 12)
    #expect(plate?.rowName(2) == "3")
    #expect(decode(.init(descriptionJSON: Array(#"{"name":"96"}"#.utf8))).plate == nil)
    #expect(decode(.init()).plate == nil)
  }

  @Test("Frames without well, and wells beyond the plate, are reported")
  func oddFrames() throws {
    let text = """
      [{"wellRowIndex":9,"wellColIndex":0,"seqIndex":0},{"seqIndex":1},7,
      {"wellRowIndex":-1,"wellColIndex":0},{"wellRowIndex":99999999999999999,"wellColIndex":0}]
      """
    let (plate, log) = decode(
      .init(
        descriptionJSON: Array(#"{"rows":8,"columns":12}"#.utf8), frames: try frames(text)))
    #expect(plate?.frames.count == 1)
    #expect(log.entries.count == 2)
  }

  @Test("Names of positions such as B07 suggest a plate")
  func positionNames() throws {
    let plate = try #require(
      WellPlateDecoder.plate(
        positionNames: ["A01", "A01", "B07"], positionOfFrame: [0, 1, 2, 0, 1, 2]))
    #expect(plate.source == .positionNames)
    #expect(plate.rowCount == 2 && plate.columnCount == 7)
    #expect(plate.frames[2].wellCompactName == "B7" && plate.frames[2].wellName == "B07")
    let wells = plate.wells { $0 % 3 }
    #expect(wells.map(\.positions) == [[0, 1], [2]])
  }

  @Test(
    "Other names suggest none",
    arguments: [
      ["A1", nil], ["a1"], ["A"], ["12"], ["A1 "], ["A1", "#2"], ["A0"], [], [""],
      ["A99999999999999999999"], ["ABCDEFGHIJKLMNOP1"],
    ] as [[String?]])
  func otherNames(names: [String?]) {
    #expect(WellPlateDecoder.plate(positionNames: names, positionOfFrame: [0]) == nil)
  }

  @Test("Rows beyond Z have two letters")
  func letters() {
    #expect(
      [0, 25, 26, 31, 701, 702].map { WellPlate.letters($0) } == [
        "A", "Z", "AA", "AF", "ZZ", "AAA",
      ])
    #expect(WellPlateDecoder.place("AF48")?.row == 31)
    #expect(WellPlateDecoder.place("AF48")?.column == 47)
  }

  @Test("Hostile bytes never trap")
  func hostile() throws {
    let description = LiteVariantEncoder.encode(
      .object(["PlateDesc": .object(["rows": .uint32(8), "columns": .uint32(12)])]))
    let text = Array(#"[{"seqIndex":0,"wellIndex":1,"wellColIndex":1,"wellRowIndex":2}]"#.utf8)
    for damaged in HostileBytes.flips(of: text) {
      let (plate, _) = decode(.init(description: description, frames: try zlib(damaged)))
      _ = plate?.wells { $0 }
    }
    for damaged in HostileBytes.prefixes(of: description) {
      _ = decode(.init(description: damaged, descriptionJSON: damaged, frames: damaged))
    }
    for damaged in HostileBytes.flips(of: description) {
      _ = decode(.init(description: damaged, frames: text)).plate?.rowName(3)
    }
  }
}

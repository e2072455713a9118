import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Recorded data")
struct RecordedDataTests {
  private typealias Tag = RecordedDataDecoder.Tag

  private func tag(
    _ id: String, _ name: String, unit: String = "", type: Int = 3, size: Int = 2
  ) -> Tag {
    Tag(id: id, name: name, unit: unit, type: type, group: 1, size: size)
  }

  private func columns(
    _ tags: [Tag], _ data: [String: [UInt8]]
  ) -> ([RecordedColumn], DiagnosticLog) {
    var log = DiagnosticLog()
    let columns = RecordedDataDecoder.columns(tags, log: &log) { data[$0.id] }
    return (columns, log)
  }

  private let numbers = [UInt8](littleEndian: [1.5, -2.5] as [Double])

  @Test("Tags are read in the order of their numbers")
  func tagOrder() {
    var log = DiagnosticLog()
    let list = ["Tag10", "Tag2", "Tag1"].map { name in
      MetadataField(name, .object(["ID": .string("id of \(name)"), "Type": .int32(3)]))
    }
    let root = MetadataValue.object(["CustomTagDescription_v1.0": .level(list)])
    let tags = RecordedDataDecoder.tags(root, log: &log)
    #expect(tags.map(\.id) == ["id of Tag1", "id of Tag2", "id of Tag10"])
    #expect(tags[0].chunkName == "CustomData|id of Tag1!")
  }

  @Test("A file that was written gives the columns that were asked for")
  func wholeFile() throws {
    let chunks = try ChunkBox(try #require(Gallery.all["recorded"]))
    var log = DiagnosticLog()
    let tags = RecordedDataDecoder.tags(try chunks.tree(ChunkName.recordedData), log: &log)
    let columns = RecordedDataDecoder.columns(tags, log: &log) { chunks[$0.chunkName] }
    #expect(columns.map(\.title) == ["Camera 1 Temperature [°C]", "PFS Status", "Note"])
    #expect(columns.map(\.unit) == ["°C", "", ""])
    #expect(columns[0].values == .doubles([-5, -5.25, -5.5]))
    #expect(columns[1].values == .integers([7, 1, -1]))
    #expect(columns[2].values == .strings(["a", "", "日本"]))
    #expect(columns[id: "PFS_STATUS"]?.values[2] == .integer(-1))
    #expect(log.entries.isEmpty)
  }

  @Test("A name that is taken gives way to the id, and then to both; the unit comes last")
  func titles() {
    let data = ["a": numbers, "b": numbers, "c": numbers, "A": numbers]
    let (columns, _) = columns(
      [tag("a", "A"), tag("b", "A"), tag("A", "A"), tag("c", "A", unit: "V")], data)
    #expect(columns.map(\.title) == ["A", "b", "A (A)", "c [V]"])
  }

  @Test("Columns of one name and unit have one title, as in other readers")
  func sharedTitles() {
    let (columns, _) = columns(
      [
        tag("a", "Analog", unit: "V"), tag("b", "Analog", unit: "V"), tag("c", "Analog", unit: " "),
      ],
      ["a": numbers, "b": numbers, "c": numbers])
    #expect(columns.map(\.title) == ["Analog [V]", "Analog [V]", "Analog"])
  }

  @Test("Columns without data or of unknown type are left out and reported")
  func skips() {
    let (columns, log) = columns(
      [tag("a", "A"), tag("b", "B", type: 0), tag("c", "C")], ["b": numbers, "c": numbers])
    #expect(columns.map(\.id) == ["c"])
    #expect(log.entries.count == 2)
  }

  @Test("More values than there is data are cut, and reported")
  func clamping() {
    let (columns, log) = columns(
      [tag("a", "A", size: 9), tag("b", "B", type: 2, size: .max), tag("c", "C", size: -4)],
      ["a": numbers, "b": numbers + [1], "c": numbers])
    #expect(columns.map(\.values.count) == [2, 4, 0])
    #expect(log.entries.count == 2)
  }

  @Test("Texts have the width that their number gives, and end at the first NUL")
  func strings() {
    let cell: [UInt8] = [0x61, 0, 0x3B, 0x04, 0, 0, 0x7A, 0]
    let (columns, _) = columns(
      [tag("a", "A", type: 1, size: 2), tag("b", "B", type: 1, size: .max)],
      ["a": cell + cell, "b": cell])
    #expect(columns[0].values == .strings(["aл", "aл"]))
    #expect(columns[1].values.count == 0)
  }

  @Test("Texts whose end is lost have 512 bytes each")
  func cutStrings() {
    let cell = Array("a\0".utf8) + [UInt8](repeating: 0, count: 510)
    let (columns, log) = columns(
      [tag("a", "A", type: 1, size: 3)], ["a": cell + cell + [1, 2, 3, 4]])
    #expect(columns[0].values == .strings(["a", "a"]))
    #expect(log.entries.count == 1)
  }

  @Test("Columns keep the kind of their values in JSON")
  func json() throws {
    let columns = [
      RecordedColumn(id: "a", name: "A", unit: "V", values: .doubles([1, 2.5])),
      RecordedColumn(id: "b", name: "B", values: .integers([1])),
      RecordedColumn(id: "c", name: "C", values: .strings(["1"])),
    ]
    let json = try JSONValue(encoding: columns)
    #expect(json.elements[0]["type"] == "double" && json.elements[0]["title"] == "A [V]")
    #expect(try json.decode() == columns)
  }

  @Test("The height is that of the column Z, else of the lowest-numbered drive")
  func stageZ() {
    let data = ["Z10": numbers, "Z2": numbers, "Zoom": numbers, "Z": numbers]
    let (drives, _) = columns([tag("Zoom", "z"), tag("Z10", "a"), tag("Z2", "b")], data)
    #expect(drives.stageZ?.id == "Z2")
    let (all, _) = columns([tag("Z2", "b"), tag("Z", "c")], data)
    #expect(all.stageZ?.id == "Z")
  }
}

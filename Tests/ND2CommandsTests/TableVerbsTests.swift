import ND2
import ND2Writer
import Testing

@testable import ND2Commands

/// `events`, `rois`, `positions`, `frames` and `stats` share their forms and outputs.
@Suite("Verbs that give tables")
struct TableVerbsTests {
  static let verbs = ["events", "rois", "positions", "frames", "stats"]

  @Test("CSV and TSV have a line for each row and one of headings", arguments: verbs)
  func separated(verb: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let records = try CommandRun(verb, path, "--format", "json").json().elements
    #expect(!records.isEmpty)
    let csv = CommandRun(verb, path, "--format", "csv")
    #expect(csv.status == .done)
    #expect(csv.lines.count == records.count + 1)
    #expect(!csv.output.utf8.contains(0x0D))
    let tsv = CommandRun(verb, path, "--format", "tsv")
    #expect(tsv.lines.count == records.count + 1)
    let columns = tsv.lines[0].split(separator: "\t").count
    #expect(columns > 3)
    for line in tsv.lines {
      #expect(line.split(separator: "\t", omittingEmptySubsequences: false).count == columns)
    }
  }

  @Test("JSON comes in three orientations", arguments: verbs)
  func json(verb: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    func json(_ orientation: String) throws -> JSONValue {
      try CommandRun(verb, path, "--format", "json", "--orient", orientation).json()
    }
    let records = try json("records").elements
    let (list, dict) = (try json("list").members, try json("dict").members)
    #expect(list.map(\.name) == dict.map(\.name))
    for (list, dict) in zip(list, dict) {
      #expect(list.value.elements.count == records.count)
      #expect(dict.value.members.map(\.value) == list.value.elements)
      #expect(dict.value.members.map(\.name) == records.indices.map(String.init))
    }
  }

  @Test("A file gets the same as stdout, in the form that its name says", arguments: verbs)
  func files(verb: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    for format in ["csv", "tsv", "json"] {
      let run = CommandRun(verb, path, "-o", folder.path("out.\(format)"))
      #expect(run.status == .done)
      #expect(run.output.isEmpty)
      #expect(run.errors == "Wrote \(folder.path("out.\(format)"))\n")
      let expected = CommandRun(verb, path, "--format", format).output
      #expect(String(decoding: try folder.bytes("out.\(format)"), as: UTF8.self) == expected)
    }
    #expect(CommandRun(verb, path, "-o", folder.path("out.txt"), "-q").errors.isEmpty)
    let table = String(decoding: try folder.bytes("out.txt"), as: UTF8.self)
    #expect(table == CommandRun(verb, path, "--format", "table").output)
    #expect(
      CommandRun(verb, path, "-o", folder.path("x.csv"), "--format", "tsv").status == .done)
    #expect(try folder.bytes("x.csv") == folder.bytes("out.tsv"))
  }

  @Test("An existing output is kept unless it may be overwritten", arguments: verbs)
  func overwriting(verb: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    try folder.write([1, 2, 3], to: "kept.csv")
    let refused = CommandRun(verb, path, "-o", folder.path("kept.csv"))
    #expect(refused.status == .failed)
    #expect(refused.errors.contains("--overwrite"))
    #expect(try folder.bytes("kept.csv") == [1, 2, 3])
    #expect(CommandRun(verb, path, "-o", path, "--overwrite").status == .failed)
    let run = CommandRun(verb, path, "-o", folder.path("kept.csv"), "--overwrite")
    #expect(run.status == .done)
    #expect(try folder.bytes("kept.csv").count > 10)
  }

  @Test("After an error no output and no temporary file stay", arguments: verbs)
  func failures(verb: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("no ND2 file".utf8), to: "bad.nd2")
    let run = CommandRun(verb, folder.path("bad.nd2"), "-o", folder.path("out.json"))
    #expect(run.status == .failed)
    #expect(run.output.isEmpty)
    #expect(folder.names() == ["bad.nd2"])
    let json = CommandRun(verb, folder.path("bad.nd2"), "--format", "json")
    #expect(try json.json()["error"]?["code"]?.string == "notAnND2File")
  }

  @Test("--json and another form exclude each other", arguments: verbs)
  func exclusion(verb: String) {
    #expect(CommandRun(verb, "x.nd2", "--json", "--format", "csv").status == .usage)
    #expect(CommandRun(verb, "x.nd2", "--format", "yaml").status == .usage)
  }

  @Test("Positions have names, places in micrometres, and --json is their table")
  func positions() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let records = try CommandRun("positions", path, "--json").json().elements
    #expect(
      records.map { $0["Position Name"] } == [.string("Field 1"), .string("Field 2")])
    #expect(records[1]["X [µm]"] == 1550.5)
    #expect(records[1]["Z [µm]"] == 2500.75)
    let lines = CommandRun("positions", path).lines
    #expect(lines.count == 3)
    #expect(lines[0] == "P Index  Position Name  X [µm]   Y [µm]   Z [µm]")
    let single = try folder.save(SampleFile(), as: "single.nd2")
    #expect(CommandRun("positions", single).lines.count == 2)
  }

  @Test("The table of frames takes the checksums along")
  func checksums() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let document = try CommandRun("frames", path, "--json", "--checksum").json().elements
    let table = try CommandRun("frames", path, "--format", "json", "--checksum").json().elements
    #expect(table.map { $0["SHA-256"] } == document.map { $0["sha256"] })
    #expect(table.map { $0["Offset"] } == document.map { $0["offset"] })
  }

  @Test("Without regions CSV has its headings, and people are told")
  func nothing() throws {
    let folder = try TemporaryFolder()
    let path = try folder.save(SampleFile())
    let csv = CommandRun("rois", path, "--format", "csv")
    #expect(csv.lines.count == 1 && csv.lines[0].hasPrefix("ID,Label,"))
    #expect(try CommandRun("rois", path, "--format", "json").json() == [])
    #expect(CommandRun("rois", path).errors.contains("no regions"))
  }
}

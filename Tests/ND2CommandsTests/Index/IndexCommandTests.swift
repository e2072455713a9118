import ND2
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 index")
struct IndexCommandTests {
  /// Three files of different sizes, and one that is none.
  private func folder(withDamage: Bool = false) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, times) in [("b", 3), ("a", 5), ("c", 4)] {
      var sample = SampleFile(width: 16, height: 12, loops: [.time(count: times)])
      sample.version = name == "c" ? .v2_1 : sample.version
      _ = try folder.save(sample, as: "\(name).nd2")
    }
    if withDamage { try folder.write(Array("nothing".utf8), to: "broken.nd2") }
    return folder
  }

  @Test("JSON has the columns of the Python package, in its order")
  func json() throws {
    let folder = try folder()
    let run = CommandRun("index", folder.root, "--json")
    #expect(run.status == .done && run.errors.isEmpty)
    let rows = try run.json().elements
    #expect(rows.compactMap { $0["name"]?.string } == ["a.nd2", "b.nd2", "c.nd2"])
    #expect(
      rows[0].members.map(\.name) == [
        "path", "name", "version", "kb", "acquired", "experiment", "dtype", "shape", "axes",
        "binary",
        "rois", "software_name", "software_version", "grabber",
      ])
    #expect(rows[0]["shape"] == [5, 12, 16] && rows[0]["axes"] == "TYX")
    #expect(rows[2]["version"] == "2.1" && rows[2]["rois"] == false)
    #expect(CommandRun("index", folder.root, "-f", "json").output == run.output)
    let lines = CommandRun("index", folder.root, "-f", "ndjson").lines
    #expect(try lines.map { try JSONParser.parse(Array($0.utf8)) } == rows)
  }

  @Test("Nothing found is an empty document of each form")
  func nothing() throws {
    let folder = try TemporaryFolder()
    #expect(CommandRun("index", folder.root, "-f", "json").output == "[]\n")
    #expect(CommandRun("index", folder.root, "-f", "ndjson").output == "")
    #expect(CommandRun("index", folder.root, "-f", "csv", "-i", "name,kb").output == "name,kb\n")
    let run = CommandRun("index", folder.root)
    #expect(run.output == "" && run.errors == "No files were found.\n" && run.status == .done)
  }

  @Test("Columns are chosen and left out; unknown names are told and passed over")
  func columns() throws {
    let folder = try folder()
    let run = CommandRun(
      "index", folder.root, "-f", "csv", "-i", "shape,nothing, name", "-F", "name == 'a.nd2'")
    #expect(run.output == "shape,name\n\"[5, 12, 16]\",a.nd2\n")
    #expect(run.errors == "nd2: unrecognized columns: nothing\n" && run.status == .done)
    let bare = CommandRun(
      "index", folder.root, "-f", "tsv", "-i", "name,binary,axes", "-e", "axes", "--no-header")
    #expect(bare.output == "a.nd2\tFalse\nb.nd2\tFalse\nc.nd2\tFalse\n")
    let some = try CommandRun("index", folder.root, "--json", "-e", "path,kb,acquired").json()
    #expect(some.elements[0].members.count == 11)
    let all = try CommandRun("index", folder.root, "--json", "--all-columns").json()
    #expect(all.elements[0].members.map(\.name) == IndexColumn.allCases.map(\.name))
    #expect(all.elements[0]["frames"] == 5)
  }

  @Test("Rows are sorted and filtered")
  func order() throws {
    let folder = try folder()
    func names(_ arguments: String...) -> [String] {
      CommandRun(["index", folder.root, "-f", "csv", "--no-header", "-i", "name"] + arguments).lines
    }
    #expect(names("-s", "name-") == ["c.nd2", "b.nd2", "a.nd2"])
    #expect(names("-s", "shape") == ["b.nd2", "c.nd2", "a.nd2"])
    #expect(names("-s", "version,name-") == ["c.nd2", "b.nd2", "a.nd2"])
    #expect(names("-s", "version-", "-s", "shape") == ["b.nd2", "a.nd2", "c.nd2"])
    #expect(names("-F", "shape[0] > 3") == ["a.nd2", "c.nd2"])
    #expect(names("-F", "shape[0] > 3", "--filter", "version ~ '2.'") == ["c.nd2"])
    #expect(names("-F", "acquired > '1950' and kb < 500").count == 3)
    #expect(names("-F", "kb > 1GB").isEmpty)
    #expect(names("-g", "[ab].*", "--threads", "3") == ["a.nd2", "b.nd2"])
  }

  @Test("Mistakes are said before anything is read")
  func usage() throws {
    let folder = try folder()
    for wrong in [
      ["-F", "kb << 5"], ["-F", "size > 3"], ["-s", "size"], ["-g", "/x"], ["-g", ""],
      ["--threads", "0"], ["-f", "xml"], ["--json", "-f", "csv"], ["--thumbnail-size", "0"],
    ] {
      let run = CommandRun(["index", folder.root, "-o", folder.path("out.csv")] + wrong)
      #expect(run.status == .usage, "\(wrong)")
      #expect(run.output.isEmpty)
    }
    let run = CommandRun("index", folder.root, "-F", "kb << 5")
    #expect(run.errors.contains("character 5"))
    #expect(!folder.names().contains("out.csv"))
    #expect(CommandRun("index").status == .usage)
  }

  @Test("A file that is none has a row, and decides on the exit code")
  func damage() throws {
    let folder = try folder(withDamage: true)
    let run = CommandRun("index", folder.root, "-f", "json", "-q")
    #expect(run.status == .damaged)
    #expect(run.errors.contains("broken.nd2") && run.errors.contains("not an ND2 file"))
    let rows = try run.json().elements
    #expect(rows.count == 4)
    #expect(rows[2]["name"] == "broken.nd2" && rows[2]["kb"] == 0.01 && rows[2]["shape"] == .null)
    #expect(rows[2]["error"]?.string != nil && rows[0]["error"] == nil)
    let table = CommandRun("index", folder.root)
    #expect(table.lines[0].hasSuffix("error"))
    // A filter takes the row away, not the report.
    let filtered = CommandRun("index", folder.root, "-f", "csv", "-F", "kb > 0.1")
    #expect(filtered.lines.count == 4 && filtered.status == .damaged)
    #expect(CommandRun("index", folder.path("no.nd2"), "-f", "csv").status == .failed)
  }

  @Test("A damaged file is listed with what it says, and reported")
  func damagedFile() throws {
    let folder = try TemporaryFolder()
    let bytes = try SampleFile(width: 16, height: 12, loops: [.time(count: 3)])
      .bytes(with: .removeMap)
    try folder.write(bytes, to: "cut.nd2")
    let run = CommandRun("index", folder.root, "-f", "json", "-i", "shape,damaged")
    #expect(run.status == .damaged && run.errors.contains("cut.nd2"))
    #expect(try run.json().elements == [["shape": [3, 12, 16], "damaged": true]])
  }

  @Test("The output appears whole, in the form of its name, and is not replaced unasked")
  func output() throws {
    let folder = try folder()
    let path = folder.path("index.csv")
    #expect(CommandRun("index", folder.root, "-o", path).status == .done)
    #expect(String(decoding: try folder.bytes("index.csv"), as: UTF8.self).hasPrefix("path,name,"))
    #expect(CommandRun("index", folder.root, "-o", path).status == .failed)
    #expect(CommandRun("index", folder.root, "-o", path, "--overwrite", "-q").errors.isEmpty)
    #expect(CommandRun("index", folder.root, "-o", folder.path("i.ndjson")).status == .done)
    #expect(try folder.bytes("i.ndjson").first == UInt8(ascii: "{"))
  }

  @Test("A long table is written piece by piece, CSV with one line of headings")
  func long() throws {
    let folder = try TemporaryFolder()
    let path = try folder.save(SampleFile(width: 4, height: 4), as: "one.nd2")
    let paths = Array(repeating: path, count: 1203)
    let csv = CommandRun(["index", "-f", "csv", "-i", "name,axes"] + paths)
    #expect(csv.lines.count == 1204 && csv.lines.count { $0 == "name,axes" } == 1)
    let table = CommandRun(["index", "-i", "name,axes"] + paths)
    #expect(table.lines.count == 1205 && table.lines.count { $0.hasPrefix("name") } == 2)
    let json = CommandRun(["index", "--json", "-i", "name,axes"] + paths)
    #expect(try json.json().elements.count == 1203)
  }

  @Test("Small pictures are saved once, and their paths listed")
  func thumbnails() throws {
    let folder = try folder(withDamage: true)
    let pictures = folder.path("pictures")
    let arguments = [
      "index", folder.root, "-f", "json", "-i", "name,thumbnail", "--thumbnails", pictures,
      "--thumbnail-size", "8", "-F", "name != 'c.nd2'",
    ]
    let run = CommandRun(arguments)
    #expect(run.status == .damaged)
    let paths = try run.json().elements.map { $0["thumbnail"]?.string }
    #expect(paths.count == 3 && paths[2] == nil)
    for path in paths.compactMap({ $0 }) {
      let bytes = try FileSource(path: path).read(0..<24)
      #expect(Array(bytes[1..<4]) == Array("PNG".utf8) && bytes[19] == 8)
    }
    let again = CommandRun(arguments)
    #expect(again.output == run.output)
    #expect(
      CommandRun(["index", folder.root, "--thumbnails", folder.path("a.nd2")]).status == .failed)
    let named = try CommandRun("index", folder.path("a.nd2"), "--json", "--thumbnails", pictures)
      .json()
    #expect(named.elements[0].members.last?.name == "thumbnail")
  }

  @Test("What was read is counted")
  func statistics() throws {
    let folder = try folder()
    let run = CommandRun("index", folder.root, "-f", "csv", "--stats")
    #expect((try JSONParser.parse(Array(run.errors.utf8))["bytes"]?.int ?? 0) > 1000)
  }
}

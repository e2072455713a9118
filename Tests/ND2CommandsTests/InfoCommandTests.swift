import ND2
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 info")
struct InfoCommandTests {
  @Test("Says what a microscopist wants to know first")
  func summary() throws {
    let folder = try TemporaryFolder()
    let run = CommandRun("info", try folder.saveDemo())
    #expect(run.status == .done)
    #expect(run.errors.isEmpty)
    #expect(run.lines[0].hasPrefix("sample.nd2  "))
    #expect(run.lines[0].hasSuffix(", ND2 3.0"))
    for text in [
      "T 2 × P 2 × Z 3 × C 2 × Y 16 × X 24   uint16, 12 bits used", "12 frames, uncompressed",
      "DAPI", "395 → 460 nm, exposure 80 ms", "Plan Apo λ 20x, 20×, NA 0.75",
      "2 points, every 10 s", "2 stage positions: Field 1, Field 2", "3 planes, 0.8 µm apart",
      "2 regions of interest", "2 events",
    ] {
      #expect(run.output.contains(text), "\(text)")
    }
  }

  @Test("Without a terminal there are no escape sequences")
  func plain() throws {
    let folder = try TemporaryFolder()
    #expect(!CommandRun("info", try folder.saveDemo()).output.contains("\u{1B}"))
  }

  @Test("Control characters in names of a file never reach the output")
  func hostileNames() throws {
    let folder = try TemporaryFolder()
    var sample = SampleFile(channels: [.init("evil\u{1B}[2Jname")])
    sample.microscope.objectiveName = "lens\u{7}\r\nsecond line"
    let run = CommandRun("info", try folder.save(sample))
    #expect(run.status == .done)
    #expect(!run.output.contains("\u{1B}"))
    #expect(!run.output.contains("\u{7}"))
    #expect(!run.output.contains("\r"))
  }

  @Test("JSON of one file is an object, of several a list")
  func json() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let one = try CommandRun("info", path, "--json").json()
    #expect(one["dtype"] == "uint16")
    #expect(one["sizes"]?["Z"] == 3)
    #expect(one["channels"]?.elements.count == 2)
    #expect(one["contents"]?["rois"] == 2)
    let both = try CommandRun("info", path, path, "--json").json()
    #expect(both.elements.count == 2)
  }

  @Test("A file that cannot be opened does not hide the others")
  func mixed() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun("info", folder.path("none.nd2"), path, "--json")
    #expect(run.status == .failed)
    let reports = try run.json().elements
    #expect(reports.count == 2)
    #expect(reports.first?["error"]?["code"] == "io")
    #expect(reports.last?["dtype"] == "uint16")
  }

  @Test("A damaged file is described, with exit code 3")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let bytes = try SampleFile.demo(width: 24, height: 16, times: 3, slices: 1).bytes()
    try folder.write(Array(bytes.dropLast(100)), to: "cut.nd2")
    let run = CommandRun("info", folder.path("cut.nd2"))
    #expect(run.status == .damaged)
    #expect(run.status.rawValue == 3)
    #expect(run.output.contains("damage:"))
    // Shown once, in the description.
    #expect(run.errors.isEmpty)
  }
}

import ND2
import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("Verbs that list")
struct ListingCommandTests {
  @Test("Frames have coordinates, time, stage and place")
  func frames() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let frames = try CommandRun("frames", path, "--json").json().elements
    #expect(frames.count == 12)
    let last = try #require(frames.last)
    #expect(
      last.members.map(\.name) == [
        "index", "coordinates", "time_ms", "stage_um", "z_um", "offset", "missing",
      ])
    #expect(last["index"] == 11)
    #expect(last["coordinates"] == ["T": 1, "P": 1, "Z": 2])
    #expect(last["stage_um"]?["x"] == 1550.5)
    #expect(last["missing"] == false)
    let chunks = try CommandRun("chunks", path, "--json").json().elements
    let chunk = chunks.first { $0["name"] == "ImageDataSeq|11!" }
    #expect(last["offset"] == chunk?["offset"])
    let table = CommandRun("frames", path)
    #expect(table.lines.count == 13)
    #expect(table.lines[0].contains("Time [s]"))
  }

  @Test("A missing frame is listed as missing, without a checksum")
  func missingFrames() throws {
    let folder = try TemporaryFolder()
    var sample = SampleFile(width: 4, height: 4, loops: [.time(.init(count: 3, periodMs: 100))])
    sample.missingFrames = [1]
    let path = try folder.save(sample)
    let frames = try CommandRun("frames", path, "--json", "--checksum").json().elements
    #expect(frames.map { $0["missing"] } == [false, true, false])
    #expect(frames[1]["offset"] == .null)
    #expect(frames[1]["sha256"] == .null)
    #expect(frames[2]["sha256"]?.string?.count == 64)
  }

  @Test("Checksums do not depend on padding and compression")
  func checksums() throws {
    let folder = try TemporaryFolder()
    var sample = SampleFile.demo(width: 23, height: 9, times: 2, slices: 2)
    let plain = try folder.save(sample, as: "plain.nd2")
    sample.storage.compression = .lossless
    let packed = try folder.save(sample, as: "packed.nd2")
    sample.storage.compression = .none
    sample.storage.rowByteCount = 256
    let padded = try folder.save(sample, as: "padded.nd2")
    let hashes = try [plain, packed, padded].map { path in
      try CommandRun("frames", path, "--json", "--checksum").json().elements.map { $0["sha256"] }
    }
    #expect(hashes[0].count == 4)
    #expect(hashes[0] == hashes[1])
    #expect(hashes[0] == hashes[2])
  }

  @Test("Checksums of a file far away have many frames under way")
  func distantChecksums() throws {
    let bytes = try SampleFile(width: 64, height: 40, loops: [.time(count: 24)]).source()
    let source = DistantSource(bytes)
    let file = try ND2File(reading: BlockingSource(source))
    source.begin { $0.companions = 16 }
    let progress = ProgressBar("", total: 48, sink: TextSink(terminal: .none()), isQuiet: true)
    let hashes = try FrameList(file).checksums(progress: progress)
    #expect(source.mostAtOnce >= 16 && source.readsOnce)
    let near = try FrameList(ND2File(reading: bytes)).checksums(progress: progress)
    #expect(hashes == near && Set(hashes).count == 24)
  }

  @Test("Chunks are listed in file order, and given one by one")
  func chunks() throws {
    let folder = try TemporaryFolder()
    var sample = SampleFile()
    sample.customChunks = [.init("CustomData|Mine!", [0xDE, 0xAD, 0x0A])]
    let path = try folder.save(sample)
    let list = try CommandRun("chunks", path, "--json").json().elements
    let offsets = list.compactMap { $0["offset"]?.int }
    #expect(offsets == offsets.sorted())
    let mine = try #require(list.first { $0["name"] == "CustomData|Mine!" })
    #expect(mine["size"] == 3)
    #expect(
      try CommandRun("chunks", path, "--get", "CustomData|Mine", "--json").json()["hex"] == "dead0a"
    )
    let dump = CommandRun("chunks", path, "--get", "CustomData|Mine!", "--hex")
    #expect(dump.output.contains("de ad 0a"))
    #expect(CommandRun("chunks", path, "--hex").output.contains("dead0a"))
    #expect(CommandRun("chunks", path, "--get", "Nothing!").status == .failed)
  }

  @Test("Regions come as a table in pixels and as JSON by number")
  func regions() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun("rois", path)
    #expect(run.lines.count == 3)
    #expect(run.lines[1].contains("cell"))
    #expect(run.lines[1].contains("Ellipse"))
    let json = try CommandRun("rois", path, "--json").json()
    #expect(json["1"]?["info"]?["shapeType"] == 4)
    #expect(json["2"]?["info"]?["label"] == "background")
  }

  @Test("Events come as table, CSV and JSON in three orientations")
  func events() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let table = CommandRun("events", path)
    #expect(table.lines.count == 15)
    #expect(table.output.contains("Medium added"))
    let csv = CommandRun("events", path, "--format", "csv")
    #expect(csv.lines.count == 15)
    #expect(csv.lines[0].hasPrefix("Time [s],"))
    let records = try CommandRun("events", path, "--format", "json").json()
    #expect(records.elements.count == 14)
    let list = try CommandRun("events", path, "--format", "json", "--orient", "list").json()
    #expect(list["Time [s]"]?.elements.count == 14)
    let dict = try CommandRun("events", path, "--json", "--orient", "dict").json()
    #expect(dict["Time [s]"]?["13"]?.double != nil)
  }

  @Test("A file without regions and events says so on stderr, and gives empty JSON")
  func nothing() throws {
    let folder = try TemporaryFolder()
    let path = try folder.save(SampleFile())
    #expect(CommandRun("rois", path).output.isEmpty)
    #expect(try CommandRun("rois", path, "--json").json() == .object([]))
    #expect(CommandRun("rois", path, "-q").errors.isEmpty)
    #expect(CommandRun("events", path).status == .done)
  }
}

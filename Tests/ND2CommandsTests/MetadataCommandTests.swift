import ND2
import ND2Codecs
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 metadata")
struct MetadataCommandTests {
  @Test("--all --json has every key of the contract")
  func contract() throws {
    let folder = try TemporaryFolder()
    let run = CommandRun("metadata", try folder.saveDemo(), "--all", "--json")
    #expect(run.status == .done)
    let json = try run.json()
    let keys = Set(json.members.map(\.name))
    for key in [
      "path", "version", "attributes", "metadata", "experiment", "text_info", "voxel_size", "sizes",
      "shape", "dtype", "is_rgb", "is_legacy", "frame_metadata", "loop_indices", "custom_data",
      "events", "rois", "binary_data", "jobs", "app_info", "acquisition_datetime",
      "unstructured_metadata", "diagnostics",
    ] {
      #expect(keys.contains(key), "\(key)")
    }
    #expect(json["version"] == [3, 0])
    #expect(json["dtype"] == "uint16")
    #expect(json["sizes"]?.members.map(\.name) == ["T", "P", "Z", "C", "Y", "X"])
    #expect(json["shape"] == [2, 2, 3, 2, 16, 24])
    #expect(json["loop_indices"]?.elements.count == 12)
    #expect(json["loop_indices"]?.elements.last == ["T": 1, "P": 1, "Z": 2])
    #expect(json["frame_metadata"]?.members.map(\.name) == ["0", "6", "11"])
    #expect(json["events"]?.members.map(\.name) == ["records", "list", "dict"])
    #expect(json["binary_data"] == .null)
    #expect(json["jobs"] == .null)
    #expect(json["rois"]?.members.map(\.name) == ["1", "2"])
    // What is absent is null, not left out.
    #expect(json["attributes"]?["compressionType"] == .null)
    let channel = json["metadata"]?["channels"]?.elements.first
    #expect(channel?["channel"]?["name"] == "DAPI")
    #expect(channel?["volume"]?["axesInterpretation"]?.elements.first == "distance")
  }

  @Test("--section prints one of them")
  func section() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    #expect(
      try CommandRun("metadata", path, "--section", "shape", "--json").json() == [
        2, 2, 3, 2, 16, 24,
      ])
    #expect(CommandRun("metadata", path, "--section", "dtype").output == "uint16\n")
    #expect(try CommandRun("metadata", path, "--section", "dtype", "--json").json() == "uint16")
    for section in MetadataDocument.Section.allCases {
      let run = CommandRun("metadata", path, "--section", section.rawValue, "--json")
      #expect(run.status == .done, "\(section)")
      #expect(throws: Never.self) { try run.json() }
    }
  }

  @Test("--frame prints the metadata of one frame")
  func frame() throws {
    let folder = try TemporaryFolder()
    let json = try CommandRun(
      "metadata", try folder.saveDemo(), "--frame", "5", "--json"
    ).json()
    let channel = try #require(json["channels"]?.elements.first)
    #expect(channel["position"]?["stagePositionUm"]?["x"]?.double == 1550.5)
    #expect((channel["time"]?["relativeTimeMs"]?.double ?? 0) > 0)
  }

  @Test("For people it is an indented tree")
  func human() throws {
    let folder = try TemporaryFolder()
    let run = CommandRun("metadata", try folder.saveDemo())
    #expect(run.lines.contains("dtype: uint16"))
    #expect(run.lines.contains("sizes:"))
    #expect(run.lines.contains("  Z: 3"))
    #expect(run.lines.contains("        name: DAPI"))
  }

  @Test("Parts that are rarely there are read when they are")
  func rareParts() throws {
    let folder = try TemporaryFolder()
    var sample = SampleFile(loops: [.positions(.init([.init(x: 0, y: 0, z: 0)]))])
    sample.job = .init(
      definition: .level([.init("Job", .level([.init("Name", .string("scan"))]))]),
      runGUID: "{1}")
    sample.wellPlate = .init(
      name: "6 Well Plate", rows: 2, columns: 3, wells: [.init(row: 1, column: 2)])
    let path = try folder.save(sample)
    let jobs = try CommandRun("metadata", path, "--section", "jobs", "--json").json()
    #expect(jobs["JobRunGUID"] == "{1}")
    #expect(jobs["Job"]?["Name"] == "scan")
    let plate = try CommandRun("metadata", path, "--section", "well_plate", "--json").json()
    #expect(plate["name"] == "6 Well Plate")
  }

  @Test("Masks have the checksums of their pixels")
  func masks() throws {
    let folder = try TemporaryFolder()
    let path = try folder.save(MasksCommandTests.sample())
    let json = try CommandRun("metadata", path, "--section", "binary_data", "--json").json()
    let layer = try #require(json["layers"]?.elements.first)
    #expect(layer["name"] == "cells")
    #expect(layer["frame_shape"] == [4, 6])
    #expect(layer["frames"]?.elements.count == 2)
    #expect(layer["frames"]?.elements.last == .null)
    var bytes = [UInt8](repeating: 0, count: 48)
    for (index, label) in MasksCommandTests.labels.enumerated() { bytes[2 * index] = UInt8(label) }
    #expect(layer["frames"]?.elements.first == .string(SHA256.hexadecimal(of: bytes)))
    let whole = SHA256.hexadecimal(of: bytes + [UInt8](repeating: 0, count: 48))
    #expect(layer["array"] == ["shape": [2, 4, 6], "dtype": "uint16", "sha256": .string(whole)])
    #expect(json["array"]?["sha256"] == .string(whole))
  }
}

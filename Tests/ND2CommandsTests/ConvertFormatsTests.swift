import ND2
import ND2Format
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 convert to every format")
struct ConvertFormatsTests {
  @Test("Arrays have the pixels of the part", arguments: ["a.npy", "a.npz", "a.raw", "a.bin"])
  func arrays(name: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun(
      "convert", path, folder.path(name), "--z", "1:3", "--crop", "2,3,10,8", "--c", "1")
    #expect(run.status == .done, "\(run.errors)")
    let truth = try ND2File(path: path).read(
      ArraySelection(.z, 1..<3).with(.x, 2..<12).with(.y, 3..<11).with(.channel, 1))
    let bytes = truth.withUnsafeBytes { Array($0) }
    switch name {
    case "a.npy": #expect(try AnyNDArray(npy: folder.path(name)).npyBytes == truth.npyBytes)
    case "a.npz":
      let archive = try NumPyArchive(path: folder.path(name))
      #expect(archive.names == ["pixels"])
      #expect(try archive["pixels"].npyBytes == truth.npyBytes)
    default:
      #expect(try folder.bytes(name) == bytes)
      let description = try JSONParser.parse(folder.bytes(name + ".json"))
      #expect(description["type"]?.string == "uint16")
      #expect(description["shape"]?.elements.compactMap(\.int) == truth.shape)
      #expect(
        description["axes"]?.elements.compactMap(\.string) == truth.sizes.axes.map(\.rawValue))
    }
  }

  @Test("Colour is red, green, blue in arrays")
  func colour() throws {
    let folder = try TemporaryFolder()
    let path = try folder.save(
      SampleFile(
        width: 9, height: 7, sampleType: .uint8, channels: [.rgb()], loops: [.time(count: 3)]))
    #expect(CommandRun("convert", path, folder.path("a.npy"), "--t", "1:3").status == .done)
    let truth = try ND2File(path: path).read(ArraySelection(.time, 1..<3))
    #expect(try AnyNDArray(npy: folder.path("a.npy")).npyBytes == truth.npyBytes)
  }

  @Test("A picture shows one frame, and says what to do with more")
  func picture() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let many = CommandRun("convert", path, folder.path("a.png"))
    #expect(many.status == .failed)
    #expect(many.errors.contains("nd2 sequence"))
    let one = CommandRun(
      "convert", path, folder.path("a.png"), "--t", "0", "--z", "1", "--position", "1")
    #expect(one.status == .done, "\(one.errors)")
    #expect(try folder.bytes("a.png").prefix(4) == [0x89, 0x50, 0x4E, 0x47])
    let several = CommandRun(
      "convert", path, folder.path("b.png"), "--z", "1", "--split", "ptc")
    #expect(several.status == .done, "\(several.errors)")
    #expect(folder.names().filter { $0.hasPrefix("b_") }.count == 8)
    #expect(folder.names().contains("b_P1_T0_C1.png"))
  }

  @Test("Tables have a row for each frame of the part")
  func tables() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    #expect(
      CommandRun("convert", path, folder.path("a.csv"), "--position", "1", "--t", "0").status
        == .done)
    let lines = String(decoding: try folder.bytes("a.csv"), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[0].contains("Time [s]"))
    #expect(CommandRun("convert", path, folder.path("a.json")).status == .done)
    #expect(try JSONParser.parse(folder.bytes("a.json")).elements.count == 12)
    #expect(CommandRun("convert", path, folder.path("b.csv"), "--split", "p").status == .usage)
    #expect(CommandRun("convert", path, folder.path("b.csv"), "--verify").status == .usage)
  }

  @Test("An ND2 file of a part has its pixels")
  func subset() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun("convert", path, folder.path("part.nd2"), "--z", "1:3", "--verify")
    #expect(run.status == .done, "\(run.errors)")
    #expect(
      try ND2File(path: folder.path("part.nd2")).read().npyBytes
        == ND2File(path: path).read(ArraySelection(.z, 1..<3)).npyBytes)
  }

  @Test(
    "Every format can be split and compared",
    arguments: [
      "a.ome.tif", "a.tif", "a.ome.zarr", "a.npy", "a.npz", "a.raw", "a.nd2",
    ], ["p", "t", "c", "p,c", "ptc"])
  func split(name: String, axes: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun(
      "convert", path, folder.path(name), "--split", axes, "--verify", "--t", "1:2")
    #expect(run.status == .done, "\(run.errors)")
    let first =
      "a" + (axes.contains("p") ? "_P0" : "") + (axes.contains("t") ? "_T1" : "")
      + (axes.contains("c") ? "_C0" : "") + name.dropFirst()
    #expect(folder.names().contains(first), "\(folder.names())")
    #expect(folder.names().contains("\(name).verify.json"))
    let again = CommandRun("verify", path, folder.path(name))
    #expect(again.status == .done, "\(again.errors) \(again.output)")
    #expect(again.output.contains("All 12 planes are equal"))
  }

  @Test("Outputs that are there are kept, whatever the format")
  func kept() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    for name in ["a.npy", "a.npz", "a.raw", "a.csv", "a.nd2", "a.tif", "a.zarr"] {
      try folder.write([7], to: name)
      #expect(CommandRun("convert", path, folder.path(name)).status == .failed)
      #expect(try folder.bytes(name) == [7])
    }
    try folder.write([7], to: "b_C1.npy")
    #expect(
      CommandRun("convert", path, folder.path("b.npy"), "--split", "c").status == .failed)
    #expect(!folder.names().contains("b_C0.npy"))
    #expect(!folder.names().contains { $0.hasSuffix(".part") })
  }

  @Test("Progress in JSON tells of planes, rate and the end")
  func progress() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun("convert", path, folder.path("a.npy"), "--json-progress", "--verify")
    #expect(run.status == .done)
    let events = try run.errors.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
    #expect(events.first?["event"]?.string == "progress")
    #expect(events.first?["total"]?.int == 24)
    #expect(events.last?["event"]?.string == "done")
    #expect(events.last?["result"]?["verification"]?["equal"]?.bool == true)
    let failed = CommandRun("convert", path, folder.path("a.npy"), "--json-progress")
    #expect(failed.status == .failed)
    let last = try JSONParser.parse(Array(failed.errors.utf8))
    #expect(last["event"]?.string == "error")
    #expect(last["message"]?.string?.contains("exists") == true)
  }

  @Test("Missing frames are zeros and reported, or an error")
  func missing() throws {
    let folder = try TemporaryFolder()
    var sample = SampleFile(width: 8, height: 6, loops: [.time(count: 4)])
    sample.missingFrames = [2]
    let path = try folder.save(sample)
    for name in ["a.npy", "a.ome.tif", "a.zarr"] {
      let run = CommandRun("convert", path, folder.path(name), "--json", "--verify")
      #expect(try run.json()["incompleteFrames"]?.elements.compactMap(\.int) == [2])
      #expect(try run.json()["verification"]?["equal"]?.bool == true)
      #expect(
        CommandRun("convert", path, folder.path("s" + name), "--strict").status == .failed)
      #expect(!folder.names().contains("s" + name))
    }
  }

  @Test("Ranges beyond the axes are errors that name the axis")
  func beyond() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    for wrong in [
      ["--t", "0:9"], ["--z", "3"], ["--c", "2"], ["--crop", "20,0,10,4"], ["--u", "1"],
    ] {
      let run = CommandRun(["convert", path, folder.path("a.npy")] + wrong)
      #expect(run.status == .failed, "\(wrong)")
      #expect(run.errors.contains("beyond"), "\(run.errors)")
    }
    #expect(
      CommandRun("convert", path, folder.path("a.npy"), "--crop", "0,0,1,1", "--x", "1").status
        == .usage)
    #expect(folder.names() == ["sample.nd2"])
  }
}

import ND2
import ND2Format
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 verify")
struct VerifyCommandTests {
  /// Changes a byte of a file in the folder.
  private func damage(_ name: String, at place: Int, in folder: TemporaryFolder) throws {
    var bytes = try folder.bytes(name)
    let index = place < 0 ? bytes.count + place : place
    bytes[index] ^= 0x10
    try folder.write(bytes, to: name)
  }

  @Test("Without a manifest the planes are compared with the file")
  func plain() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    for name in ["a.ome.tif", "a.tif", "a.zarr", "a.npy", "a.npz", "a.raw", "a.nd2"] {
      #expect(CommandRun("convert", path, folder.path(name), "-q").status == .done)
      let run = CommandRun("verify", path, folder.path(name), "--json")
      #expect(run.status == .done, "\(name): \(run.errors) \(run.output)")
      #expect(try run.json()["equal"]?.bool == true)
      #expect(try run.json()["planes"]?.int == 24)
    }
  }

  @Test("A changed plane is named, and the exit code is 3")
  func changed() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    for (name, place) in [("a.ome.tif", 16 + 768 * 3), ("a.npy", -1), ("a.raw", 0)] {
      #expect(CommandRun("convert", path, folder.path(name), "--verify").status == .done)
      try damage(name, at: place, in: folder)
      let run = CommandRun("verify", path, folder.path(name), "--json")
      #expect(run.status == .damaged, "\(name)")
      let differences = try run.json()["differences"]?.elements ?? []
      #expect(differences.count == 1, "\(name)")
      #expect(differences.first?["kind"]?.string == "output")
    }
    let run = CommandRun("verify", path, folder.path("a.npy"))
    #expect(run.output.contains("P 1, T 1, Z 2, C 1: other pixels"))
  }

  @Test("Compressed pieces that cannot be read are planes that are absent")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    #expect(
      CommandRun("convert", path, folder.path("a.zarr"), "--shards", "none", "--position", "0")
        .status == .done)
    try damage("a.zarr/0/c/0/0/0/0/0", at: 0, in: folder)
    let run = CommandRun("verify", path, folder.path("a.zarr"), "--position", "0", "--json")
    #expect(run.status == .damaged, "\(run.errors)")
    #expect(
      try run.json()["differences"]?.elements.first?["kind"]?.string == "absent")
    #expect(try run.json()["failure"]?.string?.isEmpty == false)
  }

  @Test(
    "Stores of all kinds are read back",
    arguments: [
      ["--zarr-version", "0.4"], ["--zarr-version", "0.4", "--zarr-compression", "gzip"],
      ["--zarr-compression", "none"], ["--zarr-compression", "gzip"],
      ["--zarr-compression", "blosc-lz4", "--zarr-shuffle", "bitshuffle"],
      ["--zarr-compression", "blosc-zstd"],
      ["--chunks", "t=2,c=2,z=2,y=5,x=7", "--shards", "t=2,z=4,y=10,x=14"],
      ["--chunks", "c=2,y=5,x=7", "--shards", "none"], ["--series"], ["--omit-empty-chunks"],
    ])
  func stores(options: [String]) throws {
    let folder = try TemporaryFolder()
    for (number, sample) in [
      SampleFile.demo(width: 24, height: 16, times: 3, positions: 2, slices: 3, channels: 2),
      SampleFile(
        width: 9, height: 7, sampleType: .uint8, channels: [.rgb()], loops: [.time(count: 3)]),
    ].enumerated() {
      let path = try folder.save(sample, as: "\(number).nd2")
      let run = CommandRun(
        ["convert", path, folder.path("\(number).zarr"), "--verify", "--json"] + options)
      #expect(run.status == .done, "\(run.errors) \(run.output)")
    }
  }

  @Test(
    "TIFF of all kinds is read back",
    arguments: [
      ["--compression", "zstd"], ["--compression", "lzw", "--tile", "16"],
      ["--compression", "deflate", "--no-predictor"], ["--pyramid", "--tile", "16"],
      ["--bigtiff", "always"], ["--style", "plain"],
    ])
  func pages(options: [String]) throws {
    let folder = try TemporaryFolder()
    for (number, type) in [SampleType.uint8, .uint16, .float32].enumerated() {
      let path = try folder.save(
        SampleFile(
          width: 45, height: 39, sampleType: type,
          channels: type == .uint8 ? [.rgb()] : [.init("a"), .init("b")],
          loops: [.time(count: 2), .zStack(count: 2)]), as: "\(number).nd2")
      let run = CommandRun(
        ["convert", path, folder.path("\(number).tif"), "--verify", "--json"] + options)
      #expect(run.status == .done, "\(run.errors) \(run.output)")
    }
  }

  @Test("The manifest tells the part, and when the ND2 file is another one")
  func manifest() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let target = folder.path("a.npy")
    #expect(
      CommandRun("convert", path, target, "--z", "1", "--x", "4:9", "--verify").status == .done)
    let document = try JSONParser.parse(folder.bytes("a.npy.verify.json"))
    #expect(document["planes"]?.elements.count == 8)
    #expect(document["source"]?["name"]?.string == "sample.nd2")
    #expect(document["selection"]?["X"]?.elements.compactMap(\.int) == [4, 9])
    #expect(CommandRun("verify", path, target).status == .done)
    #expect(
      CommandRun("verify", path, target, "--manifest", folder.path("a.npy.verify.json")).status
        == .done)
    // Another part, a file that is none, and one of other pixels.
    #expect(CommandRun("verify", path, target, "--z", "1").status == .failed)
    #expect(CommandRun("verify", path, target, "--manifest", path).status == .failed)
    #expect(CommandRun("verify", path, folder.path("a.png")).status == .usage)
    var other = SampleFile.demo(
      width: 24, height: 16, times: 2, positions: 2, slices: 3, channels: 2)
    other.pixels = .pattern
    let second = try folder.save(other, as: "other.nd2")
    let run = CommandRun("verify", second, target, "--json")
    #expect(run.status == .damaged)
    #expect(
      try run.json()["differences"]?.elements.first?["kind"]?.string == "source")
  }
}

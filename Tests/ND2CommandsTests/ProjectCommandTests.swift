import ND2
import ND2Codecs
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 project")
struct ProjectCommandTests {
  @Test("A maximum along focus has the other axes and the type of the file")
  func maximum() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun("project", path, "--max", "z", "-o", folder.path("max.npy"))
    #expect(run.status == .done, "\(run.errors)")
    #expect(run.output.isEmpty)
    let array = try AnyNDArray(
      npy: folder.path("max.npy"), axes: [.time, .position, .channel, .y, .x])
    #expect(try array == ND2File(path: path).lazyArray().max(over: .z).compute())
  }

  @Test(
    "Every reduction along several axes, however they are written",
    arguments: [
      ("--max", "zt"), ("--min", "Z,T"), ("--mean", "z, t"), ("--sum", "tz"), ("--std", "ztz"),
    ])
  func reductions(option: String, axes: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun("project", path, option, axes, "-o", folder.path("p.npy"), "--json")
    #expect(run.status == .done, "\(run.errors)")
    let reduction = try #require(Reduction.allCases.first { "--\($0.optionName)" == option })
    let array = try AnyNDArray(npy: folder.path("p.npy"), axes: [.position, .channel, .y, .x])
    let expected = try ND2File(path: path).lazyArray().reduced(reduction, over: [.z, .time])
    #expect(try array == expected.compute())
    let document = try run.json()
    #expect(document["path"]?.string == folder.path("p.npy"))
    #expect(document["sizes"]?.members.map(\.name) == ["P", "C", "Y", "X"])
    #expect(document["sizes"]?["X"] == 24)
    #expect(document["dtype"]?.string == expected.sampleType.rawValue)
    #expect(document["reduction"]?.string == reduction.optionName)
    #expect(Set(document["axes"]?.elements.compactMap(\.string) ?? []) == ["Z", "T"])
  }

  @Test("All axes leave one number; a selection is that of nd2 read")
  func all() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let file = try ND2File(path: path)
    let run = CommandRun("project", path, "--max", "all", "--checksum")
    let whole = try file.lazyArray().max().compute()
    let hash = whole.withUnsafeBytes { SHA256.hexadecimal(of: $0) }
    #expect(run.output == "\(hash)  ()  uint16\n")
    let part = CommandRun(
      "project", path, "--max", "z", "--checksum", "--t", "1", "--position", "0:1", "--y", "2:9")
    let selection = ArraySelection(.time, 1).with(.position, 0).with(.y, 2..<9)
    let expected = try file.read(selection).max(over: .z)
    let sum = expected.withUnsafeBytes { SHA256.hexadecimal(of: $0) }
    #expect(part.output == "\(sum)  1,1,2,7,24  uint16\n")
  }

  @Test("An axis of one element is projected without doing anything but the type")
  func absentAxes() throws {
    let folder = try TemporaryFolder()
    let path = try folder.save(SampleFile(width: 6, height: 5))
    let pixels = try ND2File(path: path).read()
    for (option, type) in [("--max", SampleType.uint16), ("--mean", .float64), ("--std", .float64)]
    {
      let run = CommandRun("project", path, option, "z", "-o", folder.path("\(option).npy"))
      #expect(run.status == .done, "\(run.errors)")
      let array = try AnyNDArray(npy: folder.path("\(option).npy"), axes: [.y, .x])
      #expect(array.sampleType == type && array.shape == [5, 6])
      #expect(array[2, 3] == (option == "--std" ? 0 : pixels[2, 3]))
    }
  }

  @Test("The result is cast, and values beyond the type become its ends")
  func casts() throws {
    let folder = try TemporaryFolder()
    var sample = SampleFile(width: 3, height: 1, loops: [.zStack(count: 2)])
    sample.pixels = .computed { [1, 200, 40_000][$0.x] }
    let path = try folder.save(sample)
    for (type, wanted) in [
      ("uint8", [2.0, 255, 255]), ("uint16", [2, 400, 65_535]), ("float32", [2, 400, 80_000]),
    ] {
      let run = CommandRun(
        "project", path, "--sum", "z", "--type", type, "-o", folder.path("\(type).npy"))
      #expect(run.status == .done, "\(run.errors)")
      let array = try AnyNDArray(npy: folder.path("\(type).npy"))
      #expect(array.sampleType.rawValue == type)
      #expect((0..<3).map { array[$0] } == wanted)
    }
    #expect(
      CommandRun("project", path, "--sum", "z", "--type", "int64", "--checksum").status == .usage)
  }

  @Test("An archive holds one array called projection")
  func archive() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    #expect(CommandRun("project", path, "--mean", "t", "-o", folder.path("p.npz")).status == .done)
    let archive = try NumPyArchive(path: folder.path("p.npz"))
    #expect(archive.names == ["projection"])
    let axes: [Axis] = [.position, .z, .channel, .y, .x]
    #expect(
      try archive.array(named: "projection", axes: axes)
        == ND2File(path: path).lazyArray().mean(over: .time).compute())
  }

  @Test("A picture is that of the same pixels in a file of one frame")
  func picture() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun(
      "project", path, "--max", "z", "-o", folder.path("p.png"), "--t", "0", "--position", "1")
    #expect(run.status == .done, "\(run.errors)")
    let one = CommandRun(
      "project", path, "--max", "z", "-o", folder.path("q.png"), "--t", "0", "--position", "1",
      "--z", "2")
    #expect(one.status == .done)
    // Frames are numbered by time, position, focus.
    #expect(CommandRun("picture", path, "-o", folder.path("r.png"), "--frame", "5").status == .done)
    #expect(try folder.bytes("q.png") == folder.bytes("r.png"))
    #expect(try folder.bytes("p.png") != folder.bytes("r.png"))
    let channel = CommandRun(
      "project", path, "--max", "z", "-o", folder.path("c.png"), "--t", "0", "--position", "1",
      "--z", "2", "--c", "1")
    #expect(channel.status == .done)
    _ = CommandRun(
      "picture", path, "-o", folder.path("d.png"), "--frame", "5", "--channels", "1")
    #expect(try folder.bytes("c.png") == folder.bytes("d.png"))
  }

  @Test("Every type, colour, and a mean of channels give a picture")
  func pictures() throws {
    let folder = try TemporaryFolder()
    for type in SampleType.allCases {
      let path = try folder.save(
        SampleFile(width: 12, height: 8, sampleType: type, loops: [.time(count: 2)]),
        as: "\(type).nd2")
      for option in ["--max", "--mean", "--std"] {
        let run = CommandRun(
          "project", path, option, "t", "-o", folder.path("x.png"), "--overwrite", "--grey")
        #expect(run.status == .done, "\(type) \(option): \(run.errors)")
      }
    }
    let colour = SampleFile(
      width: 12, height: 8, sampleType: .uint8, channels: [.rgb()], loops: [.zStack(count: 2)])
    let path = try folder.save(colour, as: "rgb.nd2")
    let run = CommandRun("project", path, "--mean", "z", "-o", folder.path("rgb.png"), "--json")
    #expect(run.status == .done)
    #expect(try run.json()["dtype"]?.string == "uint8")
    let demo = try folder.saveDemo()
    #expect(
      CommandRun("project", demo, "--mean", "tpzc", "-o", folder.path("c.png")).status == .done)
  }

  @Test("A picture of too many axes is refused with the ways out")
  func tooManyAxes() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun("project", path, "--max", "z", "-o", folder.path("p.png"))
    #expect(run.status == .usage)
    #expect(run.errors.contains("T (2), P (2)"))
    #expect(run.errors.contains("--max ztp") && run.errors.contains("--t 0 --position 0"))
    let flat = CommandRun("project", path, "--max", "tpzy", "-o", folder.path("p.png"))
    #expect(flat.status == .usage)
    #expect(folder.names() == ["sample.nd2"])
  }

  @Test("Wrong usage is told before the file is opened, or with its axes")
  func usage() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let out = folder.path("out.npy")
    #expect(CommandRun("project", path, "-o", out).status == .usage)
    #expect(CommandRun("project", path, "--max", "z", "--min", "z", "-o", out).status == .usage)
    #expect(CommandRun("project", path, "--max", "z").status == .usage)
    #expect(CommandRun("project", path, "--max", "z", "-o", out, "--checksum").status == .usage)
    let form = CommandRun("project", path, "--max", "z", "-o", folder.path("out.jpg"))
    #expect(form.status == .usage)
    #expect(form.errors.contains(".npy, .npz, .png"))
    let axis = CommandRun("project", path, "--max", "zq", "-o", out)
    #expect(axis.status == .usage)
    #expect(axis.errors.contains("T, P, Z, C, Y, X"))
    #expect(CommandRun("project", path, "--max", ",", "-o", out).status == .usage)
    #expect(folder.names() == ["sample.nd2"])
  }

  @Test("Missing frames give exit code 3; an existing output is kept")
  func damage() throws {
    let folder = try TemporaryFolder()
    var sample = SampleFile(width: 4, height: 4, loops: [.time(count: 3)])
    sample.missingFrames = [1]
    let path = try folder.save(sample)
    let run = CommandRun("project", path, "--min", "t", "-o", folder.path("out.npy"))
    #expect(run.status == .damaged)
    #expect(run.errors.contains("damage:"))
    let array = try AnyNDArray(npy: folder.path("out.npy"))
    #expect((0..<4).allSatisfy { array[$0, 0] == 0 })
    let refused = CommandRun("project", path, "--max", "t", "-o", folder.path("out.npy"))
    #expect(refused.status == .failed)
    #expect(refused.errors.contains("--overwrite"))
  }

  @Test("Slabs one after the other are the result, whatever their size")
  func slabs() throws {
    let folder = try TemporaryFolder()
    var sample = SampleFile(
      width: 16, height: 10, channels: [.init("a"), .init("b")],
      loops: [.time(count: 5), .positions(count: 3), .zStack(count: 4)])
    for compression in [SampleFile.Storage.Compression.none, .lossless] {
      sample.storage.compression = compression
      let path = try folder.save(sample, as: "\(compression).nd2")
      let file = try ND2File(path: path)
      for axes: [Axis] in [[.z], [.time], [.time, .z], [.channel], [.y]] {
        let expected = try file.lazyArray().reduced(.mean, over: axes).compute()
        let console = Console.memory()
        // A frame of the result has 2560 bytes as doubles.
        for (slab, frame, least) in [(1 << 20, 1 << 20, 1), (6000, 1 << 20, 2), (300, 300, 4)] {
          let projection = try Projection(
            of: file, .all, .mean, over: axes, type: nil, slabByteCount: slab,
            frameByteCount: frame)
          #expect(projection.slabs.count >= (compression == .none ? least : 1))
          var bytes: [UInt8] = []
          let progress = ProgressBar("x", total: nil, sink: console.errors, isQuiet: true)
          try projection.forEachSlab(progress: progress) { bytes += $0 }
          #expect(expected.withUnsafeBytes { bytes == Array($0) }, "\(axes) \(slab)")
        }
      }
    }
  }
}

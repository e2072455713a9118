import ND2
import ND2Codecs
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 picture, sequence, thumbnail and show")
struct PictureVerbTests {
  /// Width, height, depth and colour type of a PNG file.
  private func header(_ file: [UInt8]) -> [Int] {
    func number(_ at: Int) -> Int { file[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) } }
    return [number(16), number(20), Int(file[24]), Int(file[25])]
  }

  @Test("Contrast, gamma, colours and depth are said for all channels or for one")
  func looks() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun(
      "picture", path, "-o", folder.path("p.png"), "--contrast", "0:3000", "--contrast", "1=full",
      "--gamma", "1=0.5", "--colour", "0=fire", "--colour", "#ff8000", "--depth", "16", "--t", "1",
      "--position", "1", "--max", "z")
    #expect(run.status == .done, "\(run.errors)")
    #expect(header(try folder.bytes("p.png")) == [24, 16, 16, 2])
    for wrong in [
      ["--contrast", "5"], ["--contrast", "9:2"], ["--gamma", "0"], ["--colour", "sepia"],
      ["--depth", "12"], ["--max", "y"], ["--max", "z", "--mean", "t"],
      ["--frame", "1", "--z", "0"],
      ["--montage", "q"], ["--montage", "t", "--animate", "z"],
      ["--animate", "t", "--depth", "16"],
    ] {
      let run = CommandRun(["picture", path, "-o", folder.path("q.png")] + wrong)
      #expect(run.status == .usage, "\(wrong)")
    }
    for wrong in [
      ["--gamma", "7=1"], ["--t", "9"], ["--position", "no"], ["--crop", "0,0,99,9"],
    ] {
      let run = CommandRun(["picture", path, "-o", folder.path("q.png")] + wrong)
      #expect(run.status == .failed, "\(wrong)")
    }
    #expect(!folder.names().contains("q.png"))
  }

  @Test("Values stay numbers with --contrast none")
  func unchanged() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun(
      "picture", path, "-o", folder.path("p.tif"), "--contrast", "none", "--depth", "16", "--grey",
      "--channels", "1", "--z", "2")
    #expect(run.status == .done, "\(run.errors)")
    let bytes = try folder.bytes("p.tif")
    #expect(Array(bytes[..<4]) == [0x49, 0x49, 42, 0])
    let truth = try ND2File(path: path).read(
      ArraySelection(.time, 0).with(.position, 0).with(.z, 2).with(.channel, 1))
    #expect(truth.withUnsafeBytes { Array($0) } == Array(bytes[8..<(8 + 24 * 16 * 2)]))
  }

  @Test("Bars and labels change the picture, not its size")
  func annotations() throws {
    let folder = try TemporaryFolder()
    let path = try folder.save(.demo(width: 200, height: 120, times: 2, positions: 2, slices: 2))
    #expect(CommandRun("picture", path, "-o", folder.path("a.png")).status == .done)
    let run = CommandRun(
      "picture", path, "-o", folder.path("b.png"), "--scale-bar", "auto", "--time-stamp",
      "--z-label",
      "--position-label", "--text", "Zellen", "--text-colour", "yellow", "--text-corner",
      "top-right")
    #expect(run.status == .done, "\(run.errors)")
    let (a, b) = (try folder.bytes("a.png"), try folder.bytes("b.png"))
    #expect(a != b && header(a) == header(b))
  }

  @Test("A montage shows an axis, an animation plays one")
  func series() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    #expect(
      CommandRun(
        "picture", path, "-o", folder.path("m.png"), "--montage", "z", "--columns", "3", "--gap",
        "2"
      ).status == .done)
    #expect(header(try folder.bytes("m.png")) == [76, 16, 8, 2])
    #expect(
      CommandRun("picture", path, "-o", folder.path("c.png"), "--montage", "c", "--gap", "0").status
        == .done)
    #expect(header(try folder.bytes("c.png")) == [48, 32, 8, 2])
    let run = CommandRun(
      "picture", path, "-o", folder.path("a.png"), "--animate", "t", "--delay", "100", "--max", "z")
    #expect(run.status == .done, "\(run.errors)")
    #expect(run.errors.contains("2 pictures"))
    #expect(
      CommandRun(
        "picture", path, "-o", folder.path("x.png"), "--animate", "z", "--max", "z"
      ).status == .usage)
  }

  @Test("A sequence fills a new folder, and replaces nothing unasked")
  func sequence() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    // A folder that is there already: this one.
    let target = folder.root
    let arguments = [
      "sequence", path, target, "--pattern", "{name}_t{t:03}_c{c}.png", "--z", "1", "--position",
      "0",
    ]
    let run = CommandRun(arguments)
    #expect(run.status == .done, "\(run.errors)")
    let wanted = [
      "sample.nd2", "sample_t000_c0.png", "sample_t000_c1.png", "sample_t001_c0.png",
      "sample_t001_c1.png",
    ]
    #expect(folder.names() == wanted)
    #expect(header(try folder.bytes("sample_t001_c1.png")) == [24, 16, 8, 2])
    #expect(CommandRun(arguments).status == .failed)
    #expect(CommandRun(arguments + ["--overwrite"]).status == .done)
    #expect(folder.names() == wanted)
    #expect(CommandRun(["sequence", path, target, "--pattern", "{t}.png"]).status == .failed)
    #expect(CommandRun(["sequence", path, target, "--pattern", "{t}{z}{p}.bmp"]).status == .failed)
    #expect(CommandRun(["sequence", path, path]).status == .failed)
    #expect(folder.names() == wanted)
  }

  @Test("A new folder appears whole, with names by the loops")
  func newFolder() throws {
    let outer = try TemporaryFolder()
    let path = try outer.saveDemo()
    let inner = outer.path("frames")
    let run = CommandRun("sequence", path, inner + "/", "--max", "z", "--position", "1")
    #expect(run.status == .done, "\(run.errors)")
    #expect(outer.names() == ["frames", "sample.nd2"])
    for t in 0..<2 {
      let file = try FileSource(path: "\(inner)/sample_t\(t)_p1.png")
      #expect(header(try file.read(0..<file.byteCount()))[..<2] == [24, 16])
    }
    TemporaryFolder.remove(inner)
  }

  @Test("Thumbnails are small")
  func thumbnails() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    for options in [[], ["--max-z"]] {
      let run = CommandRun(
        ["thumbnail", path, "-o", folder.path("t.png"), "--size", "12", "--overwrite"] + options)
      #expect(run.status == .done, "\(run.errors)")
      #expect(header(try folder.bytes("t.png"))[..<2] == [12, 8])
    }
  }

  @Test("A picture is shown in the way that is asked for; pipes need to be told")
  func show() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun("show", path, "--protocol", "blocks", "--width", "12")
    #expect(run.status == .done, "\(run.errors)")
    #expect(run.lines.count == 4)
    #expect(run.lines.allSatisfy { $0.count { $0 == "▀" } == 12 })
    let letters = CommandRun("show", path, "--protocol", "text", "--width", "24", "--max", "z")
    #expect(letters.lines.map(\.count) == [Int](repeating: 24, count: 8))
    #expect(CommandRun("show", path, "--protocol", "kitty").output.hasPrefix("\u{1B}_Gf=100"))
    #expect(CommandRun("show", path, "--protocol", "sixel").output.hasPrefix("\u{1B}Pq"))
    #expect(CommandRun("show", path).status == .usage)
  }

  @Test("Projections are also written as TIFF")
  func projectedTIFF() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun(
      "project", path, "--max", "z", "--t", "0", "--position", "0", "-o", folder.path("p.tif"))
    #expect(run.status == .done, "\(run.errors)")
    #expect(try folder.bytes("p.tif").prefix(2) == [0x49, 0x49])
  }
}

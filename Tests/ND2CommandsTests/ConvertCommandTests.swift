import ND2
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 convert")
struct ConvertCommandTests {
  @Test("The name says the format; the output is kept unless it may be replaced")
  func formats() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    for name in ["a.ome.tif", "b.ome.tiff", "c.tif"] {
      let run = CommandRun("convert", path, folder.path(name))
      #expect(run.status == .done, "\(run.errors)")
      #expect(run.errors.contains("Wrote"))
      #expect(try folder.bytes(name).prefix(4) == [0x49, 0x49, 42, 0])
    }
    #expect(CommandRun("convert", path, folder.path("a.ome.tif")).status == .failed)
    #expect(
      CommandRun("convert", path, folder.path("a.ome.tif"), "--overwrite").status == .done)
    #expect(CommandRun("convert", path, folder.path("a.gif")).status == .usage)
    #expect(CommandRun("convert", path, path, "--overwrite").status == .failed)
  }

  @Test("Options reach the file")
  func options() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    func size(_ name: String, _ arguments: String...) throws -> Int {
      let run = CommandRun(["convert", path, folder.path(name), "-q"] + arguments)
      #expect(run.status == .done, "\(run.errors)")
      return try folder.bytes(name).count
    }
    let plain = try size("plain.ome.tif")
    #expect(try size("z.ome.tif", "--compression", "zstd:9") < plain)
    #expect(try size("d.ome.tif", "--compression", "deflate", "--tile", "64") < plain)
    #expect(try size("l.ome.tif", "--compression", "lzw", "--no-predictor") < 2 * plain)
    #expect(try size("p.ome.tif", "--pyramid", "--tile", "64") > 0)
    #expect(try size("one.ome.tif", "--position", "0", "--c", "0") < plain)
    #expect(try size("big.ome.tif", "--bigtiff", "always") > plain)
    #expect(try folder.bytes("big.ome.tif")[2] == 43)
    let split = CommandRun(
      "convert", path, folder.path("s.ome.tif"), "--split", "p", "--json")
    #expect(split.status == .done)
    #expect(split.output.contains("s_P1.ome.tif"))
    for wrong in [
      ["--compression", "rar"], ["--compression", "deflate:x"], ["--tile", "-"], ["--style", "x"],
    ] {
      #expect(
        CommandRun(["convert", path, folder.path("w.ome.tif")] + wrong).status == .usage)
    }
    #expect(
      CommandRun("convert", path, folder.path("w.ome.tif"), "--tile", "100").status == .failed)
  }
}

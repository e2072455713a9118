import ND2
import ND2Format
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 convert to OME-Zarr")
struct ConvertZarrTests {
  @Test("A store is written, and only replaced when asked for")
  func store() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let target = folder.path("out.ome.zarr")
    let run = CommandRun("convert", path, target)
    #expect(run.status == .done, "\(run.errors)")
    #expect(run.errors.contains("2 images, 24 planes"))
    #expect(CommandRun("convert", path, target).status == .failed)
    let again = CommandRun(
      "convert", path, target, "--overwrite", "--json", "--z", "0:2", "--zarr-version", "0.4",
      "--zarr-compression", "blosc-lz4", "--chunks", "y=8,x=8", "--levels", "2")
    #expect(again.status == .done, "\(again.errors)")
    #expect(try again.json()["planes"]?.int == 16)
    let array = try JSONParser.parse(folder.bytes("out.ome.zarr/0/1/.zarray"))
    #expect(array["shape"]?.elements.compactMap(\.int) == [2, 2, 2, 8, 12])
    #expect(array["chunks"]?.elements.compactMap(\.int) == [1, 1, 1, 8, 8])
    #expect(array["compressor"]?["cname"]?.string == "lz4")
  }

  @Test("Shards and metadata are as the options say")
  func shards() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun(
      "convert", path, folder.path("a.zarr"), "--position", "0", "--shards", "z=3,t=2",
      "--zarr-level", "1", "--unstructured", "--series")
    #expect(run.status == .done, "\(run.errors)")
    let array = try JSONParser.parse(folder.bytes("a.zarr/0/0/zarr.json"))
    let grid = array["chunk_grid"]?["configuration"]?["chunk_shape"]
    #expect(grid?.elements.compactMap(\.int) == [2, 1, 3, 16, 24])
    let group = try JSONParser.parse(folder.bytes("a.zarr/zarr.json"))
    #expect(group["attributes"]?["nd2"]?["unstructured_metadata"] != nil)
  }

  @Test(
    "Arguments that make no sense are refused",
    arguments: [
      ["out.xyz"], ["a.zarr", "--levels", "0"], ["a.zarr", "--chunks", "q=1"],
      ["a.zarr", "--chunks", "y=0"],
      ["a.zarr", "--zarr-compression", "gzip", "--zarr-shuffle", "shuffle"],
      ["a.zarr", "--zarr-version", "0.4", "--shards", "z=2"],
    ])
  func refusals(arguments: [String]) throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun(["convert", path, folder.path(arguments[0])] + arguments.dropFirst())
    #expect(run.status == .usage, "\(run.errors)")
  }
}

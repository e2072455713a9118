import ND2
import ND2Writer
import Testing

@testable import ND2Commands

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("nd2 convert of folders")
struct ConvertFolderTests {
  private func input() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    mkdir(folder.path("in"), 0o777)
    mkdir(folder.path("in/deep"), 0o777)
    let sample = SampleFile(width: 12, height: 10, loops: [.time(count: 2)])
    for name in ["in/a.nd2", "in/b.ND2", "in/deep/c.nd2"] { _ = try folder.save(sample, as: name) }
    try folder.write(Array("no file of images".utf8), to: "in/bad.nd2")
    try folder.write([1], to: "in/notes.txt")
    return folder
  }

  @Test("The folder is mirrored; an error does not stop the others, and is in the table")
  func mirrored() throws {
    let folder = try input()
    let run = CommandRun(
      "convert", folder.path("in"), folder.path("out"), "-r", "--to", "npy", "--jobs", "3")
    #expect(run.status == .failed)
    #expect(run.lines.count == 5, "\(run.output)")
    #expect(run.output.contains("failed"))
    #expect(run.output.contains("not an ND2 file"))
    for name in ["a.npy", "b.npy", "deep/c.npy"] {
      #expect(try folder.bytes("out/\(name)").count > 480)
    }
    #expect(access(folder.path("out/bad.npy"), F_OK) != 0)
  }

  @Test("Existing outputs are refused one by one, or passed over")
  func existing() throws {
    let folder = try input()
    unlink(folder.path("in/bad.nd2"))
    let first = CommandRun("convert", folder.path("in"), folder.path("out"), "--json")
    #expect(first.status == .done, "\(first.errors)")
    #expect(try first.json().elements.map { $0["result"]?.string } == ["done", "done"])
    let again = CommandRun("convert", folder.path("in"), folder.path("out"), "--json")
    #expect(again.status == .failed)
    let passed = CommandRun(
      "convert", folder.path("in"), folder.path("out"), "-r", "--json", "--skip-existing")
    #expect(passed.status == .done)
    #expect(
      try passed.json().elements.map { $0["result"]?.string } == ["skipped", "skipped", "done"])
  }

  @Test("Damage is exit code 3 when nothing failed; folders without outputs do not stay")
  func damage() throws {
    let folder = try TemporaryFolder()
    mkdir(folder.path("in"), 0o777)
    var sample = SampleFile(width: 12, height: 10, loops: [.time(count: 3)])
    sample.missingFrames = [1]
    _ = try folder.save(sample, as: "in/a.nd2")
    let run = CommandRun("convert", folder.path("in"), folder.path("out"), "--to", "tiff")
    #expect(run.status == .damaged, "\(run.output)")
    #expect(run.output.contains("damaged"))
    let strict = CommandRun(
      "convert", folder.path("in"), folder.path("second"), "--to", "tiff", "--strict")
    #expect(strict.status == .failed)
    #expect(!folder.names().contains("second"))
  }

  @Test("Options and folders that make no sense are refused")
  func refusals() throws {
    let folder = try input()
    let path = folder.path("in/a.nd2")
    #expect(CommandRun("convert", path, folder.path("a.npy"), "--jobs", "2").status == .usage)
    #expect(CommandRun("convert", path, folder.path("a.npy"), "-r").status == .usage)
    mkdir(folder.path("empty"), 0o777)
    #expect(CommandRun("convert", folder.path("empty"), folder.path("out")).status == .failed)
    #expect(CommandRun("convert", folder.path("in"), path).status == .failed)
    #expect(
      CommandRun("convert", folder.path("in"), folder.path("out"), "--to", "xyz").status == .usage)
    #expect(!folder.names().contains("out"))
  }
}

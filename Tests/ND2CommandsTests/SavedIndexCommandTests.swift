import ND2
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 plan --index and --saved-index")
struct SavedIndexCommandTests {
  @Test("An index is saved, and verbs read nothing but pixels with it")
  func verbs() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let index = folder.path("demo.index")
    let saved = CommandRun("plan", path, "--index", "-o", index)
    #expect(saved.status == .done && saved.output.isEmpty)
    #expect(saved.errors.hasPrefix("Saved an index of ") && saved.errors.contains("% of the file"))
    for verb in ["info", "metadata", "frames", "events", "chunks", "ome", "masks"] {
      let run = CommandRun(verb, path, "--saved-index", index, "--stats")
      #expect(run.output == CommandRun(verb, path).output, "\(verb)")
      #expect(run.errors.contains("\"requests\":0,"), "\(verb): \(run.errors)")
    }
    let read = CommandRun("read", path, "--checksum", "--saved-index", index)
    #expect(read.output == CommandRun("read", path, "--checksum").output)
  }

  @Test("A small index says that something is left out")
  func small() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let whole = try SavedIndex(of: ND2File(path: path)).byteCount
    let run = CommandRun(
      "plan", path, "--index", "-o", folder.path("a.index"), "--index-bytes", "\(whole - 2000)")
    #expect(run.status == .done && run.errors.contains("left out"))
    let refused = CommandRun(
      "plan", path, "--index", "-o", folder.path("b.index"), "--index-bytes", "100")
    #expect(refused.status == .failed && refused.errors.contains("more than the 100 bytes"))
    #expect(folder.names() == ["a.index", "sample.nd2"])
  }

  @Test("An index of another file, a damaged one and none are errors")
  func wrong() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let other = try folder.save(SampleFile(width: 8, height: 8), as: "other.nd2")
    let index = folder.path("demo.index")
    #expect(CommandRun("plan", path, "--index", "-o", index).status == .done)
    let changed = CommandRun("info", other, "--saved-index", index)
    #expect(changed.status == .failed && changed.errors.contains("not what it was"))
    var bytes = try folder.bytes("demo.index")
    bytes[bytes.count / 2] ^= 1
    try folder.write(bytes, to: "broken.index")
    let broken = CommandRun("info", path, "--saved-index", folder.path("broken.index"))
    #expect(broken.status == .failed && broken.errors.contains("broken.index"))
    #expect(CommandRun("info", path, "--saved-index", folder.path("absent")).status == .failed)
  }

  @Test("What does not go together is wrong usage")
  func usage() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let out = folder.path("x.index")
    #expect(CommandRun("plan", path, "--index").status == .usage)
    #expect(CommandRun("plan", path, "--index", "-o", out, "--z", "1").status == .usage)
    #expect(CommandRun("plan", path, "--index", "-o", out, "--file-list").status == .usage)
    #expect(CommandRun("plan", path, "--index-bytes", "5").status == .usage)
    for arguments in [
      ["info", path, path], ["info", path, "--follow"], ["validate", path], ["index", path],
      ["convert", folder.root, folder.path("out")],
      ["doctor", path],
    ] {
      let run = CommandRun(arguments + ["--saved-index", out])
      #expect(run.status == .usage && run.errors.contains("--saved-index"), "\(arguments)")
    }
    #expect(folder.names() == ["sample.nd2"])
  }
}

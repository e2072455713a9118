import ND2
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 refs")
struct RefsCommandTests {
  @Test("References go to stdout, or whole into a file")
  func output() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun("refs", path)
    #expect(run.status == .done, "\(run.errors)")
    #expect(run.errors.isEmpty)
    let refs = try #require(try run.json()["refs"])
    #expect(refs["1/0/1/2/0/0/0"]?.elements.first?.string == "file://\(path)")
    let target = folder.path("refs.json")
    let written = CommandRun("refs", path, "-o", target)
    #expect(written.status == .done)
    #expect(written.errors.contains("2 arrays, 12 references"), "\(written.errors)")
    #expect(try folder.bytes("refs.json") == Array(run.output.utf8))
    #expect(CommandRun("refs", path, "-o", target).status == .failed)
    #expect(CommandRun("refs", path, "-o", target, "--overwrite").status == .done)
    #expect(CommandRun("refs", path, "-o", path, "--overwrite").status == .failed)
  }

  @Test("Address, layout and limit are as the options say")
  func options() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun(
      "refs", path, "--url", "https://example.org/a.nd2", "--layout", "array", "--template")
    let document = try run.json()
    #expect(document["templates"]?["u"]?.string == "https://example.org/a.nd2")
    #expect(document["refs"]?["0/1/1/2/0/0/0"]?.elements.first?.string == "{{u}}")
    #expect(!run.output.contains("file:"))
    #expect(CommandRun("refs", path, "--limit", "3").status == .failed)
    #expect(CommandRun("refs", path, "--limit", "0").status == .usage)
    #expect(CommandRun("refs", path, "--layout", "rows").status == .usage)
    let secret = CommandRun("refs", path, "--url", "https://me:word@example.org/a.nd2")
    #expect(secret.status == .failed)
    #expect(!secret.errors.contains("word@"))
  }

  @Test("Damage is told, and an error when strict")
  func damage() throws {
    let folder = try TemporaryFolder()
    var sample = SampleFile(width: 8, height: 6, loops: [.time(count: 3)])
    sample.storage.compression = .lossless
    sample.flaws.framePayloads = [2: [0x78, 0x01, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]]
    let path = try folder.save(sample)
    let run = CommandRun("refs", path)
    #expect(run.status == .damaged)
    #expect(run.errors.contains("frame 2 is damaged"))
    #expect(CommandRun("refs", path, "--strict").status == .failed)
  }
}

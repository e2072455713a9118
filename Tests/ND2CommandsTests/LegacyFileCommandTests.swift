import ND2
import ND2Codecs
import ND2Writer
import Testing

@testable import ND2Commands

@Suite(
  "Files of version 1.0 in the command",
  .enabled(if: JPEG2000Decoder.isAvailable, "built without JPEG 2000"))
struct LegacyFileCommandTests {
  static func sample() -> SampleFile {
    var sample = SampleFile(
      version: .v1_0, width: 24, height: 16, channels: [.init("phase"), .init("GFP")],
      loops: [.time(count: 2), .zStack(count: 3)])
    sample.events = [.init(timeMs: 12.5, meaning: 9)]
    return sample
  }

  @Test("Every verb that describes something works without a complaint")
  func verbs() throws {
    let folder = try TemporaryFolder()
    let path = try folder.save(Self.sample())
    for (verb, text) in [
      (["info"], "JPEG 2000 (lossless)"), (["metadata"], "GFP"),
      (["metadata", "--all", "--json"], "\"is_legacy\":"), (["frames"], "T Index"),
      (["positions"], "X [µm]"), (["events"], "Experiment Paused"),
      (["chunks"], "LUNK|11!"), (["read", "--checksum"], "2,3,2,16,24"),
    ] {
      let run = CommandRun([verb[0], path] + verb.dropFirst())
      #expect(run.status == .done, "\(verb)")
      #expect(run.errors.isEmpty, "\(verb): \(run.errors)")
      #expect(run.output.contains(text), "\(verb): \(run.output)")
    }
  }

  @Test("Pixels and pictures are written")
  func outputs() throws {
    let folder = try TemporaryFolder()
    let sample = Self.sample()
    let path = try folder.save(sample)
    #expect(
      CommandRun("read", path, "-o", folder.path("a.npy"), "--frame", "4", "-q").status == .done)
    #expect(try folder.bytes("a.npy").count > 24 * 16 * 4)
    #expect(CommandRun("picture", path, "-o", folder.path("a.png"), "-q").status == .done)
    #expect(try folder.bytes("a.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
  }

  @Test("The report counts the bytes of the codestreams")
  func report() throws {
    let folder = try TemporaryFolder()
    let json = try CommandRun("info", try folder.save(Self.sample()), "--json").json()
    #expect(try #require(json["bytes_of_frames"]?.int) > 0)
    #expect(json["compression"] == "lossless")
    #expect(json["frame_count"] == 6)
  }

  @Test("A file without its list of boxes is read, and the damage reported")
  func withoutMap() throws {
    let folder = try TemporaryFolder()
    var sample = Self.sample()
    let whole = CommandRun("read", try folder.save(sample), "--checksum")
    sample.flaws.writesBoxMap = false
    let run = CommandRun("read", try folder.save(sample, as: "cut.nd2"), "--checksum")
    #expect(run.status == .damaged)
    #expect(run.output == whole.output)
  }

  @Test("A file of version 1.0 is made on request")
  func made() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("made.nd2")
    let run = CommandRun(
      "sample", path, "--legacy", "--width", "40", "--height", "30", "--slices", "2")
    #expect(run.status == .done, "\(run.errors)")
    let info = CommandRun("info", path)
    #expect(info.output.contains("ND2 1.0"))
    #expect(info.output.contains("T 3 × Z 2 × C 2 × Y 30 × X 40"))
  }
}

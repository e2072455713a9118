import Dispatch
import ND2
import ND2Format
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 rescue, validate, doctor, info --follow")
struct DamagedFileCommandTests {
  private static let sample: SampleFile = {
    var sample = SampleFile(width: 24, height: 16, loops: [.time(count: 4)])
    sample.flaws.writesEarlyAttributes = true
    return sample
  }()

  /// A file without its map; or cut within its third frame.
  private static func save(_ folder: TemporaryFolder, cut: Bool = false) throws -> String {
    var bytes = try sample.bytes(with: .removeMap)
    if cut {
      let place = try ChunkPlaces(of: try sample.bytes()).frame(2)
      bytes = Array(bytes[..<(place.dataOffset + 300)])
    }
    try folder.write(bytes, to: "bad.nd2")
    return folder.path("bad.nd2")
  }

  @Test("a file without its map is saved, with exit code 0")
  func rescue() throws {
    let folder = try TemporaryFolder()
    let path = try Self.save(folder)
    let output = folder.path("good.nd2")
    let run = CommandRun("rescue", path, output)
    #expect(run.status == .done)
    #expect(run.output.contains("Saved 4 frames"))
    #expect(run.output.contains("Nothing was lost."))
    #expect(run.errors.isEmpty)
    let read = CommandRun("validate", output)
    #expect(read.status == .done)
    let saved = try ND2File(path: output)
    for index in 0..<4 {
      let pixels = try saved.readStoredFrame(index).withUnsafeBytes { Array($0) }
      #expect(pixels == Self.sample.packedFrame(index))
    }
    #expect(CommandRun("rescue", path, output).status == .failed)
    #expect(CommandRun("rescue", path, path, "--overwrite").status == .failed)
    #expect(CommandRun("rescue", path, output, "--overwrite").status == .done)
  }

  @Test("what is lost is listed, with exit code 3")
  func lost() throws {
    let folder = try TemporaryFolder()
    let path = try Self.save(folder, cut: true)
    let run = CommandRun("rescue", path, folder.path("a.nd2"))
    #expect(run.status == .damaged)
    #expect(run.output.contains("lost frame 2"))
    let json = try CommandRun("rescue", path, folder.path("b.nd2"), "--json").json()
    #expect(json["is_complete"] == false)
    #expect(json["frames"] == 2)
    #expect(json["lost_frames"]?.elements.first?["index"] == 2)
    let partial = try CommandRun(
      "rescue", path, folder.path("c.nd2"), "--json", "--keep-partial"
    ).json()
    #expect(partial["frames"] == 3)
    #expect(partial["partial_frames"]?.elements.first?["index"] == 2)
  }

  @Test("when nothing can be saved nothing is written, with exit code 1")
  func nothing() throws {
    let folder = try TemporaryFolder()
    try folder.write([UInt8](repeating: 7, count: 10_000), to: "noise.nd2")
    let run = CommandRun("rescue", folder.path("noise.nd2"), folder.path("out.nd2"))
    #expect(run.status == .failed)
    #expect(run.output.isEmpty)
    #expect(folder.names() == ["noise.nd2"])
  }

  @Test("the size of frames can be given when the file has lost it")
  func shape() throws {
    let folder = try TemporaryFolder()
    var sample = SampleFile(width: 24, height: 16, sampleType: .uint8, loops: [.time(count: 2)])
    sample.flaws.omittedChunks = ["ImageAttributesLV!", "ImageMetadataSeqLV|0!"]
    let path = try folder.save(sample, as: "bad.nd2")
    let output = folder.path("good.nd2")
    #expect(CommandRun("rescue", path, output).errors.contains("shape"))
    let run = CommandRun("rescue", path, output, "--shape", "16,24", "--dtype", "uint8")
    #expect(run.output.contains("Saved 2 frames"))
    #expect(try ND2File(path: output).sampleType == .uint8)
    for wrong in ["16", "16,x", "0,3", "1,2,3,4"] {
      #expect(CommandRun("rescue", path, output, "--shape", wrong).status == .usage)
    }
    #expect(CommandRun("rescue", path, output, "--dtype", "complex").status == .usage)
  }

  @Test("files are called sound, usable or damaged")
  func validate() throws {
    let folder = try TemporaryFolder()
    let good = try folder.saveDemo()
    let bad = try Self.save(folder)
    #expect(CommandRun("validate", good).status == .done)
    #expect(CommandRun("validate", good).output.contains(": sound"))
    let run = CommandRun("validate", good, bad, "--deep")
    #expect(run.status == .damaged)
    #expect(run.output.contains(": damaged"))
    let json = try CommandRun("validate", bad, "--json").json()
    #expect(json["verdict"] == "damaged")
    #expect(json["findings"]?.elements.first?["severity"] == "damage")
    let both = CommandRun("validate", good, folder.path("none.nd2"), "--json")
    #expect(both.status == .failed)
    #expect(try both.json().elements.count == 2)
    #expect(CommandRun("validate", folder.path("none.nd2")).status == .failed)
  }

  @Test("the doctor says what to do")
  func doctor() throws {
    let folder = try TemporaryFolder()
    let good = CommandRun("doctor", try folder.saveDemo())
    #expect(good.status == .done)
    #expect(good.output.contains("The file is well"))
    let bad = CommandRun("doctor", try Self.save(folder, cut: true))
    #expect(bad.status == .damaged)
    #expect(bad.output.contains("nd2 rescue"))
    #expect(bad.output.contains("bad-rescued.nd2"))
    try folder.write([1, 2, 3], to: "it's.nd2")
    let hopeless = CommandRun("doctor", folder.path("it's.nd2"))
    #expect(hopeless.status == .failed)
    #expect(hopeless.output.contains("it'\\''s.nd2"))
  }

  @Test("a file that is complete is followed for one line")
  func followComplete() throws {
    let folder = try TemporaryFolder()
    let run = CommandRun("info", try folder.saveDemo(), "--follow")
    #expect(run.status == .done)
    #expect(run.lines.count == 1)
    #expect(run.lines[0].hasPrefix("12 frames"))
    #expect(run.lines[0].hasSuffix("complete"))
  }

  @Test("following ends when nothing changes any more")
  func followTimeout() throws {
    let folder = try TemporaryFolder()
    let path = try Self.save(folder, cut: true)
    let run = CommandRun(
      "info", path, "--follow", "--interval", "0.01", "--timeout", "0.03", "--json")
    #expect(run.status == .done)
    #expect(run.lines.count == 1)
    let line = try JSONParser.parse(Array(run.lines[0].utf8))
    #expect(line["frames"] == 2)
    #expect(line["is_complete"] == false)
    #expect(CommandRun("info", path, path, "--follow").status == .usage)
    #expect(CommandRun("info", path, "--follow", "--interval", "0").status == .usage)
  }

  @Test("frames of a growing file are announced as they come")
  func followGrowing() async throws {
    let folder = try TemporaryFolder()
    let bytes = try Self.sample.bytes()
    let places = try ChunkPlaces(of: bytes)
    try folder.write(Array(bytes[..<(try places.frame(1).headerOffset)]), to: "live.nd2")
    let path = folder.path("live.nd2")
    async let run = Self.follow(path)
    for index in 2..<4 {
      try await Task.sleep(for: .milliseconds(100))
      try folder.write(Array(bytes[..<(try places.frame(index).headerOffset)]), to: "live.nd2")
    }
    try await Task.sleep(for: .milliseconds(100))
    try folder.write(bytes, to: "live.nd2")
    let result = await run
    #expect(result.status == .done)
    #expect(result.lines.last?.hasPrefix("4 frames") == true)
    #expect(result.lines.last?.hasSuffix("complete") == true)
    #expect(result.lines.count >= 2)
  }

  private static func follow(_ path: String) async -> CommandRun {
    await withCheckedContinuation { continuation in
      Thread.detach {
        continuation.resume(
          returning: CommandRun(
            "info", path, "--follow", "--interval", "0.02", "--timeout", "600"))
      }
    }
  }
}

/// A thread that may block.
private enum Thread {
  static func detach(_ body: @escaping @Sendable () -> Void) {
    DispatchQueue.global().async { body() }
  }
}

import ND2
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("Failures of the command")
struct FailureTests {
  private static let verbs = [
    ["info"], ["metadata"], ["metadata", "--all"], ["frames"], ["chunks"], ["read", "--checksum"],
    ["events"], ["rois"], ["masks"],
  ]

  @Test("A missing file is one line on stderr and exit code 1", arguments: verbs)
  func missing(verb: [String]) throws {
    let folder = try TemporaryFolder()
    let run = CommandRun(verb + [folder.path("none.nd2")])
    #expect(run.status == .failed)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("nd2: "))
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(run.errors.contains("none.nd2"))
  }

  @Test("A folder and a file of another kind are named as what they are", arguments: verbs)
  func wrongKind(verb: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("II*\0 this is a TIFF".utf8), to: "picture.nd2")
    for path in [folder.root, folder.path("picture.nd2")] {
      let run = CommandRun(verb + [path])
      #expect(run.status == .failed)
      #expect(run.errors.split(separator: "\n").count == 1)
    }
    #expect(CommandRun(verb + [folder.root]).errors.contains("directory"))
    #expect(CommandRun(verb + [folder.path("picture.nd2")]).errors.contains("not an ND2 file"))
  }

  @Test(
    "With --json an error is JSON on stdout too",
    arguments: [["info"], ["metadata"], ["frames"], ["chunks"], ["events"], ["rois"], ["masks"]])
  func jsonErrors(verb: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write([1, 2, 3], to: "tiny.nd2")
    let run = CommandRun(verb + [folder.path("tiny.nd2"), "--json"])
    #expect(run.status == .failed)
    let error = try #require(try run.json()["error"])
    #expect(error["code"]?.string?.isEmpty == false)
    #expect(error["message"]?.string?.isEmpty == false)
    #expect(error["file"]?.string?.hasSuffix("tiny.nd2") == true)
  }

  @Test(
    "Arguments that make no sense are exit code 2",
    arguments: [
      ["info"], ["frobnicate"], ["read", "x.nd2"], ["read", "x.nd2", "-o", "y", "--checksum"],
      ["read", "x.nd2", "--checksum", "--frame", "1", "--z", "0:1"],
      ["read", "x.nd2", "--checksum", "--z", "5:2"],
      ["metadata", "x.nd2", "--section", "nonsense"],
      ["metadata", "x.nd2", "--all", "--frame", "1"], ["events", "x.nd2", "--format", "xml"],
      ["events", "x.nd2", "--json", "--format", "csv"], ["picture", "x.nd2"],
      ["sample", "x.nd2", "--width", "0"],
    ])
  func usage(arguments: [String]) {
    let run = CommandRun(arguments)
    #expect(run.status == .usage)
    #expect(run.output.isEmpty)
    #expect(!run.errors.isEmpty)
  }

  @Test("A frame that is not there is an error that says which there are")
  func noSuchFrame() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun("read", path, "--checksum", "--frame", "12")
    #expect(run.status == .failed)
    #expect(run.errors.contains("0 to 11"))
    #expect(CommandRun("metadata", path, "--frame", "99").status == .failed)
    #expect(
      CommandRun("picture", path, "-o", folder.path("p.png"), "--frame", "99").status == .failed)
    #expect(folder.names() == ["sample.nd2"])
  }

  @Test("--stats ends with one JSON line on stderr, also after an error")
  func statistics() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    for arguments in [["info", path], ["frames", path], ["info", folder.path("none")]] {
      let run = CommandRun(arguments + ["--stats"])
      let last = try #require(run.errors.split(separator: "\n").last)
      let line = try JSONParser.parse(Array(last.utf8))
      #expect(line.members.map(\.name) == ["requests", "bytes", "retries", "seconds"])
      if arguments[1] == path { #expect((line["requests"]?.int ?? 0) > 0) }
    }
  }

  @Test("-q keeps everything but results and errors to itself")
  func quiet() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("new.nd2")
    let run = CommandRun("sample", path, "--width", "8", "--height", "8", "-q")
    #expect(run.status == .done)
    #expect(run.output.isEmpty)
    #expect(run.errors.isEmpty)
    #expect(CommandRun("sample", path, "-q").errors.contains("--overwrite"))
  }
}

import ND2
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 subset")
struct SubsetCommandTests {
  private let folder: TemporaryFolder
  private let input: String

  init() throws {
    folder = try TemporaryFolder()
    input = try folder.saveDemo()
  }

  private var output: String { folder.path("part.nd2") }

  @Test("A part has the pixels that 'read' gives, and the report says its sizes")
  func part() throws {
    let run = CommandRun(
      "subset", input, output, "--t", "1", "--z", "0:3:2", "--crop", "2,3,10,8", "--json")
    #expect(run.status == .done)
    let report = try run.json()
    #expect(report["frameCount"]?.int == 4)
    #expect(report["sizes"]?["X"]?.int == 10)
    #expect(report["sizes"]?["Y"]?.int == 8)
    let (whole, part) = (try ND2File(path: input), try ND2File(path: output))
    let expected = try whole.read(
      ArraySelection(.time, 1).with(.z, 2).with(.x, 2..<12).with(.y, 3..<11))
    let found = try part.read(ArraySelection(.z, 1))
    #expect(
      expected.withUnsafeBytes { Array($0) } == found.withUnsafeBytes { Array($0) })
  }

  @Test("Channels and positions go by number or by name")
  func names() throws {
    let names = try ND2File(path: input).channelNames
    for channel in ["1", names[1]] {
      let run = CommandRun("subset", input, output, "--c", channel, "--overwrite")
      #expect(run.status == .done)
      #expect(try ND2File(path: output).channelNames == [names[1]])
    }
    let labels = try ND2File(path: input).positionLabels
    for position in ["1", labels[1]] {
      let run = CommandRun("subset", input, output, "--p", position, "--overwrite")
      #expect(run.status == .done)
      #expect(try ND2File(path: output).positionLabels == [labels[1]])
    }
    let run = CommandRun("subset", input, output, "--c", "Nobody", "--overwrite")
    #expect(run.status == .failed)
    #expect(run.errors.contains(names[0]))
  }

  @Test("Wrong usage and wrong indices are errors, and leave nothing behind")
  func errors() {
    #expect(CommandRun("subset", input).status == .usage)
    #expect(CommandRun("subset", input, output, "--t", "1:2:0").status == .usage)
    #expect(CommandRun("subset", input, output, "--crop", "1,2,3").status == .usage)
    #expect(CommandRun("subset", input, output, "--audit", "a.csv").status == .usage)
    #expect(CommandRun("subset", input, output, "--crop", "0,0,2,2", "--x", "1").status == .usage)
    #expect(CommandRun("subset", input, output, "--t", "9").status == .failed)
    #expect(CommandRun("subset", input, output, "--crop", "20,0,10,2").status == .failed)
    #expect(CommandRun("subset", input, input, "--overwrite").status == .failed)
    #expect(folder.names() == ["sample.nd2"])
  }

  @Test("An existing output is kept unless overwriting is asked for")
  func overwriting() throws {
    #expect(CommandRun("subset", input, output).status == .done)
    let second = CommandRun("subset", input, output)
    #expect(second.status == .failed)
    #expect(second.errors.contains("--overwrite"))
  }

  @Test("Anonymising counts on stderr what it removed, and lists it in a table")
  func anonymising() throws {
    let audit = folder.path("audit.json")
    let run = CommandRun("subset", input, output, "--anonymise", "--audit", audit)
    #expect(run.status == .done)
    #expect(run.errors.contains("Removed: "))
    let entries = try JSONParser.parse(try folder.bytes("audit.json")).elements
    #expect(!entries.isEmpty)
    #expect(entries.allSatisfy { $0["chunk"]?.string != nil && $0["value"] == nil })
    let csv = CommandRun(
      "subset", input, output, "--anonymise", "--audit", folder.path("audit.csv"),
      "--audit-values", "--overwrite")
    #expect(csv.status == .done)
    let text = String(decoding: try folder.bytes("audit.csv"), as: UTF8.self)
    #expect(text.hasPrefix("chunk,path,kind,replacement,value\n"))
  }

  @Test("Lists of indices are read as people write them")
  func lists() throws {
    let list = try #require(IndexList(argument: "0:10:3,1,8:"))
    #expect(try list.resolved(count: 10, axis: .time) == [0, 1, 3, 6, 8, 9])
    for wrong in ["", "a", "1:2:3:4", "1:2:-1", "3:1", "1,,2"] {
      #expect(IndexList(argument: wrong) == nil, "\(wrong)")
    }
    #expect(throws: ND2Error.self) { try list.resolved(count: 5, axis: .time) }
  }
}

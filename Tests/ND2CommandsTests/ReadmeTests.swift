import ArgumentParser
import ND2
import ND2Writer
import Testing

@testable import ND2Commands

/// What the README shows must work.
@Suite("README")
struct ReadmeTests {
  /// The lines of the README's shell blocks that call the command.
  private func commands() throws -> [String] {
    var isInside = false
    var commands: [String] = []
    for line in try Repository.text(of: Repository.root + "/README.md").split(separator: "\n") {
      if line.hasPrefix("```") {
        isInside = line == "```sh" && !isInside
      } else if isInside, line.hasPrefix("nd2 ") {
        let end = line.firstRange(of: "  #")?.lowerBound ?? line.endIndex
        commands.append(String(line[..<end]))
      }
    }
    return commands
  }

  @Test("Every command of the README runs")
  func commandsRun() throws {
    let folder = try TemporaryFolder()
    var sample = SampleFile.demo(
      width: 32, height: 32, times: 2, positions: 2, slices: 6, channels: 2)
    sample.maskLayers = [
      .init(
        id: 1, name: "cells", masks: [0: .init(width: 32, height: 32) { x, y in x > y ? 1 : 0 }])
    ]
    _ = try folder.save(sample, as: "cells.nd2")
    try folder.write(try sample.bytes(with: .removeMap), to: "crashed.nd2")
    let commands = try commands()
    #expect(commands.count > 8)
    // What is on other machines is tried by the tests of ND2Remote.
    for command in commands where !command.contains("://") {
      var arguments = command.split(separator: " ").dropFirst().map { word in
        word.contains(".") ? folder.path(String(word)) : String(word)
      }
      // A sample of the usual size takes seconds without optimisation.
      if arguments.first == "sample" { arguments += ["--width", "32", "--height", "32"] }
      let run = CommandRun(arguments)
      // The doctor finds the file ill.
      let expected = arguments.first == "doctor" ? Outcome.damaged : .done
      #expect(run.status == expected, "\(command): \(run.errors)")
    }
    for name in ["stack.npy", "first.png", "masks.npy", "sample.nd2", "saved.nd2"] {
      #expect(folder.names().contains(name))
    }
  }

  @Test(
    "The library snippets are the code that the tests compile",
    arguments: [("    // BEGIN\n", "import ND2\n\n"), ("    // BEGIN ARRAYS\n", "")])
  func snippet(_ mark: String, _ lead: String) throws {
    let readme = try Repository.text(of: Repository.root + "/README.md")
    let source = try Repository.text(of: Repository.folder(of: #filePath) + "/ReadmeSnippet.swift")
    let rest = source[try #require(source.firstRange(of: mark)).upperBound...]
    let end = try #require(rest.firstRange(of: "    // END")).lowerBound
    let lines = rest[..<end].split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("    ") ? $0.dropFirst(4) : $0 }
    let code = "```swift\n" + lead + lines.joined(separator: "\n") + "```\n"
    #expect(readme.contains(code))
  }

  @Test("Every file that it links is there")
  func links() throws {
    let readme = try Repository.text(of: Repository.root + "/README.md")
    for part in readme.split(separator: "](").dropFirst() {
      let link = part.prefix { $0 != ")" }
      if link.hasPrefix("http") { continue }
      #expect(throws: Never.self, "\(link)") {
        try FileSource(path: "\(Repository.root)/\(link)")
      }
    }
  }

  @Test("Every verb is shown")
  func verbsAreShown() throws {
    let commands = try commands()
    for verb in RootCommand.configuration.subcommands {
      let name = try #require(verb.configuration.commandName)
      #expect(commands.contains { $0.hasPrefix("nd2 \(name) ") }, "\(name)")
    }
  }

  @Test("It is under 200 lines and opens with the two scripts")
  func shape() throws {
    let lines = try Repository.text(of: Repository.root + "/README.md")
      .split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count < 200)
    let start = lines.prefix(15).joined(separator: "\n")
    #expect(start.contains("./scripts/demo"))
    #expect(start.contains("./scripts/test"))
  }
}

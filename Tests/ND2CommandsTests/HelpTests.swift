import ArgumentParser
import ND2
import Testing

@testable import ND2Commands

/// The help is part of the interface: a change of it is seen here, and in the golden file.
///
/// After a wanted change run the tests with `ND2_UPDATE_GOLDEN=1` and look at the difference.
@Suite("Help")
struct HelpTests {
  private static let verbs: [any ParsableCommand.Type] = RootCommand.configuration.subcommands

  @Test("The help of all verbs is as in the golden file")
  func golden() throws {
    var text = RootCommand.helpMessage(columns: 80)
    for verb in Self.verbs {
      let name = try #require(verb.configuration.commandName)
      text += "\n\n=== \(name)\n\n" + RootCommand.helpMessage(for: verb, columns: 80)
    }
    text += "\n"
    let golden = try GoldenFile("help.txt")
    #expect(try golden.matches(text))
  }

  @Test("Every verb has a name, a sentence, and the common options")
  func completeness() {
    for verb in Self.verbs {
      #expect(verb.configuration.commandName != nil)
      #expect(verb.configuration.abstract.hasSuffix("."))
      #expect(verb is any Verb.Type)
      let help = RootCommand.helpMessage(for: verb, columns: 80)
      #expect(help.contains("--stats"))
      #expect(help.contains("-q, --quiet"))
    }
  }
}

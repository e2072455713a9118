import ND2
import ND2Writer

@testable import ND2Commands

/// One run of the command inside the test, with all that it said.
struct CommandRun {
  let status: Outcome
  let output: String
  let errors: String

  init(_ arguments: [String]) {
    let console = Console.memory()
    status = CommandLineTool.run(arguments, console: console)
    output = console.output.text
    errors = console.errors.text
  }

  init(_ arguments: String...) { self.init(arguments) }

  /// What was printed on stdout, as JSON.
  func json() throws -> JSONValue { try JSONParser.parse(Array(output.utf8)) }

  /// The lines of stdout.
  var lines: [String] { output.split(separator: "\n").map(String.init) }
}

extension TemporaryFolder {
  /// Writes a file that was described, and gives its path.
  func save(_ sample: SampleFile, as name: String = "sample.nd2") throws -> String {
    try sample.write(to: path(name))
    return path(name)
  }

  /// A small file with times, planes and channels.
  func saveDemo() throws -> String {
    try save(.demo(width: 24, height: 16, times: 2, positions: 2, slices: 3, channels: 2))
  }
}

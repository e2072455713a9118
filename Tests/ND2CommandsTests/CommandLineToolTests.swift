import Testing

@testable import ND2Commands

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("The command as a whole")
struct CommandLineToolTests {
  private func run(_ arguments: String...) -> (status: Outcome, output: String, errors: String) {
    let console = Console.memory()
    let status = CommandLineTool.run(arguments, console: console)
    return (status, console.output.text, console.errors.text)
  }

  @Test("Help goes to stdout and is no failure")
  func help() {
    let result = run("--help")
    #expect(result.status == .done)
    #expect(result.output.contains("Reads Nikon ND2 microscopy files."))
    #expect(result.errors.isEmpty)
  }

  @Test("The version is one line")
  func version() {
    let result = run("--version")
    #expect(result.status == .done)
    #expect(result.output == ToolVersion.text + "\n")
  }

  @Test("An unknown verb is wrong usage: exit code 2, nothing on stdout")
  func unknownVerb() {
    let result = run("frobnicate")
    #expect(result.status == .usage)
    #expect(result.status.rawValue == 2)
    #expect(result.output.isEmpty)
    #expect(!result.errors.isEmpty)
  }

  @Test("Output that cannot be written is a failure")
  func fullDisk() throws {
    guard let file = fopen("/dev/full", "w") else { return }
    defer { fclose(file) }
    let console = Console(
      output: TextSink(descriptor: fileno(file), isBuffered: true),
      errors: TextSink(terminal: .none()))
    #expect(CommandLineTool.run(["--help"], console: console) == .failed)
    #expect(console.errors.text.hasPrefix("nd2: cannot write to stdout"))
  }
}

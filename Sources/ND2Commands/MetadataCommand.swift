import ArgumentParser
import ND2

/// `nd2 metadata`: everything that a file says, for people and machines.
struct MetadataCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "metadata",
    abstract: "Prints the metadata of a file, or parts of it.",
    discussion: """
      Names and nesting are those of the Python package nd2. Times are in milliseconds or seconds, \
      lengths in micrometres, wavelengths in nanometres, as the names say.
      """)

  @OptionGroup var input: FileArgument

  @Flag(help: "Print everything, with the bulky parts too: events, masks, raw trees.")
  var all = false

  @Option(help: .init("Print one section.", valueName: "name"))
  var section: MetadataDocument.Section?

  @Option(help: .init("Print the metadata of one frame.", valueName: "index"))
  var frame: Int?

  @OptionGroup var format: JSONOption
  @OptionGroup var common: CommonOptions

  var wantsJSON: Bool { format.json }

  func validate() throws {
    guard [all, section != nil, frame != nil].count(where: { $0 }) <= 1 else {
      throw ValidationError("--all, --section and --frame exclude each other")
    }
  }

  func perform(in session: Session) throws {
    let file = try session.open(input.file)
    let document = MetadataDocument(file)
    if let section {
      show(try document.value(of: section), in: session)
    } else if let frame {
      show(try JSONValue(encoding: try file.frameMetadata(frame)), in: session)
    } else {
      let sections = all ? MetadataDocument.Section.allCases : MetadataDocument.Section.brief
      let result = document.object(sections)
      show(result.json, in: session)
      session.report(result.diagnostics)
      return
    }
    session.report(file.diagnostics)
  }

  private func show(_ value: JSONValue, in session: Session) {
    if format.json {
      session.print(value)
      return
    }
    var tree = TreeText(width: session.console.output.terminal.width)
    switch value {
    case .object(let members):
      for member in members { tree.add(member.name, member.value) }
      session.lines(tree.lines)
    case .array(let elements):
      for (index, element) in elements.enumerated() { tree.add("[\(index)]", element) }
      session.lines(tree.lines)
    case .string(let text): session.lines(PlainText.lines(text))
    default: session.line(value == .null ? "–" : value.text())
    }
  }
}

import ArgumentParser
import ND2

/// `nd2 chunks`: the container itself.
struct ChunksCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "chunks",
    abstract: "Lists the chunks of a file, or gives the bytes of one.",
    discussion: """
      With --get the bytes of a chunk go to stdout as they are stored, or as a dump with --hex and \
      on a terminal.
      """)

  @OptionGroup var input: FileArgument

  @Option(help: .init("Give the data of this chunk.", valueName: "name"))
  var get: String?

  @Flag(help: "Show bytes in hexadecimal: those of the chunk, or the first 16 of each.")
  var hex = false

  @OptionGroup var format: JSONOption
  @OptionGroup var common: CommonOptions

  var wantsJSON: Bool { format.json }

  func perform(in session: Session) throws {
    let file = try session.open(input.file)
    if let get {
      try give(get, of: file, in: session)
    } else if format.json {
      let chunks = file.chunks
      session.print(.array(try chunks.map { .object(try members(of: $0, in: file)) }))
    } else {
      try list(file, in: session)
    }
    session.report(file.diagnostics)
  }

  private func members(of chunk: ChunkInfo, in file: ND2File) throws -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("name", .string(chunk.name)),
      .init("offset", .unsigned(chunk.offset)),
      .init("size", chunk.byteCount.map { .unsigned($0) } ?? .null),
    ]
    if hex { members.append(.init("start", .string(HexDump.digits(start(of: chunk, in: file))))) }
    return members
  }

  private func list(_ file: ND2File, in session: Session) throws {
    var table = TextTable(
      [.init("Offset", .right), .init("Size", .right), .init("Name")]
        + (hex ? [.init("Start")] : []))
    for chunk in file.chunks {
      table.add(
        [
          HumanText.count(chunk.offset), chunk.byteCount.map { HumanText.count($0) } ?? "?",
          chunk.name,
        ] + (hex ? [HexDump.digits(start(of: chunk, in: file))] : []))
    }
    session.lines(table.lines(for: session.console.output.terminal))
  }

  /// The first bytes of a chunk; none when it cannot be read.
  private func start(of chunk: ChunkInfo, in file: ND2File) -> ArraySlice<UInt8> {
    (try? file.chunk(chunk.name))?.prefix(16) ?? []
  }

  private func give(_ name: String, of file: ND2File, in session: Session) throws {
    let bytes = try file.chunk(name)
    if format.json {
      session.print([
        "name": .string(name), "size": .integer(Int64(bytes.count)),
        "hex": .string(HexDump.digits(bytes)),
      ])
    } else if hex || session.console.output.terminal.isInteractive {
      session.lines(HexDump.lines(bytes))
    } else {
      session.console.output.write(bytes)
    }
  }
}

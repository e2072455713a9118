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
      let source = hex ? try session.source(input.file) : nil
      session.print(.array(chunks.map { .object(members(of: $0, source)) }))
    } else {
      try list(file, in: session)
    }
    session.report(file.diagnostics)
  }

  private func members(
    of chunk: ChunkInfo, _ source: (any ByteSource)?
  ) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("name", .string(chunk.name)),
      .init("offset", .unsigned(chunk.offset)),
      .init("size", chunk.byteCount.map { .unsigned($0) } ?? .null),
    ]
    if let source {
      members.append(.init("start", .string(HexDump.digits(start(of: chunk, in: source)))))
    }
    return members
  }

  private func list(_ file: ND2File, in session: Session) throws {
    let source = hex ? try session.source(input.file) : nil
    var table = TextTable(
      [.init("Offset", .right), .init("Size", .right), .init("Name")]
        + (hex ? [.init("Start")] : []))
    for chunk in file.chunks {
      table.add(
        [
          HumanText.count(chunk.offset), chunk.byteCount.map { HumanText.count($0) } ?? "?",
          chunk.name,
        ] + (source.map { [HexDump.digits(start(of: chunk, in: $0))] } ?? []))
    }
    session.lines(table.lines(for: session.console.output.terminal))
  }

  /// The first bytes of the data of a chunk; none when it cannot be read.
  ///
  /// Only these are read: the chunk may be an image of gigabytes. A chunk begins with a magic number,
  /// the length of its name and that of its data; the name and the data follow.
  private func start(of chunk: ChunkInfo, in source: any ByteSource) -> [UInt8] {
    guard chunk.offset < 1 << 62 else { return [] }
    let end = chunk.offset + 16
    guard let header = try? source.read(chunk.offset..<end),
      header.prefix(4) == [0xDA, 0xCE, 0xBE, 0x0A]
    else { return [] }
    let nameCount = header[4..<8].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    let data = end + nameCount
    return (try? source.read(data..<(data + min(16, chunk.byteCount ?? 16)))) ?? []
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

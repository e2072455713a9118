import ArgumentParser
import ND2

/// `nd2 frames`: every frame, where and when it was taken, where it lies in the file.
struct FramesCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "frames",
    abstract: "Lists the frames: coordinates, time, stage, place in the file.",
    discussion: """
      With --checksum each frame is read and hashed: SHA-256 of its pixels as they are stored (rows, \
      columns, components side by side, little-endian, without padding, inflated).

      --format csv, tsv and json give a table with times in seconds, a column for each axis and what \
      was recorded of the focus; --json gives a list of frames.
      """)

  @OptionGroup var input: FileArgument

  @Flag(help: "Add the SHA-256 of the stored pixels.")
  var checksum = false

  @OptionGroup var table: TableOptions
  @OptionGroup var json: JSONOption
  @OptionGroup var common: CommonOptions

  var wantsJSON: Bool { table.wantsJSON(json.json) }

  func validate() throws { try table.checkFormat(besideDocument: json.json) }

  func perform(in session: Session) throws {
    let output = try table.begin(reading: input.file, json: json.json)
    let file = try session.open(input.file)
    let list = FrameList(file)
    var checksums: [String?] = []
    if checksum {
      let progress = session.progress("Hashing", total: list.count)
      checksums = try list.checksums(progress: progress)
      progress.finish()
    }
    if json.json {
      let entries = (0..<list.count).lazy.map { index in
        var entry = list.entry(index)
        if checksum { entry.checksum = checksums[index] }
        return entry
      }
      try output.write(arrayOf: entries.map(document(of:)), in: session)
    } else {
      let frames = try table(of: file, checksums)
      let hidden: Set = frames.has(only: 0, in: "Missing") ? ["Missing"] : []
      try output.write(frames, shown: frames.hiding(hidden), in: session)
    }
    session.report(file.diagnostics)
  }

  private func document(of entry: FrameList.Entry) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("index", .integer(Int64(entry.index))),
      .init("coordinates", .coordinates(entry.coordinates)),
      .init("time_ms", .number(entry.timeMs)),
      .init(
        "stage_um",
        entry.stage.map { ["x": .double($0.x), "y": .double($0.y), "z": .double($0.z)] } ?? .null),
      .init("z_um", .number(entry.stage?.z)),
      .init("offset", entry.offset.map { .unsigned($0) } ?? .null),
      .init("missing", .bool(entry.isMissing)),
    ]
    if checksum { members.append(.init("sha256", .text(entry.checksum))) }
    return .object(members)
  }

  private func table(of file: ND2File, _ checksums: [String?]) throws -> Table {
    var table = try file.framesTable()
    if checksum { try table.append(.init("SHA-256", strings: checksums)) }
    return table
  }
}

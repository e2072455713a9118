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
      """)

  @OptionGroup var input: FileArgument

  @Flag(help: "Add the SHA-256 of the stored pixels.")
  var checksum = false

  @OptionGroup var format: JSONOption
  @OptionGroup var common: CommonOptions

  var wantsJSON: Bool { format.json }

  func perform(in session: Session) throws {
    let file = try session.open(input.file)
    let list = FrameList(file)
    var checksums: [String?] = []
    if checksum {
      let progress = session.progress("Hashing", total: list.count)
      checksums = try list.checksums(progress: progress)
      progress.finish()
    }
    let entries = (0..<list.count).lazy.map { index in
      var entry = list.entry(index)
      if checksum { entry.checksum = checksums[index] }
      return entry
    }
    if format.json {
      session.print(.array(entries.map(json)))
    } else {
      session.lines(table(Array(entries), session.console.output.terminal))
    }
    session.report(file.diagnostics)
  }

  private func json(_ entry: FrameList.Entry) -> JSONValue {
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

  private func table(_ entries: [FrameList.Entry], _ terminal: Terminal) -> [String] {
    var axes: [Axis] = []
    for entry in entries {
      for (axis, _) in entry.coordinates where !axes.contains(axis) { axes.append(axis) }
    }
    var table = TextTable(
      [.init("Frame", .right)] + axes.map { .init($0.rawValue, .right) } + [
        .init("Time [s]", .right), .init("X [µm]", .right), .init("Y [µm]", .right),
        .init("Z [µm]", .right), .init("Offset", .right),
      ] + (checksum ? [.init("SHA-256")] : []))
    for entry in entries {
      let indices = axes.map { axis in
        entry.coordinates.first { $0.axis == axis }.map { String($0.index) } ?? ""
      }
      let stage = entry.stage.map { [$0.x, $0.y, $0.z].map { HumanText.number($0, decimals: 2) } }
      table.add(
        [String(entry.index)] + indices
          + [entry.timeMs.map { HumanText.number($0 / 1000, decimals: 3) } ?? ""]
          + (stage ?? ["", "", ""])
          + [entry.isMissing ? "missing" : entry.offset.map { HumanText.count($0) } ?? ""]
          + (checksum ? [entry.checksum ?? ""] : []))
    }
    return table.lines(for: terminal)
  }
}

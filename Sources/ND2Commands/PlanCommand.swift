import ArgumentParser
import ND2

/// `nd2 plan`: which bytes of a file make up a part of its pixels.
struct PlanCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Saves which bytes make up a part of the pixels, for reading without opening.",
    discussion: """
      'nd2 read --plan PLAN' then asks for nothing but these bytes. With --file-list the result is the \
      list that the Python reader of remote files makes and reads.

      --index saves all of the file but its pixels instead: map, texts, events, regions, masks. Every \
      verb opens the file without a request with '--saved-index INDEX', a path or an address.
      """)

  @OptionGroup var input: FileArgument

  @Option(
    name: [.short, .customLong("output")], help: "Where to write; stdout unless given.",
    completion: .file(extensions: ["json", "index"]))
  var output: String?

  @Flag(help: "Write the file list of the Python reader instead.")
  var fileList = false

  @Flag(help: "Write an index of the whole file instead: all but its pixels.")
  var index = false

  @Option(
    help: .init(
      "Most bytes of the file in an index; the largest chunks are left out first.",
      valueName: "bytes"))
  var indexBytes: Int?

  @OptionGroup(title: "Part") var part: SelectionOptions
  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var common: CommonOptions

  var wantsJSON: Bool { output == nil }

  func validate() throws {
    if index, fileList || !part.isEmpty {
      throw ValidationError("an index is of the whole file; leave --file-list and ranges out")
    }
    if index, output == nil { throw ValidationError("say where to write the index: -o FILE") }
    if indexBytes != nil, !index { throw ValidationError("--index-bytes is for --index") }
    if let indexBytes, !(1...SavedIndex.largestByteCount).contains(indexBytes) {
      throw ValidationError(
        "--index-bytes takes a number from 1 to \(SavedIndex.largestByteCount)")
    }
  }

  func perform(in session: Session) throws {
    if index, let output { return try saveIndex(to: output, in: session) }
    let file = try session.open(input.file)
    let selection = try part.selection(in: file)
    let json = fileList ? try list(file, selection) : try file.plan(selection).json()
    guard let output else { return session.print(json) }
    let target = try OutputFile(
      path: output, overwrite: overwriting.overwrite, inputs: [input.file])
    try target.write(Array((json.text(indentation: 2) + "\n").utf8))
    try target.commit()
    if !fileList {
      let plan = try file.plan(selection)
      session.say(
        "Planned \(HumanText.count(plan.frames.count, "frame")): "
          + "\(HumanText.bytes(UInt64(clamping: plan.byteCount))) of pixels, "
          + "\(HumanText.bytes(plan.byteRanges.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) })) "
          + "of the file in \(HumanText.count(plan.byteRanges.count, "range"))")
    }
    session.report(file.diagnostics)
  }

  private func saveIndex(to path: String, in session: Session) throws {
    let target = try OutputFile(
      path: path, overwrite: overwriting.overwrite, inputs: [input.file])
    let file = try session.open(input.file)
    let index = try SavedIndex(
      of: file, mostByteCount: indexBytes ?? SavedIndex.standardByteCount)
    let bytes = try index.encoded()
    try target.write(bytes)
    try target.commit()
    let share = Double(bytes.count) / Double(max(1, file.byteCount)) * 100
    session.say(
      "Saved an index of \(HumanText.bytes(UInt64(bytes.count))), "
        + "\(HumanText.significant(share, digits: 2)) % of the file"
        + (index.isComplete ? "" : "; the largest chunks are left out and read when needed"))
    session.report(file.diagnostics)
  }

  private func list(_ file: ND2File, _ selection: ArraySelection) throws -> JSONValue {
    let view = file.fiveAxes
    func range(_ axis: Axis, _ count: Int) -> Range<Int> { selection.ranges[axis] ?? 0..<count }
    let shape = view.shape
    return try file.fileList(
      crop: StackCrop(
        z: range(.z, shape[2]), y: range(.y, shape[3]), x: range(.x, shape[4])),
      t: range(.time, shape[0]), c: range(.channel, shape[1]),
      scenes: range(.position, view.sceneCount)
    ).json()
  }
}

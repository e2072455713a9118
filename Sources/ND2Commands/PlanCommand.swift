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
      """)

  @OptionGroup var input: FileArgument

  @Option(
    name: [.short, .customLong("output")], help: "Where to write; stdout unless given.",
    completion: .file(extensions: ["json"]))
  var output: String?

  @Flag(help: "Write the file list of the Python reader instead.")
  var fileList = false

  @OptionGroup(title: "Part") var part: SelectionOptions
  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var common: CommonOptions

  var wantsJSON: Bool { output == nil }

  func perform(in session: Session) throws {
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

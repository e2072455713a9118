import ArgumentParser
import ND2
import ND2Export

/// `nd2 sequence`: pictures as files of their own.
struct SequenceCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "sequence",
    abstract: "Saves pictures (PNG, TIFF) of all frames into a folder.",
    discussion: """
      The pattern names the files; its places are {name}, {t}, {p}, {z}, {u}, {c}, {position}, \
      {channel} and {frame}, and {t:04} fills up with zeros. With {c} or {channel} there is a file for \
      each channel, else channels are merged. Loops that are not selected are run through. All \
      pictures have one contrast. A folder that is new appears when it is complete; in one that exists \
      already, no file is replaced without --overwrite.
      """)

  @OptionGroup var input: FileArgument

  @Argument(help: "The folder to write into.", completion: .directory)
  var folder: String

  @Option(help: .init("Names of the files.", valueName: "pattern"))
  var pattern: String?

  @Option(help: .init("Stage positions: 3, 2:5, 0:10:2, 0,4, or a name.", valueName: "list"))
  var position: String?
  @Option(help: .init("Time points.", valueName: "list"))
  var t: IndexList?
  @Option(help: .init("Focus planes.", valueName: "list"))
  var z: IndexList?
  @Option(help: .init("Places along the custom loop.", valueName: "list"))
  var u: IndexList?
  @Option(help: .init("Channels.", valueName: "list"))
  var channels: IndexList?
  @Option(help: .init("Only this rectangle of the image.", valueName: "x,y,width,height"))
  var crop: CropArgument?

  @OptionGroup(title: "Projection") var projection: ViewProjectionOptions
  @OptionGroup(title: "How it is shown") var picture: PictureOptions
  @OptionGroup(title: "What is drawn into it") var annotation: AnnotationOptions
  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var common: CommonOptions

  func perform(in session: Session) throws {
    let file = try session.open(input.file)
    let pattern = try FileNamePattern(pattern ?? Self.usualPattern(for: file, projection))
    let form = try PictureDocument.Form(path: pattern.name())
    var view = PictureView()
    if let crop { (view.rows, view.columns) = (crop.y, crop.x) }
    if let (reduction, axes) = try projection.resolved(in: file) {
      (view.reduction, view.projectedAxes) = (reduction, axes)
    }
    let shown = try channels?.resolved(
      count: max(1, file.channelLayout.channelAxisCount), axis: .channel)
    let style = try picture.style(
      of: file, channels: shown, annotations: annotation.annotations)
    var renderer = PictureRenderer(file, style: style)
    renderer.isCancelled = { StopSignal.isReceived }
    let sequence = try PictureSequence(
      renderer, pattern: pattern, view: view,
      selected: try selected(in: file), title: Self.title(of: input.file))
    let progress = session.progress("Drawing", total: sequence.items.count)
    try StopSignal.watch {
      let target = try OutputFolder(path: folder, overwrite: overwriting.overwrite)
      try target.check(sequence.items.map(\.name))
      try sequence.write { image, pixelSize in
        try PictureDocument.encode(image, form, pixelSize: pixelSize)
      } to: { name, bytes in
        try target.write(bytes, as: name)
        progress.advance()
      }
      try target.commit()
    }
    progress.finish()
    session.say("Saved \(HumanText.count(sequence.items.count, "picture")) into \(folder)")
    session.report(file.diagnostics)
  }

  private func selected(in file: ND2File) throws -> [Axis: [Int]] {
    var selected: [Axis: [Int]] = [:]
    for (axis, list) in [(Axis.time, t), (.z, z), (.custom, u)] {
      guard let list else { continue }
      let places = try list.resolved(count: file.loopLayout.axes[axis] ?? 1, axis: axis)
      if file.loopLayout.axes[axis] != nil { selected[axis] = places }
    }
    if let position {
      let count = file.loopLayout.axes[.position] ?? 1
      let places =
        try IndexList(argument: position)?.resolved(count: count, axis: .position)
        ?? [file.positionIndex(named: position)]
      if file.loopLayout.axes[.position] != nil { selected[.position] = places }
    }
    return selected
  }

  /// A place for each loop that has more than one turn, with as many digits as its indices.
  private static func usualPattern(
    for file: ND2File, _ projection: ViewProjectionOptions
  ) throws -> String {
    let projected = try projection.resolved(in: file)?.axes ?? []
    var pattern = "{name}"
    for element in file.loopLayout.axes where element.count > 1 {
      guard !projected.contains(element.axis) else { continue }
      let letter = element.axis.rawValue.lowercased()
      pattern += "_\(letter){\(letter):\(String(element.count - 1).count)}"
    }
    return pattern + ".png"
  }

  private static func title(of path: String) -> String {
    let name = path.split(separator: "/").last ?? "picture"
    return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? String(name)
  }
}

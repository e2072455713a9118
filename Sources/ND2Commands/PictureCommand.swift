import ArgumentParser
import ND2
import ND2Export

/// `nd2 picture`: a frame, a projection, a montage or an animation for the eye.
struct PictureCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "picture",
    abstract: "Saves a picture (PNG, TIFF) of a frame, a projection, a montage or an animation.",
    discussion: """
      Channels are stretched between percentiles, shown in their colours and merged; colour images \
      stay as they are. Values change: use 'nd2 read' for measurements, or --contrast none for \
      pictures whose values stay numbers. The pictures of a montage and of an animation have one \
      contrast. Animations are animated PNG files.
      """)

  @OptionGroup var input: FileArgument

  @Option(
    name: [.short, .long],
    help: .init("The picture to write: .png or .tif.", valueName: "out.png"))
  var output: String

  @OptionGroup(title: "What is shown") var view: ViewOptions
  @OptionGroup(title: "How it is shown") var picture: PictureOptions
  @OptionGroup(title: "What is drawn into it") var annotation: AnnotationOptions

  @Option(
    help: .init(
      "All of an axis side by side: t, p, z, u, or c for single channels.", valueName: "axis"))
  var montage: String?

  @Option(help: .init("Pictures in a row of the montage.", valueName: "n"))
  var columns: Int?

  @Option(help: .init("Pixels between the pictures of the montage.", valueName: "n"))
  var gap = 4

  @Option(help: .init("Colour between the pictures of the montage.", valueName: "colour"))
  var gapColour = ColourArgument(color: .white)

  @Option(help: .init("All of a loop one after the other: t, z, p or u.", valueName: "axis"))
  var animate: String?

  @Option(help: .init("How long each picture of the animation is shown.", valueName: "ms"))
  var delay = 200.0

  @Option(help: .init("How often the animation plays; 0 for ever.", valueName: "n"))
  var loops = 0

  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if montage != nil, animate != nil {
      throw ValidationError("say --montage or --animate, but not both")
    }
    if montage != nil || animate != nil, view.frame != nil {
      throw ValidationError("--frame is a single picture; say places along axes instead")
    }
    guard columns ?? 1 > 0, (0...10_000).contains(gap) else {
      throw ValidationError("--columns is at least 1, and --gap goes from 0 to 10000")
    }
    guard delay >= 0, delay <= 65_535, (0...1_000_000).contains(loops) else {
      throw ValidationError(
        "--delay goes from 0 to 65535 ms, and --loops from 0 to 1000000")
    }
    for name in [montage, animate].compactMap({ $0 }) {
      let known: Set<String> =
        montage != nil ? ["t", "p", "z", "u", "c"] : ["t", "p", "z", "u"]
      guard known.contains(name.lowercased()) else {
        throw ValidationError("'\(PlainText.singleLine(name))' is none of \(known.sorted())")
      }
    }
    if let form = try? PictureDocument.Form(path: output) {
      if animate != nil, form != .png, form != .apng {
        throw ValidationError("animations are written as .png")
      }
      if animate != nil, picture.depth == 16 {
        throw ValidationError("animations have 8 bits a sample")
      }
    } else {
      throw ValidationError("pictures are written as .png or .tif")
    }
  }

  func perform(in session: Session) throws {
    let form = try PictureDocument.Form(path: output)
    let target = try OutputFile(
      path: output, overwrite: overwriting.overwrite, inputs: [input.file])
    let file = try session.open(input.file)
    let style = try picture.style(
      of: file, channels: view.channels(of: file), annotations: annotation.annotations)
    let renderer = PictureRenderer(file, style: style)
    let view = try view.view(of: file)
    if let animate, let axis = Axis(letter: Character(animate)) {
      try write(renderer, view, along: axis, to: target, in: session)
    } else {
      let (image, pixelSize) = try single(renderer, view, in: session)
      try target.write(PictureDocument.encode(image, form, pixelSize: pixelSize))
      try target.commit()
      session.say("Saved \(subject) as \(output): \(image.width) × \(image.height) pixels")
    }
    session.report(file.diagnostics)
  }

  private var subject: String {
    if let montage { return "a montage over \(montage.uppercased())" }
    if let frame = view.frame { return "frame \(frame)" }
    return view.projection.isEmpty ? "a frame" : "a projection"
  }

  private func single(
    _ renderer: PictureRenderer, _ view: PictureView, in session: Session
  ) throws -> (Picture, (x: Double, y: Double)?) {
    guard let montage, let axis = Axis(letter: Character(montage)) else {
      let image = try renderer.picture(of: view)
      return (image, renderer.pixelSize(of: view, image))
    }
    let options = MontageOptions(
      columnCount: columns, gap: gap, background: gapColour.color)
    let progress = session.progress("Drawing")
    defer { progress.finish() }
    if axis == .channel {
      let channels = renderer.style.channels ?? Array(renderer.file.channelNames.indices)
      let pictures = try channels.map { channel in
        var single = renderer
        single.style.channels = [channel]
        if picture.grey { single.style.appearance.table = .grey }
        return try single.picture(of: view)
      }
      let merged = channels.count > 1 ? [try renderer.picture(of: view)] : []
      return (try Picture.montage(of: pictures + merged, options: options), nil)
    }
    try checkLoop(axis, view, of: renderer.file)
    let image = try renderer.montage(
      of: view.along(axis, of: renderer.file), options: options
    ) { progress.show(share: $0) }
    return (image, nil)
  }

  private func write(
    _ renderer: PictureRenderer, _ view: PictureView, along axis: Axis, to target: OutputFile,
    in session: Session
  ) throws {
    try checkLoop(axis, view, of: renderer.file)
    let views = view.along(axis, of: renderer.file)
    let progress = session.progress("Drawing")
    try renderer.writeAnimation(
      of: views, options: AnimationOptions(delayMs: delay, loopCount: loops),
      encoder: PictureDocument.pngEncoder, progress: { progress.show(share: $0) }
    ) { try target.write($0) }
    progress.finish()
    try target.commit()
    session.say("Saved \(HumanText.count(views.count, "picture")) as \(output)")
  }

  private func checkLoop(_ axis: Axis, _ view: PictureView, of file: ND2File) throws {
    guard view.reduction == nil || !view.projectedAxes.contains(axis) else {
      throw ValidationError("the axis \(axis) cannot be projected and shown as well")
    }
  }
}

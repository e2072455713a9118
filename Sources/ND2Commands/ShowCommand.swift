import ArgumentParser
import ND2
import ND2Export

/// `nd2 show`: a picture in the terminal.
struct ShowCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows a picture in the terminal.",
    discussion: """
      Terminals with graphics (kitty, iTerm2, sixel) show pixels, others half blocks in their colours. \
      Which it is, is found by the environment and by asking the terminal; --protocol decides. Shows \
      the middle position and focus plane of the first time point, unless places are said.
      """)

  @OptionGroup var input: FileArgument

  @Option(
    name: .customLong("protocol"),
    help: .init("How: kitty, iterm2, sixel, blocks, blocks256, text.", valueName: "name"))
  var form: PictureProtocol?

  @Option(help: .init("Width in characters.", valueName: "n"))
  var width: Int?

  @OptionGroup(title: "What is shown") var view: ViewOptions
  @OptionGroup(title: "How it is shown") var picture: PictureOptions
  @OptionGroup(title: "What is drawn into it") var annotation: AnnotationOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (1...1000).contains(width ?? 1) else {
      throw ValidationError("--width goes from 1 to 1000")
    }
  }

  func perform(in session: Session) throws {
    let terminal = session.console.output.terminal
    guard form != nil || terminal.isInteractive else {
      throw ValidationError(
        "the output is no terminal; say how to show the picture with --protocol, or save it with "
          + "'nd2 picture'")
    }
    let form = form ?? .detected(for: terminal)
    let file = try session.open(input.file)
    let size = TerminalQuestion.size()
    let columns = width ?? min(size.columns, terminal.isInteractive ? size.columns : 80)
    let (most, mostRows) = pixels(form, columns, size)
    var style = try picture.style(
      of: file, channels: view.channels(of: file), annotations: annotation.annotations)
    style.mostPixels = nil
    var renderer = PictureRenderer(file, style: style)
    var shown = try view.view(of: file)
    let small = renderer.thumbnailView(side: max(most, mostRows))
    if shown.frame == nil {
      for axis in [Axis.position, .z] where shown.indices[axis] == nil {
        shown.indices[axis] = small.indices[axis]
      }
    }
    if shown.level == 0, view.crop == nil, shown.reduction != .standardDeviation {
      shown.level = small.level
    }
    // Text and bars are drawn at the size at which they are shown.
    let extent = (
      width: (shown.columns?.count ?? file.sizes[.x] ?? 1) >> shown.level,
      height: (shown.rows?.count ?? file.sizes[.y] ?? 1) >> shown.level
    )
    let share = min(
      1, Double(most) / Double(max(1, extent.width)),
      Double(mostRows) / Double(max(1, extent.height)))
    let side = (Double(max(extent.width, extent.height)) * share).rounded(.down)
    renderer.style.mostPixels = min(picture.size ?? .max, max(1, Int(exactly: side) ?? 1))
    let image = try renderer.picture(of: shown)
    session.console.output.write(
      try TerminalPicture.bytes(
        of: image, as: form, columns: letterCount(image, form, columns, size)))
    session.report(file.diagnostics)
  }

  /// Pixels that fit.
  private func pixels(
    _ form: PictureProtocol, _ columns: Int,
    _ size: (columns: Int, rows: Int, width: Int?, height: Int?)
  ) -> (Int, Int) {
    let rows = max(4, size.rows - 2)
    switch form {
    case .blocks, .blocks256, .text: return (columns, 2 * (width == nil ? rows : 1000))
    case .kitty, .iterm2, .sixel:
      // Characters of 8 × 16 pixels, unless the terminal says otherwise.
      let cell = (
        width: size.width.map { max(1, $0 / size.columns) } ?? 8,
        height: size.height.map { max(1, $0 / size.rows) } ?? 16
      )
      return (min(columns * cell.width, 4096), min(rows * cell.height, 4096))
    }
  }

  /// Characters that a picture takes in a row.
  private func letterCount(
    _ image: Picture, _ form: PictureProtocol, _ columns: Int,
    _ size: (columns: Int, rows: Int, width: Int?, height: Int?)
  ) -> Int {
    guard form == .kitty || form == .iterm2 else { return columns }
    let cell = size.width.map { max(1, $0 / size.columns) } ?? 8
    return max(1, min(columns, (image.width + cell - 1) / cell))
  }
}

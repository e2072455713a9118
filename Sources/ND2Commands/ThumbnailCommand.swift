import ArgumentParser
import ND2
import ND2Export

/// `nd2 thumbnail`: a small picture, quickly.
struct ThumbnailCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "thumbnail",
    abstract: "Saves a small picture (PNG) of a file.",
    discussion: """
      Shows the middle position and the middle focus plane of the first time point, all channels \
      merged. Files that store reduced images are read in a few bytes.
      """)

  @OptionGroup var input: FileArgument

  @Option(name: [.short, .long], help: .init("The picture to write.", valueName: "out.png"))
  var output: String

  @Option(help: .init("Pixels of the longer side, at most.", valueName: "n"))
  var size = 256

  @Flag(help: "Show the greatest values along z instead of the middle plane.")
  var maxZ = false

  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (1...65_536).contains(size) else {
      throw ValidationError("--size goes from 1 to 65536")
    }
  }

  func perform(in session: Session) throws {
    let form = try PictureDocument.Form(path: output)
    let target = try OutputFile(
      path: output, overwrite: overwriting.overwrite, inputs: [input.file])
    let file = try session.open(input.file)
    let renderer = PictureRenderer(file)
    let image = try renderer.thumbnail(side: size, projectingFocus: maxZ ? .max : nil)
    try target.write(PictureDocument.encode(image, form, pixelSize: nil))
    try target.commit()
    session.say("Saved \(output): \(image.width) × \(image.height) pixels")
    session.report(file.diagnostics)
  }
}

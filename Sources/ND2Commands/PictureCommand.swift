import ArgumentParser
import ND2
import ND2Export

/// `nd2 picture`: one frame for the eye.
struct PictureCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "picture",
    abstract: "Saves a picture (PNG) of one frame.",
    discussion: """
      Channels are stretched between percentiles, shown in their colours and merged; colour images \
      stay as they are. Values change: use 'nd2 read' for measurements.
      """)

  @OptionGroup var input: FileArgument

  @Option(name: [.short, .long], help: .init("The picture to write.", valueName: "out.png"))
  var output: String

  @Option(help: .init("The frame by its number.", valueName: "index"))
  var frame = 0

  @Option(help: .init("Only these channels, by number.", valueName: "a:b"))
  var channels: IndexRange?

  @Option(help: .init("Halve the size so many times, for large images.", valueName: "n"))
  var level = 0

  @OptionGroup var picture: PictureOptions

  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var common: CommonOptions

  func perform(in session: Session) throws {
    let target = try OutputFile(
      path: output, overwrite: overwriting.overwrite, inputs: [input.file])
    let file = try session.open(input.file)
    let array = try file.readFrame(frame, level: level)
    let count = array.sizes[.channel] ?? 1
    let (bytes, image) = try PictureDocument(file: file, options: picture, level: level).encode(
      array, shown: try channels?.resolved(count: count, axis: .channel))
    try target.write(bytes)
    try target.commit()
    session.say("Saved frame \(frame) as \(output): \(image.width) × \(image.height) pixels")
    session.report(file.diagnostics)
  }
}

import ArgumentParser
import ND2
import ND2Writer

/// `nd2 sample`: makes a small file to try things with.
struct SampleCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Makes a small ND2 file to try things with.",
    discussion: """
      Fluorescent cells that drift in time and go out of focus in z, with the metadata that a \
      microscope would have written. The same options give the same bytes.
      """)

  @Argument(help: "The file to write.", completion: .file(extensions: ["nd2"]))
  var file: String

  @Option(help: "Width in pixels.") var width = 512
  @Option(help: "Height in pixels.") var height = 512
  @Option(help: "Number of time points.") var times = 3
  @Option(help: "Number of stage positions.") var positions = 1
  @Option(help: "Number of planes in z.") var slices = 5
  @Option(help: "Number of channels.") var channels = 2
  @Flag(help: "Store the frames compressed (lossless).") var compressed = false
  @Flag(help: "Write format version 1.0 (JPEG 2000), as before 2007.") var legacy = false

  @OptionGroup var output: OverwriteOption
  @OptionGroup var common: CommonOptions

  var savedIndexRefusal: String? {
    "--saved-index is the index of a file, and none is read"
  }

  func validate() throws {
    for (name, value, most) in [
      ("--width", width, 16384), ("--height", height, 16384), ("--times", times, 100_000),
      ("--positions", positions, 10000), ("--slices", slices, 10000), ("--channels", channels, 64),
    ] {
      guard (1...most).contains(value) else {
        throw ValidationError("\(name) goes from 1 to \(most)")
      }
    }
  }

  func perform(in session: Session) throws {
    var sample = SampleFile.demo(
      width: width, height: height, times: times, positions: positions, slices: slices,
      channels: channels)
    if legacy { Self.makeLegacy(&sample) }
    if compressed { sample.storage.compression = .lossless }
    let sink = FileSink(try OutputFile(path: file, overwrite: output.overwrite).file)
    try sample.write(to: sink)
    session.say(
      "Wrote \(file): \(HumanText.count(sample.frameCount, "frame")), "
        + HumanText.bytes(sink.position))
  }

  /// Turns the description into one that format version 1.0 can hold.
  private static func makeLegacy(_ sample: inout SampleFile) {
    sample.version = .v1_0
    sample.recordedColumns = []
    sample.regions = []
    sample.maskLayers = []
    sample.rasterLayers = []
  }
}

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

  @Flag(help: "Show a single channel in grey instead of its colour.")
  var grey = false

  @Option(
    help: .init(
      "Percent of pixels that may be black, and as many that may be white.", valueName: "percent"))
  var saturation = 0.1

  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard saturation >= 0, saturation < 50 else {
      throw ValidationError("--saturation goes from 0 to below 50")
    }
  }

  func perform(in session: Session) throws {
    let target = try OutputFile(
      path: output, overwrite: overwriting.overwrite, inputs: [input.file])
    let file = try session.open(input.file)
    let picture = try picture(of: file)
    var encoder = PNGEncoder()
    if file.metadata.channels.first?.volume.axesCalibrated.first == true {
      let factor = Double(1 << min(max(level, 0), 30))
      encoder.pixelSize = (file.voxelSize.x * factor, file.voxelSize.y * factor)
    }
    encoder.notes = [("Software", "swift-nd2 \(ToolVersion.text)")]
    try target.write(try encoder.encode(picture))
    try target.commit()
    session.say(
      "Saved frame \(frame) as \(output): \(picture.width) × \(picture.height) pixels")
    session.report(file.diagnostics)
  }

  private func picture(of file: ND2File) throws -> Picture {
    let array = try file.readFrame(frame, level: level)
    // Axes of one element are not among those of the array.
    let (width, height) = (array.sizes[.x] ?? 1, array.sizes[.y] ?? 1)
    let planeCount = array.sizes[.channel] ?? 1
    let wanted = try channels?.resolved(count: planeCount, axis: .channel) ?? 0..<planeCount
    return try array.withUnsafeBytes { bytes in
      let stride = bytes.count / max(1, planeCount)
      let planes = wanted.map { index in
        UnsafeRawBufferPointer(rebasing: bytes[(index * stride)..<((index + 1) * stride)])
      }
      if array.sizes[.sample] == 3, let first = planes.first {
        return try PictureComposer.rgb(
          first, type: array.sampleType, width: width, height: height,
          significantBits: file.attributes.bitsPerComponentSignificant)
      }
      return try PictureComposer.merge(
        zip(wanted, planes).map { index, samples in
          let contrast = ContrastRange.percentiles(
            of: samples, type: array.sampleType, lowPercent: saturation, highPercent: saturation)
          return PictureComposer.Plane(
            samples: samples, type: array.sampleType,
            colour: colour(of: index, in: file, count: wanted.count), contrast: contrast)
        }, width: width, height: height)
    }
  }

  private func colour(of index: Int, in file: ND2File, count: Int) -> PictureComposer.Colour {
    guard !(grey && count == 1) else { return .white }
    let channel = file.metadata.channels.first { channel in
      let first = channel.acquisition.firstComponent
      return index >= first && index - first < max(1, channel.volume.componentCount)
    }
    guard let channel else { return .white }
    if channel.volume.componentCount == 3 {
      // A colour channel among others: each of its samples has a place on the axis.
      let sample = index - channel.acquisition.firstComponent
      return PictureComposer.Colour(
        red: sample == 0 ? 1 : 0, green: sample == 1 ? 1 : 0, blue: sample == 2 ? 1 : 0)
    }
    let colour = channel.channel.color
    // Black would show nothing.
    if colour.r == 0, colour.g == 0, colour.b == 0 { return .white }
    return PictureComposer.Colour(
      red: Float(colour.r) / 255, green: Float(colour.g) / 255, blue: Float(colour.b) / 255)
  }
}

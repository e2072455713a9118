import ArgumentParser
import ND2
import ND2Export

/// The options that say what is written into a picture.
struct AnnotationOptions: ParsableArguments {
  @Option(
    help: .init("Draw a scale bar: 'auto', or its length in µm.", valueName: "length"))
  var scaleBar: BarLength?

  @Option(
    help: .init("Where: top-left, top-right, bottom-left, bottom-right.", valueName: "corner"))
  var barCorner = CornerArgument(corner: .bottomRight)

  @Option(help: .init("Colour of the bar.", valueName: "colour"))
  var barColour = ColourArgument(color: .white)

  @Flag(inversion: .prefixedNo, help: "Write the length at the bar.")
  var barText = true

  @Flag(help: "Write when the frame was taken (minutes:seconds).")
  var timeStamp = false

  @Flag(help: "Write the height of the focus plane.")
  var zLabel = false

  @Flag(help: "Write the name of the stage position.")
  var positionLabel = false

  @Flag(help: "Write the names of the channels.")
  var channelLabel = false

  @Option(help: .init("Write these words.", valueName: "text"))
  var text: String?

  @Option(help: .init("Where the text is.", valueName: "corner"))
  var textCorner = CornerArgument(corner: .topLeft)

  @Option(help: .init("Colour of the text.", valueName: "colour"))
  var textColour = ColourArgument(color: .white)

  @Option(
    help: .init("Size of letters, times 5 × 7 pixels; else by the picture's.", valueName: "n"))
  var textSize: Int?

  func validate() throws {
    guard (1...256).contains(textSize ?? 1) else {
      throw ValidationError("--text-size goes from 1 to 256")
    }
  }

  /// What is drawn.
  var annotations: PictureAnnotations {
    var labels: [PictureAnnotations.Label] = []
    if let text { labels.append(.text(text)) }
    if positionLabel { labels.append(.position) }
    if channelLabel { labels.append(.channels) }
    if zLabel { labels.append(.height) }
    if timeStamp { labels.append(.time) }
    return PictureAnnotations(
      scaleBar: scaleBar.map {
        ScaleBar(
          lengthUm: $0.micrometres, color: barColour.color, corner: barCorner.corner,
          showsLength: barText)
      }, labels: labels, labelColor: textColour.color, labelCorner: textCorner.corner,
      textScale: textSize)
  }
}

/// `auto`, or a length in micrometres.
struct BarLength: ExpressibleByArgument, Sendable {
  var micrometres: Double?

  init?(argument: String) {
    if argument == "auto" { return }
    guard let number = Double(argument), number > 0, number.isFinite else { return nil }
    micrometres = number
  }
}

/// A corner by its name.
struct CornerArgument: ExpressibleByArgument, Sendable {
  var corner: PictureCorner

  init(corner: PictureCorner) { self.corner = corner }

  init?(argument: String) {
    guard let corner = PictureCorner(rawValue: argument) else { return nil }
    self.corner = corner
  }

  var defaultValueDescription: String { corner.rawValue }
  static var allValueStrings: [String] { PictureCorner.allCases.map(\.rawValue) }
}

/// A colour by its name or digits.
struct ColourArgument: ExpressibleByArgument, Sendable {
  var color: Color

  init(color: Color) { self.color = color }

  init?(argument: String) {
    guard let color = Color(pictureName: argument) else { return nil }
    self.color = color
  }

  var defaultValueDescription: String { color == .white ? "white" : color.hex }
}

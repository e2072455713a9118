import ArgumentParser

/// The options that say how pixels become a picture.
struct PictureOptions: ParsableArguments {
  @Flag(help: "Show a single channel in grey instead of its colour.")
  var grey = false

  @Option(
    help: .init(
      "Percent of pixels that may be black, and as many that may be white.", valueName: "percent"))
  var saturation = 0.1

  func validate() throws {
    guard saturation >= 0, saturation < 50 else {
      throw ValidationError("--saturation goes from 0 to below 50")
    }
  }
}

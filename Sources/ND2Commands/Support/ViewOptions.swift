import ArgumentParser
import ND2
import ND2Export

/// The options that say which image of a file is shown.
struct ViewOptions: ParsableArguments {
  @Option(help: .init("The frame by its number, instead of its places.", valueName: "index"))
  var frame: Int?

  @Option(help: .init("Stage position, by number or name.", valueName: "position"))
  var position: String?
  @Option(help: .init("Time point.", valueName: "index"))
  var t: Int?
  @Option(help: .init("Focus plane.", valueName: "index"))
  var z: Int?
  @Option(help: .init("Place along the custom loop.", valueName: "index"))
  var u: Int?

  @OptionGroup var projection: ViewProjectionOptions

  @Option(help: .init("Only these channels, such as 1, 0:2 or 0,3.", valueName: "list"))
  var channels: IndexList?

  @Option(help: .init("Only this rectangle of the image.", valueName: "x,y,width,height"))
  var crop: CropArgument?

  @Option(help: .init("Halve the size so many times, for large images.", valueName: "n"))
  var level = 0

  func validate() throws {
    if frame != nil, position != nil || t != nil || z != nil || u != nil || !projection.isEmpty {
      throw ValidationError("say --frame, or places along axes and projections, but not both")
    }
    guard (0..<32).contains(level) else { throw ValidationError("--level goes from 0 to 31") }
    for index in [t, z, u, frame].compactMap({ $0 }) where index < 0 {
      throw ValidationError("places along axes are not negative")
    }
  }

  /// What is shown.
  func view(of file: ND2File) throws -> PictureView {
    var view = PictureView(level: level)
    view.frame = frame
    if let crop { (view.rows, view.columns) = (crop.y, crop.x) }
    for (axis, index) in [(Axis.time, t), (.z, z), (.custom, u)] {
      if let index { view.indices[axis] = index }
    }
    if let position {
      view.indices[.position] = try Int(position) ?? file.positionIndex(named: position)
    }
    if let (reduction, axes) = try projection.resolved(in: file) {
      (view.reduction, view.projectedAxes) = (reduction, axes)
    }
    return view
  }

  /// The channels that are shown; nil for all.
  func channels(of file: ND2File) throws -> [Int]? {
    try channels?.resolved(count: max(1, file.channelLayout.channelAxisCount), axis: .channel)
  }
}

/// The options that make a picture a projection.
struct ViewProjectionOptions: ParsableArguments {
  @Option(help: .init("Show the greatest values along axes, such as z.", valueName: "axes"))
  var max: String?
  @Option(help: .init("Show the means.", valueName: "axes"))
  var mean: String?
  @Option(help: .init("Show the least values.", valueName: "axes"))
  var min: String?
  @Option(help: .init("Show the sums.", valueName: "axes"))
  var sum: String?
  @Option(help: .init("Show the standard deviations.", valueName: "axes"))
  var std: String?

  private var given: [(reduction: Reduction, axes: String)] {
    [
      (Reduction.max, max), (.min, min), (.mean, mean), (.sum, sum), (.standardDeviation, std),
    ].compactMap { reduction, axes in axes.map { (reduction, $0) } }
  }

  /// Whether nothing is projected.
  var isEmpty: Bool { given.isEmpty }

  func validate() throws {
    guard given.count <= 1 else {
      throw ValidationError("say one of --max, --mean, --min, --sum and --std")
    }
  }

  func resolved(in file: ND2File) throws -> (reduction: Reduction, axes: [Axis])? {
    guard let (reduction, text) = given.first else { return nil }
    var axes: [Axis] = []
    for letter in text where letter != "," && letter != " " {
      guard let axis = Axis(letter: letter), !axis.isInFrame else {
        let known = file.loopLayout.axes.axes.map(\.rawValue).joined(separator: ", ")
        throw ValidationError(
          "'\(PlainText.singleLine(text))' names no loops: the file has "
            + (known.isEmpty ? "none" : known))
      }
      if !axes.contains(axis) { axes.append(axis) }
    }
    return (reduction, axes)
  }
}

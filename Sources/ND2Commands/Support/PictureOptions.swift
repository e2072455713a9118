import ArgumentParser
import ND2
import ND2Export

/// The options that say how pixels become a picture.
struct PictureOptions: ParsableArguments {
  @Flag(help: "Show a single channel in grey instead of its colour.")
  var grey = false

  @Option(
    help: .init(
      "Percent of pixels that may be black, and as many that may be white.", valueName: "percent"))
  var saturation = 0.1

  @Option(
    help: .init(
      """
      Contrast, of all channels or of one (0=100:900): auto, minmax, full (the camera's scale), none \
      (values stay numbers) or low:high. May be repeated.
      """, valueName: "[c=]contrast"))
  var contrast: [ForChannel<ContrastArgument>] = []

  @Option(
    help: .init(
      "Exponent of the brightness, of all channels or of one; below 1 brightens dark parts.",
      valueName: "[c=]gamma"))
  var gamma: [ForChannel<GammaArgument>] = []

  @Option(
    help: .init(
      """
      Colours, of all channels or of one: #rrggbb, red, green, blue, cyan, magenta, yellow, orange, \
      white, or a table: grey, fire, ice, viridis, extremes.
      """, valueName: "[c=]colour"))
  var colour: [ForChannel<TableArgument>] = []

  @Option(help: .init("Bits of a sample: 8 or 16.", valueName: "bits"))
  var depth = 8

  @Option(help: .init("Make the picture smaller: pixels of its longer side.", valueName: "n"))
  var size: Int?

  func validate() throws {
    guard saturation >= 0, saturation < 50 else {
      throw ValidationError("--saturation goes from 0 to below 50")
    }
    guard depth == 8 || depth == 16 else { throw ValidationError("--depth is 8 or 16") }
    guard size ?? 1 > 0 else { throw ValidationError("--size is at least 1") }
  }

  /// The style of pictures.
  func style(
    of file: ND2File, channels: [Int]? = nil, annotations: PictureAnnotations = .init()
  ) throws -> PictureStyle {
    var style = PictureStyle(
      channels: channels, depth: depth, mostPixels: size, annotations: annotations)
    style.appearance.contrast = .automatic(lowPercent: saturation, highPercent: saturation)
    let count = max(1, file.channelLayout.channelAxisCount)
    if grey, (channels?.count ?? count) == 1 { style.appearance.table = .grey }
    // What is said of all channels comes first, so that the order does not matter.
    func changeAll<Value>(
      _ items: [ForChannel<Value>], _ body: (inout ChannelAppearance, Value) -> Void
    ) {
      for item in items where item.channel == nil { body(&style.appearance, item.value) }
    }
    func changeSingle<Value>(
      _ items: [ForChannel<Value>], _ body: (inout ChannelAppearance, Value) -> Void
    ) throws {
      for item in items {
        guard let channel = item.channel else { continue }
        guard channel < count else {
          throw ND2Error(
            .invalidRequest, "there is no channel \(channel): the file has \(count)")
        }
        var appearance = style.appearances[channel] ?? style.appearance
        body(&appearance, item.value)
        style.appearances[channel] = appearance
      }
    }
    func setContrast(_ appearance: inout ChannelAppearance, _ value: ContrastArgument) {
      appearance.contrast = value.contrast(saturation: saturation)
    }
    func setGamma(_ appearance: inout ChannelAppearance, _ value: GammaArgument) {
      appearance.gamma = value.value
    }
    func setTable(_ appearance: inout ChannelAppearance, _ value: TableArgument) {
      appearance.table = value.table
    }
    changeAll(contrast, setContrast)
    changeAll(gamma, setGamma)
    changeAll(colour, setTable)
    try changeSingle(contrast, setContrast)
    try changeSingle(gamma, setGamma)
    try changeSingle(colour, setTable)
    if file.channelLayout.hasSampleAxis, contrast.contains(where: { $0.channel == nil }) {
      style.colourContrast = style.appearance.contrast
    }
    return style
  }
}

/// A value for all channels, or with `2=` in front for one.
struct ForChannel<Value: ExpressibleByArgument & Sendable>: ExpressibleByArgument, Sendable {
  /// The place along the channel axis; nil for all.
  var channel: Int?
  var value: Value

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 {
      guard let number = Int(parts[0]), number >= 0,
        parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) })
      else { return nil }
      channel = number
    }
    guard let value = parts.last.flatMap({ Value(argument: String($0)) }) else { return nil }
    self.value = value
  }
}

/// A contrast as people write it.
enum ContrastArgument: ExpressibleByArgument, Equatable, Sendable {
  case automatic
  case other(PictureContrast)

  init?(argument: String) {
    switch argument {
    case "auto": self = .automatic
    case "minmax": self = .other(.minimumToMaximum)
    case "full": self = .other(.fullScale)
    case "none": self = .other(.unchanged)
    default:
      let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, let low = Double(parts[0]), let high = Double(parts[1]),
        low.isFinite, high.isFinite, low < high
      else { return nil }
      self = .other(.range(ContrastRange(low: low, high: high)))
    }
  }

  func contrast(saturation: Double) -> PictureContrast {
    switch self {
    case .automatic: .automatic(lowPercent: saturation, highPercent: saturation)
    case .other(let contrast): contrast
    }
  }
}

/// A positive number.
struct GammaArgument: ExpressibleByArgument, Equatable, Sendable {
  var value: Double

  init?(argument: String) {
    guard let number = Double(argument), number >= 0.01, number <= 100 else { return nil }
    value = number
  }
}

/// Colours by their name.
struct TableArgument: ExpressibleByArgument, Equatable, Sendable {
  var table: LookupTable

  init?(argument: String) {
    guard let table = LookupTable(named: argument) else { return nil }
    self.table = table
  }
}

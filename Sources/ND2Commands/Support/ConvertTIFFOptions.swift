import ArgumentParser
import ND2
import ND2Export

/// The options of `nd2 convert` for TIFF files.
struct ConvertTIFFOptions: ParsableArguments {
  /// What a file says about its pixels.
  enum Style: String, ExpressibleByArgument, CaseIterable {
    case auto, ome, imagej, plain
  }

  /// Whether files go beyond 4 GB.
  enum BigTIFF: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never
  }

  @Option(
    help: .init(
      "Compress: none, lzw, deflate or zstd, with a level as in deflate:9.", valueName: "name"))
  var compression: CompressionArgument = .init(value: .none)

  @Flag(inversion: .prefixedNo, help: "Compress the differences of neighbouring pixels.")
  var predictor = true

  @Option(help: .init("Side of square tiles instead of strips.", valueName: "pixels"))
  var tile: Int?

  @Flag(help: "Add reduced copies of every plane, for viewers of large images.")
  var pyramid = false

  @Option(
    help: .init("What TIFF says: auto (by the name), ome, imagej, plain.", valueName: "style"))
  var style = Style.auto

  @Option(help: .init("BigTIFF, for more than 4 GB: auto, always, never.", valueName: "when"))
  var bigtiff = BigTIFF.auto

  /// Whether none of them was given.
  var isEmpty: Bool {
    compression.isDefault && predictor && tile == nil && !pyramid && style == .auto
      && bigtiff == .auto
  }

  /// The options as the library takes them.
  var options: TIFFOptions {
    var options = TIFFOptions()
    options.compression = compression.value
    options.usesPredictor = predictor ? nil : false
    options.tileSide = tile
    options.hasPyramid = pyramid
    options.metadata =
      switch style {
      case .auto: .automatic
      case .ome: .ome
      case .imagej: .imageJ
      case .plain: .none
      }
    options.bigTIFF =
      switch bigtiff {
      case .auto: .automatic
      case .always: .always
      case .never: .never
      }
    options.creator = "swift-nd2 \(ToolVersion.text)"
    options.advice = OutputFile.advice
    options.watcher = PendingFileWatcher()
    return options
  }
}

/// A compression by its name, with or without a level.
struct CompressionArgument: ExpressibleByArgument {
  let value: TIFFOptions.Compression

  init(value: TIFFOptions.Compression) { self.value = value }

  init?(argument: String) {
    let parts = argument.lowercased().split(separator: ":", omittingEmptySubsequences: false)
    let level = parts.count == 2 ? Int(parts[1]) : nil
    guard parts.count == 1 || (parts.count == 2 && level != nil) else { return nil }
    switch (parts.first, level) {
    case ("none", nil): value = .none
    case ("lzw", nil): value = .lzw
    case ("deflate", nil), ("zip", nil): value = .deflate()
    case ("deflate", let level?), ("zip", let level?): value = .deflate(level: level)
    case ("zstd", nil): value = .zstd()
    case ("zstd", let level?): value = .zstd(level: level)
    default: return nil
    }
  }

  var defaultValueDescription: String { "none" }

  /// Whether nothing is compressed, as when nothing was said.
  var isDefault: Bool {
    if case .none = value { return true }
    return false
  }
}

import ND2

/// What ImageJ wants to know of a stack.
struct ImageJHyperstack {
  private let positions: Int
  private let samples: Int
  private let channels: Int
  private let type: SampleType
  private let byteCount: Double

  init(_ part: OMEPart, _ shape: TIFFShape, _ options: TIFFOptions) {
    positions = options.division.contains(.positions) ? 1 : part.positions.count
    samples = shape.samples
    type = shape.sampleType
    let times = options.division.contains(.timePoints) ? 1 : part.sizeT
    channels = options.division.contains(.channels) ? 1 : part.channels.count
    byteCount =
      Double(shape.storedByteCount) * Double(channels) * Double(part.sizeZ)
      * Double(times)
  }

  /// Why ImageJ cannot read the stack; nil when it can.
  func obstacle(pixels part: OMEPart, _ shape: TIFFShape) -> String? {
    if positions > 1 {
      return "it has one position; choose one, or write a file for each"
    }
    if samples == 3, type != .uint8 { return "colour has 8 bits there" }
    if samples == 3, channels > 1 { return "colour has one channel there" }
    if ![.uint8, .uint16, .float32].contains(type) { return "it has no numbers of type \(type)" }
    if shape.levels.count > 1 { return "it has no pyramids" }
    if byteCount > 0xFFF0_0000 {
      return "its pixels do not fit into 4 GB; OME-TIFF has no such bound"
    }
    return nil
  }

  /// The description of a file.
  static func description(
    _ pixels: OME.Pixels, channels count: Int, frames: Int, imageCount: Int
  ) -> String {
    let isColour = (pixels.channels.first?.samplesPerPixel ?? 1) == 3
    let channels = isColour ? 1 : count
    var lines = ["ImageJ=1.54f", "images=\(imageCount)"]
    if channels > 1 { lines.append("channels=\(channels)") }
    if pixels.sizeZ > 1 { lines.append("slices=\(pixels.sizeZ)") }
    if frames > 1 { lines.append("frames=\(frames)") }
    if imageCount > 1 { lines.append("hyperstack=true") }
    if channels > 1 {
      lines.append("mode=\(channels <= 7 ? "composite" : "color")")
    } else if !isColour {
      lines.append("mode=grayscale")
    }
    if pixels.physicalSizeXUm != nil { lines.append("unit=micron") }
    if let spacing = pixels.physicalSizeZUm, pixels.sizeZ > 1 {
      lines.append("spacing=\(spacing)")
    }
    if let interval = pixels.timeIncrementMs, frames > 1 {
      lines.append("finterval=\(interval / 1000)")
    }
    lines.append("loop=false")
    return lines.joined(separator: "\n") + "\n"
  }
}

/// Metadata that ImageJ keeps in tags of its own: a table of contents, then parts.
struct ImageJMetadata {
  /// Sizes of the table and of the parts.
  private(set) var sizes: [UInt32] = []
  /// The table and the parts.
  private(set) var bytes: [UInt8] = []

  /// - Parameters:
  ///   - ranges: the least and the greatest value that are shown, of each channel.
  ///   - colors: the colours of the channels.
  init(ranges: [ContrastRange], colors: [OME.Color]) {
    var parts: [(name: String, values: [[UInt8]])] = []
    if !colors.isEmpty { parts.append(("luts", colors.map(Self.table))) }
    if !ranges.isEmpty {
      let numbers = ranges.flatMap { [$0.low, $0.high] }
      parts.append(("rang", [numbers.flatMap { Self.bytes($0.bitPattern) }]))
    }
    // Names are numbers, written as all numbers of the file are: the last byte first.
    var table = Self.reversed("IJIJ")
    for part in parts {
      table += Self.reversed(part.name) + Self.bytes(UInt32(part.values.count))
    }
    sizes = [UInt32(table.count)]
    bytes = table
    for value in parts.flatMap(\.values) {
      sizes.append(UInt32(value.count))
      bytes += value
    }
  }

  private static func reversed(_ name: String) -> [UInt8] { name.utf8.reversed() }

  private static func bytes<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  /// All shades of a colour: 256 of red, of green, of blue.
  private static func table(_ color: OME.Color) -> [UInt8] {
    let parts = UInt32(bitPattern: color.rgba)
    return [24, 16, 8].flatMap { shift in
      (0..<256).map { UInt8(UInt32($0) * ((parts >> shift) & 255) / 255) }
    }
  }
}

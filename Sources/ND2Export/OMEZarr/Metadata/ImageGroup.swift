import ND2

/// The attributes of the group of an image or of labels: axes, levels, channels.
struct ImageGroup: Sendable {
  /// What scales the axes of an image.
  struct Scale: Sendable {
    /// Distance of time points in ms; nil when it is not known.
    var timeMs: Double?
    /// Distance of focus planes in µm; nil when it is not known.
    var z: Double?
    /// Distance of rows in µm; nil when it is not known.
    var y: Double?
    /// Distance of columns in µm; nil when it is not known.
    var x: Double?
    /// Place of the first pixel along z, y, x in µm, in these axes' order.
    var origin: [Double] = [0, 0, 0]
  }

  /// The sizes.
  let plan: ZarrArrayPlan
  /// The version of the specification.
  let version: OMEZarrOptions.Version
  /// The name of the image.
  let name: String
  /// What scales the axes.
  let scale: Scale
  /// Whether it holds labels.
  var isLabels = false

  /// `multiscales` with one image.
  var multiscales: JSONValue.Member {
    var image: [JSONValue.Member] = []
    if version == .v0_4 { image.append(.init("version", .string(version.rawValue))) }
    image.append(.init("name", .string(name)))
    image.append(.init("axes", .array(plan.axes.map(axis))))
    image.append(
      .init("datasets", .array(plan.levels.indices.map { dataset($0) })))
    if plan.levels.count > 1 {
      image.append(.init("type", isLabels ? "mode" : "mean"))
      image.append(
        .init(
          "metadata",
          [
            "description": isLabels
              ? "the most frequent value of 2 x 2 pixels" : "the mean of 2 x 2 pixels"
          ]))
    }
    return .init("multiscales", .array([.object(image)]))
  }

  private func axis(_ axis: ZarrAxis) -> JSONValue {
    var members: [JSONValue.Member] = [.init("name", .string(axis.name))]
    switch axis {
    case .t:
      members.append(.init("type", "time"))
      if scale.timeMs != nil { members.append(.init("unit", "millisecond")) }
    case .c: members.append(.init("type", "channel"))
    case .z, .y, .x:
      members.append(.init("type", "space"))
      if size(axis) != nil { members.append(.init("unit", "micrometer")) }
    }
    return .object(members)
  }

  private func size(_ axis: ZarrAxis) -> Double? {
    switch axis {
    case .t: scale.timeMs
    case .c: nil
    case .z: scale.z
    case .y: scale.y
    case .x: scale.x
    }
  }

  /// A level: its path, the size of its pixels, and where the first one lies. Pixels of lower levels
  /// lie between those that they are made of.
  private func dataset(_ level: Int) -> JSONValue {
    let base = plan.levels[0].shape
    var factors: [Double] = []
    var places: [Double] = []
    for axis in plan.axes {
      let step = size(axis) ?? 1
      let isInPlane = axis == .y || axis == .x
      // Rows and columns are halved as long as there are two of them.
      let halvings = isInPlane ? Self.halvings(of: base[axis.rawValue], level) : 0
      let factor = Double(1 << halvings)
      factors.append(step * factor)
      let origin = axis.rawValue >= ZarrAxis.z.rawValue ? scale.origin[axis.rawValue - 2] : 0
      places.append(origin + step * (factor - 1) / 2)
    }
    var transformations: [JSONValue] = [
      ["type": "scale", "scale": .array(factors.map { .double($0) })]
    ]
    if places.contains(where: { $0 != 0 }) {
      transformations.append(
        ["type": "translation", "translation": .array(places.map { .double($0) })])
    }
    return [
      "path": .string(String(level)), "coordinateTransformations": .array(transformations),
    ]
  }

  private static func halvings(of count: Int, _ level: Int) -> Int {
    var (halvings, size) = (0, count)
    while halvings < level, size > 1 {
      size /= 2
      halvings += 1
    }
    return halvings
  }
}

/// A channel as viewers show it.
struct ShownChannel: Sendable {
  /// The name.
  var label: String
  /// Red, green and blue in hexadecimal digits, such as `00FF00`.
  var color: String
  /// The values shown as black and as full colour.
  var shown: (start: Double, end: Double)
  /// The range of values that there can be.
  var range: (least: Double, greatest: Double)

  private var json: JSONValue {
    func number(_ value: Double) -> JSONValue {
      Int64(exactly: value).map { .integer($0) } ?? .double(value)
    }
    return [
      "active": true, "coefficient": 1, "color": .string(color), "family": "linear",
      "inverted": false, "label": .string(label),
      "window": [
        "start": number(shown.start), "end": number(shown.end), "min": number(range.least),
        "max": number(range.greatest),
      ],
    ]
  }

  /// `omero`: how viewers show the image at first.
  static func omero(
    _ channels: [ShownChannel], name: String, version: OMEZarrOptions.Version, sizeZ: Int
  ) -> JSONValue.Member {
    var members: [JSONValue.Member] = [.init("id", 1), .init("name", .string(name))]
    if version == .v0_4 { members.append(.init("version", .string(version.rawValue))) }
    members.append(.init("channels", .array(channels.map(\.json))))
    members.append(
      .init(
        "rdefs",
        ["defaultT": 0, "defaultZ": .integer(Int64(sizeZ / 2)), "model": "color"]))
    return .init("omero", .object(members))
  }
}

extension ShownChannel {
  /// The channels of an image with what is known of their values.
  static func channels(
    of file: ND2File, _ part: OMEPart, windows: [ContrastSample.Window?]
  ) -> [ShownChannel] {
    let facts = planes(of: file, part)
    let bits = file.attributes.bitsPerComponentSignificant
    let width = file.sampleType.byteCount * 8
    let significant = bits > 0 ? min(bits, width) : width
    return facts.enumerated().map { index, fact in
      let window = windows.indices.contains(index) ? windows[index] : nil
      var range: (least: Double, greatest: Double)
      switch file.sampleType {
      case .uint8, .uint16, .uint32:
        range = (0, Double((UInt64(1) << UInt64(max(significant, 1))) - 1))
        // Values beyond the bits that the file names must not be out of reach.
        if let window, window.greatest > range.greatest {
          range.greatest = Double((UInt64(1) << UInt64(width)) - 1)
        }
      case .int8, .int16, .int32:
        range = (
          -Double(UInt64(1) << UInt64(width - 1)), Double((UInt64(1) << UInt64(width - 1)) - 1)
        )
      case .float32, .float64:
        range = (window?.least ?? 0, window?.greatest ?? 1)
        if range.greatest <= range.least { range.greatest = range.least + 1 }
      }
      // Colours are shown as they are.
      let shown =
        fact.isColour ? range : window.map { ($0.start, $0.end) } ?? range
      return ShownChannel(
        label: fact.label, color: fact.color, shown: (shown.0, shown.1), range: range)
    }
  }

  private typealias Fact = (label: String, color: String, isColour: Bool)

  /// Names and colours of the planes of a frame.
  private static func planes(of file: ND2File, _ part: OMEPart) -> [Fact] {
    let layout = file.channelLayout
    let names = layout.channelAxisNames
    let primaries = [("Red", "FF0000"), ("Green", "00FF00"), ("Blue", "0000FF")]
    func color(_ channel: Int) -> String {
      let known = file.metadata.channels
      let color = known.indices.contains(channel) ? known[channel].channel.color : .white
      return String(color.hex.dropFirst()).uppercased()
    }
    if layout.hasSampleAxis {
      return part.channels.flatMap { channel in
        primaries.map { name, color in
          (layout.planes.count == 1 ? name : "\(names[channel]) \(name)", color, true)
        }
      }
    }
    var facts: [Fact] = []
    for (channel, plane) in layout.planes.enumerated() {
      for component in 0..<plane.componentCount {
        let isColour = plane.componentCount == 3
        facts.append(
          (
            names.indices.contains(facts.count) ? names[facts.count] : plane.name,
            isColour ? primaries[component].1 : color(channel), isColour
          ))
      }
    }
    return part.channels.map { facts.indices.contains($0) ? facts[$0] : ("", "FFFFFF", false) }
  }
}

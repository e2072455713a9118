import ND2Format

/// Which components of a stored pixel belong to which channel, and what axes they make up.
public struct ChannelLayout: Sendable, Hashable {
  /// A channel's components.
  public struct Plane: Sendable, Hashable {
    /// Index of the channel's first component in a stored pixel.
    public var firstComponent: Int
    /// Number of components: 1, or 3 for a coloured channel.
    public var componentCount: Int
    /// Name of the channel.
    public var name: String
    /// Index of the channel in the picture metadata; nil for channels that it lacks.
    var pictureIndex: Int?
  }

  /// The channels in stored order; together they have all components.
  public let planes: [Plane]
  /// Components a stored pixel has.
  public let componentCount: Int

  /// Divides the components of a pixel among the channels that the picture metadata lists.
  ///
  /// Channels without components are left out; components without a channel get made-up ones:
  /// `Mono` for one, `RGB` for three, else `Channel_1` and so on (nd2-format §3.2.2).
  package init(picture: PictureMetadata, componentCount: Int, log: inout DiagnosticLog) {
    let total = max(1, min(componentCount, ImageAttributesDecoder.mostComponents))
    var planes: [Plane] = []
    var next = 0
    var isShort = false
    for (index, plane) in picture.planes.enumerated() {
      guard next < total else {
        isShort = true
        break
      }
      let count = min(plane.componentCount, total - next)
      if count < plane.componentCount { isShort = true }
      planes.append(
        Plane(
          firstComponent: next, componentCount: count,
          name: plane.name ?? "Channel_\(index + 1)", pictureIndex: index))
      next += count
    }
    let described = planes.count
    let rest = total - next
    if rest == 3 {
      planes.append(
        Plane(firstComponent: next, componentCount: 3, name: "RGB", pictureIndex: nil))
    } else {
      for component in next..<total {
        let name = rest == 1 && planes.isEmpty ? "Mono" : "Channel_\(planes.count + 1)"
        planes.append(
          Plane(firstComponent: component, componentCount: 1, name: name, pictureIndex: nil))
      }
    }
    self.planes = planes
    self.componentCount = total
    report(
      picture, described: described, isShort: isShort, hasPicture: !picture.planes.isEmpty,
      log: &log)
  }

  private func report(
    _ picture: PictureMetadata, described: Int, isShort: Bool, hasPicture: Bool,
    log: inout DiagnosticLog
  ) {
    let chunk = ChunkName.pictureMetadata.first
    if hasPicture, described < planes.count || isShort {
      log.warning(
        "the channels' components do not add up to the \(componentCount) of a pixel",
        chunk: chunk, path: "sPicturePlanes")
    } else if let declared = picture.declaredPlaneCount, hasPicture, declared != planes.count {
      log.warning(
        "\(declared) channels are declared, \(planes.count) are there", chunk: chunk,
        path: "sPicturePlanes/uiCount")
    }
  }
}

extension ChannelLayout {
  /// Whether every channel has three components, so that colour samples form an axis of their own.
  public var hasSampleAxis: Bool { planes.allSatisfy { $0.componentCount == 3 } }

  /// Whether every channel is coloured: three components, or four.
  public var isRGB: Bool {
    hasSampleAxis || planes.allSatisfy { $0.componentCount == 4 }
  }

  /// Components per channel; 1 when the channels differ.
  public var componentsPerChannel: Int {
    let first = planes.first?.componentCount ?? 1
    return planes.allSatisfy { $0.componentCount == first } ? first : 1
  }

  /// Size of the channel axis: the channels when all have one or three components, else every
  /// component counts as a channel.
  public var channelAxisCount: Int { hasSampleAxis ? planes.count : componentCount }

  /// For each element of the channel axis the components of its samples, red, green, blue.
  ///
  /// Files of the versions 2 and 3 store coloured planes blue first, legacy files red first
  /// (nd2-format §4.3). Coloured planes next to plain ones count as three elements, red first.
  public func components(isBlueFirst: Bool = true) -> [[Int]] {
    var elements: [[Int]] = []
    elements.reserveCapacity(channelAxisCount)
    for plane in planes {
      let stored = Array(plane.firstComponent..<(plane.firstComponent + plane.componentCount))
      let isColored = plane.componentCount == 3
      let ordered = isColored && isBlueFirst ? stored.reversed() : stored
      if hasSampleAxis {
        elements.append(ordered)
      } else {
        elements += ordered.map { [$0] }
      }
    }
    return elements
  }

  /// A name for each element of the channel axis.
  public var channelAxisNames: [String] {
    guard !hasSampleAxis else { return planes.map(\.name) }
    return planes.flatMap { plane -> [String] in
      switch plane.componentCount {
      case 1: [plane.name]
      case 3: ["Red", "Green", "Blue"].map { "\(plane.name) \($0)" }
      default: (1...max(1, plane.componentCount)).map { "\(plane.name) \($0)" }
      }
    }
  }
}

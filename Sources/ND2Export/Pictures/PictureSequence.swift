public import ND2

/// Pictures of a file as files of their own, by the places of a pattern.
public struct PictureSequence: Sendable {
  /// One of the files.
  public struct Item: Hashable, Sendable {
    /// The name of the file.
    public let name: String
    /// What it shows.
    public let view: PictureView
    /// The channel that it shows; nil for those of the style, merged.
    public let channel: Int?
  }

  /// The files, in order.
  public let items: [Item]
  private let renderer: PictureRenderer

  /// Plans a sequence.
  ///
  /// Loops that are not selected are run through from the outermost to the innermost; with `{c}` or
  /// `{channel}` in the pattern there is a file for each channel.
  ///
  /// - Parameters:
  ///   - view: what all pictures have in common, such as a projection.
  ///   - selected: the places along loops that are taken; all of loops that are not here.
  ///   - title: what `{name}` stands for.
  /// - Throws: `ND2Error.Code.invalidRequest` when two files would have one name, or a place is
  ///   outside its loop.
  public init(
    _ renderer: PictureRenderer, pattern: FileNamePattern, view: PictureView = PictureView(),
    selected: [Axis: [Int]] = [:], title: String
  ) throws {
    let file = renderer.file
    let fields = pattern.fields
    var views: [PictureView] = [view]
    for element in file.loopLayout.axes {
      if view.reduction != nil, view.projectedAxes.contains(element.axis) { continue }
      let places = selected[element.axis] ?? Array(0..<element.count)
      if let place = places.first(where: { $0 < 0 || $0 >= element.count }) {
        throw ND2Error(
          .invalidRequest,
          "there is no place \(place) along axis \(element.axis): it has \(element.count)")
      }
      guard views.count.multipliedReportingOverflow(by: max(1, places.count)).overflow == false,
        views.count * places.count <= 10_000_000
      else { throw ND2Error(.limitExceeded, "these are more than ten million pictures") }
      views = views.flatMap { view in places.map { view.at(element.axis, $0) } }
    }
    let channels: [Int?] =
      fields.contains(.c) || fields.contains(.channel)
      ? try renderer.shownChannels().map { $0 } : [nil]
    var items: [Item] = []
    var names: Set<String> = []
    let (positions, channelNames) = (file.positionLabels, file.channelNames)
    for view in views {
      for channel in channels {
        var numbers: [FileNamePattern.Field: Int] = [:]
        for (field, axis) in [
          (FileNamePattern.Field.t, Axis.time), (.p, .position), (.z, .z), (.u, .custom),
        ] { numbers[field] = view.indices[axis] ?? 0 }
        numbers[.c] = channel ?? 0
        numbers[.frame] = try renderer.frame(of: view)
        var texts: [FileNamePattern.Field: String] = [.name: title]
        let place = view.indices[.position] ?? 0
        texts[.position] = positions.indices.contains(place) ? positions[place] : "XYPos_\(place)"
        let name = channel ?? 0
        texts[.channel] = channelNames.indices.contains(name) ? channelNames[name] : "\(name)"
        let item = Item(
          name: pattern.name(numbers: numbers, texts: texts), view: view, channel: channel)
        guard names.insert(item.name).inserted else {
          throw ND2Error(
            .invalidRequest,
            "two pictures would be called '\(item.name)'; put more places into the pattern")
        }
        items.append(item)
      }
    }
    self.items = items
    self.renderer = renderer
  }

  /// Makes the files, on all cores and with one contrast for all, and hands them over in order.
  ///
  /// - Parameters:
  ///   - encode: the bytes of a file for a picture and the edges of its pixels in micrometres, if
  ///     they are known; called on any thread.
  ///   - write: gets name and bytes.
  public func write(
    encode: @escaping @Sendable (Picture, (x: Double, y: Double)?) throws -> [UInt8],
    to write: (String, [UInt8]) throws -> Void
  ) throws {
    var fixed = try renderer.withCommonContrast(for: items.map(\.view))
    fixed.threadCount = 1
    let maker = fixed.readingAhead(items.map(\.view), channels: items.map(\.channel))
    defer { maker.supply?.stop() }
    let items = items
    try renderer.forEach(items.map(\.view), like: nil) { index in
      var renderer = maker
      if let channel = items[index].channel { renderer.style.channels = [channel] }
      let picture = try renderer.picture(of: items[index].view)
      return try encode(picture, renderer.pixelSize(of: items[index].view, picture))
    } take: { index, bytes in
      try write(items[index].name, bytes)
    }
  }
}

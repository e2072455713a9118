public import ND2

/// Makes pictures of a file for the eye: channels in their colours with contrast, projections, scale
/// bars, labels.
///
/// ```swift
/// var style = PictureStyle()
/// style.appearances[1] = ChannelAppearance(table: .fire, contrast: .range(.init(low: 100, high: 900)))
/// style.annotations.scaleBar = ScaleBar()
/// let renderer = PictureRenderer(file, style: style)
/// let picture = try renderer.picture(of: PictureView(at: [.time: 3], .max, over: [.z]))
/// try PNGEncoder().encode(picture)
/// ```
///
/// The values of pictures are not those of the file; use ``ND2File/read(_:)-ugdi`` to measure, or
/// ``PictureContrast/unchanged``.
public struct PictureRenderer: Sendable {
  /// The file.
  public let file: ND2File
  /// How pictures look.
  public var style: PictureStyle
  /// Threads for one picture; nil for all cores.
  public var threadCount: Int?
  /// Asked while something far away is waited for.
  package var isCancelled: @Sendable () -> Bool = { false }
  /// What is read before pictures are made of it.
  var supply: PictureSupply?

  /// Creates a renderer.
  public init(_ file: ND2File, style: PictureStyle = PictureStyle()) {
    self.file = file
    self.style = style
  }

  /// A picture of a view, with everything that ``style`` asks for.
  ///
  /// - Throws: `ND2Error.Code.invalidRequest` for a place that the file does not have, and the
  ///   errors of reading.
  public func picture(of view: PictureView) throws -> Picture {
    let channels = try shownChannels()
    let array = try pixels(of: view)
    let first = channels.min() ?? 0
    let plain = try compose(array, places: channels.map { $0 - first }, channels: channels)
    let picture = style.mostPixels.map { plain.fitted(to: $0) } ?? plain
    guard !style.annotations.isEmpty else { return picture }
    return try style.annotations.drawn(
      on: picture, text: labelText(of: view), pixelSizeUm: pixelSize(of: view, picture)?.x)
  }

  /// A picture of an array that was made of the file, such as a projection; without annotations.
  ///
  /// - Parameters:
  ///   - array: with no other axes than C, Y, X and S.
  ///   - channels: for each element of its channel axis the place on that of the file, nil where it
  ///     has none; nil when the elements are the places.
  public func picture(of array: AnyNDArray, channels: [Int?]? = nil) throws -> Picture {
    let count = array.sizes[.channel] ?? 1
    let known = channels ?? (0..<count).map { $0 }
    let places = (0..<count).filter { place in
      guard let shown = style.channels, place < known.count, let channel = known[place] else {
        return true
      }
      return shown.contains(channel)
    }
    let picture = try compose(
      array, places: places, channels: places.map { $0 < known.count ? known[$0] : nil })
    return style.mostPixels.map { picture.fitted(to: $0) } ?? picture
  }

  /// The edges of a pixel of a picture of a view, in micrometres; nil when the file does not know.
  public func pixelSize(of view: PictureView, _ picture: Picture) -> (x: Double, y: Double)? {
    guard file.metadata.channels.first?.volume.axesCalibrated.first == true else { return nil }
    let (rows, columns) = Self.extent(of: view, in: file)
    let size = file.voxelSize
    return (
      size.x * Double(columns.count) / Double(picture.width),
      size.y * Double(rows.count) / Double(picture.height)
    )
  }

  /// The same renderer with the contrast that it would choose by itself chosen once for several
  /// views, so that their brightnesses can be compared.
  ///
  /// Looks at up to nine of them, evenly taken, and goes from the least to the greatest of what they
  /// need.
  public func withCommonContrast(for views: [PictureView]) throws -> PictureRenderer {
    var copy = self
    let channels = try shownChannels()
    let first = channels.min() ?? 0
    let step = max(1, (views.count + 8) / 9)
    var ranges: [Int: ContrastRange] = [:]
    var colour: ContrastRange?
    func join(_ a: ContrastRange?, _ b: ContrastRange) -> ContrastRange {
      a.map { ContrastRange(low: min($0.low, b.low), high: max($0.high, b.high)) } ?? b
    }
    let isColour = file.channelLayout.hasSampleAxis
    guard isColour ? needsLook(style.colourContrast) : channels.contains(where: needsLook)
    else { return self }
    let looked = stride(from: 0, to: views.count, by: step).map { views[$0] }
    let reader = readingAhead(looked)
    defer { reader.supply?.stop() }
    for view in looked {
      let array = try reader.pixels(of: view)
      try array.withUnsafeBytes { bytes in
        for channel in channels {
          let plane = try Self.plane(bytes, channel - first, of: array)
          if isColour {
            colour = join(
              colour, range(style.colourContrast ?? .fullScale, of: plane, array.sampleType))
          } else if needsLook(channel) {
            let contrast = style.appearance(of: channel).contrast
            ranges[channel] = join(
              ranges[channel], range(contrast, of: plane, array.sampleType))
          }
        }
      }
    }
    if isColour { copy.style.colourContrast = colour.map { .range($0) } }
    for (channel, range) in ranges {
      var appearance = style.appearance(of: channel)
      appearance.contrast = .range(range)
      copy.style.appearances[channel] = appearance
    }
    return copy
  }

  // MARK: - Channels

  /// The places along the channel axis that are shown.
  func shownChannels() throws -> [Int] {
    let count = file.channelLayout.channelAxisCount
    let channels = style.channels ?? Array(0..<max(1, count))
    for channel in channels where channel < 0 || channel >= max(1, count) {
      throw ND2Error(.invalidRequest, "there is no channel \(channel): the file has \(count)")
    }
    guard !channels.isEmpty else { throw ND2Error(.invalidRequest, "there is no channel to show") }
    return channels
  }

  private func needsLook(_ channel: Int) -> Bool {
    needsLook(style.appearance(of: channel).contrast)
  }

  private func needsLook(_ contrast: PictureContrast?) -> Bool {
    switch contrast {
    case .automatic, .minimumToMaximum: true
    case .fullScale: file.sampleType.isFloatingPoint
    case nil: file.sampleType.isFloatingPoint
    case .range, .unchanged: false
    }
  }

  private func range(
    _ contrast: PictureContrast, of plane: UnsafeRawBufferPointer, _ type: SampleType
  ) -> ContrastRange {
    contrast.range(
      of: plane, type: type, significantBits: file.attributes.bitsPerComponentSignificant,
      depth: style.depth)
  }

  private func compose(
    _ array: AnyNDArray, places: [Int], channels: [Int?]
  ) throws -> Picture {
    guard style.depth == 8 || style.depth == 16 else {
      throw ND2Error(.invalidRequest, "a picture has 8 or 16 bits a sample, not \(style.depth)")
    }
    // Axes of one element are not always among those of the array.
    let (width, height) = (array.sizes[.x] ?? 1, array.sizes[.y] ?? 1)
    let threads = threadCount ?? WorkerTeam.coreCount
    return try array.withUnsafeBytes { bytes in
      if array.sizes[.sample] == 3, let place = places.first {
        let plane = try Self.plane(bytes, place, of: array)
        return try PictureComposer.rgb(
          plane, type: array.sampleType, width: width, height: height,
          significantBits: file.attributes.bitsPerComponentSignificant,
          contrast: style.colourContrast.map { range($0, of: plane, array.sampleType) },
          gamma: style.appearance.gamma, depth: style.depth, threadCount: threads)
      }
      let planes = try zip(places, channels).map { place, channel in
        let appearance = style.appearance(of: channel)
        let samples = try Self.plane(bytes, place, of: array)
        return PictureComposer.Plane(
          samples: samples, type: array.sampleType,
          table: appearance.table ?? table(ofChannel: channel),
          contrast: range(appearance.contrast, of: samples, array.sampleType),
          gamma: appearance.gamma)
      }
      return try PictureComposer.merge(
        planes, width: width, height: height, depth: style.depth, threadCount: threads)
    }
  }

  private static func plane(
    _ bytes: UnsafeRawBufferPointer, _ place: Int, of array: AnyNDArray
  ) throws -> UnsafeRawBufferPointer {
    let count = max(1, array.sizes[.channel] ?? 1)
    let stride = bytes.count / count
    guard place >= 0, place < count else {
      throw ND2Error(.invalidRequest, "there is no channel \(place): there are \(count)")
    }
    return UnsafeRawBufferPointer(rebasing: bytes[(place * stride)..<((place + 1) * stride)])
  }

  /// Black to the colour that the file gives a channel.
  public func table(ofChannel index: Int?) -> LookupTable {
    guard let index else { return .grey }
    let channel = file.metadata.channels.first { channel in
      let first = channel.acquisition.firstComponent
      return index >= first && index - first < max(1, channel.volume.componentCount)
    }
    guard let channel else { return .grey }
    if channel.volume.componentCount == 3 {
      // A colour channel among others: each of its samples has a place on the axis.
      let sample = index - channel.acquisition.firstComponent
      return LookupTable(
        Color(r: sample == 0 ? 255 : 0, g: sample == 1 ? 255 : 0, b: sample == 2 ? 255 : 0))
    }
    let colour = channel.channel.color
    // Black would show nothing.
    if colour.r == 0, colour.g == 0, colour.b == 0 { return .grey }
    return LookupTable(colour)
  }
}

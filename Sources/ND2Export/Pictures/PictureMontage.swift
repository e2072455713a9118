public import ND2

/// How pictures are put side by side.
public struct MontageOptions: Hashable, Sendable {
  /// Pictures in a row; nil for about as many as there are rows.
  public var columnCount: Int?
  /// Pixels between two pictures.
  public var gap: Int
  /// The colour between them.
  public var background: Color

  /// Creates options.
  public init(columnCount: Int? = nil, gap: Int = 4, background: Color = .white) {
    self.columnCount = columnCount
    self.gap = gap
    self.background = background
  }
}

extension Picture {
  /// Pictures side by side, row by row from the top left.
  ///
  /// Cells have the size of the largest picture. Pictures of different kinds become colour pictures,
  /// of 8 bits unless all have 16.
  ///
  /// - Throws: `ND2Error.Code.invalidRequest` when there are none, `ND2Error.Code.limitExceeded`
  ///   when the result would have more than a gigabyte.
  public static func montage(
    of pictures: [Picture], options: MontageOptions = MontageOptions()
  ) throws -> Picture {
    guard let first = pictures.first else {
      throw ND2Error(.invalidRequest, "there are no pictures to put side by side")
    }
    var montage = try PictureMontage(
      count: pictures.count, cellWidth: pictures.map(\.width).max() ?? first.width,
      cellHeight: pictures.map(\.height).max() ?? first.height,
      layout: common(pictures.map(\.layout), with: options.background), options: options)
    for (index, picture) in pictures.enumerated() { montage.put(picture, at: index) }
    return try montage.canvas.picture()
  }

  /// The layout that can hold all.
  private static func common(_ layouts: [Layout], with background: Color) -> Layout {
    let isDeep = layouts.allSatisfy { $0.bitsPerSample == 16 }
    let isGrey =
      layouts.allSatisfy { $0.samplesPerPixel == 1 }
      && background.r == background.g && background.g == background.b
    return isGrey ? (isDeep ? .grey16 : .grey8) : (isDeep ? .rgb16 : .rgb8)
  }

  /// The picture in another layout.
  func converted(to layout: Layout) -> Picture {
    var picture = self
    if layout.bitsPerSample == 8 { picture = picture.withEightBits() }
    if layout.samplesPerPixel == 3 { picture = picture.inColour() }
    return picture
  }
}

/// A grid that is filled picture by picture.
private struct PictureMontage {
  var canvas: PictureCanvas
  private let columnCount: Int
  private let cell: (width: Int, height: Int)
  private let gap: Int

  init(
    count: Int, cellWidth: Int, cellHeight: Int, layout: Picture.Layout, options: MontageOptions
  ) throws {
    guard options.gap >= 0, options.gap <= 1 << 20, options.columnCount ?? 1 > 0 else {
      throw ND2Error(.invalidRequest, "a montage needs a column, and a gap that is not negative")
    }
    var side = 1
    while side * side < count { side += 1 }
    columnCount = min(options.columnCount ?? side, count)
    cell = (cellWidth, cellHeight)
    gap = options.gap
    let rowCount = (count + columnCount - 1) / columnCount
    let (wide, tooWide) = columnCount.multipliedReportingOverflow(by: cellWidth + gap)
    let (high, tooHigh) = rowCount.multipliedReportingOverflow(by: cellHeight + gap)
    guard !tooWide, !tooHigh else {
      throw ND2Error(.limitExceeded, "a montage of \(count) pictures is too large")
    }
    canvas = try PictureCanvas(
      width: wide - gap, height: high - gap, layout: layout, colour: options.background)
  }

  mutating func put(_ picture: Picture, at index: Int) {
    canvas.put(
      picture.converted(to: canvas.layout), x: index % columnCount * (cell.width + gap),
      y: index / columnCount * (cell.height + gap))
  }
}

extension PictureRenderer {
  /// Pictures of several views side by side, with one contrast for all; see ``Picture/montage(of:options:)``.
  public func montage(
    of views: [PictureView], options: MontageOptions = MontageOptions(),
    progress: ((Double) -> Void)? = nil
  ) throws -> Picture {
    let renderer = try withCommonContrast(for: views).readingAhead(views)
    defer { renderer.supply?.stop() }
    var pictures: [Picture] = []
    var byteCount = 0
    for (index, view) in views.enumerated() {
      try Task.checkCancellation()
      pictures.append(try renderer.picture(of: view))
      byteCount += pictures[index].bytes.count
      guard byteCount <= 1 << 30 else {
        throw ND2Error(
          .limitExceeded,
          "a montage of \(views.count) pictures of this size is too large; ask for smaller ones")
      }
      progress?(Double(index + 1) / Double(views.count))
    }
    return try Picture.montage(of: pictures, options: options)
  }
}

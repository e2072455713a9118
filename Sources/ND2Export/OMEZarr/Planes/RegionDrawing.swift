import ND2

/// Draws regions of interest as label images: a pixel belongs to a region when its centre does.
///
/// Regions are drawn in stored order, later ones over earlier ones, with their ids as numbers. Points
/// and lines are one pixel wide; rings and spirals are drawn as their ellipse.
struct RegionDrawing: Sendable {
  /// Columns of the image.
  let width: Int
  /// Rows of the image.
  let height: Int
  /// The regions of the image's position, those whose id is a number of a label.
  let regions: [ROI]

  /// The labels at a time in ms; nil when there are no regions.
  func image(atMs time: Double) -> LabelImage? {
    guard !regions.isEmpty, width > 0, height > 0 else { return nil }
    var canvas = Canvas(width: width, height: height)
    for region in regions {
      guard let label = UInt32(exactly: region.id), label > 0,
        let step = region.animationParameters(atMs: time), step.isEnabled
      else { continue }
      draw(region.info.shape, step, label, on: &canvas)
    }
    return LabelImage(width: width, height: height, labels: canvas.labels)
  }

  private func draw(
    _ shape: ROI.Shape, _ step: ROI.AnimationParameters, _ label: UInt32,
    on canvas: inout Canvas
  ) {
    let center = step.centerInPixels(imageWidth: width, imageHeight: height)
    let size = step.boxSizeInPixels(imageWidth: width, imageHeight: height)
    let (cosine, sine) =
      step.rotationZ.isFinite ? CircularFunctions.cosineAndSine(step.rotationZ) : (1, 0)
    func turned(_ point: ROI.Point) -> ROI.Point {
      let (x, y) = (point.x - center.x, point.y - center.y)
      return ROI.Point(
        x: center.x + cosine * x - sine * y, y: center.y + sine * x + cosine * y)
    }
    let points = step.pointsInPixels(imageWidth: width, imageHeight: height).map(turned)
    guard center.x.isFinite, center.y.isFinite, size.x.isFinite, size.y.isFinite,
      points.allSatisfy({ $0.x.isFinite && $0.y.isFinite })
    else { return }
    let (halfX, halfY) = (abs(size.x) / 2, abs(size.y) / 2)
    switch shape {
    case .point: canvas.plot(center, label)
    case .ellipse, .circle, .ring, .spiral:
      let reach = max(halfX, halfY)
      canvas.fill(around: center, reach, label) { point in
        let (x, y) = (point.x - center.x, point.y - center.y)
        let along = (cosine * x + sine * y) / halfX
        let across = (cosine * y - sine * x) / halfY
        return along * along + across * across <= 1
      }
    case .line, .polyLine:
      guard points.count > 1 else { return canvas.plot(points.first ?? center, label) }
      for (from, to) in zip(points, points.dropFirst()) { canvas.line(from, to, label) }
    case .polygon, .bezier: canvas.fill(points, label)
    default:
      if points.count > 2 { return canvas.fill(points, label) }
      guard halfX > 0, halfY > 0 else { return canvas.plot(center, label) }
      let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
      canvas.fill(
        corners.map { x, y in
          turned(ROI.Point(x: center.x + x * halfX, y: center.y + y * halfY))
        }, label)
    }
  }
}

/// An image of labels to draw on.
private struct Canvas {
  let width: Int
  let height: Int
  var labels: [UInt32]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    labels = Array(repeating: 0, count: width * height)
  }

  /// The pixels whose centres lie between two coordinates, within the image.
  private static func pixels(_ low: Double, _ high: Double, _ count: Int) -> Range<Int> {
    let bound = Double(count)
    let first = Int(exactly: min(max((low - 0.5).rounded(.up), 0), bound)) ?? 0
    let end = Int(exactly: min(max((high - 0.5).rounded(.down) + 1, 0), bound)) ?? 0
    return first..<max(first, end)
  }

  /// The pixel that a point lies in.
  mutating func plot(_ point: ROI.Point, _ label: UInt32) {
    guard point.x >= 0, point.y >= 0, point.x < Double(width), point.y < Double(height),
      let x = Int(exactly: point.x.rounded(.down)), let y = Int(exactly: point.y.rounded(.down))
    else { return }
    labels[y * width + x] = label
  }

  /// The pixels within a distance whose centres the closure accepts.
  mutating func fill(
    around center: ROI.Point, _ reach: Double, _ label: UInt32, where accepts: (ROI.Point) -> Bool
  ) {
    let columns = Self.pixels(center.x - reach, center.x + reach, width)
    for y in Self.pixels(center.y - reach, center.y + reach, height) {
      for x in columns where accepts(ROI.Point(x: Double(x) + 0.5, y: Double(y) + 0.5)) {
        labels[y * width + x] = label
      }
    }
  }

  /// The pixels within a closed line, by the even-odd rule.
  mutating func fill(_ points: [ROI.Point], _ label: UInt32) {
    guard points.count > 2, let last = points.last else {
      for point in points { plot(point, label) }
      return
    }
    let low = points.reduce(points[0].y) { min($0, $1.y) }
    let high = points.reduce(points[0].y) { max($0, $1.y) }
    for y in Self.pixels(low, high, height) {
      let level = Double(y) + 0.5
      var crossings: [Double] = []
      var previous = last
      for point in points {
        if (point.y > level) != (previous.y > level) {
          let share = (level - previous.y) / (point.y - previous.y)
          crossings.append(previous.x + share * (point.x - previous.x))
        }
        previous = point
      }
      crossings.sort()
      for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
        for x in Self.pixels(crossings[pair], crossings[pair + 1], width) {
          labels[y * width + x] = label
        }
      }
    }
  }

  /// A line one pixel wide.
  mutating func line(_ from: ROI.Point, _ to: ROI.Point, _ label: UInt32) {
    let (x, y) = (to.x - from.x, to.y - from.y)
    let length = max(abs(x), abs(y)).rounded(.up)
    // Lines that leave the image by far are not followed.
    guard length < 1e6, let steps = Int(exactly: length) else { return }
    for step in 0...max(steps, 1) {
      let share = Double(step) / Double(max(steps, 1))
      plot(ROI.Point(x: from.x + share * x, y: from.y + share * y), label)
    }
  }
}

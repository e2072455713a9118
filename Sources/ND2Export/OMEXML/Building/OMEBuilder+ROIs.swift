import ND2

extension OMEBuilder {
  /// Most shapes of one region that moves.
  private static let mostShapes = 10_000

  /// Adds the regions, and to each image those that belong to it.
  func addRegions(to document: inout OMEDocument) {
    for region in facts.rois {
      let images = part.positions.indices.filter {
        region.positionIndex == nil || region.positionIndex == part.positions[$0]
      }
      guard let first = images.first else { continue }
      let number = document.rois.count
      let shapes = shapes(of: region, number: number, image: first)
      guard !shapes.isEmpty else { continue }
      var roi = OME.ROI(id: "ROI:\(number)", shapes: shapes)
      roi.name = Self.trimmed(region.info.label)
      roi.description = description(of: region)
      document.rois.append(roi)
      for image in images { document.images[image].rois.append(roi.id) }
    }
  }

  /// What a region is for, and what its shapes cannot say.
  private func description(of region: ROI) -> String? {
    var parts: [String] = []
    if region.info.interpretation != .any { parts.append(region.info.interpretation.description) }
    switch region.info.shape {
    case .bezier: parts.append("a Bézier curve, drawn through its stored points")
    case .ring, .spiral, .raster:
      parts.append("a \(region.info.shape.description.lowercased()), drawn by its outline")
    default: break
    }
    if let rotation = region.animationParameters.first(where: { $0.rotationZ != 0 })?.rotationZ {
      parts.append("rotation as stored: \(rotation)")
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// The shapes of a region: one, or for a region that moves one for each time point.
  private func shapes(of region: ROI, number: Int, image: Int) -> [OME.Shape] {
    let steps = region.animationParameters
    guard steps.count > 1 else {
      return steps.first.flatMap { shape(of: region, $0, id: "Shape:\(number):0") }.map { [$0] }
        ?? []
    }
    var shapes: [OME.Shape] = []
    for (t, time) in times(ofImage: image).enumerated() where shapes.count < Self.mostShapes {
      guard let time, let step = region.animationParameters(atMs: time) else { continue }
      if var shape = shape(of: region, step, id: "Shape:\(number):\(shapes.count)") {
        shape.theT = t
        shapes.append(shape)
      }
    }
    return shapes
  }

  /// When the first plane of each time point of an image was taken, ms.
  private func times(ofImage image: Int) -> [Double?] {
    guard part.sizeT <= part.frames[image].count else { return [] }
    var times = [Double?](repeating: nil, count: part.sizeT)
    for frame in part.frames[image] where times[frame.t] == nil {
      times[frame.t] = frames.timeMs(frame.frame)
    }
    return times
  }

  private func shape(
    of region: ROI, _ step: ROI.AnimationParameters, id: String
  ) -> OME.Shape? {
    guard step.isEnabled, let form = form(of: region.info.shape, step), form.isFinite else {
      return nil
    }
    var shape = OME.Shape(id: id, form: form)
    shape.text = Self.trimmed(region.info.label)
    let color = Color(abgr: UInt32(truncatingIfNeeded: region.info.color))
    shape.strokeColor = OME.Color(red: color.r, green: color.g, blue: color.b)
    shape.isLocked = region.info.isLocked ? true : nil
    if step.rotationZ != 0, step.rotationZ.isFinite {
      shape.transform = .rotation(by: step.rotationZ, around: center(step))
    }
    return shape
  }

  /// To a millionth of a pixel; what is not finite stays so, and is left out later.
  private static func rounded(_ value: Double) -> Double {
    OMEFrameColumns.rounded(value) ?? value
  }

  private func moved(_ point: ROI.Point) -> OME.Point {
    OME.Point(
      x: Self.rounded(point.x - Double(part.columns.lowerBound)),
      y: Self.rounded(point.y - Double(part.rows.lowerBound)))
  }

  private func center(_ step: ROI.AnimationParameters) -> OME.Point {
    moved(
      step.centerInPixels(
        imageWidth: file.attributes.widthPx, imageHeight: file.attributes.heightPx))
  }

  /// The form of a region in pixels of the part that is described.
  private func form(
    of kind: ROI.Shape, _ step: ROI.AnimationParameters
  ) -> OME.Shape.Form? {
    let (width, height) = (file.attributes.widthPx, file.attributes.heightPx)
    let center = center(step)
    let stored = step.boxSizeInPixels(imageWidth: width, imageHeight: height)
    let size = ROI.Point(x: Self.rounded(stored.x), y: Self.rounded(stored.y))
    let points = step.pointsInPixels(imageWidth: width, imageHeight: height).map(moved)
    let box = step.boundingBoxInPixels(imageWidth: width, imageHeight: height)
    let corner = moved(ROI.Point(x: box.x, y: box.y))
    switch kind {
    case .point: return .point(center)
    case .ellipse, .circle, .ring, .spiral:
      return .ellipse(
        x: center.x, y: center.y, radiusX: abs(size.x) / 2, radiusY: abs(size.y) / 2)
    case .line where points.count == 2: return .line(from: points[0], to: points[1])
    case .polyLine where points.count > 1, .line where points.count > 2: return .polyline(points)
    case .polygon where points.count > 1, .bezier where points.count > 1: return .polygon(points)
    case .rectangle, .square:
      return .rectangle(
        x: center.x - abs(size.x) / 2, y: center.y - abs(size.y) / 2, width: abs(size.x),
        height: abs(size.y))
    default:
      // What has an extent is shown by it.
      if box.width == 0, box.height == 0 { return .point(corner) }
      return .rectangle(
        x: corner.x, y: corner.y, width: Self.rounded(abs(box.width)),
        height: Self.rounded(abs(box.height)))
    }
  }
}

extension OME.Shape.Form {
  /// Whether all numbers are finite, as the schema's 32-bit numbers.
  fileprivate var isFinite: Bool {
    func finite(_ values: Double...) -> Bool { values.allSatisfy { Float($0).isFinite } }
    switch self {
    case .rectangle(let x, let y, let width, let height): return finite(x, y, width, height)
    case .ellipse(let x, let y, let radiusX, let radiusY): return finite(x, y, radiusX, radiusY)
    case .polygon(let points), .polyline(let points):
      return points.allSatisfy { finite($0.x, $0.y) }
    case .line(let from, let to): return finite(from.x, from.y, to.x, to.y)
    case .point(let point), .label(let point): return finite(point.x, point.y)
    }
  }
}

extension OME.Shape.Transform {
  /// A rotation about a point, clockwise on the screen, where y runs downwards.
  static func rotation(by angle: Double, around center: OME.Point) -> OME.Shape.Transform {
    let (cosine, sine) = CircularFunctions.cosineAndSine(angle)
    return OME.Shape.Transform(
      a00: cosine, a10: sine, a01: -sine, a11: cosine,
      a02: center.x - cosine * center.x + sine * center.y,
      a12: center.y - sine * center.x - cosine * center.y)
  }
}

extension ROI {
  /// Place and shape of a region from some time on, in units of half the image.
  public struct AnimationParameters: Hashable, Sendable, Codable {
    /// Time from which this holds, in ms since the start of the acquisition.
    public var timeMs = 0.0
    /// Whether the region is shown.
    public var isEnabled = true
    /// Centre to the right of the image's centre, in half image widths.
    public var centerX = 0.0
    /// Centre below the image's centre, in half image heights.
    public var centerY = 0.0
    /// Centre along the optical axis.
    public var centerZ = 0.0
    /// Rotation about the optical axis, as stored; sizes are those before rotation.
    public var rotationZ = 0.0
    /// Size of the box of a rectangle, ellipse, circle, square, ring or spiral.
    public var boxShape = BoxShape()
    /// Points of a polygon, line or curve.
    public var extrudedShape = ExtrudedShape()

    /// Creates the parameters of a point in the centre of the image.
    public init() {}

    private enum CodingKeys: String, CodingKey {
      case timeMs
      case isEnabled = "enabled"
      case centerX, centerY, centerZ, rotationZ, boxShape, extrudedShape
    }
  }

  /// Size of a box, in units of half the image.
  public struct BoxShape: Hashable, Sendable, Codable {
    /// Width, in half image widths.
    public var sizeX: Double
    /// Height, in half image heights.
    public var sizeY: Double
    /// Depth.
    public var sizeZ: Double

    /// Creates a box.
    public init(sizeX: Double = 0, sizeY: Double = 0, sizeZ: Double = 0) {
      self.sizeX = sizeX
      self.sizeY = sizeY
      self.sizeZ = sizeZ
    }
  }

  /// A line or area given by points, with a depth.
  public struct ExtrudedShape: Hashable, Sendable, Codable {
    /// Depth.
    public var sizeZ: Double
    /// Points relative to the centre, in units of half the image.
    public var basePoints: [Point]

    /// Creates a shape.
    public init(sizeZ: Double = 0, basePoints: [Point] = []) {
      self.sizeZ = sizeZ
      self.basePoints = basePoints
    }
  }

  /// A point in the plane of the image.
  public struct Point: Hashable, Sendable, Codable {
    /// To the right.
    public var x: Double
    /// Downwards.
    public var y: Double

    /// Creates a point.
    public init(x: Double = 0, y: Double = 0) {
      self.x = x
      self.y = y
    }
  }

  /// A rectangle with sides along the axes.
  public struct Box: Hashable, Sendable, Codable {
    /// Left side.
    public var x: Double
    /// Top side.
    public var y: Double
    /// Width.
    public var width: Double
    /// Height.
    public var height: Double

    /// Creates a box.
    public init(x: Double, y: Double, width: Double, height: Double) {
      self.x = x
      self.y = y
      self.width = width
      self.height = height
    }
  }
}

extension ROI.AnimationParameters {
  /// The centre in pixels, counted from the top left corner of the image.
  public func centerInPixels(imageWidth: Int, imageHeight: Int) -> ROI.Point {
    ROI.Point(
      x: Double(imageWidth) / 2 * (1 + centerX), y: Double(imageHeight) / 2 * (1 + centerY))
  }

  /// Width (`x`) and height (`y`) of the box in pixels, before rotation.
  public func boxSizeInPixels(imageWidth: Int, imageHeight: Int) -> ROI.Point {
    ROI.Point(
      x: Double(imageWidth) / 2 * boxShape.sizeX, y: Double(imageHeight) / 2 * boxShape.sizeY)
  }

  /// The base points in pixels, counted from the top left corner of the image, before rotation.
  public func pointsInPixels(imageWidth: Int, imageHeight: Int) -> [ROI.Point] {
    let center = centerInPixels(imageWidth: imageWidth, imageHeight: imageHeight)
    return extrudedShape.basePoints.map {
      ROI.Point(
        x: center.x + Double(imageWidth) / 2 * $0.x, y: center.y + Double(imageHeight) / 2 * $0.y)
    }
  }

  /// The smallest box around the region in pixels, before rotation.
  ///
  /// Around the base points if there are any, else the box of the shape; a point has no size.
  public func boundingBoxInPixels(imageWidth: Int, imageHeight: Int) -> ROI.Box {
    let points = pointsInPixels(imageWidth: imageWidth, imageHeight: imageHeight)
    guard let first = points.first else {
      let center = centerInPixels(imageWidth: imageWidth, imageHeight: imageHeight)
      let size = boxSizeInPixels(imageWidth: imageWidth, imageHeight: imageHeight)
      return ROI.Box(
        x: center.x - size.x / 2, y: center.y - size.y / 2, width: size.x, height: size.y)
    }
    var (low, high) = (first, first)
    for point in points {
      low = ROI.Point(x: min(low.x, point.x), y: min(low.y, point.y))
      high = ROI.Point(x: max(high.x, point.x), y: max(high.y, point.y))
    }
    return ROI.Box(x: low.x, y: low.y, width: high.x - low.x, height: high.y - low.y)
  }
}

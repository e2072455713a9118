extension ND2FileDescription {
  /// A region of interest. Lengths are in halves of the image, so that the image goes from -1 to 1.
  public struct Region: Hashable, Sendable {
    /// Identity.
    public var id: UInt32
    /// Shape: 2 point, 3 rectangle, 4 ellipse, 5 polygon, 6 Bezier, 7 line, 8 polyline, 9 circle,
    /// 10 square, 11 ring, 12 spiral.
    public var shape: UInt32
    /// Use: 1 standard, 2 background, 3 reference, 4 stimulation.
    public var interpretation: UInt32 = 1
    /// Colour.
    public var color = Color(red: 255, green: 0, blue: 0)
    /// Label.
    public var label = ""
    /// GUID; nil writes none.
    public var guid: String?
    /// Index of the stage position that it belongs to; nil for all.
    public var position: Int?
    /// Number of the stimulation group.
    public var stimulationGroup: UInt32 = 0
    /// Whether it may not be moved.
    public var isLocked = false
    /// Whether a program found it.
    public var isAutodetected = false
    /// Where it was at one or several times.
    public var keyFrames: [KeyFrame]

    /// Creates a region that stays in its place.
    public init(
      id: UInt32, shape: UInt32, centerX: Double = 0, centerY: Double = 0, sizeX: Double = 0,
      sizeY: Double = 0, points: [Point] = []
    ) {
      self.id = id
      self.shape = shape
      keyFrames = [
        KeyFrame(
          timeMs: 0, centerX: centerX, centerY: centerY, sizeX: sizeX, sizeY: sizeY,
          points: points)
      ]
    }

    /// A corner, relative to the centre.
    public struct Point: Hashable, Sendable {
      /// x.
      public var x: Double
      /// y.
      public var y: Double

      /// Creates a point.
      public init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
      }
    }

    /// Place and form at a time.
    public struct KeyFrame: Hashable, Sendable {
      /// Time in ms.
      public var timeMs: Double
      /// Whether the region is there at that time.
      public var isEnabled = true
      /// Centre in x.
      public var centerX: Double
      /// Centre in y.
      public var centerY: Double
      /// Centre in z.
      public var centerZ = 0.0
      /// Rotation.
      public var rotation = 0.0
      /// Width.
      public var sizeX: Double
      /// Height.
      public var sizeY: Double
      /// Depth.
      public var sizeZ = 0.0
      /// Corners, relative to the centre.
      public var points: [Point]

      /// Creates a key frame.
      public init(
        timeMs: Double, centerX: Double, centerY: Double, sizeX: Double = 0, sizeY: Double = 0,
        points: [Point] = []
      ) {
        self.timeMs = timeMs
        self.centerX = centerX
        self.centerY = centerY
        self.sizeX = sizeX
        self.sizeY = sizeY
        self.points = points
      }
    }
  }
}

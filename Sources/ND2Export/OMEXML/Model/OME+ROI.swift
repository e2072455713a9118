extension OME {
  /// A region of interest: one or several shapes.
  public struct ROI: Sendable, Hashable {
    /// The identifier, such as `ROI:0`.
    public var id: String
    /// The name.
    public var name: String?
    /// What it is, for people.
    public var description: String?
    /// The shapes; at least one.
    public var shapes: [Shape]
    /// Identifiers of the annotations.
    public var annotations: [String] = []

    /// Creates a region.
    public init(id: String, name: String? = nil, shapes: [Shape]) {
      self.id = id
      self.name = name
      self.shapes = shapes
    }
  }

  /// A point in pixels from the top left corner.
  public struct Point: Sendable, Hashable {
    /// To the right.
    public var x: Double
    /// Downwards.
    public var y: Double

    /// Creates a point.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// A shape of a region.
  public struct Shape: Sendable, Hashable {
    /// Forms with their places, in pixels.
    public enum Form: Sendable, Hashable {
      /// A rectangle, by its top left corner and its size.
      case rectangle(x: Double, y: Double, width: Double, height: Double)
      /// An ellipse, by its centre and its radii.
      case ellipse(x: Double, y: Double, radiusX: Double, radiusY: Double)
      /// A closed line.
      case polygon([Point])
      /// An open line.
      case polyline([Point])
      /// A straight line.
      case line(from: Point, to: Point)
      /// A point.
      case point(Point)
      /// A text at a place.
      case label(Point)
    }

    /// How a shape is moved: x' = a00·x + a01·y + a02, y' = a10·x + a11·y + a12.
    public struct Transform: Sendable, Hashable {
      /// Of x, for x'.
      public var a00: Double
      /// Of x, for y'.
      public var a10: Double
      /// Of y, for x'.
      public var a01: Double
      /// Of y, for y'.
      public var a11: Double
      /// Added to x'.
      public var a02: Double
      /// Added to y'.
      public var a12: Double

      /// Creates a transformation.
      public init(a00: Double, a10: Double, a01: Double, a11: Double, a02: Double, a12: Double) {
        self.a00 = a00
        self.a10 = a10
        self.a01 = a01
        self.a11 = a11
        self.a02 = a02
        self.a12 = a12
      }
    }

    /// The identifier, such as `Shape:0:0`.
    public var id: String
    /// The form.
    public var form: Form
    /// A text beside it.
    public var text: String?
    /// Colour of the line.
    public var strokeColor: Color?
    /// Colour of the area.
    public var fillColor: Color?
    /// Whether it is protected against changes.
    public var isLocked: Bool?
    /// Focus plane; nil for all.
    public var theZ: Int?
    /// Time point; nil for all.
    public var theT: Int?
    /// Channel; nil for all.
    public var theC: Int?
    /// How it is moved; nil for not.
    public var transform: Transform?

    /// Creates a shape.
    public init(id: String, form: Form) {
      self.id = id
      self.form = form
    }
  }
}

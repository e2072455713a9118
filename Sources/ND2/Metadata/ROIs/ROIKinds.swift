extension ROI {
  /// The kind of shape of a region. Numbers that this version does not know are kept.
  public struct Shape: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    /// The number in the file.
    public var rawValue: Int
    /// Takes any number.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Not said.
    public static let any = Shape(rawValue: 0)
    /// A pixel mask.
    public static let raster = Shape(rawValue: 1)
    /// A point.
    public static let point = Shape(rawValue: 2)
    /// A rectangle, given by its box.
    public static let rectangle = Shape(rawValue: 3)
    /// An ellipse, given by its box.
    public static let ellipse = Shape(rawValue: 4)
    /// A closed line through the base points.
    public static let polygon = Shape(rawValue: 5)
    /// A closed curve; its base points are Bézier points.
    public static let bezier = Shape(rawValue: 6)
    /// A line between two base points.
    public static let line = Shape(rawValue: 7)
    /// An open line through the base points.
    public static let polyLine = Shape(rawValue: 8)
    /// A circle, given by its box.
    public static let circle = Shape(rawValue: 9)
    /// A square, given by its box.
    public static let square = Shape(rawValue: 10)
    /// A ring, given by its box.
    public static let ring = Shape(rawValue: 11)
    /// A spiral, given by its box.
    public static let spiral = Shape(rawValue: 12)

    private static let names = [
      "Any", "Raster", "Point", "Rectangle", "Ellipse", "Polygon", "Bezier", "Line", "PolyLine",
      "Circle", "Square", "Ring", "Spiral",
    ]

    /// The name, or `Unknown(n)`.
    public var description: String { kindName(of: rawValue, in: Self.names) }
  }

  /// What a region is for. Numbers that this version does not know are kept.
  public struct Interpretation: RawRepresentable, Hashable, Sendable, Codable,
    CustomStringConvertible
  {
    /// The number in the file.
    public var rawValue: Int
    /// Takes any number.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Not said.
    public static let any = Interpretation(rawValue: 0)
    /// A region to measure in.
    public static let standard = Interpretation(rawValue: 1)
    /// The background.
    public static let background = Interpretation(rawValue: 2)
    /// The reference.
    public static let reference = Interpretation(rawValue: 3)
    /// A region to stimulate or bleach.
    public static let stimulation = Interpretation(rawValue: 4)

    private static let names = [
      "AnyROI", "StandardROI", "BackgroundROI", "ReferenceROI", "StimulationROI",
    ]

    /// The name, or `Unknown(n)`.
    public var description: String { kindName(of: rawValue, in: Self.names) }
  }

  /// Whether a region belongs to one stage position or to all. Unknown numbers are kept.
  public struct Scope: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    /// The number in the file.
    public var rawValue: Int
    /// Takes any number.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Not said.
    public static let any = Scope(rawValue: 0)
    /// All stage positions.
    public static let global = Scope(rawValue: 1)
    /// One stage position.
    public static let position = Scope(rawValue: 2)

    private static let names = ["Any", "Global", "MPoint"]

    /// The name, or `Unknown(n)`.
    public var description: String { kindName(of: rawValue, in: Self.names) }
  }
}

/// The name of a number of an enumeration of the format, or `Unknown(n)`.
func kindName(of rawValue: Int, in names: [String]) -> String {
  names.indices.contains(rawValue) ? names[rawValue] : "Unknown(\(rawValue))"
}

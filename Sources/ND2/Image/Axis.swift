/// An axis of an array, by name.
///
/// The axes of image files have the letters that readers of the format share; arrays that come from
/// elsewhere may have axes of other names, or none: an axis without a name is known by its place,
/// such as `dim_0` for the outermost.
///
/// ```swift
/// let planes = try stack.max(over: .z)      // by name
/// let rows = try table.mean(over: 1)        // by place, for any array
/// ```
public struct Axis: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The name.
  public let rawValue: String

  /// The axis of a name.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The axis of a name.
  public init(_ name: String) { rawValue = name }

  /// Time.
  public static var time: Axis { Axis("T") }
  /// Stage position ("multipoint", "scene").
  public static var position: Axis { Axis("P") }
  /// Focus.
  public static var z: Axis { Axis("Z") }
  /// Any other loop of the experiment.
  public static var custom: Axis { Axis("U") }
  /// Channel.
  public static var channel: Axis { Axis("C") }
  /// Row.
  public static var y: Axis { Axis("Y") }
  /// Column.
  public static var x: Axis { Axis("X") }
  /// Colour sample of an RGB image: red, green, blue.
  public static var sample: Axis { Axis("S") }

  /// The axes that files can have.
  public static let ofFiles: [Axis] = [.time, .position, .z, .custom, .channel, .y, .x, .sample]

  /// The axis of files that has a letter, in either case.
  public init?(letter: Character) {
    guard let axis = Axis.ofFiles.first(where: { $0.rawValue == letter.uppercased() }) else {
      return nil
    }
    self = axis
  }

  /// The name.
  public var description: String { rawValue }

  /// Whether the axis lies within a frame, that is in one stored image.
  public var isInFrame: Bool {
    self == .y || self == .x || self == .channel || self == .sample
  }
}

// Axes without names.
extension Axis {
  private static let numberPrefix = "dim_"

  /// The axis at a place, counted from the outermost, which is 0.
  public static func number(_ place: Int) -> Axis { Axis("\(numberPrefix)\(place)") }

  /// The place that the axis stands for; nil for an axis with a name.
  public var number: Int? {
    guard rawValue.hasPrefix(Self.numberPrefix) else { return nil }
    return Int(rawValue.dropFirst(Self.numberPrefix.count))
  }
}

extension Axis: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  /// The axis at a place; see ``number(_:)``.
  public init(integerLiteral place: Int) { self = .number(place) }

  /// The axis of a name.
  public init(stringLiteral name: String) { rawValue = name }
}

extension Axis: Codable {
  /// Reads the name.
  public init(from decoder: any Decoder) throws {
    rawValue = try decoder.singleValueContainer().decode(String.self)
  }

  /// Writes the name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

/// An axis of an image array, by the letter that readers of the format share.
public enum Axis: String, Hashable, Sendable, Codable, CaseIterable, CustomStringConvertible {
  /// Time.
  case time = "T"
  /// Stage position ("multipoint", "scene").
  case position = "P"
  /// Focus.
  case z = "Z"
  /// Any other loop of the experiment.
  case custom = "U"
  /// Channel.
  case channel = "C"
  /// Row.
  case y = "Y"
  /// Column.
  case x = "X"
  /// Colour sample of an RGB image: red, green, blue.
  case sample = "S"

  /// The axis of a letter, in either case.
  public init?(letter: Character) { self.init(rawValue: letter.uppercased()) }

  /// The letter.
  public var description: String { rawValue }

  /// Whether the axis lies within a frame, that is in one stored image.
  public var isInFrame: Bool {
    switch self {
    case .channel, .y, .x, .sample: true
    default: false
    }
  }
}

/// What was recorded when a frame was taken.
public struct FrameRecord: Hashable, Sendable {
  /// Time in ms after the start of the acquisition; nil when unknown.
  public var timeMs: Double?
  /// Stage position in x, in µm; nil when not recorded.
  public var xUm: Double?
  /// Stage position in y, in µm; nil when not recorded.
  public var yUm: Double?
  /// Height of the focus drive, in µm; nil when not recorded.
  public var zUm: Double?
  /// Values of the recorded columns, by the identity of the column.
  ///
  /// A column without a value holds NaN, 0 or an empty text for the frame.
  public var values: [String: RecordedValue]

  /// Creates a record; what is not given is not recorded.
  public init(
    timeMs: Double? = nil, xUm: Double? = nil, yUm: Double? = nil, zUm: Double? = nil,
    values: [String: RecordedValue] = [:]
  ) {
    self.timeMs = timeMs
    self.xUm = xUm
    self.yUm = yUm
    self.zUm = zUm
    self.values = values
  }
}

/// One value of recorded data. Literals of numbers and texts are values.
public enum RecordedValue: Hashable, Sendable, ExpressibleByFloatLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByStringLiteral
{
  /// A double.
  case double(Double)
  /// An integer; for a column of doubles too.
  case integer(Int32)
  /// A text of up to 255 UTF-16 units; longer ones are cut.
  case string(String)

  /// A double.
  public init(floatLiteral value: Double) { self = .double(value) }
  /// An integer.
  public init(integerLiteral value: Int32) { self = .integer(value) }
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
}

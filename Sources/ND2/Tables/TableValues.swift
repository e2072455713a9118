public import ND2Format

extension Table {
  /// Values of one kind, one for each row.
  public enum Values: Sendable {
    /// Real numbers.
    case doubles([Double])
    /// Whole numbers.
    case integers([Int])
    /// Texts.
    case strings([String])

    /// Number of values.
    public var count: Int {
      switch self {
      case .doubles(let values): values.count
      case .integers(let values): values.count
      case .strings(let values): values.count
      }
    }

    /// The value at a place, or nil beyond the end.
    public subscript(index: Int) -> Value? {
      switch self {
      case .doubles(let values): values.indices.contains(index) ? .double(values[index]) : nil
      case .integers(let values): values.indices.contains(index) ? .integer(values[index]) : nil
      case .strings(let values): values.indices.contains(index) ? .string(values[index]) : nil
      }
    }

    /// The values at some places, in their order; the places must exist.
    func gathered(_ places: [Int]) -> Values {
      switch self {
      case .doubles(let values): .doubles(places.map { values[$0] })
      case .integers(let values): .integers(places.map { values[$0] })
      case .strings(let values): .strings(places.map { values[$0] })
      }
    }
  }

  /// A value of a table.
  public enum Value: Hashable, Sendable {
    /// A real number.
    case double(Double)
    /// A whole number.
    case integer(Int)
    /// Text.
    case string(String)

    /// The value as JSON; NaN and infinities are written as `null`.
    public var json: JSONValue {
      switch self {
      case .double(let value): .double(value)
      case .integer(let value): .integer(Int64(value))
      case .string(let value): .string(value)
      }
    }

    /// The value as text, with all its digits.
    public var text: String {
      switch self {
      case .double(let value): value.description
      case .integer(let value): String(value)
      case .string(let value): value
      }
    }

    /// The number; nil for text.
    public var double: Double? {
      switch self {
      case .double(let value): value
      case .integer(let value): Double(value)
      case .string: nil
      }
    }

    /// The whole number; nil for everything else.
    public var int: Int? {
      if case .integer(let value) = self { return value }
      return nil
    }

    /// The text; nil for numbers.
    public var string: String? {
      if case .string(let value) = self { return value }
      return nil
    }
  }
}

extension Table.Values: Hashable {
  /// Whether the values are the same; here a NaN is the same as another.
  public static func == (a: Table.Values, b: Table.Values) -> Bool {
    switch (a, b) {
    case (.doubles(let a), .doubles(let b)):
      a.elementsEqual(b) { $0 == $1 || ($0.isNaN && $1.isNaN) }
    case (.integers(let a), .integers(let b)): a == b
    case (.strings(let a), .strings(let b)): a == b
    default: false
    }
  }

  /// Hashes the values.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .doubles(let values):
      for value in values { hasher.combine(value.isNaN ? .nan : value) }
    case .integers(let values): hasher.combine(values)
    case .strings(let values): hasher.combine(values)
    }
  }
}

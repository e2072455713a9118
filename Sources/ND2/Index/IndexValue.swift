public import ND2Format

/// A value of an index of files: a cell of its table, and what filters compute with.
public enum IndexValue: Hashable, Sendable {
  /// No value: the file does not say it, or cannot be read.
  case missing
  /// Yes or no.
  case bool(Bool)
  /// A whole number.
  case integer(Int)
  /// A real number.
  case number(Double)
  /// Text.
  case text(String)
  /// Several values, such as a shape.
  case list([IndexValue])

  /// The value as JSON; missing values and NaN are `null`.
  public var json: JSONValue {
    switch self {
    case .missing: .null
    case .bool(let value): .bool(value)
    case .integer(let value): .integer(Int64(value))
    case .number(let value): .double(value)
    case .text(let value): .string(value)
    case .list(let values): .array(values.map(\.json))
    }
  }

  /// The value as text for CSV, as Python writes it: `True`, `[3, 5, 2]`, nothing when missing.
  public var text: String {
    switch self {
    case .missing: ""
    case .bool(let value): value ? "True" : "False"
    case .integer(let value): String(value)
    case .number(let value): value.description
    case .text(let value): value
    case .list(let values): "[" + values.map(\.elementText).joined(separator: ", ") + "]"
    }
  }

  /// The value as it stands in a list: text in quotes.
  private var elementText: String {
    switch self {
    case .missing: return "None"
    case .text(let value):
      var quoted = "'"
      for scalar in value.unicodeScalars {
        if scalar == "'" || scalar == "\\" { quoted.unicodeScalars.append("\\") }
        quoted.unicodeScalars.append(scalar)
      }
      return quoted + "'"
    default: return text
    }
  }

  /// The value as a number, truth values as 0 and 1; nil for everything else.
  public var double: Double? {
    switch self {
    case .bool(let value): value ? 1 : 0
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The value as a whole number, truth values as 0 and 1; nil for everything else.
  public var int: Int? {
    switch self {
    case .bool(let value): value ? 1 : 0
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The text; nil for everything else.
  public var string: String? {
    if case .text(let value) = self { return value }
    return nil
  }

  /// Whether there is no value.
  public var isMissing: Bool { self == .missing }

  /// Whether the value counts as true: neither missing, nor zero, nor empty.
  public var isTrue: Bool {
    switch self {
    case .missing: false
    case .bool(let value): value
    case .integer(let value): value != 0
    case .number(let value): value != 0
    case .text(let value): !value.isEmpty
    case .list(let values): !values.isEmpty
    }
  }
}

extension IndexValue {
  /// Whether two values are the same; numbers of different kinds are compared by value.
  func equals(_ other: IndexValue) -> Bool {
    switch (self, other) {
    case (.missing, .missing): return true
    case (.integer(let a), .integer(let b)): return a == b
    case (.text(let a), .text(let b)): return a.utf8.elementsEqual(b.utf8)
    case (.list(let a), .list(let b)):
      return a.count == b.count && zip(a, b).allSatisfy { $0.equals($1) }
    default:
      guard let a = double, let b = other.double else { return false }
      return a == b
    }
  }

  /// How a value stands to another one; nil when the two cannot be ordered.
  ///
  /// Texts are ordered by their code points, lists by their first elements that differ.
  func order(_ other: IndexValue) -> Order? {
    switch (self, other) {
    case (.integer(let a), .integer(let b)): return a < b ? .less : a > b ? .greater : .equal
    case (.text(let a), .text(let b)):
      if a.utf8.lexicographicallyPrecedes(b.utf8) { return .less }
      return b.utf8.lexicographicallyPrecedes(a.utf8) ? .greater : .equal
    case (.list(let a), .list(let b)):
      for (x, y) in zip(a, b) where !x.equals(y) { return x.order(y) }
      return a.count < b.count ? .less : a.count > b.count ? .greater : .equal
    default:
      guard let a = double, let b = other.double else { return nil }
      if a < b { return .less }
      return a > b ? .greater : a == b ? .equal : .unordered
    }
  }

  /// How two values stand to each other.
  enum Order {
    case less, equal, greater
    /// One is not a number.
    case unordered
  }
}

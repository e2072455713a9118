/// A function or method that filters may call; they are Python's.
enum FilterFunction: String, CaseIterable, Sendable {
  case len, int, float, str, bool, abs, round, min, max, sum, any, all
  case lower, upper, strip, startswith, endswith, split, count

  /// Whether it stands behind its first argument.
  var isMethod: Bool {
    switch self {
    case .lower, .upper, .strip, .startswith, .endswith, .split, .count: true
    default: false
    }
  }

  /// How many arguments it takes, the one in front of a method included.
  var argumentCounts: ClosedRange<Int> {
    switch self {
    case .min, .max: 1...1000
    case .round, .split: 1...2
    case .startswith, .endswith, .count: 2...2
    default: 1...1
    }
  }

  /// The value of a call.
  func apply(_ arguments: [IndexValue], column: Int) throws(FilterProblem) -> IndexValue {
    guard let first = arguments.first else { return .missing }
    // What is not known stays unknown.
    if first.isMissing { return self == .bool ? .bool(false) : .missing }
    switch self {
    case .bool: return .bool(first.isTrue)
    case .str: return .text(first.text)
    case .len: return try length(first, column)
    case .int: return try whole(first, column)
    case .float: return try real(first, column)
    case .abs:
      if case .number(let value) = first { return .number(value.magnitude) }
      guard let value = first.int else { throw wrong(first, column) }
      return value == .min ? .number(Double(value).magnitude) : .integer(Swift.abs(value))
    case .round: return try rounded(first, arguments.count > 1 ? arguments[1] : nil, column)
    case .min, .max: return try extreme(arguments, column)
    case .sum:
      var total = IndexValue.integer(0)
      for value in try elements(first, column) {
        if value.isMissing { return .missing }
        total = try FilterArithmetic.apply(.plus, total, value, column: column)
      }
      return total
    case .any: return .bool(try elements(first, column).contains(where: \.isTrue))
    case .all: return .bool(try elements(first, column).allSatisfy(\.isTrue))
    case .lower, .upper, .strip: return try changed(first, column)
    case .startswith, .endswith, .split, .count:
      return try searched(first, arguments.count > 1 ? arguments[1] : nil, column)
    }
  }

  private func wrong(_ value: IndexValue, _ column: Int) -> FilterProblem {
    FilterProblem(message: "'\(rawValue)' cannot be used on \(value.kindName)", column: column)
  }

  private func elements(
    _ value: IndexValue, _ column: Int
  ) throws(FilterProblem) -> [IndexValue] {
    guard case .list(let values) = value else { throw wrong(value, column) }
    return values
  }

  private func length(_ value: IndexValue, _ column: Int) throws(FilterProblem) -> IndexValue {
    switch value {
    case .text(let text): return .integer(text.unicodeScalars.count)
    case .list(let values): return .integer(values.count)
    default: throw wrong(value, column)
    }
  }

  private func whole(_ value: IndexValue, _ column: Int) throws(FilterProblem) -> IndexValue {
    switch value {
    case .text(let text):
      return Int(FilterText.stripped(text)).map { .integer($0) } ?? .missing
    case .number(let number):
      return Int(exactly: number.rounded(.towardZero)).map { .integer($0) } ?? .missing
    case .bool, .integer: return value.int.map { .integer($0) } ?? .missing
    default: throw wrong(value, column)
    }
  }

  private func real(_ value: IndexValue, _ column: Int) throws(FilterProblem) -> IndexValue {
    if case .text(let text) = value {
      return Double(FilterText.stripped(text)).map { .number($0) } ?? .missing
    }
    guard let number = value.double else { throw wrong(value, column) }
    return .number(number)
  }

  private func rounded(
    _ value: IndexValue, _ digits: IndexValue?, _ column: Int
  ) throws(FilterProblem) -> IndexValue {
    guard let number = value.double else { throw wrong(value, column) }
    guard let digits else {
      let nearest = number.rounded(.toNearestOrEven)
      return Int(exactly: nearest).map { .integer($0) } ?? .number(nearest)
    }
    if digits.isMissing { return .missing }
    guard let places = digits.int, (0...15).contains(places) else {
      throw FilterProblem(message: "'round' takes 0 to 15 digits", column: column)
    }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = (number * scale).rounded(.toNearestOrEven)
    return .number(scaled.isFinite ? scaled / scale : number)
  }

  private func extreme(
    _ arguments: [IndexValue], _ column: Int
  ) throws(FilterProblem) -> IndexValue {
    var values = arguments
    if values.count == 1 { values = try elements(values[0], column) }
    guard var best = values.first else { return .missing }
    for value in values.dropFirst() {
      if value.isMissing || best.isMissing { return .missing }
      guard let order = value.order(best) else {
        throw FilterProblem(
          message: "\(value.kindName) and \(best.kindName) cannot be ordered", column: column)
      }
      if order == (self == .min ? .less : .greater) { best = value }
    }
    return best
  }

  private func changed(_ value: IndexValue, _ column: Int) throws(FilterProblem) -> IndexValue {
    guard let text = value.string else { throw wrong(value, column) }
    switch self {
    case .lower: return .text(text.lowercased())
    case .upper: return .text(text.uppercased())
    default: return .text(FilterText.stripped(text))
    }
  }

  private func searched(
    _ value: IndexValue, _ argument: IndexValue?, _ column: Int
  ) throws(FilterProblem) -> IndexValue {
    if self == .count, case .list(let values) = value {
      return .integer(values.count { $0.equals(argument ?? .missing) })
    }
    guard let text = value.string else { throw wrong(value, column) }
    guard let argument else { return .list(FilterText.words(text).map { .text($0) }) }
    if argument.isMissing { return .missing }
    var parts: [String] = []
    switch argument {
    case .text(let part): parts = [part]
    case .list(let values) where self == .startswith || self == .endswith:
      parts = values.compactMap(\.string)
    default: throw wrong(argument, column)
    }
    switch self {
    case .startswith: return .bool(parts.contains { text.utf8.starts(with: $0.utf8) })
    case .endswith:
      return .bool(
        parts.contains { text.utf8.reversed().starts(with: $0.utf8.reversed()) })
    default: break
    }
    guard let part = parts.first, !part.isEmpty else {
      throw FilterProblem(message: "'\(rawValue)' needs text that is not empty", column: column)
    }
    let pieces = FilterText.split(text, by: part)
    return self == .count ? .integer(pieces.count - 1) : .list(pieces.map { .text($0) })
  }
}

extension IndexValue {
  /// What a value is, for messages.
  var kindName: String {
    switch self {
    case .missing: "None"
    case .bool: "a truth value"
    case .integer, .number: "a number"
    case .text: "text"
    case .list: "a list"
    }
  }
}

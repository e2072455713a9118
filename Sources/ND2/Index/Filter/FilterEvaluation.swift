/// Computes the value of a filter for a row.
struct FilterEvaluation {
  /// The value of a column.
  let lookUp: (IndexColumn) -> IndexValue
  /// Whether everything is computed, also what does not decide, so that mistakes show.
  var isThorough = false

  func value(of node: FilterNode) throws(FilterProblem) -> IndexValue {
    switch node {
    case .value(let value): return value
    case .column(let column): return lookUp(column)
    case .list(let nodes):
      var values: [IndexValue] = []
      for node in nodes { values.append(try value(of: node)) }
      return .list(values)
    case .not(let node): return .bool(!(try value(of: node)).isTrue)
    case .negative(let node, let column):
      return try FilterArithmetic.apply(.minus, .integer(0), value(of: node), column: column)
    case .all(let nodes): return try first(of: nodes, where: false)
    case .any(let nodes): return try first(of: nodes, where: true)
    case .comparison(let first, let steps): return try compare(first, steps)
    case .arithmetic(let first, let steps):
      var result = try value(of: first)
      for step in steps {
        result = try FilterArithmetic.apply(
          step.sign, result, value(of: step.operand), column: step.column)
      }
      return result
    case .choice(let condition, let then, let otherwise):
      let isTrue = try value(of: condition).isTrue
      if isThorough { _ = try value(of: isTrue ? otherwise : then) }
      return try value(of: isTrue ? then : otherwise)
    case .element(let node, let index, let column):
      return try element(of: value(of: node), value(of: index), column)
    case .slice(let node, let from, let to, let column):
      return try slice(
        of: value(of: node), from.map { node throws(FilterProblem) in try value(of: node) },
        to.map { node throws(FilterProblem) in try value(of: node) }, column)
    case .call(let function, let nodes, let column):
      var arguments: [IndexValue] = []
      for node in nodes { arguments.append(try value(of: node)) }
      return try function.apply(arguments, column: column)
    }
  }

  /// The first value that decides, else the last one, as `and` and `or` give it.
  private func first(
    of nodes: [FilterNode], where wanted: Bool
  ) throws(FilterProblem) -> IndexValue {
    var result = IndexValue.missing
    for node in nodes {
      result = try value(of: node)
      if !isThorough, result.isTrue == wanted { return result }
    }
    return result
  }

  private func compare(
    _ first: FilterNode, _ steps: [FilterNode.Step<FilterNode.Comparison>]
  ) throws(FilterProblem) -> IndexValue {
    var left = try value(of: first)
    var isTrue = true
    for step in steps {
      let right = try value(of: step.operand)
      let isKept = try holds(step.sign, left, right, step.column)
      isTrue = isTrue && isKept
      if !isTrue, !isThorough { return .bool(false) }
      left = right
    }
    return .bool(isTrue)
  }

  private func holds(
    _ sign: FilterNode.Comparison, _ a: IndexValue, _ b: IndexValue, _ column: Int
  ) throws(FilterProblem) -> Bool {
    switch sign {
    case .equal, .same: return a.equals(b)
    case .different, .notSame: return !a.equals(b)
    case .isIn: return try contains(b, a, column)
    case .isNotIn:
      let isContained = try contains(b, a, column)
      return !b.isMissing && !isContained
    case .contains: return try contains(a, b, column)
    case .resembles: return try contains(a.folded, b.folded, column)
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      if a.isMissing || b.isMissing { return false }
      guard let order = a.order(b) else {
        throw FilterProblem(
          message: "'\(sign.rawValue)' cannot compare \(a.kindName) with \(b.kindName)",
          column: column)
      }
      switch sign {
      case .less: return order == .less
      case .lessOrEqual: return order == .less || order == .equal
      case .greater: return order == .greater
      default: return order == .greater || order == .equal
      }
    }
  }

  private func contains(
    _ whole: IndexValue, _ part: IndexValue, _ column: Int
  ) throws(FilterProblem) -> Bool {
    switch (whole, part) {
    case (.missing, _): return false
    case (.list(let values), _): return values.contains { $0.equals(part) }
    case (.text, .missing): return false
    case (.text(let text), .text(let part)): return FilterText.contains(text, part)
    default:
      throw FilterProblem(
        message: "\(whole.kindName) cannot contain \(part.kindName)", column: column)
    }
  }

  private func element(
    of value: IndexValue, _ index: IndexValue, _ column: Int
  ) throws(FilterProblem) -> IndexValue {
    if value.isMissing || index.isMissing { return .missing }
    guard case .integer(let number) = index else {
      throw FilterProblem(message: "an index is a whole number", column: column)
    }
    switch value {
    case .list(let values): return Self.place(number, values.count).map { values[$0] } ?? .missing
    case .text(let text):
      let scalars = Array(text.unicodeScalars)
      return Self.place(number, scalars.count).map { .text(String(scalars[$0])) } ?? .missing
    default:
      throw FilterProblem(message: "\(value.kindName) has no elements", column: column)
    }
  }

  /// The place of an index, which counts from the end when it is negative.
  private static func place(_ index: Int, _ count: Int) -> Int? {
    let place = index < 0 ? index &+ count : index
    return (0..<count).contains(place) ? place : nil
  }

  private func slice(
    of value: IndexValue, _ from: IndexValue?, _ to: IndexValue?, _ column: Int
  ) throws(FilterProblem) -> IndexValue {
    func bound(_ value: IndexValue?, _ usual: Int, _ count: Int) throws(FilterProblem) -> Int {
      guard let value, !value.isMissing else { return usual }
      guard case .integer(let number) = value else {
        throw FilterProblem(message: "an index is a whole number", column: column)
      }
      return min(max(0, number < 0 ? number &+ count : number), count)
    }
    switch value {
    case .missing: return .missing
    case .list(let values):
      let start = try bound(from, 0, values.count)
      return .list(Array(values[start..<max(start, try bound(to, values.count, values.count))]))
    case .text(let text):
      let scalars = Array(text.unicodeScalars)
      let start = try bound(from, 0, scalars.count)
      let part = scalars[start..<max(start, try bound(to, scalars.count, scalars.count))]
      return .text(String(String.UnicodeScalarView(part)))
    default:
      throw FilterProblem(message: "\(value.kindName) has no elements", column: column)
    }
  }
}

extension IndexValue {
  /// The value as it is compared when case does not matter.
  fileprivate var folded: IndexValue {
    switch self {
    case .text(let text): .text(FilterText.folded(text))
    case .list(let values): .list(values.map(\.folded))
    default: self
    }
  }
}

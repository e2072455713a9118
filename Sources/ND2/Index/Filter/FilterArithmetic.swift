/// What is computed with two values.
enum FilterArithmetic {
  /// The result; missing when an operand is, when a number is divided by zero, or when the result is
  /// too large.
  static func apply(
    _ operation: FilterNode.Arithmetic, _ a: IndexValue, _ b: IndexValue, column: Int
  ) throws(FilterProblem) -> IndexValue {
    if a.isMissing || b.isMissing { return .missing }
    if operation == .plus {
      switch (a, b) {
      case (.text(let a), .text(let b)): return .text(a + b)
      case (.list(let a), .list(let b)): return .list(a + b)
      default: break
      }
    }
    if let x = whole(a), let y = whole(b), let result = integers(operation, x, y) { return result }
    guard let x = a.double, let y = b.double else {
      throw FilterProblem(
        message: "'\(operation.rawValue)' cannot be used on \(a.kindName) and \(b.kindName)",
        column: column)
    }
    let result: Double
    switch operation {
    case .plus: result = x + y
    case .minus: result = x - y
    case .times: result = x * y
    case .over: result = x / y
    case .wholeOver: result = (x / y).rounded(.down)
    case .remainder: result = x - (x / y).rounded(.down) * y
    }
    return result.isFinite ? .number(result) : .missing
  }

  /// The number of a value that is kept as a whole one.
  private static func whole(_ value: IndexValue) -> Int? {
    switch value {
    case .integer(let number): number
    case .bool(let flag): flag ? 1 : 0
    default: nil
    }
  }

  /// The result for whole numbers; nil where floating point takes over.
  private static func integers(
    _ operation: FilterNode.Arithmetic, _ x: Int, _ y: Int
  ) -> IndexValue? {
    switch operation {
    case .plus: return kept(x.addingReportingOverflow(y))
    case .minus: return kept(x.subtractingReportingOverflow(y))
    case .times: return kept(x.multipliedReportingOverflow(by: y))
    case .over: return y == 0 ? .missing : nil
    case .wholeOver, .remainder:
      if y == 0 { return .missing }
      let (quotient, overflow) = x.dividedReportingOverflow(by: y)
      if overflow { return nil }
      let rest = x &- quotient &* y
      // Towards less, as in Python.
      let isBelow = rest != 0 && (rest < 0) != (y < 0)
      if operation == .wholeOver { return .integer(isBelow ? quotient - 1 : quotient) }
      return .integer(isBelow ? rest + y : rest)
    }
  }

  private static func kept(_ result: (partialValue: Int, overflow: Bool)) -> IndexValue? {
    result.overflow ? nil : .integer(result.partialValue)
  }
}

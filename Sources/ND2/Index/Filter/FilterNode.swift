/// A part of a filter that has a value.
///
/// Chains of one kind are kept as lists, so that the depth is that of the brackets.
indirect enum FilterNode: Sendable {
  /// A step of a chain: operator, operand, place of the operator.
  struct Step<Operator: Sendable>: Sendable {
    let sign: Operator
    let operand: FilterNode
    let column: Int
  }

  /// How two values are compared.
  enum Comparison: String, Sendable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case different = "!="
    case same = "is"
    case notSame = "is not"
    case isIn = "in"
    case isNotIn = "not in"
    case contains
    case resembles = "~"
  }

  /// What is done with two numbers, or two texts.
  enum Arithmetic: String, Sendable {
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"
    case wholeOver = "//"
    case remainder = "%"
  }

  case value(IndexValue)
  case column(IndexColumn)
  case list([FilterNode])
  case not(FilterNode)
  case negative(FilterNode, column: Int)
  case all([FilterNode])
  case any([FilterNode])
  case comparison(FilterNode, [Step<Comparison>])
  case arithmetic(FilterNode, [Step<Arithmetic>])
  case choice(condition: FilterNode, then: FilterNode, otherwise: FilterNode)
  case element(FilterNode, FilterNode, column: Int)
  case slice(FilterNode, from: FilterNode?, to: FilterNode?, column: Int)
  case call(FilterFunction, [FilterNode], column: Int)
}

/// Parses a filter: the grammar of Python's expressions, without what could name anything but columns
/// and a few functions.
struct FilterParser {
  private let tokens: [FilterToken]
  private var index = 0
  private var depth = 0
  /// The columns that are named.
  private(set) var columns: Set<IndexColumn> = []

  /// Characters that a filter may have, at most.
  static let mostCharacters = 8192
  /// How deep brackets may be nested.
  static let mostNested = 20

  init(_ text: String) throws(FilterProblem) {
    guard text.unicodeScalars.count <= Self.mostCharacters else {
      throw FilterProblem(
        message: "a filter has at most \(Self.mostCharacters) characters",
        column: Self.mostCharacters + 1)
    }
    tokens = try FilterLexer.tokens(text)
  }

  /// The whole filter.
  mutating func parse() throws(FilterProblem) -> FilterNode {
    guard current.kind != .end else {
      throw FilterProblem(message: "the filter is empty", column: current.column)
    }
    let node = try expression()
    guard current.kind == .end else { throw unexpected("the end") }
    return node
  }

  // The last token is the end, and is never passed.
  private var current: FilterToken { tokens[min(index, tokens.count - 1)] }

  private mutating func advance() { index += 1 }

  private mutating func take(sign: String) -> Bool {
    guard current.kind == .sign(sign) else { return false }
    advance()
    return true
  }

  private mutating func take(word: String) -> Bool {
    guard current.kind == .name(word) else { return false }
    advance()
    return true
  }

  private mutating func require(sign: String, _ purpose: String) throws(FilterProblem) {
    guard take(sign: sign) else { throw unexpected("'\(sign)' \(purpose)") }
  }

  private func unexpected(_ wanted: String) -> FilterProblem {
    FilterProblem(message: "here is \(current.shown) instead of \(wanted)", column: current.column)
  }

  private var noLoops: FilterProblem {
    FilterProblem(message: "there are no loops in filters", column: current.column)
  }

  private mutating func nested<Result>(
    _ body: (inout FilterParser) throws(FilterProblem) -> Result
  ) throws(FilterProblem) -> Result {
    guard depth < Self.mostNested else {
      throw FilterProblem(message: "this is nested too deeply", column: current.column)
    }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  // MARK: - Grammar, from what binds least to what binds most

  private mutating func expression() throws(FilterProblem) -> FilterNode {
    try nested { parser throws(FilterProblem) in try parser.choice() }
  }

  private mutating func choice() throws(FilterProblem) -> FilterNode {
    let value = try disjunction()
    guard take(word: "if") else { return value }
    let condition = try disjunction()
    guard take(word: "else") else { throw unexpected("'else'") }
    return .choice(condition: condition, then: value, otherwise: try expression())
  }

  private mutating func disjunction() throws(FilterProblem) -> FilterNode {
    var parts = [try conjunction()]
    while take(word: "or") { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func conjunction() throws(FilterProblem) -> FilterNode {
    var parts = [try negation()]
    while take(word: "and") { parts.append(try negation()) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func negation() throws(FilterProblem) -> FilterNode {
    guard take(word: "not") else { return try comparison() }
    return .not(try nested { parser throws(FilterProblem) in try parser.negation() })
  }

  private mutating func comparison() throws(FilterProblem) -> FilterNode {
    let first = try sum()
    var steps: [FilterNode.Step<FilterNode.Comparison>] = []
    while true {
      let column = current.column
      guard let sign = try comparisonSign() else { break }
      steps.append(.init(sign: sign, operand: try sum(), column: column))
    }
    return steps.isEmpty ? first : .comparison(first, steps)
  }

  private mutating func comparisonSign() throws(FilterProblem) -> FilterNode.Comparison? {
    switch current.kind {
    case .sign(let sign):
      guard let comparison = FilterNode.Comparison(rawValue: sign) else { return nil }
      advance()
      return comparison
    case .name("in"), .name("contains"):
      return take(word: "in") ? .isIn : take(word: "contains") ? .contains : nil
    case .name("is"):
      advance()
      return take(word: "not") ? .notSame : .same
    case .name("not"):
      advance()
      guard take(word: "in") else { throw unexpected("'in'") }
      return .isNotIn
    default: return nil
    }
  }

  private mutating func sum() throws(FilterProblem) -> FilterNode {
    try chain(["+", "-"]) { parser throws(FilterProblem) in try parser.product() }
  }

  private mutating func product() throws(FilterProblem) -> FilterNode {
    try chain(["*", "/", "//", "%"]) { parser throws(FilterProblem) in try parser.factor() }
  }

  private mutating func chain(
    _ signs: Set<String>, _ operand: (inout FilterParser) throws(FilterProblem) -> FilterNode
  ) throws(FilterProblem) -> FilterNode {
    let first = try operand(&self)
    var steps: [FilterNode.Step<FilterNode.Arithmetic>] = []
    while case .sign(let sign) = current.kind, signs.contains(sign),
      let operation = FilterNode.Arithmetic(rawValue: sign)
    {
      let column = current.column
      advance()
      steps.append(.init(sign: operation, operand: try operand(&self), column: column))
    }
    return steps.isEmpty ? first : .arithmetic(first, steps)
  }

  private mutating func factor() throws(FilterProblem) -> FilterNode {
    let column = current.column
    if take(sign: "-") {
      return .negative(
        try nested { parser throws(FilterProblem) in try parser.factor() }, column: column)
    }
    if take(sign: "+") { return try nested { parser throws(FilterProblem) in try parser.factor() } }
    return try postfix()
  }

  /// An operand with what stands behind it: `[0]`, `[1:3]`, `.lower()`.
  private mutating func postfix() throws(FilterProblem) -> FilterNode {
    var node = try operand()
    var count = 0
    while true {
      let column = current.column
      if take(sign: "[") {
        node = try element(of: node, column)
      } else if take(sign: ".") {
        node = try method(of: node)
      } else {
        return node
      }
      count += 1
      guard count <= 8 else {
        throw FilterProblem(message: "this is nested too deeply", column: column)
      }
    }
  }

  private mutating func element(
    of node: FilterNode, _ column: Int
  ) throws(FilterProblem) -> FilterNode {
    var from: FilterNode?
    if current.kind != .sign(":") { from = try expression() }
    if take(sign: ":") {
      var to: FilterNode?
      if current.kind != .sign("]") { to = try expression() }
      try require(sign: "]", "that ends the range")
      return .slice(node, from: from, to: to, column: column)
    }
    try require(sign: "]", "that ends the index")
    guard let from else { throw unexpected("an index") }
    return .element(node, from, column: column)
  }

  private mutating func method(of node: FilterNode) throws(FilterProblem) -> FilterNode {
    let column = current.column
    guard case .name(let name) = current.kind else { throw unexpected("the name of a method") }
    guard let function = FilterFunction(rawValue: name), function.isMethod else {
      let known = FilterFunction.allCases.filter(\.isMethod).map(\.rawValue)
      throw FilterProblem(
        message: "there is no method '\(name)'; there are \(known.joined(separator: ", "))",
        column: column)
    }
    advance()
    return try call(function, [node], column)
  }

  private mutating func call(
    _ function: FilterFunction, _ first: [FilterNode], _ column: Int
  ) throws(FilterProblem) -> FilterNode {
    try require(sign: "(", "with the arguments of '\(function.rawValue)'")
    let arguments = first + (try list(until: ")").nodes)
    guard function.argumentCounts.contains(arguments.count) else {
      let counts = function.argumentCounts
      let (least, most) = (counts.lowerBound - first.count, counts.upperBound - first.count)
      let wanted =
        least == most ? "\(least)" : most > 100 ? "\(least) or more" : "\(least) to \(most)"
      throw FilterProblem(
        message: "'\(function.rawValue)' takes \(wanted) arguments, not "
          + "\(arguments.count - first.count)", column: column)
    }
    return .call(function, arguments, column: column)
  }

  /// Values between commas, and whether there was a comma at all.
  private mutating func list(
    until end: String
  ) throws(FilterProblem) -> (nodes: [FilterNode], hasComma: Bool) {
    var nodes: [FilterNode] = []
    var hasComma = false
    while !take(sign: end) {
      if !nodes.isEmpty {
        guard take(sign: ",") else { throw unexpected("',' or '\(end)'") }
        hasComma = true
        if take(sign: end) { break }
      }
      nodes.append(try expression())
      if current.kind == .name("for") { throw noLoops }
    }
    return (nodes, hasComma)
  }

  private mutating func operand() throws(FilterProblem) -> FilterNode {
    let token = current
    switch token.kind {
    case .integer(let value):
      advance()
      return .value(.integer(value))
    case .number(let value):
      advance()
      return .value(.number(value))
    case .text(var value):
      advance()
      // Texts side by side are one text.
      while case .text(let more) = current.kind {
        value += more
        advance()
      }
      return .value(.text(value))
    case .sign("("):
      advance()
      let (nodes, hasComma) = try list(until: ")")
      return nodes.count == 1 && !hasComma ? nodes[0] : .list(nodes)
    case .sign("["):
      advance()
      return .list(try list(until: "]").nodes)
    case .name(let name): return try named(name, token.column)
    case .sign, .end: throw unexpected("a value")
    }
  }

  private static let reserved: Set<String> = [
    "and", "or", "not", "in", "is", "if", "else", "contains", "for", "lambda",
  ]

  private mutating func named(_ name: String, _ column: Int) throws(FilterProblem) -> FilterNode {
    guard !Self.reserved.contains(name) else { throw unexpected("a value") }
    advance()
    switch name {
    case "True", "true": return .value(.bool(true))
    case "False", "false": return .value(.bool(false))
    case "None", "null": return .value(.missing)
    default: break
    }
    if current.kind == .sign("(") {
      guard let function = FilterFunction(rawValue: name), !function.isMethod else {
        let known = FilterFunction.allCases.filter { !$0.isMethod }.map(\.rawValue)
        throw FilterProblem(
          message: "there is no function '\(name)'; there are \(known.joined(separator: ", "))",
          column: column)
      }
      return try call(function, [], column)
    }
    guard let named = IndexColumn(name: name) else {
      if current.kind == .name("for") { throw noLoops }
      let known = IndexColumn.allCases.map(\.name).joined(separator: ", ")
      throw FilterProblem(
        message: "there is no column '\(name)'; there are \(known)", column: column)
    }
    columns.insert(named)
    return .column(named)
  }
}

/// A condition on the rows of an index, written as an expression of Python.
///
/// ```swift
/// try IndexFilter("acquired > '2020' and kb < 500")
/// try IndexFilter("'TimeLoop' in experiment and shape[0] > 3")
/// try IndexFilter("name ~ 'control' or 1MB < kb <= 2.5GB")
/// ```
///
/// The names are those of the columns (`IndexColumn.name`). There are
///
/// - comparisons, also chained: `<` `<=` `>` `>=` `==` `!=` `in` `not in` `is` `is not`, and besides
///   Python's `contains`, and `~`, which is `contains` without regard to upper and lower case;
/// - `and`, `or`, `not`, `a if b else c`, brackets;
/// - numbers, also with units, which are converted to those of the columns (sizes to kB: `B`, `kB`,
///   `MB`, `GB`, `TB`; times to s: `ms`, `s`, `min`, `h`, `d`; lengths to µm: `nm`, `um`, `mm`), texts
///   in quotes, `True`, `False`, `None`, lists `[1, 2]` and `(1, 2)`;
/// - `+` `-` `*` `/` `//` `%`; elements and ranges, such as `shape[-1]` and `acquired[:4]`;
/// - `len`, `int`, `float`, `str`, `bool`, `abs`, `round`, `min`, `max`, `sum`, `any`, `all`, and the
///   methods `lower`, `upper`, `strip`, `startswith`, `endswith`, `split`, `count` of texts.
///
/// An expression can do nothing else: it is not run by any other language. Where a value is missing,
/// what is computed from it is missing as well, and comparisons of order with it are false.
public struct IndexFilter: Sendable {
  /// The expression.
  public let text: String
  /// The columns that it names.
  public let columns: Set<IndexColumn>
  private let node: FilterNode

  /// Parses an expression, and tries it on typical values.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest``, whose message names the character that is wrong, and
  ///   what is wrong with it.
  public init(_ text: String) throws {
    self.text = text
    do {
      (node, columns) = try Self.parsed(text)
    } catch {
      throw Self.error(error, in: text)
    }
  }

  private static func parsed(
    _ text: String
  ) throws(FilterProblem) -> (FilterNode, Set<IndexColumn>) {
    var parser = try FilterParser(text)
    let node = try parser.parse()
    _ = try FilterEvaluation(lookUp: { $0.example }, isThorough: true).value(of: node)
    return (node, parser.columns)
  }

  /// Whether a row fulfils the condition.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when values cannot be compared.
  public func matches(_ record: IndexRecord) throws -> Bool {
    do {
      return try FilterEvaluation { record[$0] }.value(of: node).isTrue
    } catch {
      throw Self.error(error, in: text)
    }
  }

  private static func error(_ problem: FilterProblem, in text: String) -> ND2Error {
    let shown = text.unicodeScalars.count > 200 ? String(text.prefix(200)) + "…" : text
    return ND2Error.invalidRequest(
      "the filter \"\(shown)\", character \(problem.column): \(problem.message)")
  }
}

extension IndexFilter: CustomStringConvertible {
  /// The expression.
  public var description: String { text }
}

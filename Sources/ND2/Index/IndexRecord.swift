public import ND2Format

/// A row of an index: what is known of one file.
///
/// A file that cannot be read has a row as well: with its path, its name, its size, and the
/// ``failure``.
public struct IndexRecord: Sendable {
  private var values: [IndexValue]
  /// Why the file, or the folder, cannot be read; nil when it can.
  public internal(set) var failure: ND2Error?
  /// The defects of the file that opening it showed.
  public internal(set) var diagnostics: [Diagnostic] = []

  /// Creates a row without values.
  init() { values = Array(repeating: .missing, count: IndexColumn.allCases.count) }

  /// The value in a column; missing when it was not asked for.
  public subscript(column: IndexColumn) -> IndexValue {
    get { values[column.rawValue] }
    set { values[column.rawValue] = newValue }
  }

  /// The path, links resolved.
  public var path: String { self[.path].string ?? "" }
  /// The name of the file.
  public var name: String { self[.name].string ?? "" }

  /// The row as a JSON object of the names and values of columns.
  ///
  /// The object of a file that cannot be read has `error`, also when that column is not asked for.
  public func json(_ columns: [IndexColumn] = IndexColumn.standard) -> JSONValue {
    var members = columns.map { JSONValue.Member($0.name, self[$0].json) }
    if failure != nil, !columns.contains(.error) {
      members.append(.init(IndexColumn.error.name, self[.error].json))
    }
    return .object(members)
  }
}

extension Table {
  /// A table of an index of files: a row for each file.
  ///
  /// Truth values are the texts `True` and `False`, and lists are texts such as `[3, 5, 2]`.
  public init(
    _ records: some Collection<IndexRecord>, columns: [IndexColumn] = IndexColumn.standard
  ) throws {
    self = Table(fitting: [], rowCount: records.count)
    for column in columns {
      switch column.kind {
      case .number: try append(.init(column.name, doubles: records.map { $0[column].double }))
      case .integer: try append(.init(column.name, integers: records.map { $0[column].int }))
      case .bool, .text, .texts, .integers:
        try append(
          .init(
            column.name,
            strings: records.map { $0[column].isMissing ? nil : $0[column].text }))
      }
    }
  }
}

/// A column by which an index is sorted.
public struct IndexOrder: Hashable, Sendable {
  /// The column.
  public var column: IndexColumn
  /// Whether the greatest values come first.
  public var isDescending: Bool

  /// Creates an order.
  public init(_ column: IndexColumn, descending: Bool = false) {
    self.column = column
    isDescending = descending
  }

  /// An order as people write it: the name of a column, with a hyphen behind it for descending.
  public init?(_ text: String) {
    let isDescending = text.hasSuffix("-")
    guard let column = IndexColumn(name: isDescending ? String(text.dropLast()) : text) else {
      return nil
    }
    self.init(column, descending: isDescending)
  }
}

extension [IndexOrder] {
  /// Whether a row comes before another one; rows without value come last.
  func precedes(_ a: IndexRecord, _ b: IndexRecord) -> Bool {
    for order in self {
      let (x, y) = (a[order.column], b[order.column])
      switch (x.isMissing, y.isMissing) {
      case (true, true): continue
      case (true, false): return false
      case (false, true): return true
      case (false, false): break
      }
      switch x.order(y) {
      case .less: return !order.isDescending
      case .greater: return order.isDescending
      case .equal, .unordered, nil: continue
      }
    }
    return false
  }
}

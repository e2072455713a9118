extension Table {
  /// A column of a table: a heading and values of one kind.
  public struct Column: Hashable, Sendable {
    /// Heading, different from that of every other column of the table.
    public var title: String
    /// Name of the quantity without its unit.
    public var name: String
    /// Unit, such as `µm`; empty when there is none.
    public var unit: String
    /// Name of the quantity in the file, for recorded data; else empty.
    public var id: String
    /// The values by row; where there is none, a zero, a NaN or an empty text stands.
    public var values: Values
    /// Whether there is a value, by row; nil when every row has one.
    public var presence: [Bool]?

    /// Creates a column.
    ///
    /// - Parameters:
    ///   - name: name of the quantity.
    ///   - unit: unit of the values.
    ///   - id: name of the quantity in the file.
    ///   - title: the heading; by default the name with the unit in brackets, as in `Time [s]`.
    ///   - values: a value for each row.
    ///   - presence: which rows have a value, when not all do.
    public init(
      _ name: String, unit: String = "", id: String = "", title: String? = nil, values: Values,
      presence: [Bool]? = nil
    ) {
      self.title = title ?? (unit.isEmpty ? name : "\(name) [\(unit)]")
      self.name = name
      self.unit = unit
      self.id = id
      self.values = values
      self.presence = presence
    }

    /// Creates a column of real numbers; rows without value are nil.
    public init(_ name: String, unit: String = "", doubles: [Double?]) {
      self.init(
        name, unit: unit, values: .doubles(doubles.map { $0 ?? .nan }),
        presence: Self.presence(doubles))
    }

    /// Creates a column of whole numbers; rows without value are nil.
    public init(_ name: String, unit: String = "", integers: [Int?]) {
      self.init(
        name, unit: unit, values: .integers(integers.map { $0 ?? 0 }),
        presence: Self.presence(integers))
    }

    /// Creates a column of texts; rows without value are nil.
    public init(_ name: String, unit: String = "", strings: [String?]) {
      self.init(
        name, unit: unit, values: .strings(strings.map { $0 ?? "" }),
        presence: Self.presence(strings))
    }

    private static func presence<Value>(_ values: [Value?]) -> [Bool]? {
      values.allSatisfy { $0 != nil } ? nil : values.map { $0 != nil }
    }

    /// Number of rows.
    public var count: Int { values.count }

    /// The value of a row, or nil when the row has none.
    public subscript(row: Int) -> Value? {
      if let presence, !presence.indices.contains(row) || !presence[row] { return nil }
      return values[row]
    }

    /// Whether no row has a value; a NaN is none.
    public var isEmpty: Bool {
      (0..<count).allSatisfy { row in self[row].map { $0.double?.isNaN == true } ?? true }
    }
  }
}

extension Table.Column {
  /// The numbers by row, NaN where a row has none; whole numbers are converted. Nil for texts.
  public var doubles: [Double]? {
    switch values {
    case .doubles(let numbers) where presence == nil: numbers
    case .integers(let numbers) where presence == nil: numbers.map { Double($0) }
    case .doubles, .integers: (0..<count).map { self[$0]?.double ?? .nan }
    case .strings: nil
    }
  }

  /// The whole numbers by row, nil where a row has none. Nil for other columns.
  public var integers: [Int?]? {
    guard case .integers = values else { return nil }
    return (0..<count).map { self[$0]?.int }
  }

  /// The texts by row, nil where a row has none. Nil for columns of numbers.
  public var strings: [String?]? {
    guard case .strings = values else { return nil }
    return (0..<count).map { self[$0]?.string }
  }
}

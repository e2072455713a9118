import ND2

/// The recorded data that comes with frames: 8 bytes a number.
struct RecordedColumns {
  private var columns: [GrowingColumn]
  /// Columns for what a stage says, made when the first frame speaks of it.
  private var stage: [GrowingColumn] = []
  private let places: [String: Int]

  init(_ declared: [ND2FileDescription.RecordedColumn]) {
    columns = declared.map(GrowingColumn.init)
    places = Dictionary(
      declared.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Values by the place of a declared column, and those of the stage.
  struct Checked {
    fileprivate var declared: [(place: Int, value: RecordedValue)] = []
    fileprivate var stage: [(id: String, value: Double)] = []
  }

  /// What a record says, when all of it can be stored.
  func check(_ record: FrameRecord) throws -> Checked {
    var checked = Checked()
    for (id, value) in record.values {
      guard let place = places[id] else {
        let known = columns.map(\.declaration.id).joined(separator: ", ")
        throw ND2Error(
          .invalidRequest,
          "no column of recorded data is called '\(id)'"
            + (known.isEmpty ? "; none is declared" : "; declared: \(known)"))
      }
      try columns[place].check(value)
      checked.declared.append((place, value))
    }
    for (id, value) in [("X", record.xUm), ("Y", record.yUm), ("Z", record.zUm)] {
      guard let value else { continue }
      guard let place = declaredPlace(ofAxis: id) else {
        checked.stage.append((id, value))
        continue
      }
      try columns[place].check(.double(value))
      guard !checked.declared.contains(where: { $0.place == place }) else {
        throw ND2Error(
          .invalidRequest,
          "the record has two values for the column '\(columns[place].declaration.id)'")
      }
      checked.declared.append((place, .double(value)))
    }
    return checked
  }

  /// The declared column for an axis of the stage: for z also `Z1`, `Z2` and so on.
  private func declaredPlace(ofAxis id: String) -> Int? {
    if let place = places[id] { return place }
    guard id == "Z" else { return nil }
    return (0...9).lazy.compactMap { places["Z\($0)"] }.first
  }

  /// Stores what a frame recorded.
  mutating func note(_ checked: Checked, frame: Int) {
    for (place, value) in checked.declared { columns[place].set(value, at: frame) }
    for (id, value) in checked.stage {
      if let place = stage.firstIndex(where: { $0.declaration.id == id }) {
        stage[place].set(.double(value), at: frame)
      } else {
        var column = GrowingColumn(.init(id: id, description: "\(id) Coord", unit: "µm", group: 1))
        column.set(.double(value), at: frame)
        stage.append(column)
        stage.sort { $0.declaration.id < $1.declaration.id }
      }
    }
  }

  /// The columns with a value for each of so many frames.
  ///
  /// - Throws: `ND2Error` with `invalidRequest` when a column that was given as a whole has another
  ///   number of values.
  func complete(_ count: Int) throws -> [ND2FileDescription.RecordedColumn] {
    try (columns + stage).map { try $0.complete(count) }
  }
}

/// A column whose values arrive in any order.
private struct GrowingColumn {
  let declaration: ND2FileDescription.RecordedColumn
  /// Whether the values were given with the declaration.
  let isWhole: Bool
  private var doubles: [Double] = []
  private var integers: [Int32] = []
  private var strings: [String] = []

  init(_ declaration: ND2FileDescription.RecordedColumn) {
    self.declaration = declaration
    isWhole = declaration.count > 0
  }

  /// Throws when the column cannot take a value.
  func check(_ value: RecordedValue) throws {
    guard !isWhole else {
      throw ND2Error(
        .invalidRequest,
        "the column '\(declaration.id)' was given as a whole and takes no values from frames")
    }
    switch (declaration.values, value) {
    case (.doubles, .double), (.doubles, .integer), (.integers, .integer), (.strings, .string):
      break
    default:
      throw ND2Error(
        .invalidRequest,
        "a value of the column '\(declaration.id)' is of type \(declaration.kindName);"
          + " given: \(value)")
    }
  }

  /// Sets a value that was checked.
  mutating func set(_ value: RecordedValue, at index: Int) {
    switch value {
    case .integer(let value):
      if case .doubles = declaration.values {
        Self.set(Double(value), at: index, in: &doubles, otherwise: .nan)
      } else {
        Self.set(value, at: index, in: &integers, otherwise: 0)
      }
    case .double(let value): Self.set(value, at: index, in: &doubles, otherwise: .nan)
    case .string(let value): Self.set(value, at: index, in: &strings, otherwise: "")
    }
  }

  private static func set<T>(_ value: T, at index: Int, in list: inout [T], otherwise hole: T) {
    if index == list.count {
      list.append(value)
    } else {
      fill(&list, to: index + 1, with: hole)
      list[index] = value
    }
  }

  private static func fill<T>(_ list: inout [T], to count: Int, with hole: T) {
    list.append(contentsOf: repeatElement(hole, count: max(0, count - list.count)))
  }

  func complete(_ count: Int) throws -> ND2FileDescription.RecordedColumn {
    var column = declaration
    if isWhole {
      guard column.count == count else {
        throw ND2Error(
          .invalidRequest,
          "the column '\(column.id)' has \(column.count) values for \(count) frames")
      }
      return column
    }
    switch column.values {
    case .doubles:
      var values = doubles
      Self.fill(&values, to: count, with: .nan)
      column.values = .doubles(values)
    case .integers:
      var values = integers
      Self.fill(&values, to: count, with: 0)
      column.values = .integers(values)
    case .strings:
      var values = strings
      Self.fill(&values, to: count, with: "")
      column.values = .strings(values)
    }
    return column
  }
}

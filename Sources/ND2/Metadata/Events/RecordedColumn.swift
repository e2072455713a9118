public import ND2Format

/// A column of data that devices gave for every frame: temperature, position, focus offset …
public struct RecordedColumn: Hashable, Sendable, Identifiable {
  /// Name of the quantity in the file, such as `PFS_OFFSET`.
  public var id: String
  /// Name for people, such as `PFS Offset`.
  public var name: String
  /// Unit of the values, such as `µm`; empty when there is none.
  public var unit: String
  /// Kind of device: 0 not said, 1 device, 2 camera, 3 plug-in, 4 macro.
  public var group: Int
  /// The heading that readers of the format give the column: name and ` [unit]`. Not always unique.
  public var title: String
  /// The values, by frame index.
  public var values: Values

  /// Values of one kind.
  public enum Values: Hashable, Sendable {
    /// Real numbers.
    case doubles([Double])
    /// Whole numbers.
    case integers([Int])
    /// Texts.
    case strings([String])

    /// Number of values.
    public var count: Int {
      switch self {
      case .doubles(let values): values.count
      case .integers(let values): values.count
      case .strings(let values): values.count
      }
    }

    /// The value at a place, or nil beyond the end.
    public subscript(index: Int) -> EventValue? {
      switch self {
      case .doubles(let values): values.indices.contains(index) ? .double(values[index]) : nil
      case .integers(let values): values.indices.contains(index) ? .integer(values[index]) : nil
      case .strings(let values): values.indices.contains(index) ? .string(values[index]) : nil
      }
    }
  }
}

/// A value of a table of events.
public enum EventValue: Hashable, Sendable {
  /// A real number.
  case double(Double)
  /// A whole number.
  case integer(Int)
  /// Text.
  case string(String)

  /// The value as JSON.
  public var json: JSONValue {
    switch self {
    case .double(let value): .double(value)
    case .integer(let value): .integer(Int64(value))
    case .string(let value): .string(value)
    }
  }

  /// The value as text.
  public var text: String {
    switch self {
    case .double(let value): value.description
    case .integer(let value): String(value)
    case .string(let value): value
    }
  }
}

extension [RecordedColumn] {
  /// The column of that name in the file, such as `PFS_STATUS`.
  public subscript(id id: String) -> RecordedColumn? { first { $0.id == id } }

  /// The recorded height of the stage in µm: the column `Z`, else that of the lowest-numbered drive.
  public var stageZ: RecordedColumn? {
    if let z = self[id: "Z"] { return z }
    let drives = compactMap { column -> (number: Int, column: RecordedColumn)? in
      guard column.id.hasPrefix("Z"), let number = Int(column.id.dropFirst()) else { return nil }
      return (number, column)
    }
    return drives.min { $0.number < $1.number }?.column
  }
}

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

  /// Creates a column; the title defaults to the name with the unit in brackets.
  public init(
    id: String, name: String, unit: String = "", group: Int = 0, title: String? = nil,
    values: Values
  ) {
    self.id = id
    self.name = name
    self.unit = unit
    self.group = group
    self.title = title ?? (unit.isEmpty ? name : "\(name) [\(unit)]")
    self.values = values
  }

  /// Values of one kind.
  public typealias Values = Table.Values
}

extension RecordedColumn: Codable {
  private enum CodingKeys: String, CodingKey {
    case id, name, unit, group, title, type, values
  }

  private enum Kind: String, Codable {
    case double, integer, string
  }

  /// Writes the column; its `type` is `double`, `integer` or `string`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(name, forKey: .name)
    try container.encode(unit, forKey: .unit)
    try container.encode(group, forKey: .group)
    try container.encode(title, forKey: .title)
    switch values {
    case .doubles(let values):
      try container.encode(Kind.double, forKey: .type)
      try container.encode(values, forKey: .values)
    case .integers(let values):
      try container.encode(Kind.integer, forKey: .type)
      try container.encode(values, forKey: .values)
    case .strings(let values):
      try container.encode(Kind.string, forKey: .type)
      try container.encode(values, forKey: .values)
    }
  }

  /// Reads a column.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let values: Values =
      switch try container.decode(Kind.self, forKey: .type) {
      case .double: .doubles(try container.decode([Double].self, forKey: .values))
      case .integer: .integers(try container.decode([Int].self, forKey: .values))
      case .string: .strings(try container.decode([String].self, forKey: .values))
      }
    self.init(
      id: try container.decode(String.self, forKey: .id),
      name: try container.decode(String.self, forKey: .name),
      unit: try container.decode(String.self, forKey: .unit),
      group: try container.decode(Int.self, forKey: .group),
      title: try container.decode(String.self, forKey: .title), values: values)
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

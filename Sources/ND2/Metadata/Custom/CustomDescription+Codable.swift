extension CustomDescription.Item: Codable {
  private enum CodingKeys: String, CodingKey {
    case id, name, description, isEmpty, isMandatory, isEnabled, type, value, valueAsText
    case unit, places, isScientific, labels, precision
  }

  /// Number of each kind of field in the format.
  private enum Kind: Int {
    case check = 1
    case number, text, selection, longText, date
  }

  /// Writes the field: what all fields have, then `type`, `value` and what belongs to the type.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(name, forKey: .name)
    try container.encode(description, forKey: .description)
    try container.encode(isEmpty, forKey: .isEmpty)
    try container.encode(isMandatory, forKey: .isMandatory)
    try container.encode(isEnabled, forKey: .isEnabled)
    switch value {
    case .check(let isOn):
      try container.encode(Kind.check.rawValue, forKey: .type)
      try container.encode(isOn, forKey: .value)
    case .number(let number, let unit, let places, let isScientific):
      try container.encode(Kind.number.rawValue, forKey: .type)
      try container.encode(number, forKey: .value)
      try container.encode(unit, forKey: .unit)
      try container.encode(places, forKey: .places)
      try container.encode(isScientific, forKey: .isScientific)
    case .text(let text):
      try container.encode(Kind.text.rawValue, forKey: .type)
      try container.encode(text, forKey: .value)
    case .selection(let index, let labels):
      try container.encode(Kind.selection.rawValue, forKey: .type)
      try container.encode(index, forKey: .value)
      try container.encode(labels, forKey: .labels)
    case .longText(let text):
      try container.encode(Kind.longText.rawValue, forKey: .type)
      try container.encode(text, forKey: .value)
    case .date(let milliseconds, let precision):
      try container.encode(Kind.date.rawValue, forKey: .type)
      try container.encode(milliseconds, forKey: .value)
      try container.encode(precision, forKey: .precision)
    case .unknown(let type):
      try container.encode(type, forKey: .type)
    }
    try container.encode(valueAsText, forKey: .valueAsText)
  }

  /// Reads a field.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let type = try container.decode(Int.self, forKey: .type)
    let value: CustomDescription.Value =
      switch Kind(rawValue: type) {
      case .check: .check(try container.decode(Bool.self, forKey: .value))
      case .number:
        .number(
          try container.decode(Double.self, forKey: .value),
          unit: try container.decode(String.self, forKey: .unit),
          places: try container.decode(Int.self, forKey: .places),
          isScientific: try container.decode(Bool.self, forKey: .isScientific))
      case .text: .text(try container.decode(String.self, forKey: .value))
      case .selection:
        .selection(
          try container.decode(Int.self, forKey: .value),
          labels: try container.decode([String].self, forKey: .labels))
      case .longText: .longText(try container.decode(String.self, forKey: .value))
      case .date:
        .date(
          milliseconds: try container.decode(Int64.self, forKey: .value),
          precision: try container.decode(
            CustomDescription.DatePrecision.self, forKey: .precision))
      case nil: .unknown(type: type)
      }
    self.init(
      id: try container.decode(Int.self, forKey: .id),
      name: try container.decode(String.self, forKey: .name),
      description: try container.decode(String.self, forKey: .description),
      isEmpty: try container.decode(Bool.self, forKey: .isEmpty),
      isMandatory: try container.decode(Bool.self, forKey: .isMandatory),
      isEnabled: try container.decode(Bool.self, forKey: .isEnabled), value: value)
  }
}

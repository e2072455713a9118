extension JSONValue {
  /// The JSON form of any `Encodable` value, with members in the order of encoding.
  ///
  /// Optional properties that are nil become `null`; NaN and infinities become `null` once the
  /// value is written as text.
  /// - Throws: whatever the value's own `encode(to:)` throws.
  public init(encoding value: some Encodable) throws {
    let node = JSONNode()
    try JSONValueEncoder.encode(value, into: node, at: [])
    self = node.json
  }

  /// Reads a `Decodable` value out of its JSON form; `null` is accepted for numbers as NaN.
  ///
  /// - Throws: `DecodingError` when the JSON does not have the shape of the type.
  public func decode<T: Decodable>(_ type: T.Type = T.self) throws -> T {
    try JSONValueDecoder(value: self, codingPath: []).decode(type)
  }
}

extension JSONValue: Codable {
  /// Reads any JSON value from any decoder.
  public init(from decoder: any Decoder) throws {
    if let decoder = decoder as? JSONValueDecoder {
      self = decoder.value
      return
    }
    if let members = try? decoder.container(keyedBy: JSONKey.self) {
      self = .object(
        try members.allKeys.map {
          Member($0.stringValue, try members.decode(Self.self, forKey: $0))
        })
      return
    }
    if var list = try? decoder.unkeyedContainer() {
      var elements: [JSONValue] = []
      while !list.isAtEnd { elements.append(try list.decode(JSONValue.self)) }
      self = .array(elements)
      return
    }
    self = try Self.scalar(from: decoder.singleValueContainer())
  }

  private static func scalar(
    from container: any SingleValueDecodingContainer
  ) throws -> JSONValue {
    if container.decodeNil() { return .null }
    if let value = try? container.decode(Bool.self) { return .bool(value) }
    if let value = try? container.decode(Int64.self) { return .integer(value) }
    if let value = try? container.decode(UInt64.self) { return .unsigned(value) }
    if let value = try? container.decode(Double.self) { return .double(value) }
    return .string(try container.decode(String.self))
  }

  /// Writes the value to any encoder.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .object(let members):
      var container = encoder.container(keyedBy: JSONKey.self)
      for member in members { try container.encode(member.value, forKey: JSONKey(member.name)) }
    case .array(let elements):
      var container = encoder.unkeyedContainer()
      for element in elements { try container.encode(element) }
    case .null:
      var container = encoder.singleValueContainer()
      try container.encodeNil()
    case .bool(let value): try value.encode(to: encoder)
    case .integer(let value): try value.encode(to: encoder)
    case .unsigned(let value): try value.encode(to: encoder)
    case .double(let value): try value.encode(to: encoder)
    case .string(let value): try value.encode(to: encoder)
    }
  }
}

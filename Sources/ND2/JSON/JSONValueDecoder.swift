/// Reads `Decodable` values out of ``JSONValue``s.
struct JSONValueDecoder: Decoder {
  let value: JSONValue
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = value else { throw mismatch([String: JSONValue].self) }
    return KeyedDecodingContainer(
      JSONKeyedDecoding<Key>(members: members, codingPath: codingPath))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = value else { throw mismatch([JSONValue].self) }
    return JSONUnkeyedDecoding(elements: elements, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer {
    JSONSingleDecoding(decoder: self)
  }

  /// Decodes a value of any type.
  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    if T.self == JSONValue.self, let json = value as? T { return json }
    return try T(from: self)
  }

  func bool() throws -> Bool {
    guard let result = value.bool else { throw mismatch(Bool.self) }
    return result
  }

  func string() throws -> String {
    guard let result = value.string else { throw mismatch(String.self) }
    return result
  }

  /// A number that is not whole; `null` is NaN, as that is how NaN is written.
  func double() throws -> Double {
    if case .null = value { return .nan }
    guard let result = value.double else { throw mismatch(Double.self) }
    return result
  }

  func whole<T: FixedWidthInteger>(_ type: T.Type = T.self) throws -> T {
    let result: T? =
      switch value {
      case .integer(let number): T(exactly: number)
      case .unsigned(let number): T(exactly: number)
      case .double(let number): T(exactly: number)
      default: nil
      }
    guard let result else { throw mismatch(type) }
    return result
  }

  private func mismatch(_ type: Any.Type) -> DecodingError {
    .typeMismatch(
      type,
      DecodingError.Context(
        codingPath: codingPath, debugDescription: "the JSON value here is \(value.kind)"))
  }
}

extension JSONValue {
  /// What kind of value it is, for messages.
  fileprivate var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a truth value"
    case .integer, .unsigned, .double: "the number \(text())"
    case .string: "text"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// The keyed container of ``JSONValueDecoder``.
struct JSONKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
  private let values: [String: JSONValue]
  let codingPath: [any CodingKey]
  let allKeys: [Key]

  init(members: [JSONValue.Member], codingPath: [any CodingKey]) {
    values = Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    var seen: Set<String> = []
    allKeys = members.filter { seen.insert($0.name).inserted }
      .compactMap { Key(stringValue: $0.name) }
    self.codingPath = codingPath
  }

  func contains(_ key: Key) -> Bool { values[key.stringValue] != nil }

  func decodeNil(forKey key: Key) throws -> Bool { try decoder(at: key).value == .null }

  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool {
    try decoder(at: key).bool()
  }
  func decode(_ type: String.Type, forKey key: Key) throws -> String {
    try decoder(at: key).string()
  }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
    try decoder(at: key).double()
  }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
    Float(try decoder(at: key).double())
  }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int {
    try decoder(at: key).whole()
  }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 {
    try decoder(at: key).whole()
  }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 {
    try decoder(at: key).whole()
  }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 {
    try decoder(at: key).whole()
  }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 {
    try decoder(at: key).whole()
  }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt {
    try decoder(at: key).whole()
  }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 {
    try decoder(at: key).whole()
  }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 {
    try decoder(at: key).whole()
  }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 {
    try decoder(at: key).whole()
  }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 {
    try decoder(at: key).whole()
  }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try decoder(at: key).decode(type)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try decoder(at: key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try decoder(at: key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    JSONValueDecoder(value: values["super"] ?? .null, codingPath: codingPath + [JSONKey("super")])
  }

  func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(at: key) }

  private func decoder(at key: Key) throws -> JSONValueDecoder {
    guard let value = values[key.stringValue] else {
      throw DecodingError.keyNotFound(
        key,
        DecodingError.Context(
          codingPath: codingPath, debugDescription: "no member '\(key.stringValue)'"))
    }
    return JSONValueDecoder(value: value, codingPath: codingPath + [key])
  }
}

/// The container for arrays of ``JSONValueDecoder``.
struct JSONUnkeyedDecoding: UnkeyedDecodingContainer {
  private let elements: [JSONValue]
  let codingPath: [any CodingKey]
  private(set) var currentIndex = 0

  init(elements: [JSONValue], codingPath: [any CodingKey]) {
    self.elements = elements
    self.codingPath = codingPath
  }

  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex >= elements.count }

  mutating func decodeNil() throws -> Bool {
    guard try peek().value == .null else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode(_ type: Bool.Type) throws -> Bool {
    try next { try $0.bool() }
  }
  mutating func decode(_ type: String.Type) throws -> String {
    try next { try $0.string() }
  }
  mutating func decode(_ type: Double.Type) throws -> Double {
    try next { try $0.double() }
  }
  mutating func decode(_ type: Float.Type) throws -> Float {
    try next { Float(try $0.double()) }
  }
  mutating func decode(_ type: Int.Type) throws -> Int {
    try next { try $0.whole() }
  }
  mutating func decode(_ type: Int8.Type) throws -> Int8 {
    try next { try $0.whole() }
  }
  mutating func decode(_ type: Int16.Type) throws -> Int16 {
    try next { try $0.whole() }
  }
  mutating func decode(_ type: Int32.Type) throws -> Int32 {
    try next { try $0.whole() }
  }
  mutating func decode(_ type: Int64.Type) throws -> Int64 {
    try next { try $0.whole() }
  }
  mutating func decode(_ type: UInt.Type) throws -> UInt {
    try next { try $0.whole() }
  }
  mutating func decode(_ type: UInt8.Type) throws -> UInt8 {
    try next { try $0.whole() }
  }
  mutating func decode(_ type: UInt16.Type) throws -> UInt16 {
    try next { try $0.whole() }
  }
  mutating func decode(_ type: UInt32.Type) throws -> UInt32 {
    try next { try $0.whole() }
  }
  mutating func decode(_ type: UInt64.Type) throws -> UInt64 {
    try next { try $0.whole() }
  }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    try next { try $0.decode(type) }
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try next { try $0.container(keyedBy: type) }
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next { try $0.unkeyedContainer() }
  }

  mutating func superDecoder() throws -> any Decoder { try next { $0 } }

  private func peek() throws -> JSONValueDecoder {
    let path = codingPath + [JSONKey(currentIndex)]
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        JSONValue.self,
        DecodingError.Context(codingPath: path, debugDescription: "the array ends here"))
    }
    return JSONValueDecoder(value: elements[currentIndex], codingPath: path)
  }

  /// Moves on only when the element could be decoded.
  private mutating func next<T>(_ decode: (JSONValueDecoder) throws -> T) throws -> T {
    let result = try decode(peek())
    currentIndex += 1
    return result
  }
}

/// The container for single values of ``JSONValueDecoder``.
struct JSONSingleDecoding: SingleValueDecodingContainer {
  let decoder: JSONValueDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool { decoder.value == .null }

  func decode(_ type: Bool.Type) throws -> Bool { try decoder.bool() }
  func decode(_ type: String.Type) throws -> String { try decoder.string() }
  func decode(_ type: Double.Type) throws -> Double { try decoder.double() }
  func decode(_ type: Float.Type) throws -> Float { Float(try decoder.double()) }
  func decode(_ type: Int.Type) throws -> Int { try decoder.whole() }
  func decode(_ type: Int8.Type) throws -> Int8 { try decoder.whole() }
  func decode(_ type: Int16.Type) throws -> Int16 { try decoder.whole() }
  func decode(_ type: Int32.Type) throws -> Int32 { try decoder.whole() }
  func decode(_ type: Int64.Type) throws -> Int64 { try decoder.whole() }
  func decode(_ type: UInt.Type) throws -> UInt { try decoder.whole() }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try decoder.whole() }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try decoder.whole() }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try decoder.whole() }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try decoder.whole() }

  func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.decode(type) }
}

/// The keyed container of ``JSONValueEncoder``.
struct JSONKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: JSONNode
  let codingPath: [any CodingKey]

  private func put(_ value: JSONValue?, _ key: Key) {
    node.member(key.stringValue).set(value ?? .null)
  }

  func encodeNil(forKey key: Key) { put(.null, key) }

  func encode(_ value: Bool, forKey key: Key) { put(.bool(value), key) }
  func encode(_ value: String, forKey key: Key) { put(.string(value), key) }
  func encode(_ value: Double, forKey key: Key) { put(.double(value), key) }
  func encode(_ value: Float, forKey key: Key) { put(.double(Double(value)), key) }
  func encode(_ value: Int, forKey key: Key) { put(.integer(Int64(value)), key) }
  func encode(_ value: Int8, forKey key: Key) { put(.integer(Int64(value)), key) }
  func encode(_ value: Int16, forKey key: Key) { put(.integer(Int64(value)), key) }
  func encode(_ value: Int32, forKey key: Key) { put(.integer(Int64(value)), key) }
  func encode(_ value: Int64, forKey key: Key) { put(.integer(Int64(value)), key) }
  func encode(_ value: UInt, forKey key: Key) { put(JSONValue(whole: value), key) }
  func encode(_ value: UInt8, forKey key: Key) { put(JSONValue(whole: value), key) }
  func encode(_ value: UInt16, forKey key: Key) { put(JSONValue(whole: value), key) }
  func encode(_ value: UInt32, forKey key: Key) { put(JSONValue(whole: value), key) }
  func encode(_ value: UInt64, forKey key: Key) { put(JSONValue(whole: value), key) }

  func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    try JSONValueEncoder.encode(
      value, into: node.member(key.stringValue), at: codingPath + [key])
  }

  // Without these, properties that are nil would be left out.
  func encodeIfPresent(_ value: Bool?, forKey key: Key) { put(value.map { .bool($0) }, key) }
  func encodeIfPresent(_ value: String?, forKey key: Key) { put(value.map { .string($0) }, key) }
  func encodeIfPresent(_ value: Double?, forKey key: Key) { put(value.map { .double($0) }, key) }
  func encodeIfPresent(_ value: Float?, forKey key: Key) {
    put(value.map { .double(Double($0)) }, key)
  }
  func encodeIfPresent(_ value: Int?, forKey key: Key) {
    put(value.map { .integer(Int64($0)) }, key)
  }
  func encodeIfPresent(_ value: Int8?, forKey key: Key) {
    put(value.map { .integer(Int64($0)) }, key)
  }
  func encodeIfPresent(_ value: Int16?, forKey key: Key) {
    put(value.map { .integer(Int64($0)) }, key)
  }
  func encodeIfPresent(_ value: Int32?, forKey key: Key) {
    put(value.map { .integer(Int64($0)) }, key)
  }
  func encodeIfPresent(_ value: Int64?, forKey key: Key) {
    put(value.map { .integer(Int64($0)) }, key)
  }
  func encodeIfPresent(_ value: UInt?, forKey key: Key) {
    put(value.map { JSONValue(whole: $0) }, key)
  }
  func encodeIfPresent(_ value: UInt8?, forKey key: Key) {
    put(value.map { JSONValue(whole: $0) }, key)
  }
  func encodeIfPresent(_ value: UInt16?, forKey key: Key) {
    put(value.map { JSONValue(whole: $0) }, key)
  }
  func encodeIfPresent(_ value: UInt32?, forKey key: Key) {
    put(value.map { JSONValue(whole: $0) }, key)
  }
  func encodeIfPresent(_ value: UInt64?, forKey key: Key) {
    put(value.map { JSONValue(whole: $0) }, key)
  }

  func encodeIfPresent<T: Encodable>(_ value: T?, forKey key: Key) throws {
    guard let value else { return put(.null, key) }
    try encode(value, forKey: key)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    encoder(at: key).container(keyedBy: keyType)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    encoder(at: key).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { encoder(at: JSONKey("super")) }

  func superEncoder(forKey key: Key) -> any Encoder { encoder(at: key) }

  private func encoder(at key: any CodingKey) -> JSONValueEncoder {
    JSONValueEncoder(node: node.member(key.stringValue), codingPath: codingPath + [key])
  }
}

/// The container for arrays of ``JSONValueEncoder``.
struct JSONUnkeyedEncoding: UnkeyedEncodingContainer {
  let node: JSONNode
  let codingPath: [any CodingKey]
  var count: Int { node.count }

  private func put(_ value: JSONValue) { node.appendElement().set(value) }

  func encodeNil() { put(.null) }

  func encode(_ value: Bool) { put(.bool(value)) }
  func encode(_ value: String) { put(.string(value)) }
  func encode(_ value: Double) { put(.double(value)) }
  func encode(_ value: Float) { put(.double(Double(value))) }
  func encode(_ value: Int) { put(.integer(Int64(value))) }
  func encode(_ value: Int8) { put(.integer(Int64(value))) }
  func encode(_ value: Int16) { put(.integer(Int64(value))) }
  func encode(_ value: Int32) { put(.integer(Int64(value))) }
  func encode(_ value: Int64) { put(.integer(Int64(value))) }
  func encode(_ value: UInt) { put(JSONValue(whole: value)) }
  func encode(_ value: UInt8) { put(JSONValue(whole: value)) }
  func encode(_ value: UInt16) { put(JSONValue(whole: value)) }
  func encode(_ value: UInt32) { put(JSONValue(whole: value)) }
  func encode(_ value: UInt64) { put(JSONValue(whole: value)) }

  func encode<T: Encodable>(_ value: T) throws {
    let path = codingPath + [JSONKey(count)]
    try JSONValueEncoder.encode(value, into: node.appendElement(), at: path)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> {
    encoder().container(keyedBy: keyType)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder().unkeyedContainer() }

  func superEncoder() -> any Encoder { encoder() }

  private func encoder() -> JSONValueEncoder {
    let path = codingPath + [JSONKey(count)]
    return JSONValueEncoder(node: node.appendElement(), codingPath: path)
  }
}

/// The container for single values of ``JSONValueEncoder``.
struct JSONSingleEncoding: SingleValueEncodingContainer {
  let node: JSONNode
  let codingPath: [any CodingKey]

  func encodeNil() { node.set(.null) }

  func encode(_ value: Bool) { node.set(.bool(value)) }
  func encode(_ value: String) { node.set(.string(value)) }
  func encode(_ value: Double) { node.set(.double(value)) }
  func encode(_ value: Float) { node.set(.double(Double(value))) }
  func encode(_ value: Int) { node.set(.integer(Int64(value))) }
  func encode(_ value: Int8) { node.set(.integer(Int64(value))) }
  func encode(_ value: Int16) { node.set(.integer(Int64(value))) }
  func encode(_ value: Int32) { node.set(.integer(Int64(value))) }
  func encode(_ value: Int64) { node.set(.integer(Int64(value))) }
  func encode(_ value: UInt) { node.set(JSONValue(whole: value)) }
  func encode(_ value: UInt8) { node.set(JSONValue(whole: value)) }
  func encode(_ value: UInt16) { node.set(JSONValue(whole: value)) }
  func encode(_ value: UInt32) { node.set(JSONValue(whole: value)) }
  func encode(_ value: UInt64) { node.set(JSONValue(whole: value)) }

  func encode<T: Encodable>(_ value: T) throws {
    try JSONValueEncoder.encode(value, into: node, at: codingPath)
  }
}

/// A key of a container: a member's name or an element's index.
struct JSONKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ name: String) {
    stringValue = name
    intValue = nil
  }

  init(_ index: Int) {
    stringValue = String(index)
    intValue = index
  }

  init(stringValue: String) { self.init(stringValue) }
  init(intValue: Int) { self.init(intValue) }
}

extension JSONValue {
  /// A whole number in the case that has room for it.
  package init(whole value: some BinaryInteger) {
    if let small = Int64(exactly: value) {
      self = .integer(small)
    } else if let large = UInt64(exactly: value) {
      self = .unsigned(large)
    } else {
      self = .double(Double(value))
    }
  }
}

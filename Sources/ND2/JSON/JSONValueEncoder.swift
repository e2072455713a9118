/// Turns `Encodable` values into ``JSONValue``s whose objects keep the order of encoding.
///
/// Optional properties that are nil are written as `null` rather than left out, so that every value
/// of a type has the same keys. NaN and infinities stay numbers here and become `null` as text.
struct JSONValueEncoder: Encoder {
  let node: JSONNode
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  /// Encodes a value of any type into a node.
  static func encode(
    _ value: some Encodable, into node: JSONNode, at codingPath: [any CodingKey]
  ) throws {
    if let json = value as? JSONValue {
      node.set(json)
      return
    }
    try value.encode(to: JSONValueEncoder(node: node, codingPath: codingPath))
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    node.becomeObject()
    return KeyedEncodingContainer(JSONKeyedEncoding<Key>(node: node, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    node.becomeArray()
    return JSONUnkeyedEncoding(node: node, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    JSONSingleEncoding(node: node, codingPath: codingPath)
  }
}

/// A JSON value in the making. Containers of the encoder share it.
final class JSONNode {
  private enum Content {
    case unset
    case value(JSONValue)
    case array([JSONNode])
    case object([(name: String, node: JSONNode)], places: [String: Int])
  }

  private var content = Content.unset

  func set(_ value: JSONValue) { content = .value(value) }

  func becomeObject() {
    if case .object = content { return }
    content = .object([], places: [:])
  }

  func becomeArray() {
    if case .array = content { return }
    content = .array([])
  }

  var count: Int {
    if case .array(let elements) = content { return elements.count }
    return 0
  }

  /// A new element at the end of the array.
  func appendElement() -> JSONNode {
    let element = JSONNode()
    guard case .array(var elements) = content else { return element }
    content = .unset
    elements.append(element)
    content = .array(elements)
    return element
  }

  /// The member of that name, new or to be overwritten.
  func member(_ name: String) -> JSONNode {
    let member = JSONNode()
    guard case .object(var members, var places) = content else { return member }
    content = .unset
    if let place = places[name] {
      members[place].node = member
    } else {
      places[name] = members.count
      members.append((name, member))
    }
    content = .object(members, places: places)
    return member
  }

  /// The finished value; a type that encoded nothing at all is an empty object.
  var json: JSONValue {
    switch content {
    case .unset: .object([])
    case .value(let value): value
    case .array(let elements): .array(elements.map(\.json))
    case .object(let members, _): .object(members.map { .init($0.name, $0.node.json) })
    }
  }
}

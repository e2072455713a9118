public import ND2Format

extension MetadataValue {
  /// The tree as JSON, in the shape that readers of the format share.
  ///
  /// Levels are objects in stored order; of several members of one name the last counts. Members of
  /// lists are named `i0000000000`, `i0000000001` … Byte arrays are arrays of numbers, or base64
  /// text where the file has them as such (nd2-format §2.1).
  ///
  /// - Parameters:
  ///   - strippingPrefixes: whether names lose the prefix that tells their type: `Width` for
  ///     `uiWidth`. A name that is nothing but prefix is kept.
  ///   - isXML: whether the tree was read from XML. There, lists are numbered by position among all
  ///     children, and a few names stand for list members, too.
  public func json(strippingPrefixes: Bool = true, isXML: Bool = false) -> JSONValue {
    switch self {
    case .bool(let value): .bool(value)
    case .int32(let value): .integer(Int64(value))
    case .uint32(let value): .integer(Int64(value))
    case .int64(let value): .integer(value)
    case .uint64(let value), .pointer(let value): JSONValue(whole: value)
    case .double(let value): .double(value)
    case .string(let value): .string(value)
    case .bytes(let bytes):
      isXML ? .string(Base64.encode(bytes)) : .array(bytes.map { .integer(Int64($0)) })
    case .level(let fields):
      isXML
        ? Self.objectOfXML(fields, strippingPrefixes)
        : Self.objectOfBinary(fields, strippingPrefixes)
    }
  }

  /// Element names that the field's readers take for list members in XML.
  private static let listNames: Set<String> = [
    "", "BinaryItem", "TextInfoItem", "Wavelength", "MinSrc", "MaxSrc",
  ]

  private static func objectOfXML(_ fields: [MetadataField], _ stripping: Bool) -> JSONValue {
    var object = ObjectBuilder(capacity: fields.count)
    for (position, field) in fields.enumerated() {
      let name = stripping ? StrippedName.of(field.name) : field.name
      object.set(
        listNames.contains(name) ? listKey(position) : name,
        field.value.json(strippingPrefixes: stripping, isXML: true))
    }
    return object.json
  }

  private static func objectOfBinary(_ fields: [MetadataField], _ stripping: Bool) -> JSONValue {
    var object = ObjectBuilder(capacity: fields.count)
    let isList = fields.allSatisfy { $0.name.isEmpty }
    var unnamed: [JSONValue] = []
    for (position, field) in fields.enumerated() {
      let value = field.value.json(strippingPrefixes: stripping, isXML: false)
      if isList {
        object.set(listKey(position), value)
      } else if field.name.isEmpty {
        // Beside real names, all members without a name share one.
        unnamed.append(value)
        object.set("", unnamed.count == 1 ? value : .array(unnamed))
      } else {
        object.set(stripping ? StrippedName.of(field.name) : field.name, value)
      }
    }
    return object.json
  }

  /// Such as `i0000000012`.
  private static func listKey(_ position: Int) -> String {
    let digits = String(position)
    return "i" + String(repeating: "0", count: max(0, 10 - digits.utf8.count)) + digits
  }
}

/// Builds an object in which a name keeps its first place and its last value.
struct ObjectBuilder {
  private var members: [JSONValue.Member] = []
  private var places: [String: Int] = [:]

  init(capacity: Int = 0) {
    members.reserveCapacity(capacity)
    places.reserveCapacity(capacity)
  }

  mutating func set(_ name: String, _ value: JSONValue) {
    if let place = places[name] {
      members[place].value = value
    } else {
      places[name] = members.count
      members.append(JSONValue.Member(name, value))
    }
  }

  var json: JSONValue { .object(members) }
}

/// Parses JSON chunks (well plates, tiled masks) within limits of depth and item count.
package struct JSONParser {
  private var reader: ByteReader
  private var itemsLeft: Int
  private let limits: ParsingLimits

  /// Parses a document; bytes behind it must be white space or NUL.
  package static func parse(
    _ bytes: [UInt8], limits: ParsingLimits = .standard, at offset: UInt64 = 0
  ) throws(Malformed) -> JSONValue {
    try ByteReader.over(bytes, at: offset) { (reader) throws(Malformed) -> JSONValue in
      if reader.peek() == 0xEF, reader.peek(1) == 0xBB { try reader.skip(3) }
      var parser = JSONParser(reader: reader, itemsLeft: limits.itemCount, limits: limits)
      let value = try parser.parseValue(depth: 0)
      parser.skipSpace()
      while parser.reader.peek() == 0 { try parser.reader.skip(1) }
      guard parser.reader.isAtEnd else {
        throw parser.reader.malformed(.unexpected(expected: "the end of the JSON document"))
      }
      return value
    }
  }

  private mutating func parseValue(depth: Int) throws(Malformed) -> JSONValue {
    guard depth <= limits.depth else {
      throw reader.malformed(.limitExceeded(limit: "depth", value: UInt64(limits.depth)))
    }
    guard itemsLeft > 0 else {
      throw reader.malformed(.limitExceeded(limit: "itemCount", value: UInt64(limits.itemCount)))
    }
    itemsLeft -= 1
    skipSpace()
    switch reader.peek() {
    case UInt8(ascii: "{"): return try parseObject(depth: depth)
    case UInt8(ascii: "["): return try parseArray(depth: depth)
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "t"): return try expect("true", .bool(true))
    case UInt8(ascii: "f"): return try expect("false", .bool(false))
    case UInt8(ascii: "n"):
      return reader.starts(with: "nan")
        ? try expect("nan", .null)
        : try expect("null", .null)
    case UInt8(ascii: "N"): return try expect("NaN", .null)
    case UInt8(ascii: "I"): return try expect("Infinity", .double(.infinity))
    case UInt8(ascii: "-") where reader.starts(with: "-Infinity"):
      return try expect("-Infinity", .double(-.infinity))
    default: return try parseNumber()
    }
  }

  private mutating func parseObject(depth: Int) throws(Malformed) -> JSONValue {
    try reader.skip(1)
    var members: [JSONValue.Member] = []
    while true {
      skipSpace()
      if try take(UInt8(ascii: "}")) { return .object(members) }
      if !members.isEmpty {
        guard try take(UInt8(ascii: ",")) else {
          throw reader.malformed(.unexpected(expected: "',' or '}'"))
        }
        skipSpace()
      }
      let name = try parseString()
      skipSpace()
      guard try take(UInt8(ascii: ":")) else {
        throw reader.malformed(.unexpected(expected: "':'"))
      }
      members.append(JSONValue.Member(name, try parseValue(depth: depth + 1)))
    }
  }

  private mutating func parseArray(depth: Int) throws(Malformed) -> JSONValue {
    try reader.skip(1)
    var elements: [JSONValue] = []
    while true {
      skipSpace()
      if try take(UInt8(ascii: "]")) { return .array(elements) }
      if !elements.isEmpty {
        guard try take(UInt8(ascii: ",")) else {
          throw reader.malformed(.unexpected(expected: "',' or ']'"))
        }
      }
      elements.append(try parseValue(depth: depth + 1))
    }
  }

  private mutating func parseString() throws(Malformed) -> String {
    guard try take(UInt8(ascii: "\"")) else {
      throw reader.malformed(.unexpected(expected: "a string"))
    }
    var text: [UInt8] = []
    while true {
      let byte: UInt8 = try reader.read()
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try parseEscape(into: &text)
      default: text.append(byte)
      }
    }
  }

  private mutating func parseEscape(into text: inout [UInt8]) throws(Malformed) {
    let byte: UInt8 = try reader.read()
    switch byte {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "u"):
      var units = [try parseHex()]
      if UTF16.isLeadSurrogate(units[0]), reader.starts(with: "\\u") {
        try reader.skip(2)
        units.append(try parseHex())
      }
      text += String(decoding: units, as: UTF16.self).utf8
    default: text.append(byte)
    }
  }

  private mutating func parseHex() throws(Malformed) -> UInt16 {
    let digits = try reader.readBytes(4)
    guard digits[0] != UInt8(ascii: "+"),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else {
      throw reader.malformed(.unexpected(expected: "four hexadecimal digits"))
    }
    return unit
  }

  private mutating func parseNumber() throws(Malformed) -> JSONValue {
    var text: [UInt8] = []
    while let byte = reader.peek(), text.count < 64, Self.isNumberByte(byte) {
      text.append(byte)
      try reader.skip(1)
    }
    let digits = String(decoding: text, as: UTF8.self)
    if let value = Int64(digits) { return .integer(value) }
    if let value = UInt64(digits) { return .unsigned(value) }
    guard !text.isEmpty, let value = Double(digits) else {
      throw reader.malformed(.unexpected(expected: "a JSON value"))
    }
    return .double(value)
  }

  private static func isNumberByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"),
      UInt8(ascii: "E"):
      true
    default: false
    }
  }

  private mutating func expect(
    _ word: StaticString, _ value: JSONValue
  ) throws(Malformed) -> JSONValue {
    guard reader.starts(with: word) else {
      throw reader.malformed(.unexpected(expected: "a JSON value"))
    }
    try reader.skip(word.utf8CodeUnitCount)
    return value
  }

  private mutating func take(_ byte: UInt8) throws(Malformed) -> Bool {
    guard reader.peek() == byte else { return false }
    try reader.skip(1)
    return true
  }

  private mutating func skipSpace() {
    while let byte = reader.peek(), byte == 0x20 || (0x09...0x0D).contains(byte) {
      _ = try? reader.skip(1)
    }
  }
}

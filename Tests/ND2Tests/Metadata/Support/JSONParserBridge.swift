import ND2
import ND2Format

/// Parses JSON text in tests.
enum JSONParserBridge {
  static func parse(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8)) }
}

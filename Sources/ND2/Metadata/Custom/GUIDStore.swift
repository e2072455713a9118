import ND2Format

/// Reads the identity of an image from `CustomData|GUIDStore!`.
///
/// No description of the chunk is known; text of a GUID in either common encoding is recognised,
/// and so are the 16 bytes of one.
package enum GUIDStore {
  /// The GUID as text, or nil when the bytes are something else.
  package static func text(_ bytes: [UInt8]) -> String? {
    let candidates = [
      UTF16Text.decode(bytes), String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self),
    ]
    for text in candidates where isGUID(text) { return text }
    guard bytes.count == 16, bytes.contains(where: { $0 != 0 }) else { return nil }
    return binary(bytes)
  }

  /// Whether the text has the form `{01234567-89AB-CDEF-0123-456789ABCDEF}`, braces optional.
  private static func isGUID(_ text: String) -> Bool {
    var body = Array(text.utf8)
    if body.first == UInt8(ascii: "{"), body.last == UInt8(ascii: "}") {
      body = Array(body.dropFirst().dropLast())
    }
    guard body.count == 36 else { return false }
    return body.enumerated().allSatisfy { place, sign in
      switch place {
      case 8, 13, 18, 23: sign == UInt8(ascii: "-")
      default:
        (0x30...0x39).contains(sign) || (0x41...0x46).contains(sign)
          || (0x61...0x66).contains(sign)
      }
    }
  }

  /// The first three groups are stored with their lowest byte first.
  private static func binary(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
    var text: [UInt8] = [UInt8(ascii: "{")]
    for (place, index) in order.enumerated() {
      if [4, 6, 8, 10].contains(place) { text.append(UInt8(ascii: "-")) }
      text += [digits[Int(bytes[index] >> 4)], digits[Int(bytes[index] & 15)]]
    }
    return String(decoding: text + [UInt8(ascii: "}")], as: UTF8.self)
  }
}

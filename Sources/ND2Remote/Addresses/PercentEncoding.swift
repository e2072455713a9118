/// Percent-encoding of text in addresses (RFC 3986), byte by byte of its UTF-8 form.
package enum PercentEncoding {
  /// Encodes all but letters, digits and `-._~`; keeps slashes when asked to.
  package static func encode(_ text: String, keepingSlashes: Bool = false) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      if isUnreserved(byte) || (keepingSlashes && byte == UInt8(ascii: "/")) {
        result.append(byte)
      } else {
        append(byte, to: &result)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The text with every `%XX` replaced; nil when a `%` is not followed by two hexadecimal digits
  /// or the bytes are not UTF-8.
  package static func decode(_ text: some StringProtocol) -> String? {
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count)
    var rest = text.utf8.makeIterator()
    while let byte = rest.next() {
      guard byte == UInt8(ascii: "%") else {
        result.append(byte)
        continue
      }
      guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else {
        return nil
      }
      result.append(high << 4 | low)
    }
    return String(validating: result, as: UTF8.self)
  }

  /// Makes what a person wrote a part of a valid address: encodes what may not stand there, and
  /// percent signs that begin no `%XX`; leaves all that is encoded or delimits.
  package static func repair(_ text: some StringProtocol) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for (place, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "%") {
        let isCode =
          place + 2 < bytes.count && digit(bytes[place + 1]) != nil
          && digit(bytes[place + 2]) != nil
        if isCode { result.append(byte) } else { append(byte, to: &result) }
      } else if isUnreserved(byte) || delimiters.contains(byte) {
        result.append(byte)
      } else {
        append(byte, to: &result)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Whether a byte stands for itself everywhere.
  package static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }

  /// What separates the parts of paths and queries. Brackets are left out: they belong in hosts.
  private static let delimiters = Set("/?:@!$&'()*+,;=".utf8)

  private static let upperDigits = Array("0123456789ABCDEF".utf8)

  private static func append(_ byte: UInt8, to result: inout [UInt8]) {
    result += [UInt8(ascii: "%"), upperDigits[Int(byte >> 4)], upperDigits[Int(byte & 15)]]
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

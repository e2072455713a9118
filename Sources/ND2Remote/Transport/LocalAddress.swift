import ND2

/// Addresses of the scheme `file`.
enum LocalAddress {
  /// The path that an address means; nil when it has another scheme.
  static func path(_ address: String) throws -> String? {
    guard address.prefix(7).lowercased() == "file://" else { return nil }
    var rest = address.dropFirst(7)
    if let query = rest.firstIndex(where: { $0 == "?" || $0 == "#" }) { rest = rest[..<query] }
    guard let slash = rest.firstIndex(of: "/"),
      rest[..<slash].isEmpty || rest[..<slash].lowercased() == "localhost",
      let path = decoded(rest[slash...])
    else {
      throw ND2Error(.invalidRequest, "'\(address)' is no address of a local file")
    }
    return path
  }

  /// The text without percent-encoding; nil when that is wrong.
  static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var source = text.utf8.makeIterator()
    while let byte = source.next() {
      guard byte == 0x25 else {
        bytes.append(byte)
        continue
      }
      guard let high = source.next().flatMap(digit), let low = source.next().flatMap(digit) else {
        return nil
      }
      bytes.append(high * 16 + low)
    }
    guard !bytes.contains(0) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}

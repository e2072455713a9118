/// Decodes the UTF-16LE text of binary metadata; invalid sequences become U+FFFD.
package enum UTF16Text {
  /// Decodes text up to the first NUL code unit, or all of it.
  package static func decode(untilNUL bytes: UnsafeRawBufferPointer) -> String {
    var end = 0
    while end + 1 < bytes.count, bytes[end] != 0 || bytes[end + 1] != 0 { end += 2 }
    return decode(UnsafeRawBufferPointer(rebasing: bytes[0..<end]))
  }

  /// Decodes all code units; an odd last byte is ignored.
  package static func decode(_ bytes: UnsafeRawBufferPointer) -> String {
    let units = bytes.count / 2
    if isASCII(bytes, units: units) {
      return String(unsafeUninitializedCapacity: units) { buffer in
        for index in 0..<units { buffer[index] = bytes[index &* 2] }
        return units
      }
    }
    return String(decoding: (0..<units).lazy.map { codeUnit(bytes, $0) }, as: UTF16.self)
  }

  /// Decodes all code units of an array.
  package static func decode(_ bytes: [UInt8]) -> String {
    bytes.withUnsafeBytes { decode(untilNUL: $0) }
  }

  private static func codeUnit(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> UInt16 {
    UInt16(bytes[index &* 2]) | UInt16(bytes[index &* 2 &+ 1]) << 8
  }

  private static func isASCII(_ bytes: UnsafeRawBufferPointer, units: Int) -> Bool {
    var seen: UInt16 = 0
    for index in 0..<units { seen |= codeUnit(bytes, index) }
    return seen < 0x80
  }
}

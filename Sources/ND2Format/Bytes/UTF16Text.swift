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
    // The standard library's way from UTF-16 is generic and some fifty times slower.
    return String(unsafeUninitializedCapacity: units * 3) { transcode(bytes, units: units, to: $0) }
  }

  /// Writes the text as UTF-8, at most three bytes for each code unit; gives the number of bytes.
  private static func transcode(
    _ bytes: UnsafeRawBufferPointer, units: Int, to out: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    var count = 0
    func put(_ byte: UInt32) {
      out[count] = UInt8(truncatingIfNeeded: byte)
      count &+= 1
    }
    var index = 0
    while index < units {
      let unit = codeUnit(bytes, index)
      index &+= 1
      var scalar = UInt32(unit)
      if unit & 0xF800 == 0xD800 {
        // A pair of surrogates, or one that stands alone.
        if unit < 0xDC00, index < units, codeUnit(bytes, index) & 0xFC00 == 0xDC00 {
          let low = UInt32(codeUnit(bytes, index))
          scalar = 0x10000 &+ ((UInt32(unit) & 0x3FF) << 10 | low & 0x3FF)
          index &+= 1
        } else {
          scalar = 0xFFFD
        }
      }
      switch scalar {
      case ..<0x80: put(scalar)
      case ..<0x800:
        put(0xC0 | scalar >> 6)
        put(0x80 | scalar & 0x3F)
      case ..<0x10000:
        put(0xE0 | scalar >> 12)
        put(0x80 | scalar >> 6 & 0x3F)
        put(0x80 | scalar & 0x3F)
      default:
        put(0xF0 | scalar >> 18)
        put(0x80 | scalar >> 12 & 0x3F)
        put(0x80 | scalar >> 6 & 0x3F)
        put(0x80 | scalar & 0x3F)
      }
    }
    return count
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

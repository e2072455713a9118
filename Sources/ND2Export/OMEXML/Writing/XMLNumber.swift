/// Numbers as text: the fewest digits that give the number back, never with an exponent.
enum XMLNumber {
  /// Appends a whole number.
  static func append(_ value: Int, to bytes: inout [UInt8]) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    let start = bytes.count
    repeat {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  /// Appends a finite number; whole ones without a point.
  static func append(_ value: Double, to bytes: inout [UInt8]) {
    guard value.isFinite else {
      bytes.append(0x30)
      return
    }
    if let whole = Int(exactly: value), whole.magnitude < 1 << 53 {
      append(whole, to: &bytes)
      return
    }
    var text = value.description
    text.withUTF8 { digits in
      guard let exponent = digits.firstIndex(of: UInt8(ascii: "e")) else {
        bytes.append(contentsOf: digits)
        return
      }
      expand(digits, exponentAt: exponent, to: &bytes)
    }
  }

  /// Writes `1.25e-07` as `0.000000125`.
  private static func expand(
    _ text: UnsafeBufferPointer<UInt8>, exponentAt place: Int, to bytes: inout [UInt8]
  ) {
    let number = String(decoding: text[(place + 1)...], as: UTF8.self)
    let exponent = Int(number) ?? 0
    var digits = text[..<place].filter { (0x30...0x39).contains($0) }
    if text.first == UInt8(ascii: "-") { bytes.append(UInt8(ascii: "-")) }
    // One digit is before the point.
    if digits.count == 2, digits[1] == 0x30 { digits.removeLast() }
    if exponent < 0 {
      bytes.append(contentsOf: [0x30, UInt8(ascii: ".")])
      bytes.append(contentsOf: repeatElement(0x30, count: -exponent - 1))
      bytes.append(contentsOf: digits)
    } else {
      let zeros = max(0, exponent + 1 - digits.count)
      bytes.append(contentsOf: digits)
      bytes.append(contentsOf: repeatElement(0x30, count: zeros))
      if digits.count > exponent + 1 {
        bytes.insert(
          UInt8(ascii: "."), at: bytes.count - (digits.count - exponent - 1))
      }
    }
  }
}

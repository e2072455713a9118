/// The header of NumPy's `.npy` format, version 1.0 or 2.0.
public enum NumPyFormat {
  /// The bytes before the data of a C-order, little-endian array; a multiple of 64.
  public static func header(shape: [Int], sampleType: SampleType) -> [UInt8] {
    let tuple =
      shape.count == 1
      ? "(\(shape[0]),)" : "(" + shape.map(String.init).joined(separator: ", ") + ")"
    var text =
      "{'descr': '\(sampleType.numpyDescription)', 'fortran_order': False, 'shape': \(tuple), }"
    // Magic, version and length take 10 bytes in version 1 and 12 in version 2.
    let isLong = text.utf8.count > 65_000
    let lead = isLong ? 12 : 10
    let fill = 63 - (lead + text.utf8.count) % 64
    text += String(repeating: " ", count: fill) + "\n"
    let count = text.utf8.count
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [isLong ? 2 : 1, 0]
    for shift in 0..<(isLong ? 4 : 2) {
      bytes.append(UInt8(truncatingIfNeeded: count >> (shift * 8)))
    }
    return bytes + Array(text.utf8)
  }
}

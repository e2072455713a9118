import ND2
import ND2TestSupport

/// `.npy` files made by hand.
enum NumPyBytes {
  /// A file with that text as its header.
  static func file(
    _ header: String, version: UInt8 = 1, data: [UInt8] = [], padding: Int? = nil
  ) -> [UInt8] {
    var text = Array(header.utf8)
    let lead = version == 1 ? 10 : 12
    let fill = padding ?? (63 - (lead + text.count) % 64)
    text += [UInt8](repeating: 0x20, count: fill) + [0x0A]
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
    for shift in 0..<(version == 1 ? 2 : 4) {
      bytes.append(UInt8(truncatingIfNeeded: text.count >> (8 * shift)))
    }
    return bytes + text + data
  }

  /// A file with the usual header.
  static func file(
    _ type: String, _ shape: String, fortran: Bool = false, version: UInt8 = 1, data: [UInt8],
    padding: Int? = nil
  ) -> [UInt8] {
    file(
      "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }",
      version: version, data: data, padding: padding)
  }

  /// The bytes of numbers, little-endian.
  static func bytes<T: FixedWidthInteger>(_ numbers: [T]) -> [UInt8] {
    numbers.flatMap { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } }
  }

  /// The bytes of numbers, big-endian.
  static func bigEndian<T: FixedWidthInteger>(_ numbers: [T]) -> [UInt8] {
    bytes(numbers.map(\.byteSwapped))
  }
}

extension Randomness {
  /// An array of any type, with any bytes, of at most a few hundred elements.
  mutating func array(_ type: SampleType? = nil) throws -> AnyNDArray {
    let types = SampleType.allCases
    let type = type ?? types[int(0..<types.count)]
    let shape = (0..<int(0..<6)).map { _ in oneIn(8) ? 0 : int(1..<5) }
    let count = shape.reduce(1, *)
    let data = bytes(count * type.byteCount)
    let header = NumPyFormat.header(shape: shape, sampleType: type)
    return try AnyNDArray(npyBytes: header + data)
  }
}

/// The error of a call, which must be one of ours.
func thrownError(_ body: () throws -> Void) -> ND2Error? {
  do {
    try body()
    return nil
  } catch {
    return error as? ND2Error
  }
}

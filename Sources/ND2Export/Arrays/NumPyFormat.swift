package import ND2

/// The header of a NumPy `.npy` file; the samples follow it, in C order, little-endian.
package enum NumPyFormat {
  /// The bytes in front of the samples of an array.
  ///
  /// The header ends at a multiple of 64 bytes, so that the samples can be mapped into memory.
  package static func header(shape: [Int], sampleType: SampleType) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ")
    let tuple = shape.count == 1 ? "(\(sizes),)" : "(\(sizes))"
    let text = """
      {'descr': '\(sampleType.numpyDescription)', 'fortran_order': False, 'shape': \(tuple), }
      """
    // Version 1.0 has a length of two bytes, 2.0 of four; no array of ours needs the second.
    let lengthEnd = 10
    let padding = 63 - (lengthEnd + text.utf8.count) % 64
    let count = UInt16(truncatingIfNeeded: text.utf8.count + padding + 1)
    var header: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    header += [UInt8(truncatingIfNeeded: count), UInt8(truncatingIfNeeded: count >> 8)]
    header += text.utf8
    header += repeatElement(0x20, count: padding)
    header.append(0x0A)
    return header
  }
}

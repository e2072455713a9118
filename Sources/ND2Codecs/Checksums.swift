import CLibdeflate

/// The CRC-32 of gzip, PNG and ZIP.
package enum CRC32 {
  /// The checksum of bytes, continued from the checksum of the bytes before them.
  package static func of(_ bytes: UnsafeRawBufferPointer, after previous: UInt32 = 0) -> UInt32 {
    guard let base = bytes.baseAddress else { return previous }
    return libdeflate_crc32(previous, base, bytes.count)
  }

  /// The checksum of bytes, continued from the checksum of the bytes before them.
  package static func of(_ bytes: [UInt8], after previous: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBytes { of($0, after: previous) }
  }
}

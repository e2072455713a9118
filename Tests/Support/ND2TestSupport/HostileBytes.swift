import ND2Writer

/// Ways of damaging bytes, for tests that nothing traps.
package enum HostileBytes {
  /// Every beginning of `bytes`, from empty to one byte short.
  package static func prefixes(of bytes: [UInt8]) -> some Sequence<[UInt8]> {
    bytes.indices.lazy.map { Array(bytes[..<$0]) }
  }

  /// `bytes` with one byte changed: each position in turn, to values that parsers trip over.
  package static func flips(of bytes: [UInt8], step: Int = 1) -> some Sequence<[UInt8]> {
    stride(from: 0, to: bytes.count, by: max(1, step)).lazy.flatMap { position in
      [UInt8(0), 0xFF, 0x7F, 0x80, bytes[position] ^ 1, bytes[position] &+ 1].lazy.map { value in
        var copy = bytes
        copy[position] = value
        return copy
      }
    }
  }

  /// `bytes` with eight bytes at each position replaced by numbers near the limits of integers.
  package static func numbers(of bytes: [UInt8], step: Int = 1) -> some Sequence<[UInt8]> {
    let values: [UInt64] = [
      0, 1, .max, .max - 1, UInt64(Int64.max), UInt64(Int64.max) + 1, UInt64(UInt32.max), 1 << 40,
    ]
    return stride(from: 0, to: max(0, bytes.count - 7), by: max(1, step)).lazy
      .flatMap { position in
        values.lazy.map { value in
          var copy = bytes
          copy.replace(at: position, littleEndian: value)
          return copy
        }
      }
  }
}

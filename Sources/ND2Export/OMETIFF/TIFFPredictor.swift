import ND2

/// Makes neighbouring pixels small differences, which compress better; undone by every reader.
enum TIFFPredictor {
  /// The value of the tag: 2 for differences of whole numbers, 3 for those of the bytes of floats.
  static func tag(for type: SampleType) -> UInt16 { type.isFloatingPoint ? 3 : 2 }

  /// Replaces rows by their differences.
  ///
  /// - Parameters:
  ///   - bytes: whole rows.
  ///   - rowByteCount: size of a row.
  ///   - samples: numbers of a pixel.
  static func apply(
    to bytes: UnsafeMutableRawBufferPointer, rowByteCount: Int, samples: Int, type: SampleType
  ) {
    guard let base = bytes.baseAddress, rowByteCount > 0 else { return }
    var scratch = [UInt8](repeating: 0, count: type.isFloatingPoint ? rowByteCount : 0)
    for row in 0..<(bytes.count / rowByteCount) {
      let start = base + row * rowByteCount
      switch type {
      case .uint8, .int8: subtract(start, UInt8.self, rowByteCount, samples)
      case .uint16, .int16: subtract(start, UInt16.self, rowByteCount / 2, samples)
      case .uint32, .int32: subtract(start, UInt32.self, rowByteCount / 4, samples)
      case .float32: subtractBytes(start, 4, rowByteCount / 4, samples, &scratch)
      case .float64: subtractBytes(start, 8, rowByteCount / 8, samples, &scratch)
      }
    }
  }

  @inline(__always)
  private static func subtract<T: FixedWidthInteger & BitwiseCopyable>(
    _ start: UnsafeMutableRawPointer, _: T.Type, _ count: Int, _ samples: Int
  ) {
    let values = start.assumingMemoryBound(to: T.self)
    var index = count &- 1
    while index >= samples {
      values[index] = values[index] &- values[index &- samples]
      index &-= 1
    }
  }

  /// First bytes of all floats, most significant first, then their second ones, …; then differences.
  private static func subtractBytes(
    _ start: UnsafeMutableRawPointer, _ size: Int, _ count: Int, _ samples: Int,
    _ scratch: inout [UInt8]
  ) {
    let bytes = start.assumingMemoryBound(to: UInt8.self)
    scratch.withUnsafeMutableBufferPointer { scratch in
      guard let copy = scratch.baseAddress else { return }
      copy.update(from: bytes, count: size * count)
      for place in 0..<size {
        let out = bytes + place * count
        let from = copy + (size - 1 - place)
        for index in 0..<count { out[index] = from[index &* size] }
      }
    }
    subtract(start, UInt8.self, size * count, samples)
  }
}

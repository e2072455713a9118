/// Turns stored numbers into the numbers of an array.
enum NumPyNumbers {
  /// The numbers of `raw`, in their stored order, as the element's sample type.
  ///
  /// `raw` must belong to nobody else: it is changed in place where the size allows it.
  ///
  /// - Throws: ``ND2Error/Code/unsupported`` for 64-bit integers that no double equals.
  static func converted(_ raw: ArrayStorage, from element: NumPyElement) throws -> ArrayStorage {
    if element.isBigEndian { reverseBytes(raw.bytes, width: element.byteCount) }
    switch (element.kind, element.byteCount) {
    case (.signed, 8):
      try makeDoubles(of: Int64.self, in: raw.bytes)
      return raw
    case (.unsigned, 8):
      try makeDoubles(of: UInt64.self, in: raw.bytes)
      return raw
    case (.float, 2): return try floats(fromHalves: raw)
    default: return raw
    }
  }

  private static func reverseBytes(_ bytes: UnsafeMutableRawBufferPointer, width: Int) {
    switch width {
    case 2: reverse(UInt16.self, bytes)
    case 4: reverse(UInt32.self, bytes)
    case 8: reverse(UInt64.self, bytes)
    default: break
    }
  }

  private static func reverse<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type, _ bytes: UnsafeMutableRawBufferPointer
  ) {
    let numbers = bytes.bindMemory(to: T.self)
    for index in numbers.indices { numbers[index] = numbers[index].byteSwapped }
  }

  private static func makeDoubles<T: FixedWidthInteger & BitwiseCopyable>(
    of type: T.Type, in bytes: UnsafeMutableRawBufferPointer
  ) throws {
    for offset in stride(from: 0, to: bytes.count, by: 8) {
      let number = bytes.load(fromByteOffset: offset, as: T.self)
      guard let double = Double(exactly: number) else {
        throw ND2Error(
          .unsupported,
          "the 64-bit number \(number) (stored number \(offset / 8)) has no exact float64")
      }
      bytes.storeBytes(of: double, toByteOffset: offset, as: Double.self)
    }
  }

  private static func floats(fromHalves raw: ArrayStorage) throws -> ArrayStorage {
    let result = try ArrayStorage(byteCount: raw.bytes.count * 2, zeroed: false)
    let halves = raw.bytes.bindMemory(to: UInt16.self)
    let floats = result.bytes.bindMemory(to: Float.self)
    for index in halves.indices { floats[index] = float(half: halves[index]) }
    return result
  }

  /// The number of an IEEE half-precision pattern; exact.
  ///
  /// By hand, because `Float16` does not exist on Macs with Intel processors.
  static func float(half: UInt16) -> Float {
    let sign = UInt32(half & 0x8000) << 16
    let exponent = UInt32(half >> 10) & 0x1F
    let fraction = UInt32(half & 0x3FF)
    switch exponent {
    case 0: return Float(bitPattern: sign | (Float(fraction) * 0x1p-24).bitPattern)
    case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}

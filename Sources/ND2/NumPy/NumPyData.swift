/// Stored numbers in memory that belongs to nobody else, and what turns them into ours.
struct NumPyData {
  let memory: ArrayStorage
  /// Where the numbers lie; it begins where a number of their size may begin.
  let range: Range<Int>
  private let element: NumPyElement

  /// Numbers at any place of the memory; they are copied when they may not begin there.
  init(_ memory: ArrayStorage, _ range: Range<Int>, of element: NumPyElement) throws {
    self.element = element
    guard range.lowerBound % element.byteCount != 0 else {
      self.memory = memory
      self.range = range
      return
    }
    self.memory = try ArrayStorage(byteCount: range.count, zeroed: false)
    self.range = 0..<range.count
    self.memory.bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory.bytes[range]))
  }

  /// The numbers as the element's sample type: in the same memory where the size allows it.
  ///
  /// - Throws: ``ND2Error/Code/unsupported`` for 64-bit integers that no double equals.
  func converted() throws -> NumPyData {
    let bytes = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[range])
    if element.isBigEndian { Self.reverseBytes(bytes, width: element.byteCount) }
    switch (element.kind, element.byteCount) {
    case (.signed, 8): try Self.makeDoubles(of: Int64.self, in: bytes)
    case (.unsigned, 8): try Self.makeDoubles(of: UInt64.self, in: bytes)
    case (.float, 2): return try floats(fromHalves: bytes)
    default: break
    }
    return self
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

  private func floats(fromHalves bytes: UnsafeMutableRawBufferPointer) throws -> NumPyData {
    let result = try ArrayStorage(byteCount: bytes.count * 2, zeroed: false)
    let halves = bytes.bindMemory(to: UInt16.self)
    let floats = result.bytes.bindMemory(to: Float.self)
    for index in halves.indices { floats[index] = Self.float(half: halves[index]) }
    return try NumPyData(result, 0..<result.bytes.count, of: element)
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

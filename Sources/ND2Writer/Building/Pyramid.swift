import ND2

/// Reduced copies of a frame: each level averages 2 × 2 pixels of the one before (nd2-format §4.7).
struct Pyramid {
  /// A reduced image.
  struct Level {
    /// The smallest power of two that is not below the image's longer side.
    var sizeNumber: Int
    /// Rows, padded to multiples of 4 bytes.
    var rows: [UInt8]
  }

  private(set) var levels: [Level] = []

  /// Reduces a frame of packed rows as often as real files do.
  init(_ file: SampleFile, frame: [UInt8]) {
    var (width, height, bytes) = (file.width, file.height, frame)
    var power = Self.sizeNumber(max(width, height))
    while power / 2 > 512, width > 1, height > 1 {
      bytes = Self.halve(
        bytes, width: width, height: height, components: file.componentCount,
        type: file.sampleType)
      (width, height, power) = (width / 2, height / 2, power / 2)
      let row = width * file.componentCount * file.sampleType.byteCount
      levels.append(
        Level(
          sizeNumber: Self.sizeNumber(max(width, height)),
          rows: RowPadding.pad(bytes, from: row, to: (row + 3) / 4 * 4)))
    }
  }

  private static func sizeNumber(_ side: Int) -> Int {
    var power = 2
    while power < side { power *= 2 }
    return power
  }

  private static func halve(
    _ bytes: [UInt8], width: Int, height: Int, components: Int, type: SampleType
  ) -> [UInt8] {
    switch type {
    case .uint8: halve(bytes, width, height, components) { mean4($0, UInt8.self) }
    case .uint16: halve(bytes, width, height, components) { mean4($0, UInt16.self) }
    case .uint32: halve(bytes, width, height, components) { mean4($0, UInt32.self) }
    case .int8: halve(bytes, width, height, components) { mean4($0, Int8.self) }
    case .int16: halve(bytes, width, height, components) { mean4($0, Int16.self) }
    case .int32: halve(bytes, width, height, components) { mean4($0, Int32.self) }
    case .float32:
      halve(bytes, width, height, components) { (values: [UInt32]) -> UInt32 in
        let sum = values.reduce(Float(0)) { $0 + Float(bitPattern: UInt32(littleEndian: $1)) }
        return (sum / 4).bitPattern.littleEndian
      }
    case .float64:
      halve(bytes, width, height, components) { (values: [UInt64]) -> UInt64 in
        let sum = values.reduce(0) { $0 + Double(bitPattern: UInt64(littleEndian: $1)) }
        return (sum / 4).bitPattern.littleEndian
      }
    }
  }

  private static func mean4<T: FixedWidthInteger>(_ values: [T], _ type: T.Type) -> T {
    let sum = values.reduce(0) { $0 + Int(T(littleEndian: $1)) }
    return T(truncatingIfNeeded: sum / 4).littleEndian
  }

  private static func halve<T: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: [UInt8], _ width: Int, _ height: Int, _ components: Int, _ mean: ([T]) -> T
  ) -> [UInt8] {
    let size = MemoryLayout<T>.size
    var out = [UInt8](repeating: 0, count: width / 2 * (height / 2) * components * size)
    bytes.withUnsafeBytes { source in
      out.withUnsafeMutableBytes { target in
        for y in 0..<(height / 2) {
          for x in 0..<(width / 2) {
            for component in 0..<components {
              let values = [(0, 0), (1, 0), (0, 1), (1, 1)].map { dx, dy in
                let index = ((2 * y + dy) * width + 2 * x + dx) * components + component
                return source.loadUnaligned(fromByteOffset: index * size, as: T.self)
              }
              let index = (y * (width / 2) + x) * components + component
              target.storeBytes(of: mean(values), toByteOffset: index * size, as: T.self)
            }
          }
        }
      }
    }
    return out
  }
}

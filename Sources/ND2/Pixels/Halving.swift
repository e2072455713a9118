/// Halves an interleaved image by the mean of each 2 × 2 block, as NIS-Elements does.
package enum Halving {
  /// The reduced image: rows without fill. Odd last rows and columns are left out.
  ///
  /// - Parameters:
  ///   - pixels: rows without fill, components side by side.
  ///   - components: numbers of a pixel.
  package static func halve(
    _ pixels: [UInt8], width: Int, height: Int, components: Int, type: SampleType
  ) -> [UInt8] {
    switch type {
    case .uint8: halve(pixels, width, height, components, UInt8.self, mean)
    case .int8: halve(pixels, width, height, components, Int8.self, mean)
    case .uint16: halve(pixels, width, height, components, UInt16.self, mean)
    case .int16: halve(pixels, width, height, components, Int16.self, mean)
    case .uint32: halve(pixels, width, height, components, UInt32.self, mean)
    case .int32: halve(pixels, width, height, components, Int32.self, mean)
    case .float32:
      halve(pixels, width, height, components, Float.self) { ($0 + $1 + $2 + $3) / 4 }
    case .float64:
      halve(pixels, width, height, components, Double.self) { ($0 + $1 + $2 + $3) / 4 }
    }
  }

  @inline(__always)
  private static func mean<T: FixedWidthInteger>(_ a: T, _ b: T, _ c: T, _ d: T) -> T {
    T(truncatingIfNeeded: (Int64(a) + Int64(b) + Int64(c) + Int64(d)) / 4)
  }

  @inline(__always)
  private static func halve<T: BitwiseCopyable>(
    _ pixels: [UInt8], _ width: Int, _ height: Int, _ components: Int, _ type: T.Type,
    _ mean: (T, T, T, T) -> T
  ) -> [UInt8] {
    let size = MemoryLayout<T>.size
    let (outWidth, outHeight) = (width / 2, height / 2)
    let rowBytes = width * components * size
    guard pixels.count >= rowBytes * height else { return [] }
    let count = outWidth * outHeight * components * size
    return [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
      let out = UnsafeMutableRawBufferPointer(output)
      pixels.withUnsafeBytes { input in
        var position = 0
        for y in 0..<outHeight {
          for x in 0..<outWidth {
            for component in 0..<components {
              let from = y * 2 * rowBytes + (x * 2 * components + component) * size
              let right = from + components * size
              let value = mean(
                input.loadUnaligned(fromByteOffset: from, as: T.self),
                input.loadUnaligned(fromByteOffset: right, as: T.self),
                input.loadUnaligned(fromByteOffset: from + rowBytes, as: T.self),
                input.loadUnaligned(fromByteOffset: right + rowBytes, as: T.self))
              out.storeBytes(of: value, toByteOffset: position, as: T.self)
              position += size
            }
          }
        }
      }
      initialized = count
    }
  }
}

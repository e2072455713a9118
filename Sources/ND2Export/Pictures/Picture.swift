/// A finished picture: rows from the top, 8 or 16 bits a sample, grey or red-green-blue.
public struct Picture: Sendable, Equatable {
  /// What the samples of a pixel are.
  public enum Layout: Sendable, Equatable {
    /// One byte.
    case grey8
    /// Two bytes, little-endian.
    case grey16
    /// Three bytes: red, green, blue.
    case rgb8
    /// Three samples of two bytes each, little-endian: red, green, blue.
    case rgb16

    /// Bytes of a pixel.
    public var bytesPerPixel: Int {
      switch self {
      case .grey8: 1
      case .grey16: 2
      case .rgb8: 3
      case .rgb16: 6
      }
    }

    /// Samples of a pixel: 1 for grey, 3 for colour.
    public var samplesPerPixel: Int { self == .rgb8 || self == .rgb16 ? 3 : 1 }

    /// Bits of a sample: 8 or 16.
    public var bitsPerSample: Int { self == .grey16 || self == .rgb16 ? 16 : 8 }
  }

  /// Number of columns.
  public let width: Int
  /// Number of rows.
  public let height: Int
  /// What the samples of a pixel are.
  public let layout: Layout
  /// The samples, row by row without padding: `width × height × layout.bytesPerPixel` bytes.
  public let bytes: [UInt8]

  /// Creates a picture, or nil when the bytes are not as many as the size needs.
  public init?(width: Int, height: Int, layout: Layout, bytes: [UInt8]) {
    guard width > 0, height > 0,
      let count = Self.byteCount(width: width, height: height, layout: layout),
      count == bytes.count
    else { return nil }
    self.width = width
    self.height = height
    self.layout = layout
    self.bytes = bytes
  }

  /// The same picture in colour; itself when it is.
  public func inColour() -> Picture {
    let size = layout.bitsPerSample / 8
    guard layout.samplesPerPixel == 1 else { return self }
    let pixelCount = width * height
    let colour = [UInt8](unsafeUninitializedCapacity: 3 * bytes.count) { output, count in
      for pixel in 0..<pixelCount {
        for sample in 0..<3 {
          for byte in 0..<size {
            output[(3 &* pixel &+ sample) &* size &+ byte] = bytes[pixel &* size &+ byte]
          }
        }
      }
      count = 3 * bytes.count
    }
    return Picture(
      width: width, height: height, layout: size == 1 ? .rgb8 : .rgb16, bytes: colour) ?? self
  }

  /// The same picture with samples of 8 bits; itself when it has them.
  public func withEightBits() -> Picture {
    guard layout.bitsPerSample == 16 else { return self }
    let high = [UInt8](unsafeUninitializedCapacity: bytes.count / 2) { output, count in
      for index in 0..<(bytes.count / 2) {
        let value = Int(bytes[2 &* index]) | Int(bytes[2 &* index &+ 1]) << 8
        output[index] = UInt8(truncatingIfNeeded: (value &* 255 &+ 32767) / 65535)
      }
      count = bytes.count / 2
    }
    return Picture(
      width: width, height: height, layout: layout == .grey16 ? .grey8 : .rgb8, bytes: high)
      ?? self
  }

  /// Number of bytes of a picture, or nil when it does not fit into an `Int`.
  static func byteCount(width: Int, height: Int, layout: Layout) -> Int? {
    let (row, rowOverflow) = width.multipliedReportingOverflow(by: layout.bytesPerPixel)
    let (count, overflow) = row.multipliedReportingOverflow(by: height)
    return rowOverflow || overflow ? nil : count
  }
}

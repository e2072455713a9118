/// A finished picture: rows from the top, 8 or 16 bits a sample, grey or red-green-blue.
package struct Picture: Sendable, Equatable {
  /// What the samples of a pixel are.
  package enum Layout: Sendable, Equatable {
    /// One byte.
    case grey8
    /// Two bytes, little-endian.
    case grey16
    /// Three bytes: red, green, blue.
    case rgb8

    /// Bytes of a pixel.
    package var bytesPerPixel: Int {
      switch self {
      case .grey8: 1
      case .grey16: 2
      case .rgb8: 3
      }
    }
  }

  /// Number of columns.
  package let width: Int
  /// Number of rows.
  package let height: Int
  /// What the samples of a pixel are.
  package let layout: Layout
  /// The samples, row by row without padding: `width × height × layout.bytesPerPixel` bytes.
  package let bytes: [UInt8]

  /// Creates a picture, or nil when the bytes are not as many as the size needs.
  package init?(width: Int, height: Int, layout: Layout, bytes: [UInt8]) {
    guard width > 0, height > 0,
      let count = Self.byteCount(width: width, height: height, layout: layout),
      count == bytes.count
    else { return nil }
    self.width = width
    self.height = height
    self.layout = layout
    self.bytes = bytes
  }

  /// Number of bytes of a picture, or nil when it does not fit into an `Int`.
  static func byteCount(width: Int, height: Int, layout: Layout) -> Int? {
    let (row, rowOverflow) = width.multipliedReportingOverflow(by: layout.bytesPerPixel)
    let (count, overflow) = row.multipliedReportingOverflow(by: height)
    return rowOverflow || overflow ? nil : count
  }
}

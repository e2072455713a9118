import ND2
import ND2Codecs

/// Writes pictures as PNG.
package struct PNGEncoder: Sendable {
  /// Effort of the compression, 0 (none) to 12.
  package var level = 6
  /// Edge of a pixel in micrometres, written as the resolution; nil when it is not known.
  package var pixelSize: (x: Double, y: Double)?
  /// Keyword and text of notes, in Latin-1 or UTF-8.
  package var notes: [(keyword: String, text: String)] = []

  package init() {}

  /// The bytes of a PNG file.
  ///
  /// - Throws: ``ND2Error/Code/limitExceeded`` when the picture is larger than PNG allows.
  package func encode(_ picture: Picture) throws -> [UInt8] {
    guard let width = UInt32(exactly: picture.width), let height = UInt32(exactly: picture.height),
      width <= Self.largestNumber, height <= Self.largestNumber
    else {
      throw ND2Error(
        .limitExceeded, "\(picture.width) × \(picture.height) pixels are too many for a PNG file")
    }
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    Self.append("IHDR", header(width, height, picture.layout), to: &file)
    if let resolution { Self.append("pHYs", resolution, to: &file) }
    for note in notes { Self.append("iTXt", Self.international(note), to: &file) }
    let data: [UInt8]
    do {
      data = try Deflater(level: level).deflate(PNGFilter.filtered(picture))
    } catch {
      throw ND2Error(.unsupported, "the picture could not be compressed", cause: error)
    }
    var rest = data[...]
    repeat {
      let piece = rest.prefix(Self.pieceByteCount)
      Self.append("IDAT", Array(piece), to: &file)
      rest = rest.dropFirst(piece.count)
    } while !rest.isEmpty
    Self.append("IEND", [], to: &file)
    return file
  }

  private static let largestNumber: UInt32 = 0x7FFF_FFFF
  private static let pieceByteCount = 1 << 28

  private func header(_ width: UInt32, _ height: UInt32, _ layout: Picture.Layout) -> [UInt8] {
    let (depth, colour): (UInt8, UInt8) =
      switch layout {
      case .grey8: (8, 0)
      case .grey16: (16, 0)
      case .rgb8: (8, 2)
      }
    return Self.bigEndian(width) + Self.bigEndian(height) + [depth, colour, 0, 0, 0]
  }

  /// Pixels per metre along x and y, and the unit.
  private var resolution: [UInt8]? {
    guard let pixelSize, let x = Self.pixelsPerMetre(pixelSize.x),
      let y = Self.pixelsPerMetre(pixelSize.y)
    else { return nil }
    return Self.bigEndian(x) + Self.bigEndian(y) + [1]
  }

  private static func pixelsPerMetre(_ micrometres: Double) -> UInt32? {
    guard micrometres > 0, let count = UInt32(exactly: (1e6 / micrometres).rounded()),
      count >= 1, count <= largestNumber
    else { return nil }
    return count
  }

  private static func international(_ note: (keyword: String, text: String)) -> [UInt8] {
    Array(note.keyword.utf8.prefix(79)) + [0, 0, 0, 0, 0] + Array(note.text.utf8)
  }

  private static func append(_ type: StaticString, _ data: [UInt8], to file: inout [UInt8]) {
    let name = type.withUTF8Buffer { Array($0) }
    file += bigEndian(UInt32(truncatingIfNeeded: data.count))
    file += name
    file += data
    file += bigEndian(CRC32.of(data, after: CRC32.of(name)))
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }
}

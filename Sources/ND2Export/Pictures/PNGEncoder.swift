import ND2
import ND2Codecs

/// Writes pictures as PNG, also as animations.
public struct PNGEncoder: Sendable {
  /// Effort of the compression, 0 (none) to 12.
  public var level = 6
  /// Edge of a pixel in micrometres, written as the resolution; nil when it is not known.
  public var pixelSize: (x: Double, y: Double)?
  /// Keyword and text of notes, in Latin-1 or UTF-8.
  public var notes: [(keyword: String, text: String)] = []

  /// Creates an encoder with the usual effort and without notes.
  public init() {}

  /// The bytes of a PNG file.
  ///
  /// - Throws: `ND2Error.Code.limitExceeded` when the picture is larger than PNG allows.
  public func encode(_ picture: Picture) throws -> [UInt8] {
    var file = try head(width: picture.width, height: picture.height, layout: picture.layout)
    let data = try compressed(picture)
    var start = 0
    repeat {
      let end = min(data.count, start + Self.pieceByteCount)
      Self.append("IDAT", data[start..<end], to: &file)
      start = end
    } while start < data.count
    return file + Self.end
  }

  static let largestNumber: UInt32 = 0x7FFF_FFFF
  static let pieceByteCount = 1 << 28

  /// The last chunk of a file.
  static var end: [UInt8] {
    var file: [UInt8] = []
    append("IEND", [], to: &file)
    return file
  }

  /// All that stands before the pixels.
  func head(width: Int, height: Int, layout: Picture.Layout) throws -> [UInt8] {
    guard let columns = UInt32(exactly: width), let rows = UInt32(exactly: height),
      columns <= Self.largestNumber, rows <= Self.largestNumber
    else {
      throw ND2Error(.limitExceeded, "\(width) × \(height) pixels are too many for a PNG file")
    }
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let colour: UInt8 = layout.samplesPerPixel == 3 ? 2 : 0
    let depth: UInt8 = layout.bitsPerSample == 16 ? 16 : 8
    Self.append(
      "IHDR", (Self.bigEndian(columns) + Self.bigEndian(rows) + [depth, colour, 0, 0, 0])[...],
      to: &file)
    if let resolution { Self.append("pHYs", resolution[...], to: &file) }
    for note in notes { Self.append("iTXt", Self.international(note)[...], to: &file) }
    return file
  }

  /// The zlib stream of the filtered rows.
  func compressed(_ picture: Picture) throws -> [UInt8] {
    do {
      return try Deflater(level: level).deflate(PNGFilter.filtered(picture))
    } catch {
      throw ND2Error(.unsupported, "the picture could not be compressed", cause: error)
    }
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

  static func append(_ type: StaticString, _ data: ArraySlice<UInt8>, to file: inout [UInt8]) {
    let name = type.withUTF8Buffer { Array($0) }
    file += bigEndian(UInt32(truncatingIfNeeded: data.count))
    file += name
    file += data
    file += bigEndian(data.withUnsafeBytes { CRC32.of($0, after: CRC32.of(name)) })
  }

  static func bigEndian(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }
}

import ND2

/// Writes a picture as a plain TIFF file: baseline, uncompressed, one image, little-endian.
public struct TIFFEncoder: Sendable {
  /// Edge of a pixel in micrometres, written as the resolution; nil when it is not known.
  public var pixelSize: (x: Double, y: Double)?
  /// The program that wrote the file.
  public var software = "swift-nd2"

  /// Creates an encoder.
  public init() {}

  /// Tags of entries (TIFF 6.0, section 8).
  private enum Tag {
    static let width: UInt16 = 256
    static let height: UInt16 = 257
    static let bitsPerSample: UInt16 = 258
    static let compression: UInt16 = 259
    static let photometric: UInt16 = 262
    static let stripOffsets: UInt16 = 273
    static let samplesPerPixel: UInt16 = 277
    static let rowsPerStrip: UInt16 = 278
    static let stripByteCounts: UInt16 = 279
    static let xResolution: UInt16 = 282
    static let yResolution: UInt16 = 283
    static let resolutionUnit: UInt16 = 296
    static let software: UInt16 = 305
  }

  /// The bytes of a TIFF file.
  ///
  /// - Throws: `ND2Error.Code.limitExceeded` when the picture is larger than 4 GB.
  public func encode(_ picture: Picture) throws -> [UInt8] {
    let rowByteCount = picture.width * picture.layout.bytesPerPixel
    // Strips of about 64 kB, as section 7 recommends them within reason.
    let rows = max(1, min(picture.height, (1 << 16) / max(1, rowByteCount)))
    let stripCount = (picture.height + rows - 1) / rows
    guard let byteCount = UInt32(exactly: picture.bytes.count + stripCount * 8 + 4096),
      byteCount < .max
    else {
      throw ND2Error(
        .limitExceeded, "\(picture.width) × \(picture.height) pixels are too many for a TIFF file")
    }
    let start = 8
    let strips = (0..<stripCount).map { index in
      let first = index * rows
      return (
        offset: start + first * rowByteCount,
        byteCount: min(rows, picture.height - first) * rowByteCount
      )
    }
    let samples = picture.layout.samplesPerPixel
    var entries: [(tag: UInt16, type: UInt16, count: Int, value: [UInt8])] = [
      (Tag.width, 4, 1, Self.long(picture.width)),
      (Tag.height, 4, 1, Self.long(picture.height)),
      (
        Tag.bitsPerSample, 3, samples,
        (0..<samples).flatMap { _ in Self.short(picture.layout.bitsPerSample) }
      ),
      (Tag.compression, 3, 1, Self.short(1)),
      // 0 is black; or red-green-blue.
      (Tag.photometric, 3, 1, Self.short(samples == 3 ? 2 : 1)),
      (Tag.stripOffsets, 4, stripCount, strips.flatMap { Self.long($0.offset) }),
      (Tag.samplesPerPixel, 3, 1, Self.short(samples)),
      (Tag.rowsPerStrip, 4, 1, Self.long(rows)),
      (Tag.stripByteCounts, 4, stripCount, strips.flatMap { Self.long($0.byteCount) }),
    ]
    let x = pixelSize.flatMap { Self.pixelsPerCentimetre($0.x) }
    let y = pixelSize.flatMap { Self.pixelsPerCentimetre($0.y) }
    entries.append((Tag.xResolution, 5, 1, x ?? Self.long(1) + Self.long(1)))
    entries.append((Tag.yResolution, 5, 1, y ?? Self.long(1) + Self.long(1)))
    // 3 is centimetres, 1 no unit at all.
    entries.append((Tag.resolutionUnit, 3, 1, Self.short(x != nil && y != nil ? 3 : 1)))
    // ASCII, ended by a zero.
    let name = software.utf8.filter { $0 >= 0x20 && $0 < 0x7F } + [0]
    entries.append((Tag.software, 2, name.count, Array(name)))
    return Self.file(picture, entries, at: start)
  }

  private static func file(
    _ picture: Picture, _ entries: [(tag: UInt16, type: UInt16, count: Int, value: [UInt8])],
    at start: Int
  ) -> [UInt8] {
    let directory = start + picture.bytes.count + picture.bytes.count % 2
    var file: [UInt8] = [0x49, 0x49, 42, 0] + long(directory)
    file.reserveCapacity(directory + 4096)
    file += picture.bytes
    if picture.bytes.count % 2 == 1 { file.append(0) }
    var table = short(entries.count)
    var values: [UInt8] = []
    let behind = directory + 2 + entries.count * 12 + 4
    for entry in entries {
      table += short(Int(entry.tag)) + short(Int(entry.type)) + long(entry.count)
      if entry.value.count <= 4 {
        table += entry.value + [UInt8](repeating: 0, count: 4 - entry.value.count)
      } else {
        table += long(behind + values.count)
        values += entry.value
        if values.count % 2 == 1 { values.append(0) }
      }
    }
    return file + table + [0, 0, 0, 0] + values
  }

  /// A fraction of two numbers of 32 bits.
  private static func pixelsPerCentimetre(_ micrometres: Double) -> [UInt8]? {
    guard micrometres > 0, micrometres.isFinite else { return nil }
    let count = 10_000 / micrometres
    for denominator in [10_000.0, 100, 1] {
      if let numerator = UInt32(exactly: (count * denominator).rounded()), numerator > 0 {
        return long(Int(numerator)) + long(PictureMath.integer(denominator, 1...10_000))
      }
    }
    return nil
  }

  private static func short(_ value: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt16(truncatingIfNeeded: value).littleEndian) { Array($0) }
  }

  private static func long(_ value: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: value).littleEndian) { Array($0) }
  }
}

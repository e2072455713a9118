package import ND2Format

/// Raw data of a Crest DeepSIM acquisition: the pictures that a frame was computed from
/// (nd2-format §4.8).
public struct DeepSIMRawData: Hashable, Sendable {
  /// Width of a picture in pixels.
  public var width: Int
  /// Height of a picture in pixels.
  public var height: Int
  /// Number of pictures.
  public var pictureCount: Int
  /// Size of the point spread function that was used.
  public var pointSpread: Double
  /// Size of the point spread function that is the default.
  public var defaultPointSpread: Double
  /// Number of iterations that was used.
  public var iterationCount: Int
  /// Number of iterations that is the default.
  public var defaultIterationCount: Int
  /// Left side of the region that was computed.
  public var regionX: Int
  /// Top side of the region that was computed.
  public var regionY: Int
  /// Key of the calibration.
  public var key: String
  /// Calibration, as an XML document.
  public var calibrationXML: String
  /// The pixels: `pictureCount` × `height` × `width` of them.
  public var pixels: [UInt16]

  /// Name of the chunk of a component of a frame.
  package static func chunkName(component: Int, frame: Int) -> String {
    "\(ChunkName.customSequencePrefix)AUXIMAGE_21_\(component)|\(frame)!"
  }

  /// Where key, XML and pictures begin.
  private static let calibrationOffset = 166
  private static let keyOffset = 178

  /// Decodes the data of a chunk.
  package init(_ bytes: [UInt8], limits: ParsingLimits = .standard) throws(Malformed) {
    self = try ByteReader.over(bytes) { (reader) throws(Malformed) in
      try DeepSIMRawData(from: &reader, limits: limits)
    }
  }

  private init(from reader: inout ByteReader, limits: ParsingLimits) throws(Malformed) {
    _ = try reader.read(UInt64.self)
    width = Int(try reader.read(Int16.self))
    height = Int(try reader.read(Int16.self))
    pictureCount = Int(try reader.read(Int16.self))
    let pictureBytes = try reader.readCount64()
    pointSpread = try reader.readDouble()
    defaultPointSpread = try reader.readDouble()
    iterationCount = Int(try reader.read(UInt16.self))
    defaultIterationCount = Int(try reader.read(UInt16.self))
    regionX = Int(try reader.read(Int16.self))
    regionY = Int(try reader.read(Int16.self))
    try reader.seek(to: Self.calibrationOffset)
    let xmlBytes = try reader.readCount64()
    let keyBytes = Int(try reader.read(UInt32.self))
    try reader.seek(to: Self.keyOffset)
    key = UTF16Text.decode(try reader.readBytes(keyBytes))
    let xml = try reader.readBytes(xmlBytes)
    calibrationXML = String(decoding: xml.prefix { $0 != 0 }, as: UTF8.self)
    guard width > 0, height > 0, pictureCount >= 0 else {
      throw reader.malformed(.unexpected(expected: "pictures with a size"))
    }
    guard let used = Checked.product(width, height, 2), used <= pictureBytes,
      let total = Checked.product(pictureBytes, pictureCount)
    else {
      throw reader.malformed(.unexpected(expected: "pictures of 16-bit pixels"))
    }
    guard total <= reader.remaining else {
      throw reader.malformed(
        .truncated(needed: UInt64(total), available: UInt64(reader.remaining)))
    }
    pixels = []
    pixels.reserveCapacity(used / 2 * pictureCount)
    for _ in 0..<pictureCount {
      var picture = try reader.readSlice(pictureBytes)
      for _ in 0..<(used / 2) { pixels.append(try picture.read()) }
    }
  }
}

import ND2Format

/// Geometry and number format of the frames of a file.
public struct ImageAttributes: Sendable, Hashable, Codable {
  /// What kind of number a sample is.
  public enum PixelDataType: String, Sendable, Hashable, Codable {
    /// Unsigned integers.
    case unsigned
    /// Signed integers.
    case signed
    /// IEEE floating-point numbers.
    case float
  }

  /// How frames are compressed.
  public enum Compression: String, Sendable, Hashable, Codable {
    /// One zlib stream a frame; in files of version 1.0 JPEG 2000 with the reversible transform.
    case lossless
    /// Named lossy by the file; readers of the vendor take such frames as uncompressed. In files of
    /// version 1.0 JPEG 2000 with the transform that is not reversible.
    case lossy
    /// Uncompressed. Decoded attributes say nil instead.
    case none
  }

  /// Bits that a sample takes: 8, 16, 32 or 64.
  public var bitsPerComponentInMemory: Int
  /// Bits of a sample that carry information, such as 12.
  public var bitsPerComponentSignificant: Int
  /// Samples a stored pixel has, over all channels.
  public var componentCount: Int
  /// Rows of a frame.
  public var heightPx: Int
  /// What kind of number a sample is.
  public var pixelDataType: PixelDataType
  /// Number of frames that the file says to have; it may differ from what is stored.
  public var sequenceCount: Int
  /// Bytes from row to row, fill included.
  public var widthBytes: Int?
  /// Columns of a frame.
  public var widthPx: Int
  /// Parameter of the compression; nil when frames are not compressed.
  public var compressionLevel: Double?
  /// How frames are compressed; nil when they are not.
  public var compressionType: Compression?
  /// Rows of a tile, when frames are stored in tiles.
  public var tileHeightPx: Int?
  /// Columns of a tile, when frames are stored in tiles.
  public var tileWidthPx: Int?
  /// Number of channels that the file says to have; nil when it does not say.
  public var channelCount: Int?

  /// Creates attributes.
  public init(
    widthPx: Int, heightPx: Int, componentCount: Int, bitsPerComponentInMemory: Int,
    bitsPerComponentSignificant: Int, pixelDataType: PixelDataType = .unsigned,
    sequenceCount: Int = 1, widthBytes: Int? = nil, compressionLevel: Double? = nil,
    compressionType: Compression? = nil, tileWidthPx: Int? = nil, tileHeightPx: Int? = nil,
    channelCount: Int? = nil
  ) {
    self.widthPx = widthPx
    self.heightPx = heightPx
    self.componentCount = componentCount
    self.bitsPerComponentInMemory = bitsPerComponentInMemory
    self.bitsPerComponentSignificant = bitsPerComponentSignificant
    self.pixelDataType = pixelDataType
    self.sequenceCount = sequenceCount
    self.widthBytes = widthBytes
    self.compressionLevel = compressionLevel
    self.compressionType = compressionType
    self.tileWidthPx = tileWidthPx
    self.tileHeightPx = tileHeightPx
    self.channelCount = channelCount
  }
}

extension ImageAttributes {
  /// The number format of a sample.
  public var sampleType: SampleType {
    switch pixelDataType {
    case .unsigned:
      bitsPerComponentInMemory <= 8 ? .uint8 : bitsPerComponentInMemory <= 16 ? .uint16 : .uint32
    case .signed:
      bitsPerComponentInMemory <= 8 ? .int8 : bitsPerComponentInMemory <= 16 ? .int16 : .int32
    case .float: bitsPerComponentInMemory <= 32 ? .float32 : .float64
    }
  }

  /// The number format that the Python package nd2 reports: by the number of bits alone, 32 bits
  /// being float, everything else unsigned.
  public var nd2CompatibleSampleType: SampleType {
    switch bitsPerComponentInMemory {
    case ...8: .uint8
    case ...16: .uint16
    case ...32: .float32
    default: .float64
    }
  }

  /// The attributes as the Python package nd2 reports them.
  public var nd2Compatible: ImageAttributes {
    var copy = self
    copy.pixelDataType = bitsPerComponentInMemory == 32 ? .float : .unsigned
    return copy
  }

  /// Bytes from row to row: as stored, or the packed size rounded up to 4 where the file is silent.
  ///
  /// `Int.max` for sizes that fit into no file.
  public var rowByteCount: Int {
    let packed = Checked.product(widthPx, componentCount, sampleType.byteCount) ?? .max
    let rounded = packed < 0 ? .max : Checked.roundUp(packed, to: 4) ?? .max
    guard let widthBytes, widthBytes >= packed else { return rounded }
    return widthBytes
  }
}

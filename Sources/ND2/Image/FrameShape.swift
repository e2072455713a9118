package import ND2Format

/// Size and number format of the frames of a file, for files that have lost their description.
public struct FrameShape: Hashable, Sendable {
  /// Columns of a frame.
  public var width: Int
  /// Rows of a frame.
  public var height: Int
  /// Samples of a pixel: those of all channels, three for a colour channel.
  public var componentCount: Int
  /// Number format of a sample.
  public var sampleType: SampleType

  /// Creates the shape of frames.
  public init(width: Int, height: Int, componentCount: Int = 1, sampleType: SampleType = .uint16) {
    self.width = width
    self.height = height
    self.componentCount = componentCount
    self.sampleType = sampleType
  }
}

extension FrameShape {
  /// The attributes of a file of such frames; nil when they fit into no file.
  package func attributes(
    compression: ImageAttributes.Compression?, sequenceCount: Int, channelCount: Int?,
    limits: ParsingLimits = .standard
  ) -> ImageAttributes? {
    guard (1...limits.sideLength).contains(width), (1...limits.sideLength).contains(height),
      (1...ImageAttributesDecoder.mostComponents).contains(componentCount)
    else { return nil }
    let bits = sampleType.byteCount * 8
    let type: ImageAttributes.PixelDataType =
      switch sampleType {
      case .uint8, .uint16, .uint32: .unsigned
      case .int8, .int16, .int32: .signed
      case .float32, .float64: .float
      }
    var attributes = ImageAttributes(
      widthPx: width, heightPx: height, componentCount: componentCount,
      bitsPerComponentInMemory: bits, bitsPerComponentSignificant: bits, pixelDataType: type,
      sequenceCount: sequenceCount, compressionLevel: compression == nil ? nil : 0,
      compressionType: compression, channelCount: channelCount)
    attributes.widthBytes = attributes.rowByteCount
    guard
      Checked.product(attributes.rowByteCount, height) ?? .max
        <= ImageAttributesDecoder.largestFrame
    else { return nil }
    return attributes
  }
}

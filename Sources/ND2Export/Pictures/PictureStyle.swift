/// How a channel is shown.
public struct ChannelAppearance: Hashable, Sendable {
  /// Its colours; nil for black to the colour that the file gives it.
  public var table: LookupTable?
  /// How its values become brightness.
  public var contrast: PictureContrast
  /// The exponent of the brightness: below 1 shows dark parts brighter.
  public var gamma: Double

  /// Creates an appearance.
  public init(
    table: LookupTable? = nil, contrast: PictureContrast = .automatic(), gamma: Double = 1
  ) {
    self.table = table
    self.contrast = contrast
    self.gamma = gamma
  }
}

/// How pictures of a file look.
public struct PictureStyle: Hashable, Sendable {
  /// The places along the channel axis that are shown; nil for all.
  public var channels: [Int]?
  /// How channels are shown that ``appearances`` does not name.
  public var appearance: ChannelAppearance
  /// How single channels are shown, by their places along the channel axis.
  public var appearances: [Int: ChannelAppearance]
  /// Contrast of colour images (red-green-blue); nil for their full scale, so that colours stay.
  public var colourContrast: PictureContrast?
  /// Bits of a sample of the picture: 8 or 16.
  public var depth: Int
  /// Pixels of the longer side at most; nil for all that there are.
  public var mostPixels: Int?
  /// What is written into the picture.
  public var annotations: PictureAnnotations

  /// Creates a style: all channels in their colours with automatic contrast, unless said.
  public init(
    channels: [Int]? = nil, appearance: ChannelAppearance = ChannelAppearance(),
    appearances: [Int: ChannelAppearance] = [:], depth: Int = 8, mostPixels: Int? = nil,
    annotations: PictureAnnotations = PictureAnnotations()
  ) {
    self.channels = channels
    self.appearance = appearance
    self.appearances = appearances
    self.depth = depth
    self.mostPixels = mostPixels
    self.annotations = annotations
  }

  /// How a channel is shown.
  func appearance(of channel: Int?) -> ChannelAppearance {
    channel.flatMap { appearances[$0] } ?? appearance
  }
}

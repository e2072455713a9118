/// What a file says of one frame: its channels, and where and when it was taken.
public struct FrameMetadata: Sendable, Hashable, Codable {
  /// How much the file holds.
  public var contents: ImageMetadata.Contents
  /// The channels of the frame.
  public var channels: [FrameChannel]

  /// Creates metadata.
  public init(contents: ImageMetadata.Contents, channels: [FrameChannel]) {
    self.contents = contents
    self.channels = channels
  }
}

/// A channel of a frame.
public struct FrameChannel: Sendable, Hashable, Codable {
  /// Name, colour, wavelengths.
  public var channel: ChannelMeta
  /// Where the loops of the experiment stand in its list; nil without an experiment.
  public var loops: LoopIndices?
  /// Objective and light path.
  public var microscope: Microscope
  /// Geometry and calibration.
  public var volume: Volume
  /// What else is known of how the channel was taken.
  public var acquisition: ChannelAcquisition
  /// Where the frame was taken.
  public var position: FramePosition
  /// When the frame was taken.
  public var time: FrameTime
  /// State of the focus system as recorded, see ``PFSStatus``; nil when it was not recorded.
  public var pfsStatus: Int?

  private enum CodingKeys: String, CodingKey {
    case channel, loops, microscope, volume, acquisition, position, time
    case pfsStatus = "pfs_status"
  }

  /// Creates metadata of a frame from that of its channel.
  public init(_ channel: Channel, position: FramePosition, time: FrameTime, pfsStatus: Int?) {
    self.channel = channel.channel
    loops = channel.loops
    microscope = channel.microscope
    volume = channel.volume
    acquisition = channel.acquisition
    self.position = position
    self.time = time
    self.pfsStatus = pfsStatus
  }
}

/// Where a frame was taken.
public struct FramePosition: Sendable, Hashable, Codable {
  /// Position of the stage, and the focus of this plane, µm.
  public var stagePositionUm: StagePosition
  /// Offset of the focus system; files do not say it of single frames.
  public var pfsOffset: Double?
  /// Name of the stage position.
  public var name: String?
  /// Focus that was recorded while the frame was taken, µm.
  public var recordedZUm: Double?

  /// Creates a position.
  public init(
    stagePositionUm: StagePosition, pfsOffset: Double? = nil, name: String? = nil,
    recordedZUm: Double? = nil
  ) {
    self.stagePositionUm = stagePositionUm
    self.pfsOffset = pfsOffset
    self.name = name
    self.recordedZUm = recordedZUm
  }
}

/// When a frame was taken.
public struct FrameTime: Sendable, Hashable, Codable {
  /// Julian day number, UTC; near 0 or −1 when the file does not say when it was started.
  public var absoluteJulianDayNumber: Double
  /// Time since the start of the experiment, ms.
  public var relativeTimeMs: Double

  /// Creates a time.
  public init(absoluteJulianDayNumber: Double, relativeTimeMs: Double) {
    self.absoluteJulianDayNumber = absoluteJulianDayNumber
    self.relativeTimeMs = relativeTimeMs
  }

  /// The point in time; nil when the file does not say when it was started.
  public var date: AcquisitionDate? {
    AcquisitionDate(JulianDate(day: absoluteJulianDayNumber))
  }
}

/// States of the focus system. Files hold numbers beyond these, too.
public enum PFSStatus: Int, Sendable, Hashable, Codable {
  /// Failure.
  case error = -1
  /// Off, in range.
  case inRange = 0
  /// On, focused.
  case focused = 1
  /// Off, out of range.
  case outOfRange = 3
  /// Off, optics out of the path.
  case opticsOut = 4
  /// On, searching.
  case searching = 5
  /// On, search failed.
  case searchFailed = 6
  /// Off, disabled.
  case disabled = 7
}

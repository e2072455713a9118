/// What a file says of its channels: names, colours, wavelengths, microscope, calibration.
public struct ImageMetadata: Sendable, Hashable, Codable {
  /// How much the file holds.
  public var contents: Contents
  /// The channels in stored order.
  public var channels: [Channel]

  /// Creates metadata.
  public init(contents: Contents, channels: [Channel]) {
    self.contents = contents
    self.channels = channels
  }

  /// How much a file holds.
  public struct Contents: Sendable, Hashable, Codable {
    /// Number of channels.
    public var channelCount: Int
    /// Number of frames that the file says to have.
    public var frameCount: Int

    /// Creates contents.
    public init(channelCount: Int, frameCount: Int) {
      self.channelCount = channelCount
      self.frameCount = frameCount
    }
  }
}

/// A channel of a file.
public struct Channel: Sendable, Hashable, Codable {
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

  /// Creates a channel.
  public init(
    channel: ChannelMeta, loops: LoopIndices? = nil, microscope: Microscope, volume: Volume,
    acquisition: ChannelAcquisition
  ) {
    self.channel = channel
    self.loops = loops
    self.microscope = microscope
    self.volume = volume
    self.acquisition = acquisition
  }
}

/// Name, colour and wavelengths of a channel.
public struct ChannelMeta: Sendable, Hashable, Codable {
  /// The name.
  public var name: String
  /// Number of the channel, from 0.
  public var index: Int
  /// Display colour.
  public var color: Color
  /// Wavelength of the light that was recorded, nm.
  public var emissionLambdaNm: Double?
  /// Wavelength of the exciting light, nm.
  public var excitationLambdaNm: Double?

  /// Creates a description.
  public init(
    name: String, index: Int, color: Color = .white, emissionLambdaNm: Double? = nil,
    excitationLambdaNm: Double? = nil
  ) {
    self.name = name
    self.index = index
    self.color = color
    self.emissionLambdaNm = emissionLambdaNm
    self.excitationLambdaNm = excitationLambdaNm
  }
}

/// How a channel was taken, as far as files say it: what the vendor's library does not report.
public struct ChannelAcquisition: Sendable, Hashable, Codable {
  /// Index of the channel's first component in a stored pixel.
  public var firstComponent: Int
  /// Number of the camera setting that the channel uses.
  public var sampleIndex: Int?
  /// Modality bits as stored.
  public var rawModality: UInt64
  /// Names of modality bits that ``Modality`` lacks.
  public var additionalModalities: [String]
  /// Pass band of the exciting light, when it is known by its edges.
  public var excitationBandNm: WavelengthBand?
  /// Pass band of the recorded light, when it is known by its edges.
  public var emissionBandNm: WavelengthBand?
  /// Exposure time, ms.
  public var exposureMs: Double?
  /// Camera pixels per image pixel along rows.
  public var binningX: Double?
  /// Camera pixels per image pixel along columns.
  public var binningY: Double?
  /// Gain of the camera or multiplier of its electrons.
  public var gain: Double?
  /// Speed at which the camera is read, MHz.
  public var readOutRateMHz: Double?
  /// Name of the camera or detector.
  public var cameraName: String?
  /// Model of the camera or detector.
  public var cameraModel: String?
  /// What tells the camera from others of its model; often a serial number.
  public var cameraSerialNumber: String?
  /// Name of the microscope.
  public var microscopeName: String?
  /// Name of the stand that the microscope is, such as `Nikon Ti2`.
  public var microscopeModel: String?
  /// Name of the light source in the light path.
  public var excitationSource: String?
  /// Name of the dye.
  public var dyeName: String?
  /// Optical filters in the light path, in stored order.
  public var filters: [ChannelFilter]
  /// Names of the optical configurations.
  public var opticalConfigurations: [String]
  /// Whether the file does not describe this channel, so that its name is made up.
  public var isSynthesized: Bool

  /// Creates a description.
  public init(
    firstComponent: Int, sampleIndex: Int? = nil, rawModality: UInt64 = 0,
    additionalModalities: [String] = [], excitationBandNm: WavelengthBand? = nil,
    emissionBandNm: WavelengthBand? = nil, exposureMs: Double? = nil, binningX: Double? = nil,
    binningY: Double? = nil, gain: Double? = nil,
    readOutRateMHz: Double? = nil, cameraName: String? = nil,
    cameraModel: String? = nil, cameraSerialNumber: String? = nil, microscopeName: String? = nil,
    microscopeModel: String? = nil, excitationSource: String? = nil, dyeName: String? = nil,
    filters: [ChannelFilter] = [], opticalConfigurations: [String] = [],
    isSynthesized: Bool = false
  ) {
    self.firstComponent = firstComponent
    self.sampleIndex = sampleIndex
    self.rawModality = rawModality
    self.additionalModalities = additionalModalities
    self.excitationBandNm = excitationBandNm
    self.emissionBandNm = emissionBandNm
    self.exposureMs = exposureMs
    self.binningX = binningX
    self.binningY = binningY
    self.gain = gain
    self.readOutRateMHz = readOutRateMHz
    self.cameraName = cameraName
    self.cameraModel = cameraModel
    self.cameraSerialNumber = cameraSerialNumber
    self.microscopeName = microscopeName
    self.microscopeModel = microscopeModel
    self.excitationSource = excitationSource
    self.dyeName = dyeName
    self.filters = filters
    self.opticalConfigurations = opticalConfigurations
    self.isSynthesized = isSynthesized
  }
}

/// Where the loops of an experiment stand in its list, by their kind.
public struct LoopIndices: Sendable, Hashable, Codable {
  /// Place of the loop over time phases.
  public var neTimeLoop: Int?
  /// Place of the loop over time.
  public var timeLoop: Int?
  /// Place of the loop over stage positions.
  public var xyPosLoop: Int?
  /// Place of the loop over focus.
  public var zStackLoop: Int?
  /// Place of the custom loop.
  public var customLoop: Int?

  private enum CodingKeys: String, CodingKey {
    case neTimeLoop = "NETimeLoop"
    case timeLoop = "TimeLoop"
    case xyPosLoop = "XYPosLoop"
    case zStackLoop = "ZStackLoop"
    case customLoop = "CustomLoop"
  }

  /// Creates places; nil for kinds that there is no loop of.
  public init(
    neTimeLoop: Int? = nil, timeLoop: Int? = nil, xyPosLoop: Int? = nil, zStackLoop: Int? = nil,
    customLoop: Int? = nil
  ) {
    self.neTimeLoop = neTimeLoop
    self.timeLoop = timeLoop
    self.xyPosLoop = xyPosLoop
    self.zStackLoop = zStackLoop
    self.customLoop = customLoop
  }

  /// The places of the loops of an experiment; nil when there are none.
  init?(_ loops: [ExperimentLoop]) {
    guard !loops.isEmpty else { return nil }
    self.init()
    for (place, loop) in loops.enumerated() {
      switch loop {
      case .time: timeLoop = place
      case .neTime: neTimeLoop = place
      case .xyPositions: xyPosLoop = place
      case .zStack: zStackLoop = place
      case .custom: customLoop = place
      case .other: break
      }
    }
  }
}

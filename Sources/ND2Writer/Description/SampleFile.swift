public import ND2

/// Everything about an ND2 file that is to be written at once: a description and its pixels.
///
/// The defaults describe a sound file of one small 16-bit frame. Change what a test or a demo
/// needs, then call ``bytes()`` or ``write(to:overwrite:)``. All properties of ``description`` are
/// properties of the file too: `file.width` is `file.description.width`.
///
/// To write frames as they come, use ``ND2FileWriter``.
@dynamicMemberLookup
public struct SampleFile: Sendable {
  /// What the file holds besides its pixels.
  public var description: ND2FileDescription
  /// Where pixels come from.
  public var pixels: Pixels = .pattern
  /// Acquisition times.
  public var frameTimes: FrameTimes = .every(milliseconds: 100)
  /// Indices of frames that get no chunk.
  public var missingFrames: Set<Int> = []
  /// Number of frames that are stored; nil for the number that the loops describe.
  public var storedFrameCount: Int?

  /// Defects and oddities, for tests.
  package var flaws = Flaws()

  /// A file of that description, with a pattern for pixels.
  public init(_ description: ND2FileDescription) { self.description = description }

  /// Describes a file; what is not given has a default for a sound file.
  public init(
    version: Version = .v3_0, width: Int = 32, height: Int = 24, sampleType: SampleType = .uint16,
    channels: [Channel] = [Channel("Mono")], loops: [Loop] = []
  ) {
    description = ND2FileDescription(
      version: version, width: width, height: height, sampleType: sampleType, channels: channels,
      loops: loops)
  }

  /// A property of the description.
  public subscript<Value>(dynamicMember member: KeyPath<ND2FileDescription, Value>) -> Value {
    description[keyPath: member]
  }

  /// A property of the description.
  public subscript<Value>(
    dynamicMember member: WritableKeyPath<ND2FileDescription, Value>
  ) -> Value {
    get { description[keyPath: member] }
    set { description[keyPath: member] = newValue }
  }

  /// Indices of the frames that get a chunk, ascending.
  public var storedFrames: [Int] {
    (0..<(storedFrameCount ?? description.frameCount)).filter { !missingFrames.contains($0) }
  }

  /// Indices of a frame along the loops, outermost first; spectral loops have index 0.
  public func loopIndices(ofFrame frame: Int) -> [Int] { description.loopIndices(ofFrame: frame) }
}

/// The parts of descriptions, under the name of the sample as well.
extension SampleFile {
  /// See `ND2FileDescription.Version`.
  public typealias Version = ND2FileDescription.Version
  /// See `ND2FileDescription.CustomChunk`.
  public typealias CustomChunk = ND2FileDescription.CustomChunk
  /// See `ND2FileDescription.Channel`.
  public typealias Channel = ND2FileDescription.Channel
  /// See `ND2FileDescription.Color`.
  public typealias Color = ND2FileDescription.Color
  /// See `ND2FileDescription.Modality`.
  public typealias Modality = ND2FileDescription.Modality
  /// See `ND2FileDescription.Filter`.
  public typealias Filter = ND2FileDescription.Filter
  /// See `ND2FileDescription.SpectrumPoint`.
  public typealias SpectrumPoint = ND2FileDescription.SpectrumPoint
  /// See `ND2FileDescription.Storage`.
  public typealias Storage = ND2FileDescription.Storage
  /// See `ND2FileDescription.RecordedColumn`.
  public typealias RecordedColumn = ND2FileDescription.RecordedColumn
  /// See `ND2FileDescription.Event`.
  public typealias Event = ND2FileDescription.Event
  /// See `ND2FileDescription.Job`.
  public typealias Job = ND2FileDescription.Job
  /// See `ND2FileDescription.WellPlate`.
  public typealias WellPlate = ND2FileDescription.WellPlate
  /// See `ND2FileDescription.Loop`.
  public typealias Loop = ND2FileDescription.Loop
  /// See `ND2FileDescription.TimePhase`.
  public typealias TimePhase = ND2FileDescription.TimePhase
  /// See `ND2FileDescription.PositionList`.
  public typealias PositionList = ND2FileDescription.PositionList
  /// See `ND2FileDescription.Position`.
  public typealias Position = ND2FileDescription.Position
  /// See `ND2FileDescription.ZStack`.
  public typealias ZStack = ND2FileDescription.ZStack
  /// See `ND2FileDescription.Mask`.
  public typealias Mask = ND2FileDescription.Mask
  /// See `ND2FileDescription.MaskLayer`.
  public typealias MaskLayer = ND2FileDescription.MaskLayer
  /// See `ND2FileDescription.RasterLayer`.
  public typealias RasterLayer = ND2FileDescription.RasterLayer
  /// See `ND2FileDescription.Microscope`.
  public typealias Microscope = ND2FileDescription.Microscope
  /// See `ND2FileDescription.Application`.
  public typealias Application = ND2FileDescription.Application
  /// See `ND2FileDescription.TextItem`.
  public typealias TextItem = ND2FileDescription.TextItem
  /// See `ND2FileDescription.Region`.
  public typealias Region = ND2FileDescription.Region
}

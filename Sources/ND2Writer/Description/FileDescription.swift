public import ND2

/// What an ND2 file shall hold besides its pixels: geometry, channels, loops, metadata.
///
/// The defaults describe a sound file of one small 16-bit frame. Give it to an ``ND2FileWriter``,
/// and the frames after it. Positions are in µm, times in ms, wavelengths in nm.
///
/// ```swift
/// var description = ND2FileDescription(
///   width: 2048, height: 2048, channels: [.init("GFP", excitationNm: 475, emissionNm: 525)],
///   loops: [.time(count: 100, periodMs: 500), .zStack(count: 21, stepUm: 0.3)])
/// description.microscope.pixelSizeUm = 0.108
/// ```
public struct ND2FileDescription: Sendable {
  /// Version of the format, which decides between binary (3.0) and XML metadata (2.0 to 2.2).
  public var version: Version
  /// Width in pixels.
  public var width: Int
  /// Height in pixels.
  public var height: Int
  /// Number format of the samples.
  public var sampleType: SampleType
  /// Bits that carry information; nil for all bits of the type.
  public var significantBitCount: Int?
  /// The channels, in stored order.
  public var channels: [Channel]
  /// The loops of the experiment, outermost first. Without loops there is one frame.
  public var loops: [Loop]
  /// How frames are stored.
  public var storage = Storage()
  /// Microscope, calibration, stage.
  public var microscope = Microscope()
  /// Text fields by their item; those absent are written empty.
  public var textInfo: [TextItem: String] = [:]
  /// Identity of the program that took the images; nil leaves the chunk out.
  public var application: Application? = Application()
  /// Columns of data that were recorded with every frame.
  public var recordedColumns: [RecordedColumn] = []
  /// Events during the acquisition.
  public var events: [Event] = []
  /// Regions of interest.
  public var regions: [Region] = []
  /// Masks in run-length form.
  public var maskLayers: [MaskLayer] = []
  /// Masks in the newer form of compressed tiles.
  public var rasterLayers: [RasterLayer] = []
  /// The JOBS run that took the images.
  public var job: Job?
  /// The well plate that was imaged.
  public var wellPlate: WellPlate?
  /// Further chunks, written as they are; names end in `!`.
  public var customChunks: [CustomChunk] = []

  /// Describes a file; what is not given has a default for a sound file.
  public init(
    version: Version = .v3_0, width: Int = 32, height: Int = 24, sampleType: SampleType = .uint16,
    channels: [Channel] = [Channel("Mono")], loops: [Loop] = []
  ) {
    self.version = version
    self.width = width
    self.height = height
    self.sampleType = sampleType
    self.channels = channels
    self.loops = loops
  }

  /// A version of the format.
  public struct Version: Hashable, Sendable {
    /// The number before the dot.
    public var major: Int
    /// The number behind the dot.
    public var minor: Int

    /// Creates a version.
    public init(major: Int, minor: Int) {
      self.major = major
      self.minor = minor
    }

    /// Before NIS-Elements 2.30: boxes of JPEG 2000. Written with the package trait `JPEG2000`.
    public static let v1_0 = Version(major: 1, minor: 0)
    /// NIS-Elements 2.
    public static let v2_0 = Version(major: 2, minor: 0)
    /// NIS-Elements 3.0.
    public static let v2_1 = Version(major: 2, minor: 1)
    /// NIS-Elements 3.1.
    public static let v2_2 = Version(major: 2, minor: 2)
    /// NIS-Elements 3.20 and later.
    public static let v3_0 = Version(major: 3, minor: 0)
  }

  /// A chunk that is written as it is.
  public struct CustomChunk: Hashable, Sendable {
    /// The name, ending in `!`.
    public var name: String
    /// The data.
    public var bytes: [UInt8]

    /// Creates a chunk.
    public init(_ name: String, _ bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }
}

extension ND2FileDescription {
  /// Number of frames that the loops describe.
  public var frameCount: Int { loops.reduce(1) { $0 * $1.frameFactor } }

  /// Number of samples of one pixel: the components of all channels.
  public var componentCount: Int { channels.reduce(0) { $0 + $1.componentCount } }

  /// Size of a row without padding, in bytes.
  public var packedRowByteCount: Int { width * componentCount * sampleType.byteCount }

  /// Size of a row as the file says it, in bytes.
  public var rowByteCount: Int {
    storage.rowByteCount ?? (packedRowByteCount + 3) / 4 * 4
  }

  /// Indices of a frame along the loops, outermost first; spectral loops have index 0.
  public func loopIndices(ofFrame frame: Int) -> [Int] {
    var rest = frame
    var indices: [Int] = []
    for loop in loops.reversed() {
      let count = max(1, loop.frameFactor)
      indices.append(rest % count)
      rest /= count
    }
    return indices.reversed()
  }

  /// The frame at an index for each loop, outermost first; that of a spectral loop does not count.
  ///
  /// The inverse of ``loopIndices(ofFrame:)``.
  public func frame(atLoopIndices indices: [Int]) -> Int {
    zip(loops, indices).reduce(0) { frame, step in
      if case .spectral = step.0 { return frame }
      return frame * max(1, step.0.frameFactor) + step.1
    }
  }
}

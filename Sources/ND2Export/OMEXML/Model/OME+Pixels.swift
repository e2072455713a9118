extension OME {
  /// The axes of pixels, the fastest first.
  public enum DimensionOrder: String, Sendable, Hashable, CaseIterable {
    /// Focus, channel, time.
    case xyzct = "XYZCT"
    /// Focus, time, channel.
    case xyztc = "XYZTC"
    /// Channel, time, focus.
    case xyctz = "XYCTZ"
    /// Channel, focus, time.
    case xyczt = "XYCZT"
    /// Time, channel, focus.
    case xytcz = "XYTCZ"
    /// Time, focus, channel.
    case xytzc = "XYTZC"
  }

  /// The number format of pixels.
  public enum PixelType: String, Sendable, Hashable, CaseIterable {
    /// Signed 8-bit integers.
    case int8
    /// Signed 16-bit integers.
    case int16
    /// Signed 32-bit integers.
    case int32
    /// Unsigned 8-bit integers.
    case uint8
    /// Unsigned 16-bit integers.
    case uint16
    /// Unsigned 32-bit integers.
    case uint32
    /// 32-bit floating-point numbers.
    case float
    /// 64-bit floating-point numbers.
    case double
  }

  /// The pixels of an image.
  public struct Pixels: Sendable, Hashable {
    /// The identifier, such as `Pixels:0`.
    public var id: String
    /// The axes.
    public var dimensionOrder: DimensionOrder
    /// The number format.
    public var type: PixelType
    /// Bits of a number that carry information.
    public var significantBits: Int?
    /// Whether the samples of a coloured pixel follow each other.
    public var isInterleaved: Bool?
    /// Whether the highest byte of a number comes first.
    public var isBigEndian: Bool?
    /// Columns.
    public var sizeX: Int
    /// Rows.
    public var sizeY: Int
    /// Focus planes.
    public var sizeZ: Int
    /// Samples of all channels together.
    public var sizeC: Int
    /// Time points.
    public var sizeT: Int
    /// Width of a pixel, µm.
    public var physicalSizeXUm: Double?
    /// Height of a pixel, µm.
    public var physicalSizeYUm: Double?
    /// Distance of focus planes, µm.
    public var physicalSizeZUm: Double?
    /// Interval of time points, ms.
    public var timeIncrementMs: Double?
    /// The channels.
    public var channels: [Channel] = []
    /// Where the pixels are in TIFF files; without any the pixels are elsewhere.
    public var tiffData: [TiffData] = []
    /// When and where the planes were taken.
    public var planes: [Plane] = []

    /// Creates a description of pixels.
    public init(
      id: String, dimensionOrder: DimensionOrder = .xyczt, type: PixelType, sizeX: Int, sizeY: Int,
      sizeZ: Int = 1, sizeC: Int = 1, sizeT: Int = 1
    ) {
      self.id = id
      self.dimensionOrder = dimensionOrder
      self.type = type
      self.sizeX = sizeX
      self.sizeY = sizeY
      self.sizeZ = sizeZ
      self.sizeC = sizeC
      self.sizeT = sizeT
    }
  }

  /// Where planes are in a TIFF file.
  public struct TiffData: Sendable, Hashable {
    /// A file, by its name and its identity.
    public struct File: Sendable, Hashable {
      /// The name, relative to the file that has the description.
      public var name: String?
      /// The identity.
      public var uuid: UUID

      /// Creates a reference to a file.
      public init(name: String? = nil, uuid: UUID) {
        self.name = name
        self.uuid = uuid
      }
    }

    /// Number of the file's directory that has the first plane.
    public var ifd: Int
    /// Focus plane of the first one.
    public var firstZ: Int
    /// Channel of the first one.
    public var firstC: Int
    /// Time point of the first one.
    public var firstT: Int
    /// Number of planes, in the order of the axes.
    public var planeCount: Int
    /// The file; nil for the one that has the description.
    public var file: File?

    /// Creates a place.
    public init(
      ifd: Int, firstZ: Int = 0, firstC: Int = 0, firstT: Int = 0, planeCount: Int = 1,
      file: File? = nil
    ) {
      self.ifd = ifd
      self.firstZ = firstZ
      self.firstC = firstC
      self.firstT = firstT
      self.planeCount = planeCount
      self.file = file
    }
  }

  /// When and where a plane was taken.
  public struct Plane: Sendable, Hashable {
    /// Focus plane.
    public var theZ: Int
    /// Time point.
    public var theT: Int
    /// Channel.
    public var theC: Int
    /// Time since the start, ms.
    public var deltaTMs: Double?
    /// Exposure, ms.
    public var exposureMs: Double?
    /// Position of the stage along x, µm.
    public var positionXUm: Double?
    /// Position of the stage along y, µm.
    public var positionYUm: Double?
    /// Focus, µm.
    public var positionZUm: Double?

    /// Creates a plane.
    public init(theZ: Int, theT: Int, theC: Int) {
      self.theZ = theZ
      self.theT = theT
      self.theC = theC
    }
  }
}

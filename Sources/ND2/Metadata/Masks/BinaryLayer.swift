/// A layer of binary masks: what NIS-Elements calls a "binary".
///
/// A layer has at most one mask for each frame. The pixels of a mask are 0 for the background and
/// else the number of the object that they belong to.
public struct BinaryLayer: Hashable, Sendable {
  /// The name that the user sees.
  public var name: String
  /// Name of the channel that the layer is bound to; empty when it is bound to none.
  public var componentName: String?
  /// Index of the channel that the layer is bound to.
  public var componentOrder: Int?
  /// Colour as `0xAABBGGRR`.
  public var color: Int?
  /// How objects are coloured.
  public var colorMode: ColorMode?
  /// Flags.
  public var state: State?
  /// Part of the names of the chunks that hold the masks.
  public var fileTag: String
  /// Number of the layer, unique in intact files.
  public var id: Int?
  /// Identity across files; empty when the file does not say it.
  public var uuid: String
  /// How the pixels are stored.
  public var storage: Storage

  /// Creates a layer.
  public init(
    name: String, componentName: String? = nil, componentOrder: Int? = nil, color: Int? = nil,
    colorMode: ColorMode? = nil, state: State? = nil, fileTag: String, id: Int? = nil,
    uuid: String = "", storage: Storage = .runLength
  ) {
    self.name = name
    self.componentName = componentName
    self.componentOrder = componentOrder
    self.color = color
    self.colorMode = colorMode
    self.state = state
    self.fileTag = fileTag
    self.id = id
    self.uuid = uuid
    self.storage = storage
  }

  /// How the pixels of a layer are stored.
  public enum Storage: Hashable, Sendable {
    /// As objects made of horizontal runs (`BinaryMetadata_v1`).
    case runLength
    /// As a raster cut into tiles (`BinaryMetadata_v2`).
    case raster(RasterGeometry)
  }

  /// Size and number format of a tiled raster.
  public struct RasterGeometry: Hashable, Sendable, Codable {
    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int
    /// Width of a tile in pixels.
    public var tileWidth: Int
    /// Height of a tile in pixels.
    public var tileHeight: Int
    /// Bits of a pixel: 8, 16 or 32.
    public var bitDepth: Int
    /// The compression of tiles, such as `zlib`.
    public var compression: String

    /// Creates a geometry.
    public init(
      width: Int, height: Int, tileWidth: Int, tileHeight: Int, bitDepth: Int = 32,
      compression: String = "zlib"
    ) {
      self.width = width
      self.height = height
      self.tileWidth = tileWidth
      self.tileHeight = tileHeight
      self.bitDepth = bitDepth
      self.compression = compression
    }
  }
}

extension BinaryLayer {
  /// Flags of a layer (nd2-format §3.10).
  public struct State: OptionSet, Hashable, Sendable, Codable {
    /// The bits in the file.
    public var rawValue: Int
    /// Takes any bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// A working layer.
    public static let working = State(rawValue: 0x1)
    /// Objects are tracked over time.
    public static let tracked = State(rawValue: 0x10)
    /// Objects are tracked by an assay.
    public static let assayTracked = State(rawValue: 0x20)
    /// Objects are spots.
    public static let spots = State(rawValue: 0x40)
    /// Objects are lines.
    public static let lines = State(rawValue: 0x80)
    /// Objects are connected over Z.
    public static let connected3D = State(rawValue: 0x100)
    /// Objects are classified.
    public static let classified = State(rawValue: 0x1000)
    /// Objects are selected.
    public static let selected = State(rawValue: 0x10000)
    /// The layer is bound to a channel.
    public static let boundToComponent = State(rawValue: 0x80000)
  }

  /// How the objects of a layer are coloured. Numbers that this version does not know are kept.
  public struct ColorMode: RawRepresentable, Hashable, Sendable, Codable {
    /// The number in the file.
    public var rawValue: Int
    /// Takes any number.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// In the colour of the layer.
    public static let base = ColorMode(rawValue: 0)
    /// In a colour of their own.
    public static let custom = ColorMode(rawValue: 1)
    /// By class.
    public static let classifier = ColorMode(rawValue: 2)
    /// Each object in another colour.
    public static let objects = ColorMode(rawValue: 4)
    /// Each three-dimensional object in another colour.
    public static let objects3D = ColorMode(rawValue: 8)
    /// By track.
    public static let tracked = ColorMode(rawValue: 16)
    /// By number.
    public static let byID = ColorMode(rawValue: 32)
    /// By value.
    public static let byValue = ColorMode(rawValue: 64)
    /// By value in three dimensions.
    public static let byValue3D = ColorMode(rawValue: 128)
  }
}

extension BinaryLayer: Codable {
  private enum CodingKeys: String, CodingKey {
    case name
    case componentName = "comp_name"
    case componentOrder = "comp_order"
    case color
    case colorMode = "color_mode"
    case state
    case fileTag = "file_tag"
    case id = "layer_id"
    case uuid, raster
  }

  /// Writes the layer; identity and raster only when there are any.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(componentName, forKey: .componentName)
    try container.encode(componentOrder, forKey: .componentOrder)
    try container.encode(color, forKey: .color)
    try container.encode(colorMode, forKey: .colorMode)
    try container.encode(state, forKey: .state)
    try container.encode(fileTag, forKey: .fileTag)
    try container.encode(id, forKey: .id)
    if !uuid.isEmpty { try container.encode(uuid, forKey: .uuid) }
    if case .raster(let geometry) = storage { try container.encode(geometry, forKey: .raster) }
  }

  /// Reads a layer.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    componentName = try container.decodeIfPresent(String.self, forKey: .componentName)
    componentOrder = try container.decodeIfPresent(Int.self, forKey: .componentOrder)
    color = try container.decodeIfPresent(Int.self, forKey: .color)
    colorMode = try container.decodeIfPresent(ColorMode.self, forKey: .colorMode)
    state = try container.decodeIfPresent(State.self, forKey: .state)
    fileTag = try container.decode(String.self, forKey: .fileTag)
    id = try container.decodeIfPresent(Int.self, forKey: .id)
    uuid = try container.decodeIfPresent(String.self, forKey: .uuid) ?? ""
    storage =
      try container.decodeIfPresent(RasterGeometry.self, forKey: .raster).map(Storage.raster)
      ?? .runLength
  }
}

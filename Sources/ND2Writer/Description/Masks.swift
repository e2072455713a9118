extension ND2FileDescription {
  /// A mask of one frame: for each pixel the number of its object, 0 for none.
  public struct Mask: Hashable, Sendable {
    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int
    /// Object numbers, row by row.
    public var objects: [UInt32]

    /// Creates a mask; missing object numbers are 0.
    public init(width: Int, height: Int, objects: [UInt32] = []) {
      self.width = width
      self.height = height
      self.objects = Array(objects.prefix(width * height))
      self.objects += [UInt32](repeating: 0, count: width * height - self.objects.count)
    }

    /// Creates a mask from a rule that gives the object of each pixel.
    public init(width: Int, height: Int, _ object: (_ x: Int, _ y: Int) -> UInt32) {
      self.init(
        width: width, height: height,
        objects: (0..<(width * height)).map { object($0 % width, $0 / width) })
    }
  }

  /// A layer of masks in run-length form.
  public struct MaskLayer: Hashable, Sendable {
    /// Identity of the layer.
    public var id: UInt32
    /// The name.
    public var name: String
    /// Text in the names of the layer's chunks.
    public var fileTag: String
    /// Colour.
    public var color = Color(red: 0, green: 255, blue: 0)
    /// How colours are chosen.
    public var colorMode: UInt32 = 0
    /// State bits (nd2-format §3.10).
    public var state: UInt32 = 0x80000
    /// Channel that the layer is bound to; empty for none.
    public var componentName = ""
    /// One more than the channel's index; 0 for none.
    public var componentOrder: UInt32 = 0
    /// Version of the run-length form: 3, or 2 for older files.
    public var formatVersion: UInt32 = 3
    /// Masks by frame; frames not named have no chunk.
    public var masks: [Int: Mask]

    /// Creates a layer.
    public init(id: UInt32, name: String, masks: [Int: Mask]) {
      self.id = id
      self.name = name
      self.masks = masks
      fileTag = "RleZipBinarySequence_\(id)_v1"
    }
  }

  /// A layer of masks as compressed tiles.
  public struct RasterLayer: Hashable, Sendable {
    /// Identity of the layer.
    public var id: Int
    /// The name.
    public var name: String
    /// Width of a tile in pixels.
    public var tileWidth: Int
    /// Height of a tile in pixels.
    public var tileHeight: Int
    /// Colour.
    public var color = Color(red: 0, green: 255, blue: 0)
    /// Channel that the layer is bound to; empty for none.
    public var componentName = ""
    /// One more than the channel's index; 0 for none.
    public var componentOrder = 0
    /// Whether tiles without objects get no chunk.
    public var omitsEmptyTiles = false
    /// Masks by frame; frames not named have no tiles.
    public var masks: [Int: Mask]

    /// Creates a layer.
    public init(
      id: Int, name: String, tileWidth: Int = 64, tileHeight: Int = 64, masks: [Int: Mask]
    ) {
      self.id = id
      self.name = name
      self.tileWidth = tileWidth
      self.tileHeight = tileHeight
      self.masks = masks
    }
  }
}

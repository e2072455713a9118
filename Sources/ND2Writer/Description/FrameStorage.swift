extension SampleFile {
  /// How frames are stored.
  public struct Storage: Hashable, Sendable {
    /// How the bytes of frames are encoded.
    public enum Compression: Hashable, Sendable {
      /// As they are.
      case none
      /// As zlib streams. Files of version 1.0 always have JPEG 2000; theirs are lossless too when
      /// nothing is asked for.
      case lossless
      /// As JPEG 2000 of so many times fewer bytes, in files of version 1.0 only.
      case lossy(ratio: Double)
    }

    /// How the bytes of frames are encoded.
    public var compression = Compression.none
    /// Size of a row in bytes; nil for the next multiple of 4.
    public var rowByteCount: Int?
    /// Whether reduced images are stored too.
    public var writesPyramid = false

    /// Side of the tiles into which the images of a file of version 1.0 are divided; nil for none.
    public var tileSide: Int?

    /// Creates the default: raw rows, padded to multiples of 4 bytes, no reduced images.
    public init() {}
  }

  /// Acquisition times, in ms after the start.
  public enum FrameTimes: Hashable, Sendable {
    /// Frame i at i times the period.
    case every(milliseconds: Double)
    /// One time for each frame.
    case list([Double])
    /// None: the frames say -1 and there is no chunk of times.
    case unknown
  }

  /// The time of a frame in ms, or -1 when unknown.
  public func timeMs(ofFrame frame: Int) -> Double {
    switch frameTimes {
    case .every(let period): Double(frame) * period
    case .list(let times): times.indices.contains(frame) ? times[frame] : -1
    case .unknown: -1
    }
  }

  /// A column of data that was recorded with every frame.
  public struct RecordedColumn: Hashable, Sendable {
    /// Values of one type.
    public enum Values: Hashable, Sendable {
      /// Doubles.
      case doubles([Double])
      /// 32-bit integers.
      case integers([Int32])
      /// Texts, stored in records of 512 bytes.
      case strings([String])
    }

    /// Identity, which also names the chunk.
    public var id: String
    /// The title.
    public var description: String
    /// The unit; may be empty.
    public var unit: String
    /// Group: 1 device, 2 camera, 3 plugin, 4 macro; nil writes none.
    public var group: Int32?
    /// The values.
    public var values: Values

    /// Creates a column.
    public init(
      id: String, description: String, unit: String = "", group: Int32? = nil, values: Values
    ) {
      self.id = id
      self.description = description
      self.unit = unit
      self.group = group
      self.values = values
    }
  }

  /// An event during the acquisition.
  public struct Event: Hashable, Sendable {
    /// Time in ms.
    public var timeMs: Double
    /// Time of the second clock; nil writes none.
    public var secondTime: Double?
    /// Code of what happened (nd2-format §3.8).
    public var meaning: UInt32
    /// Number of the event.
    public var id: UInt32
    /// Text; nil writes none.
    public var description: String?
    /// Data, such as the command; nil writes none.
    public var data: String?
    /// Stimulation that began or ended; nil writes none.
    public var stimulation: Stimulation?

    /// Creates an event.
    public init(
      timeMs: Double, meaning: UInt32, id: UInt32 = 0, description: String? = nil,
      data: String? = nil, secondTime: Double? = nil, stimulation: Stimulation? = nil
    ) {
      self.timeMs = timeMs
      self.secondTime = secondTime
      self.meaning = meaning
      self.id = id
      self.description = description
      self.data = data
      self.stimulation = stimulation
    }

    /// A stimulation.
    public struct Stimulation: Hashable, Sendable {
      /// Kind: 0 none, 1 sequential, 2 parallel, 3 manual, 4 begin, 5 end.
      public var type: UInt32
      /// Index of the loop.
      public var loopIndex: UInt32
      /// Position.
      public var position: UInt32
      /// Text.
      public var description: String

      /// Creates a stimulation.
      public init(
        type: UInt32, loopIndex: UInt32 = 0, position: UInt32 = 0, description: String = ""
      ) {
        self.type = type
        self.loopIndex = loopIndex
        self.position = position
        self.description = description
      }
    }
  }
}

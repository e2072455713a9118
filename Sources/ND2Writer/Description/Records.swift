extension ND2FileDescription {
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
    /// The values, one for each frame.
    ///
    /// ``ND2FileWriter`` takes them with the frames when there are none here; the case still says
    /// their type.
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

extension ND2FileDescription.RecordedColumn {
  /// A column whose values come with the frames.
  public init(
    id: String, description: String, unit: String = "", group: Int32? = nil, kind: Kind = .doubles
  ) {
    let values: Values =
      switch kind {
      case .doubles: .doubles([])
      case .integers: .integers([])
      case .strings: .strings([])
      }
    self.init(id: id, description: description, unit: unit, group: group, values: values)
  }

  /// The type of a column's values.
  public enum Kind: Hashable, Sendable {
    /// Doubles.
    case doubles
    /// 32-bit integers.
    case integers
    /// Texts, stored in records of 512 bytes.
    case strings
  }

  /// The type of the values, for messages.
  var kindName: String {
    switch values {
    case .doubles: "double"
    case .integers: "integer"
    case .strings: "string"
    }
  }

  /// Number of values.
  var count: Int {
    switch values {
    case .doubles(let values): values.count
    case .integers(let values): values.count
    case .strings(let values): values.count
    }
  }
}

/// Something that happened during an acquisition: a command, a pause, a stimulation …
public struct ExperimentEvent: Hashable, Sendable, Codable {
  /// Number of the event.
  public var id: Int
  /// When it happened, in ms on the clock of the frames' times.
  public var timeMs: Double
  /// When it happened, in ms on the second clock; 0 when that was not used.
  public var time2Ms: Double
  /// What happened.
  public var meaning: EventMeaning
  /// The text that the user typed, or the default text of the meaning; stimulations add their phase
  /// and text.
  public var description: String
  /// Further data, such as the code of a command.
  public var data: String
  /// Details of a stimulation.
  public var stimulation: StimulationEvent?

  /// Creates an event; the description defaults to the text of the meaning.
  public init(
    id: Int = 0, timeMs: Double = 0, time2Ms: Double = 0, meaning: EventMeaning = .unspecified,
    description: String? = nil, data: String = "", stimulation: StimulationEvent? = nil
  ) {
    self.id = id
    self.timeMs = timeMs
    self.time2Ms = time2Ms
    self.meaning = meaning
    self.description = description ?? meaning.defaultText
    self.data = data
    self.stimulation = stimulation
  }

  private enum CodingKeys: String, CodingKey {
    case id
    case timeMs = "time"
    case time2Ms = "time2"
    case meaning, description, data, stimulation
  }
}

/// Details of the stimulation of a sample with light.
public struct StimulationEvent: Hashable, Sendable, Codable {
  /// The phase of the stimulation.
  public var type: Phase
  /// Index of the time loop.
  public var loopIndex: Int
  /// Index of the stage position.
  public var position: Int
  /// Text, such as the device and its settings.
  public var description: String

  /// Creates details.
  public init(
    type: Phase = .none, loopIndex: Int = 0, position: Int = 0, description: String = ""
  ) {
    self.type = type
    self.loopIndex = loopIndex
    self.position = position
    self.description = description
  }

  /// The phase of a stimulation. Numbers that this version does not know are kept.
  public struct Phase: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    /// The number in the file.
    public var rawValue: Int
    /// Takes any number.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// No stimulation.
    public static let none = Phase(rawValue: 0)
    /// Between frames.
    public static let sequential = Phase(rawValue: 1)
    /// While frames are taken.
    public static let parallel = Phase(rawValue: 2)
    /// By hand.
    public static let manual = Phase(rawValue: 3)
    /// It begins.
    public static let begin = Phase(rawValue: 4)
    /// It ends.
    public static let end = Phase(rawValue: 5)

    private static let names = [
      "NoStimulation", "Sequential", "Parallel", "Manual", "Begin", "End",
    ]

    /// The name, or `Unknown(n)`.
    public var description: String { kindName(of: rawValue, in: Self.names) }
  }

  private enum CodingKeys: String, CodingKey {
    case type
    case loopIndex = "loop_index"
    case position, description
  }
}

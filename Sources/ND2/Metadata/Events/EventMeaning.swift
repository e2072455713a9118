/// What happened in an event of an acquisition. Numbers that this version does not know are kept.
public struct EventMeaning: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
  /// The number in the file.
  public var rawValue: Int
  /// Takes any number.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Not said.
  public static let unspecified = EventMeaning(rawValue: 0)
  /// The focus was searched.
  public static let autofocus = EventMeaning(rawValue: 1)
  /// A command was executed.
  public static let command = EventMeaning(rawValue: 7)
  /// A macro was executed.
  public static let macro = EventMeaning(rawValue: 8)
  /// The experiment was paused.
  public static let pause = EventMeaning(rawValue: 9)
  /// The experiment was resumed.
  public static let resume = EventMeaning(rawValue: 10)
  /// The user stopped the experiment.
  public static let cancel = EventMeaning(rawValue: 11)
  /// The user moved on to the next time phase.
  public static let nextPhase = EventMeaning(rawValue: 13)
  /// Light was applied to the sample.
  public static let stimulation = EventMeaning(rawValue: 15)
  /// Light was applied to the sample by an external device.
  public static let externalStimulation = EventMeaning(rawValue: 16)
  /// The user pressed the first of the event buttons.
  public static let userInteraction1 = EventMeaning(rawValue: 33)
  /// A frame is about to be captured.
  public static let beforeCapture = EventMeaning(rawValue: 41)
  /// A frame has been captured.
  public static let afterCapture = EventMeaning(rawValue: 42)
  /// A device failed.
  public static let hardwareError = EventMeaning(rawValue: 46)

  /// The name that the format's readers use, or `Unknown(n)`.
  public var description: String { kindName(of: rawValue, in: Self.names) }

  /// The text that stands for an event without description; empty for most kinds.
  public var defaultText: String {
    switch rawValue {
    case 0: "Unknown"
    case 1: "Autofocus"
    case 2...5: "User \(rawValue - 1) old"
    case 6: "JOBs Event"
    case 7: "Command Executed"
    case 8: "Macro Event"
    case 9: "Experiment Paused"
    case 10: "Experiment Resumed"
    case 11: "Experiment Stopped by User"
    case 12: "Acquisition zero time"
    case 13: "Next Phase Moved by User"
    case 14: "Experiment Paused for Refocusing"
    case 15: "Stimulation"
    case 16: "External Stimulation"
    case 33...40: "User \(rawValue - 32)"
    case 41: "Before Capture"
    case 42: "After Capture"
    case 44: "No Acquisition Phase Start"
    case 45: "No Acquisition Phase End"
    case 46: "Hardware Error"
    case 47, 54: "N-STORM"
    case 48: "Incubation Info"
    case 49: "Incubation Error"
    case 50: "Interactive Finish"
    case 51: "Pause Experiment"
    case 52: "WID Replenishment Start"
    case 53: "WID Replenishment End"
    default: ""
    }
  }

  private static let names = [
    "Unspecified", "Autofocus", "UserInteraction1_Old", "UserInteraction2_Old",
    "UserInteraction3_Old", "UserInteraction4_Old", "JOBs", "Command", "Macro", "Pause", "Resume",
    "Cancel", "RAMGrabZeroTime", "TimeLoopNextPhase", "Refocus", "Stimulation",
    "ExternalStimulation", "ExperimentStart", "ExperimentEnd", "PhaseXStart", "PhaseXEnd",
    "BeforeXYMove", "AfterXYMove", "BeforeZSeries", "AfterZSeries", "BeforeLambdaLoop",
    "AfterLambdaLoop", "BeforeLargeImage", "AfterLargeImage", "BeforeStimulation",
    "AfterStimulation", "UserEvents", "StreamData", "UserInteraction1", "UserInteraction2",
    "UserInteraction3", "UserInteraction4", "UserInteraction5", "UserInteraction6",
    "UserInteraction7", "UserInteraction8", "BeforeCapture", "AfterCapture", "RealTimeTTLData",
    "NoAcquisitionStart", "NoAcquisitionEnd", "HardwareError", "StormEvent", "IncubationInfo",
    "IncubationError", "InteractiveExpEnd", "ExperimentPause", "WIDReplenishmentStart",
    "WIDReplenishmentEnd", "NSTORM",
  ]
}

import ND2

/// What has to be read from a file before it can be described.
struct OMEFacts {
  /// The stage positions with their places.
  var positions = Table()
  /// The frames with times and places; empty when nobody asks for them.
  var frames = Table()
  /// The regions of interest.
  var rois = ROICollection()
  /// The plate.
  var plate: WellPlate?
  /// What devices recorded.
  var recorded: [RecordedColumn] = []
  /// Everything that the file says.
  var unstructured: JSONValue?

  init(reading file: ND2File, _ options: OMEOptions) throws {
    positions = try file.positionsTable()
    plate = try file.wellPlate()
    recorded = try file.recordedData()
    if options.includesROIs { rois = try file.rois() }
    if needsFrames(options) { frames = try file.framesTable() }
    if options.includesUnstructuredMetadata { unstructured = try file.unstructuredMetadata() }
  }

  init(reading file: ND2File, _ options: OMEOptions) async throws {
    positions = try await file.positionsTable()
    plate = try await file.wellPlate()
    recorded = try await file.recordedData()
    if options.includesROIs { rois = try await file.rois() }
    if needsFrames(options) { frames = try await file.framesTable() }
    if options.includesUnstructuredMetadata { unstructured = try await file.unstructuredMetadata() }
  }

  /// Whether planes or regions that move ask when frames were taken.
  private func needsFrames(_ options: OMEOptions) -> Bool {
    options.includesPlanes || rois.contains { $0.animationParameters.count > 1 }
  }
}

/// When and where frames were taken, by frame.
struct OMEFrameColumns {
  private let times: Table.Column?
  private let x: Table.Column?
  private let y: Table.Column?
  private let z: Table.Column?
  private let missing: [Int]

  init(_ table: Table) {
    times = table["Time [s]"]
    x = table["X [µm]"]
    y = table["Y [µm]"]
    z = table["Z [µm]"]
    if case .integers(let values)? = table["Missing"]?.values {
      missing = values
    } else {
      missing = []
    }
  }

  /// Time since the start, ms, to the nanosecond.
  func timeMs(_ frame: Int) -> Double? { Self.rounded(times?[frame]?.double.map { $0 * 1000 }) }
  /// Position of the stage, µm.
  func x(_ frame: Int) -> Double? { Self.rounded(x?[frame]?.double) }
  /// Position of the stage, µm.
  func y(_ frame: Int) -> Double? { Self.rounded(y?[frame]?.double) }
  /// Focus, µm.
  func z(_ frame: Int) -> Double? { Self.rounded(z?[frame]?.double) }
  /// Whether no pixels are stored.
  func isMissing(_ frame: Int) -> Bool { missing.indices.contains(frame) && missing[frame] != 0 }

  /// To six decimals: what is behind them is noise of the arithmetic.
  static func rounded(_ value: Double?) -> Double? {
    guard let value, value.isFinite else { return nil }
    guard abs(value) < 1e9 else { return value }
    return (value * 1e6).rounded() / 1e6
  }
}

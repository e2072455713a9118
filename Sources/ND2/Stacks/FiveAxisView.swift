/// A file seen as an array that always has the five axes T, C, Z, Y, X, once for each scene.
///
/// Many tools expect that form whatever was acquired. A scene is a stage position. Axes that the file
/// does not have are one element long; colour images have the samples red, green, blue as a sixth
/// axis S at the end. Of loops that are none of time, position and focus the first turn is taken.
///
/// ```swift
/// let view = file.fiveAxes
/// print(view.shape)                         // [10, 2, 50, 2048, 2048]
/// let stack = try file.readStack(t: 3, c: 0, position: 1)
/// ```
public struct FiveAxisView: Sendable {
  /// The file.
  public let file: ND2File

  /// The numbers of elements along T, C, Z, Y and X.
  public var shape: [Int] { [.time, .channel, .z, .y, .x].map(count) }

  /// The axes T, C, Z, Y, X with their sizes.
  public var sizes: AxisSizes {
    AxisSizes([.time, .channel, .z, .y, .x].map { AxisSizes.Element($0, count($0)) })
  }

  /// The number format of the pixels.
  public var sampleType: SampleType { file.sampleType }

  /// The names of the channels.
  public var channels: [String] { file.channelNames }

  /// The place of each channel by its name; of several of one name the first.
  public var channelMap: [String: Int] {
    Dictionary(channels.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
  }

  /// Size of a voxel in µm: z, y, x; nil along axes that are not calibrated.
  public var voxelSizes: (z: Double?, y: Double?, x: Double?) {
    let isCalibrated = file.metadata.channels.first?.volume.axesCalibrated
    let size = file.voxelSize
    func known(_ place: Int, _ value: Double) -> Double? {
      guard let isCalibrated, isCalibrated.indices.contains(place) else { return nil }
      return isCalibrated[place] ? value : nil
    }
    return (known(2, size.z), known(1, size.y), known(0, size.x))
  }

  /// Seconds between time points, or nil when the file does not say it.
  public var timeInterval: Double? {
    for loop in file.experiment {
      switch loop {
      case .time(let loop): if let period = loop.parameters.intervalMs { return period / 1000 }
      case .neTime(let loop):
        for period in loop.parameters.periods {
          if let interval = period.intervalMs { return interval / 1000 }
        }
      default: break
      }
    }
    return nil
  }

  /// Number of scenes: of stage positions, at least 1.
  public var sceneCount: Int { count(.position) }

  /// Where the stage stood for each scene: x and y in µm; empty when the file does not say it.
  public var scenePositions: [(x: Double, y: Double)] {
    for loop in file.experiment {
      if case .xyPositions(let loop) = loop {
        return loop.parameters.points.prefix(sceneCount).map {
          ($0.stagePositionUm.x, $0.stagePositionUm.y)
        }
      }
    }
    return []
  }

  private func count(_ axis: Axis) -> Int {
    switch axis {
    case .channel: max(1, file.geometry.planes.count)
    case .y: file.geometry.layout.height
    case .x: file.geometry.layout.width
    default: file.loopLayout.axes[axis] ?? 1
    }
  }

  /// The whole array of a scene: T, C, Z, Y, X, and S for colour.
  ///
  /// - Parameters:
  ///   - position: the scene.
  ///   - progress: told the share that is done, from any thread.
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a scene that the file does not have, and as
  ///   reading does; `CancellationError`.
  public func read(
    position: Int = 0, progress: (@Sendable (Double) -> Void)? = nil
  ) async throws -> AnyNDArray {
    try arrange(try await file.read(selection(position: position), progress: progress))
  }

  /// The whole array of a scene; see the asynchronous form.
  public func read(
    position: Int = 0, progress: (@Sendable (Double) -> Void)? = nil
  ) throws -> AnyNDArray {
    try arrange(try file.read(selection(position: position), progress: progress))
  }

  /// The planes in the order T, C, Z, scene: each with its place.
  public var planes: some Sequence<(t: Int, c: Int, z: Int, position: Int)> {
    let (shape, scenes) = (shape, sceneCount)
    return (0..<shape[0]).lazy.flatMap { t in
      (0..<shape[1]).lazy.flatMap { c in
        (0..<shape[2]).lazy.flatMap { z in (0..<scenes).lazy.map { (t, c, z, $0) } }
      }
    }
  }

  // MARK: - Selections

  /// A box of a scene as a selection of the file's own array.
  func selection(
    t: Range<Int>? = nil, c: Range<Int>? = nil, z: Range<Int>? = nil, y: Range<Int>? = nil,
    x: Range<Int>? = nil, position: Int = 0
  ) -> ArraySelection {
    var selection = ArraySelection(.position, position)
    for (axis, range) in [(Axis.time, t), (.channel, c), (.z, z), (.y, y), (.x, x)] {
      if let range { selection = selection.with(axis, range) }
    }
    if file.loopLayout.axes[.custom] != nil { selection = selection.with(.custom, 0) }
    return selection
  }

  /// Puts the axes of what was read into order: T, C, Z, Y, X, and S for colour.
  func arrange(_ array: AnyNDArray) throws -> AnyNDArray {
    var array = array
    let order: [Axis] = [.time, .channel, .z, .y, .x]
    for axis in array.sizes.axes where axis == .position || axis == .custom {
      array = try array.squeezed([axis])
    }
    for axis in order where array.sizes[axis] == nil { array = try array.inserting(axis, at: 0) }
    let samples = array.sizes[.sample] == nil ? [] : [Axis.sample]
    return try array.transposed(order + samples).compacted()
  }
}

extension ND2File {
  /// The file as an array with the axes T, C, Z, Y, X for each scene.
  public var fiveAxes: FiveAxisView { FiveAxisView(file: self) }
}

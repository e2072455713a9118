package import ND2Format

/// How frames are numbered by the loops of an experiment, and which axes the loops make up.
///
/// Frames are numbered row-major over the loops, the last loop fastest; which loop is outermost
/// differs from file to file (nd2-format §3.3.7). Nothing here is sized by the number of frames.
public struct LoopLayout: Sendable, Hashable {
  /// A loop over frames.
  public struct Loop: Sendable, Hashable {
    /// The axis that it runs along.
    public var axis: Axis
    /// Number of turns.
    public var count: Int
    /// Place of the loop in the experiment; nil for a loop that stands for all stored frames.
    public var place: Int?
    /// Frames from one turn to the next.
    public internal(set) var stride: Int
    /// Indices of its axis from one turn to the next: more than 1 for the outer one of several
    /// loops along one axis.
    public internal(set) var axisStride: Int
  }

  /// The loops, outermost first.
  public let loops: [Loop]
  /// The axes of the loops, each once, in the order of their outermost loops, axes of one element
  /// included; of several loops along one axis the counts are multiplied.
  public let axes: AxisSizes
  /// Number of frames that the loops describe.
  public let frameCount: Int
  /// Number of frames that are stored behind those.
  public let extraFrameCount: Int
  /// Whether frame numbers are row-major over ``axes``. They are not when two loops along one axis
  /// have another loop between them.
  public let isRowMajor: Bool

  /// Lays out loops along axes.
  ///
  /// - Parameters:
  ///   - experiment: the loops; when there are none all stored frames lie along time.
  ///   - frames: what is stored.
  ///   - log: told about loops that cannot be, frames that are missing or too many.
  package init(
    _ experiment: [ExperimentLoop], frames: StoredFrames, limits: ParsingLimits = .standard,
    log: inout DiagnosticLog
  ) {
    let chunk = ChunkName.experiment.first
    var loops = experiment.enumerated().compactMap { place, loop in
      loop.type.axis.map {
        Loop(axis: $0, count: loop.count, place: place, stride: 1, axisStride: 1)
      }
    }
    var product = Checked.product(loops.map(\.count))
    // Plans that were stopped leave loops of many more frames than were taken, but not of any number.
    let most = min(
      limits.frameCount, max(1_000_000, Checked.product(frames.storedCount, 64) ?? .max))
    if let count = product, count > most { product = nil }
    if product == nil {
      log.damage(
        "the loops of the experiment describe more frames than a file can hold", chunk: chunk)
    }
    if loops.isEmpty || product == nil {
      let count = min(frames.unloopedCount, max(1, limits.frameCount))
      if loops.isEmpty, count > 1 {
        log.warning("no experiment says what the \(count) stored frames are; they lie along time")
      }
      loops =
        count > 1 ? [Loop(axis: .time, count: count, place: nil, stride: 1, axisStride: 1)] : []
      product = count
    }
    let frameCount = product ?? 1
    Self.setStrides(&loops)
    self.loops = loops
    self.frameCount = frameCount
    axes = Self.merge(loops)
    isRowMajor = Self.isRowMajor(loops)
    extraFrameCount = max(0, frames.upperBound - frameCount)
    report(frames, log: &log)
  }

  private func report(_ frames: StoredFrames, log: inout DiagnosticLog) {
    if extraFrameCount > 0 {
      log.note(
        "frames up to number \(frames.upperBound - 1) are stored, behind the \(frameCount) that "
          + "the loops describe; they can be read by their number")
    }
    if frames.storedCount < frameCount, frames.upperBound <= frameCount {
      log.warning("frames that are not stored: \(frameCount - frames.storedCount) of \(frameCount)")
    }
  }

  private static func setStrides(_ loops: inout [Loop]) {
    var stride = 1
    var axisStrides: [Axis: Int] = [:]
    for index in loops.indices.reversed() {
      loops[index].stride = stride
      loops[index].axisStride = axisStrides[loops[index].axis] ?? 1
      stride *= max(1, loops[index].count)
      axisStrides[loops[index].axis] = loops[index].axisStride * max(1, loops[index].count)
    }
  }

  private static func merge(_ loops: [Loop]) -> AxisSizes {
    var elements: [AxisSizes.Element] = []
    for loop in loops {
      if let place = elements.firstIndex(where: { $0.axis == loop.axis }) {
        elements[place].count *= loop.count
      } else {
        elements.append(.init(loop.axis, loop.count))
      }
    }
    return AxisSizes(elements)
  }

  /// Whether loops of more than one turn along one axis follow each other directly.
  private static func isRowMajor(_ loops: [Loop]) -> Bool {
    var finished: Set<Axis> = []
    var current: Axis?
    for loop in loops where loop.count > 1 {
      if loop.axis == current { continue }
      if let current { finished.insert(current) }
      if finished.contains(loop.axis) { return false }
      current = loop.axis
    }
    return true
  }
}

extension LoopLayout {
  /// The turn of each loop in which a frame was taken, outermost first; nil beyond the loops.
  public func turns(ofFrame index: Int) -> [Int]? {
    guard index >= 0, index < frameCount else { return nil }
    return loops.map { index / $0.stride % max(1, $0.count) }
  }

  /// The number of the frame that was taken in a turn of each loop, outermost first; nil when the
  /// turns are not as many as the loops, or one is out of range.
  public func frameIndex(ofTurns turns: [Int]) -> Int? {
    guard turns.count == loops.count else { return nil }
    var index = 0
    for (turn, loop) in zip(turns, loops) {
      guard turn >= 0, turn < loop.count else { return nil }
      index += turn * loop.stride
    }
    return index
  }

  /// The index of a frame along each axis of ``axes``; nil beyond the loops.
  public func coordinates(ofFrame index: Int) -> [Int]? {
    guard let turns = turns(ofFrame: index) else { return nil }
    return axes.map { element in
      zip(turns, loops).reduce(0) { sum, item in
        item.1.axis == element.axis ? sum + item.0 * item.1.axisStride : sum
      }
    }
  }

  /// The index of a frame along each axis, as objects of axis and index; empty without loops.
  public func indices(ofFrame index: Int) -> [(axis: Axis, index: Int)]? {
    coordinates(ofFrame: index).map { zip(axes.axes, $0).map { ($0, $1) } }
  }

  /// The number of the frame at an index along each axis of ``axes``; nil when the indices are not
  /// as many as the axes, or one is out of range.
  public func frameIndex(at coordinates: [Int]) -> Int? {
    guard coordinates.count == axes.count else { return nil }
    for (coordinate, element) in zip(coordinates, axes)
    where coordinate < 0 || coordinate >= element.count { return nil }
    var index = 0
    for loop in loops {
      guard let place = axes.index(of: loop.axis) else { return nil }
      index += coordinates[place] / loop.axisStride % max(1, loop.count) * loop.stride
    }
    return index
  }

  /// The turn in which the loop at a place of the experiment took a frame.
  func turn(ofFrame index: Int, loopAt place: Int) -> Int? {
    guard index >= 0, index < frameCount, let loop = loops.first(where: { $0.place == place })
    else { return nil }
    return index / loop.stride % max(1, loop.count)
  }
}

extension LoopLayout {
  /// The axes of the image array with their sizes: loops, then channel, rows, columns, colour
  /// samples; without axes of one element.
  public func sizes(attributes: ImageAttributes, channels: ChannelLayout) -> AxisSizes {
    fullSizes(attributes: attributes, channels: channels).squeezed
  }

  /// The same with the axes of one element.
  public func fullSizes(attributes: ImageAttributes, channels: ChannelLayout) -> AxisSizes {
    var elements = Array(axes)
    elements.append(.init(.channel, channels.channelAxisCount))
    elements.append(.init(.y, attributes.heightPx))
    elements.append(.init(.x, attributes.widthPx))
    if channels.hasSampleAxis { elements.append(.init(.sample, 3)) }
    return AxisSizes(elements)
  }
}

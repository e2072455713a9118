/// What the elements along an axis of the image array stand for.
public enum AxisCoordinates: Sendable, Hashable {
  /// Numbers, in the unit of the axis: ms along time, µm along z, y and x.
  case numbers([Double])
  /// Names.
  case labels([String])

  /// Number of elements.
  public var count: Int {
    switch self {
    case .numbers(let numbers): numbers.count
    case .labels(let labels): labels.count
    }
  }
}

/// Finds the coordinates along the axes of the image array (nd2-format §6.2).
package struct AxisCoordinateFinder: Sendable {
  /// Where and when frames were taken.
  package var facts: FrameFacts
  /// Channels and components.
  package var channels: ChannelLayout
  /// Size of the voxels.
  package var voxelSize: VoxelSize
  /// Rows and columns.
  package var size: (height: Int, width: Int)
  /// Whether time follows the Python package nd2: zeros where no interval was measured, and each
  /// phase from 0.
  package var isND2Compatible = false

  package init(
    facts: FrameFacts, channels: ChannelLayout, voxelSize: VoxelSize,
    size: (height: Int, width: Int)
  ) {
    self.facts = facts
    self.channels = channels
    self.voxelSize = voxelSize
    self.size = size
  }

  /// The coordinates along an axis; nil for axes that have none.
  ///
  /// - Parameter time: gives the time of a frame, ms, when it takes more than the list of times to
  ///   know it.
  package func coordinates(
    along axis: Axis, time: (Int) -> Double? = { _ in nil }
  ) -> AxisCoordinates? {
    switch axis {
    case .x: .numbers((0..<max(0, size.width)).map { Double($0) * voxelSize.x })
    case .y: .numbers((0..<max(0, size.height)).map { Double($0) * voxelSize.y })
    case .z: focus.map { .numbers($0) }
    case .time: times(time).map { .numbers($0) }
    case .position: .labels(positionNames)
    case .channel: .labels(channels.channelAxisNames)
    case .sample: .labels(["Red", "Green", "Blue"])
    default: nil
    }
  }

  /// The frames whose times ``coordinates(along:time:)`` asks for along time; none when the times are
  /// planned, or listed, or more than `most`.
  package func framesWithUnknownTime(most: Int) -> [Int] {
    let count = count(along: .time)
    let loops = loops(along: .time)
    if isND2Compatible, loops.count == 1 { return [] }
    if !loops.isEmpty, planned(loops, count) != nil { return [] }
    guard count <= most else { return [] }
    return (0..<count).compactMap { firstFrame(ofTime: $0) }
      .filter { !facts.times.indices.contains($0) }
  }

  /// The first frame of a time point; nil when the loops do not reach it.
  private func firstFrame(ofTime index: Int) -> Int? {
    facts.layout.frameIndex(at: facts.layout.axes.map { $0.axis == .time ? index : 0 })
  }

  /// The loops along an axis, outermost first.
  private func loops(along axis: Axis) -> [(loop: ExperimentLoop, layout: LoopLayout.Loop)] {
    facts.layout.loops.compactMap { layout in
      guard layout.axis == axis, let place = layout.place else { return nil }
      return (facts.loops[place], layout)
    }
  }

  private func count(along axis: Axis) -> Int { facts.layout.axes[axis] ?? 1 }

  /// Heights above the first plane, µm.
  private var focus: [Double]? {
    let loops = loops(along: .z)
    guard !loops.isEmpty else { return count(along: .z) == 1 ? [0] : nil }
    return (0..<count(along: .z)).map { index in
      loops.reduce(0) { sum, item in
        guard case .zStack(let stack) = item.loop else { return sum + Double(turn(index, item)) }
        return sum + Double(turn(index, item)) * stack.parameters.stepUm
      }
    }
  }

  private func turn(
    _ index: Int, _ item: (loop: ExperimentLoop, layout: LoopLayout.Loop)
  ) -> Int {
    index / item.layout.axisStride % max(1, item.layout.count)
  }

  /// Times, ms: by the intervals measured or planned, else those of the first frames.
  private func times(_ time: (Int) -> Double?) -> [Double]? {
    let count = count(along: .time)
    let loops = loops(along: .time)
    if isND2Compatible, let only = loops.first, loops.count == 1 {
      return nd2CompatibleTimes(only.loop, count)
    }
    let planned = loops.isEmpty ? nil : planned(loops, count)
    if let planned { return planned }
    var times: [Double] = []
    times.reserveCapacity(min(count, 1 << 20))
    for index in 0..<count {
      guard let frame = firstFrame(ofTime: index) else { return nil }
      let known = facts.times.indices.contains(frame) ? facts.times[frame] : nil
      guard let value = known ?? time(frame), value.isFinite else { return nil }
      times.append(value)
    }
    return times
  }

  private func planned(
    _ loops: [(loop: ExperimentLoop, layout: LoopLayout.Loop)], _ count: Int
  ) -> [Double]? {
    var times = [Double](repeating: 0, count: count)
    for item in loops {
      switch item.loop {
      case .time(let loop):
        guard let interval = loop.parameters.intervalMs ?? (loop.count == 1 ? 0 : nil) else {
          return nil
        }
        for index in 0..<count { times[index] += Double(turn(index, item)) * interval }
      case .neTime(let loop):
        let own = (0..<loop.count).map { loop.time(ofTurn: $0) }
        for index in 0..<count {
          guard let value = own[turn(index, item)] else { return nil }
          times[index] += value
        }
      default: return nil
      }
    }
    return times
  }

  private func nd2CompatibleTimes(_ loop: ExperimentLoop, _ count: Int) -> [Double] {
    switch loop {
    case .time(let loop): (0..<count).map { Double($0) * loop.parameters.periodDiff.avg }
    case .neTime(let loop):
      Array(
        loop.parameters.periods.lazy
          .flatMap { period in
            (0..<period.count).lazy.map { Double($0) * period.periodDiff.avg }
          }
          .prefix(count))
    default: (0..<count).map(Double.init)
    }
  }

  /// Names of the positions, `XYPos:` and the number for those that have none.
  private var positionNames: [String] {
    let loops = loops(along: .position)
    return (0..<count(along: .position)).map { index in
      var names: [String] = []
      for item in loops {
        let turn = turn(index, item)
        if case .xyPositions(let loop) = item.loop, let name = loop.point(turn)?.name {
          names.append(name)
        } else if loops.count > 1 {
          names.append("XYPos:\(turn)")
        }
      }
      return names.isEmpty ? "XYPos:\(index)" : names.joined(separator: " ")
    }
  }
}

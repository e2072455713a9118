import ND2Format

extension ND2File {
  /// What the elements along an axis of the array stand for; nil for axes that say nothing, such as
  /// custom loops, and for axes that the file cannot have.
  ///
  /// Times are in ms since the start, heights and distances in µm, the height of the lowest plane
  /// being 0. Axes of one element, which ``sizes`` leaves out, have one value. See nd2-format §6.2.
  ///
  /// - Throws: ``ND2Error/Code/io`` when the times of frames must be read and cannot be.
  public func coordinate(_ axis: Axis) throws -> Coordinate? {
    try located {
      let facts = try load(frameFactsPart)
      let finder = finder(facts)
      var times: [Int: Double] = [:]
      for frame in finder.framesToAsk(axis) { times[frame] = try framePrefix(frame) }
      return finder.coordinate(axis, times)
    }
  }

  /// What the elements along an axis of the array stand for; see the blocking form.
  public func coordinate(_ axis: Axis) async throws -> Coordinate? {
    let facts = try await load(frameFactsPart)
    let finder = finder(facts)
    var times: [Int: Double] = [:]
    for frame in finder.framesToAsk(axis) { times[frame] = try await framePrefix(frame) }
    return finder.coordinate(axis, times)
  }

  private func finder(_ facts: FrameFacts) -> AxisCoordinateFinder {
    var finder = AxisCoordinateFinder(
      facts: facts, channels: channelLayout, voxelSize: voxelSize,
      size: (height: geometry.layout.height, width: geometry.layout.width))
    finder.isND2Compatible = options.isND2Compatible
    return finder
  }

  /// What the file says of the whole image.
  var imageLabels: ImageLabels {
    ImageLabels(
      path: path, metadata: metadata, experiment: experiment, attributes: attributes,
      textInfo: textInfo)
  }
}

extension AxisCoordinateFinder {
  /// The frames whose times must be read one by one, a request each: only where they are few.
  fileprivate func framesToAsk(_ axis: Axis) -> [Int] {
    axis == .time ? framesWithUnknownTime(most: 1000) : []
  }

  fileprivate func coordinate(_ axis: Axis, _ times: [Int: Double]) -> Coordinate? {
    coordinates(along: axis) { times[$0] }.map { Coordinate($0, unit: Self.unit(of: axis)) }
  }

  private static func unit(of axis: Axis) -> String {
    switch axis {
    case .time: "ms"
    case .z, .y, .x: "µm"
    default: ""
    }
  }
}

/// Which axes a labelled array of a file has.
public enum LabeledAxes: Hashable, Sendable {
  /// Those of ``ND2File/sizes``: axes of one element are left out.
  case squeezed
  /// Also those of one element that a label exists for, in front of the others: loops of one turn,
  /// the position, the channel.
  case all
}

// The pixels of a file with their labels.
extension ND2File {
  /// The pixels of the file as a lazy array with times, heights, names of channels and positions.
  ///
  /// - Parameters:
  ///   - axes: whether axes of one element are there.
  ///   - position: only that stage position; with ``LabeledAxes/all`` the axis stays, with one element.
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a position that the file does not have.
  public func lazyLabeledArray(
    axes: LabeledAxes = .squeezed, position: Int? = nil
  ) throws -> LabeledArray<LazyArray> {
    var coordinates: [Axis: Coordinate] = [:]
    for axis in labeledAxes { coordinates[axis] = try coordinate(axis) }
    return try located { try labeled(coordinates, axes, position) }
  }

  /// The pixels of the file as a lazy array with times, heights, names of channels and positions;
  /// see the blocking form.
  public func lazyLabeledArray(
    axes: LabeledAxes = .squeezed, position: Int? = nil
  ) async throws -> LabeledArray<LazyArray> {
    var coordinates: [Axis: Coordinate] = [:]
    for axis in labeledAxes { coordinates[axis] = try await coordinate(axis) }
    return try located { try labeled(coordinates, axes, position) }
  }

  /// The pixels of the file, read, with times, heights, names of channels and positions.
  ///
  /// - Parameters:
  ///   - axes: whether axes of one element are there.
  ///   - position: only that stage position; with ``LabeledAxes/all`` the axis stays, with one element.
  /// - Throws: as ``read(_:)-ugdi``, and ``ND2Error/Code/invalidRequest`` for a position that the
  ///   file does not have.
  public func labeledArray(
    axes: LabeledAxes = .squeezed, position: Int? = nil
  ) throws -> LabeledArray<AnyNDArray> {
    try lazyLabeledArray(axes: axes, position: position).compute()
  }

  /// The pixels of the file, read, with their labels; see the blocking form.
  public func labeledArray(
    axes: LabeledAxes = .squeezed, position: Int? = nil
  ) async throws -> LabeledArray<AnyNDArray> {
    try await lazyLabeledArray(axes: axes, position: position).compute()
  }

  /// The axes that can have labels: those of the array, then those of one element.
  private var labeledAxes: [Axis] {
    sizes.axes + missingAxes
  }

  /// Axes of one element that the file says something of, in the order that they come in front.
  private var missingAxes: [Axis] {
    let loops = loopLayout.axes.axes
    let others = loops.contains(.position) ? [] : [Axis.position]
    return (others + loops + [.channel, .y, .x]).filter { sizes[$0] == nil }
  }

  private func labeled(
    _ coordinates: [Axis: Coordinate], _ axes: LabeledAxes, _ position: Int?
  ) throws -> LabeledArray<LazyArray> {
    var array = lazyArray()
    if let position {
      let count = sizes[.position] ?? 1
      guard position >= 0, position < count else {
        throw ND2Error.invalidRequest(
          "axis P has \(count) element\(count == 1 ? "" : "s"); index \(position) is outside "
            + "0..<\(count)")
      }
      if sizes[.position] != nil {
        array = try array[.position, position..<(position + 1)]
      }
    }
    if axes == .all {
      for axis in missingAxes.reversed() { array = try array.inserting(axis, at: 0) }
    }
    var kept: [Axis: Coordinate] = [:]
    var scalars: [Axis: Coordinate] = [:]
    for (axis, coordinate) in coordinates {
      let isTaken = axis == .position && position != nil && sizes[.position] != nil
      let own = isTaken ? coordinate.taking([position ?? 0]) : coordinate
      if array.sizes.index(of: axis) != nil {
        kept[axis] = own
      } else if axis == .channel || (axis == .position && loopLayout.axes[axis] != nil) {
        scalars[axis] = own
      }
    }
    let labeled = try LabeledArray(
      array, coordinates: kept, scalars: scalars, attributes: imageLabels)
    guard axes == .squeezed, position != nil, array.sizes[.position] == 1 else { return labeled }
    return try labeled.isel(.position, 0)
  }
}

/// A box of a focus stack: half-open ranges of planes, rows and columns.
public struct StackCrop: Hashable, Sendable, Codable {
  /// Focus planes.
  public var z: Range<Int>
  /// Rows.
  public var y: Range<Int>
  /// Columns.
  public var x: Range<Int>

  /// A box.
  public init(z: Range<Int>, y: Range<Int>, x: Range<Int>) {
    self.z = z
    self.y = y
    self.x = x
  }
}

// Planes and stacks by their places along time, channel, focus and stage position, for any source.
extension ND2File {
  /// Reads one plane: rows and columns, and samples for colour.
  ///
  /// - Parameters:
  ///   - t: time point.
  ///   - c: channel.
  ///   - z: focus plane.
  ///   - position: stage position.
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a place that the file does not have, and as
  ///   reading does.
  public func readFrame(
    t: Int = 0, c: Int = 0, z: Int = 0, position: Int = 0
  ) async throws -> AnyNDArray {
    try plane(try await read(planeSelection(t, c, z, position)))
  }

  /// Reads one plane; see the asynchronous form.
  public func readFrame(
    t: Int = 0, c: Int = 0, z: Int = 0, position: Int = 0
  ) throws -> AnyNDArray {
    try plane(try read(planeSelection(t, c, z, position)))
  }

  /// Reads a focus stack, or a box of it: planes, rows and columns, and samples for colour.
  ///
  /// Of frames that are not compressed only the rows of the box are read. All frames are asked for
  /// side by side, up to ``ReadingOptions/maxConcurrency`` requests at a time.
  ///
  /// - Parameters:
  ///   - t: time point.
  ///   - c: channel.
  ///   - position: stage position.
  ///   - crop: the box; nil for the whole stack.
  ///   - progress: told the share that is done, from any thread.
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a place or box that the file does not have, and
  ///   as reading does; `CancellationError`.
  public func readStack(
    t: Int = 0, c: Int = 0, position: Int = 0, crop: StackCrop? = nil,
    progress: (@Sendable (Double) -> Void)? = nil
  ) async throws -> AnyNDArray {
    try stack(
      try await read(try stackSelection(t, c, position, crop), progress: progress))
  }

  /// Reads a focus stack, or a box of it; see the asynchronous form.
  public func readStack(
    t: Int = 0, c: Int = 0, position: Int = 0, crop: StackCrop? = nil,
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws -> AnyNDArray {
    try stack(try read(try stackSelection(t, c, position, crop), progress: progress))
  }

  private func planeSelection(_ t: Int, _ c: Int, _ z: Int, _ position: Int) -> ArraySelection {
    var selection = fiveAxes.selection(position: position)
    for (axis, index) in [(Axis.time, t), (.channel, c), (.z, z)] {
      selection = selection.with(axis, index)
    }
    return selection
  }

  private func stackSelection(
    _ t: Int, _ c: Int, _ position: Int, _ crop: StackCrop?
  ) throws -> ArraySelection {
    fiveAxes.selection(z: crop?.z, y: crop?.y, x: crop?.x, position: position)
      .with(.time, t).with(.channel, c)
  }

  private func plane(_ array: AnyNDArray) throws -> AnyNDArray {
    try fiveAxes.arrange(array).squeezed([.time, .channel, .z])
  }

  private func stack(_ array: AnyNDArray) throws -> AnyNDArray {
    try fiveAxes.arrange(array).squeezed([.time, .channel])
  }
}

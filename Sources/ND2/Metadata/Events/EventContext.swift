import ND2Format

/// What a table of events needs to know of the experiment.
package struct EventContext: Sendable {
  /// A loop of the experiment.
  package struct Loop: Sendable {
    /// Its axis.
    package var axis: Axis
    /// Number of its steps.
    package var count: Int
    /// What else the table shows of it.
    package var detail: Detail

    package init(_ axis: Axis, _ count: Int, _ detail: Detail = .none) {
      self.axis = axis
      self.count = count
      self.detail = detail
    }
  }

  /// What a table shows of a loop, apart from its index.
  package enum Detail: Sendable {
    /// Nothing.
    case none
    /// The names of the stage positions; nil for those without name.
    case positionNames([String?])
    /// The height of the planes: step in µm, index of the home plane, direction.
    case zStack(stepUm: Double, homeIndex: Int, bottomToTop: Bool)
  }

  /// The loops, outermost first.
  package var loops: [Loop]
  /// Times of the frames in ms, if the file has them.
  package var frameTimesMs: [Double]?
  /// Number of frames that the file stores, if known: bounds what wrong loop counts can ask for.
  package var storedFrameCount: Int?

  package init(
    loops: [Loop], frameTimesMs: [Double]? = nil, storedFrameCount: Int? = nil
  ) {
    self.loops = loops
    self.frameTimesMs = frameTimesMs
    self.storedFrameCount = storedFrameCount
  }

  /// Number of frames of the loops; a number that is beyond all that is stored is cut.
  package func frameCount(log: inout DiagnosticLog) -> Int {
    let product = Checked.product(loops.map { max(0, $0.count) }) ?? Int.max
    let stored = max(storedFrameCount ?? 0, frameTimesMs?.count ?? 0)
    let most = max(1_000_000, Checked.product(stored, 4) ?? stored)
    guard product > most else { return product }
    log.warning("the loops describe \(product) frames; the table of events has \(most) of them")
    return most
  }

  /// The columns that follow from the loops: times, indices, heights, names.
  func columns(log: inout DiagnosticLog) -> [FrameColumn] {
    let count = frameCount(log: &log)
    var columns: [FrameColumn] = []
    if let times = frameTimesMs, !times.isEmpty {
      columns.append(
        FrameColumn(
          EventTable.timeTitle, "Time", "s", .doubles(times.prefix(count).map { $0 / 1000 })))
    }
    columns.append(FrameColumn("Index", "Index", "", .integers(Array(0..<count))))
    let indices = loopIndices(count)
    var axes: [Axis] = []
    for loop in loops where !axes.contains(loop.axis) {
      axes.append(loop.axis)
      let title = "\(loop.axis.rawValue) Index"
      columns.append(
        FrameColumn(title, title, "", .integers(axisIndices(loop.axis, indices, count))))
    }
    for (loop, indices) in zip(loops, indices) {
      switch loop.detail {
      case .none: break
      case .positionNames(let names):
        columns.append(
          FrameColumn(
            "Position Name", "Position Name", "",
            .strings(indices.map { names.indices.contains($0) ? names[$0] ?? "" : "" })))
      case .zStack(let step, let home, let bottomToTop):
        let last = loop.count - 1
        columns.append(
          FrameColumn(
            "Z-Series", "Z-Series", "µm",
            .doubles(
              indices.map { step * (Double(bottomToTop ? $0 : last - $0) - Double(home)) })))
      }
    }
    return columns
  }

  /// The index in every loop, for each of the first frames.
  private func loopIndices(_ count: Int) -> [[Int]] {
    var inner = 1
    var result: [[Int]] = []
    for loop in loops.reversed() {
      let steps = max(1, loop.count)
      let stride = inner
      result.append((0..<count).map { $0 / stride % steps })
      inner = Checked.product(inner, steps) ?? Int.max
    }
    return result.reversed()
  }

  /// The index along an axis; loops of one axis within each other count on.
  private func axisIndices(_ axis: Axis, _ indices: [[Int]], _ count: Int) -> [Int] {
    var result: [Int]?
    for (loop, values) in zip(loops, indices) where loop.axis == axis {
      result =
        result.map { outer in
          zip(outer, values).map { $0 &* max(1, loop.count) &+ $1 }
        } ?? values
    }
    return result ?? []
  }
}

/// A column with one value for each frame, or fewer.
package struct FrameColumn: Hashable, Sendable {
  var title: String
  var name: String
  var unit: String
  var id: String
  var values: Table.Values

  init(
    _ title: String, _ name: String, _ unit: String, _ values: Table.Values,
    id: String = ""
  ) {
    self.title = title
    self.name = name
    self.unit = unit
    self.values = values
    self.id = id
  }
}

import ND2
import ND2Format

/// A selection that was checked against a file: which frames, components, rows and columns.
struct SubsetPlan: Sendable {
  /// What is taken of one loop of the experiment.
  struct LoopPart: Sendable, Hashable {
    /// The loop, as the file describes it.
    var loop: ExperimentLoop
    /// The turns that are taken, ascending.
    var turns: [Int]
    /// Number of turns in the file.
    var count: Int

    /// Whether all turns are taken.
    var isWhole: Bool { turns.count == count }

    /// First turn and distance between turns, when that is always the same.
    var spacing: (start: Int, step: Int)? {
      guard let start = turns.first else { return nil }
      guard turns.count > 1 else { return (start, 1) }
      let step = turns[1] - start
      for (a, b) in zip(turns, turns.dropFirst()) where b - a != step { return nil }
      return (start, step)
    }
  }

  /// The parts of the loops in the experiment, by their place in it.
  private(set) var loops: [Int: LoopPart] = [:]
  /// The frames of the file that are taken, in the order of the output.
  private(set) var frames: [Int] = []
  /// Number of `frames` that the loops reach.
  private(set) var loopedFrameCount = 0
  /// Whether some frame is not taken.
  private(set) var cutsFrames = false
  /// The stored components that are taken; nil for all.
  private(set) var components: [Int]?
  /// The channels that are taken, by their place in the channel layout.
  private(set) var planes: [Int] = []
  /// The channels of the picture metadata that are taken, and how many of their components.
  private(set) var picturePlanes: [(index: Int, componentCount: Int)] = []
  /// The part of the frames that is taken.
  private(set) var columns: Range<Int>
  /// The part of the frames that is taken.
  private(set) var rows: Range<Int>
  /// Size of the frames of the file.
  let width: Int
  /// Size of the frames of the file.
  let height: Int
  /// Axes and sizes of the output.
  private(set) var sizes: [String: Int] = [:]

  /// Place in the output of each frame that is taken.
  private(set) var newNumbers: [Int: Int] = [:]

  /// Whether frames are taken as a part of their rows and columns.
  var isCropped: Bool { rows.count < height || columns.count < width }
  /// Whether frames are copied as they are.
  var copiesFrames: Bool { !isCropped && components == nil }

  /// Checks a selection.
  ///
  /// - Throws: `ND2Error.Code.invalidRequest` naming the axis, what was asked, what there is.
  init(_ selection: SubsetSelection, of file: ND2File) throws {
    width = file.frameLayout.width
    height = file.frameLayout.height
    columns = try Self.crop(.x, selection, width)
    rows = try Self.crop(.y, selection, height)
    let known = file.loopLayout.axes.axes + [.channel, .y, .x]
    for axis in selection.axes where !known.contains(axis) {
      // An axis of one element may be asked for though the file does not have it.
      guard axis != .sample else {
        throw ND2Error.invalidRequest("the samples of colour pixels stay together")
      }
      _ = try Self.indices(axis, selection[axis], 1)
    }
    try chooseFrames(selection, file)
    try chooseComponents(selection, file)
    for axis in file.loopLayout.axes { sizes[axis.axis.rawValue] = chosen[axis.axis]?.count ?? 1 }
    sizes["Y"] = rows.count
    sizes["X"] = columns.count
  }

  private var chosen: [Axis: [Int]] = [:]

  private static func crop(
    _ axis: Axis, _ selection: SubsetSelection, _ size: Int
  ) throws -> Range<Int> {
    let taken = try indices(axis, selection[axis], size)
    guard let first = taken.first, let last = taken.last, last - first + 1 == taken.count else {
      throw ND2Error.invalidRequest("rows and columns are taken as one range without gaps")
    }
    return first..<(last + 1)
  }

  /// The indices along an axis of so many elements.
  private static func indices(
    _ axis: Axis, _ indices: SubsetSelection.Indices?, _ count: Int
  ) throws -> [Int] {
    let list: [Int]
    switch indices {
    case nil: return Array(0..<count)
    case .range(let range):
      guard range.lowerBound >= 0, range.upperBound <= count else {
        throw outside(axis, "\(range.lowerBound)..<\(range.upperBound)", count)
      }
      list = Array(range)
    case .list(let some): list = some
    }
    guard !list.isEmpty else {
      throw ND2Error.invalidRequest("nothing is selected along axis \(axis)")
    }
    for index in list where index < 0 || index >= count { throw outside(axis, "\(index)", count) }
    for (a, b) in zip(list, list.dropFirst()) where a >= b {
      throw ND2Error.invalidRequest(
        "the indices along axis \(axis) must ascend; \(b) comes after \(a)")
    }
    return list
  }

  private static func outside(_ axis: Axis, _ what: String, _ count: Int) -> ND2Error {
    .invalidRequest(
      "axis \(axis) has \(count) element\(count == 1 ? "" : "s"); \(what) is outside 0..<\(count)")
  }

  // MARK: - Frames

  private mutating func chooseFrames(_ selection: SubsetSelection, _ file: ND2File) throws {
    let layout = file.loopLayout
    guard layout.frameCount <= 50_000_000 else {
      throw ND2Error(.limitExceeded, "the loops describe \(layout.frameCount) frames")
    }
    for element in layout.axes {
      chosen[element.axis] = try Self.indices(
        element.axis, selection[element.axis], element.count)
    }
    var turns: [[Int]] = []
    for loop in layout.loops {
      let taken = chosen[loop.axis] ?? []
      let own = Set(taken.map { $0 / max(1, loop.axisStride) % max(1, loop.count) }).sorted()
      turns.append(own)
      guard let place = loop.place, file.experiment.indices.contains(place) else { continue }
      let described = file.experiment[place]
      if case .zStack = described {
        let part = LoopPart(loop: described, turns: own, count: loop.count)
        guard part.spacing != nil else {
          throw ND2Error.invalidRequest(
            "focus planes must be evenly spaced, as a stack in a file has one step")
        }
      }
      loops[place] = LoopPart(loop: described, turns: own, count: loop.count)
    }
    for element in layout.axes {
      let product = zip(layout.loops, turns).reduce(1) {
        $1.0.axis == element.axis ? $0 * $1.1.count : $0
      }
      guard product == chosen[element.axis]?.count else {
        throw ND2Error.invalidRequest(
          "axis \(element.axis) is made of several loops, and the selection is not made of whole "
            + "turns of each of them")
      }
    }
    var numbers = [0]
    for (loop, own) in zip(layout.loops, turns) {
      numbers = numbers.flatMap { base in own.map { base + $0 * loop.stride } }
    }
    frames = numbers
    loopedFrameCount = numbers.count
    cutsFrames = numbers.count < layout.frameCount
    if !cutsFrames, layout.extraFrameCount > 0, layout.extraFrameCount < 10_000_000 {
      frames += layout.frameCount..<(layout.frameCount + layout.extraFrameCount)
    }
    newNumbers = Dictionary(uniqueKeysWithValues: frames.enumerated().map { ($1, $0) })
  }

  // MARK: - Channels

  private mutating func chooseComponents(_ selection: SubsetSelection, _ file: ND2File) throws {
    let layout = file.channelLayout
    let elements = file.planeComponents
    let taken = try Self.indices(.channel, selection[.channel], elements.count)
    sizes["C"] = taken.count
    planes = Array(layout.planes.indices)
    guard taken.count < elements.count else { return }
    let chosen = Set(taken.flatMap { elements[$0] })
    planes = []
    for (place, plane) in layout.planes.enumerated() {
      let own = plane.firstComponent..<(plane.firstComponent + plane.componentCount)
      let kept = own.filter(chosen.contains).count
      guard kept > 0 else { continue }
      if kept < plane.componentCount, plane.componentCount == 3 || kept == 3 {
        throw ND2Error.invalidRequest(
          plane.componentCount == 3
            ? "channel '\(plane.name)' is coloured: its three components stay together"
            : "three of the components of '\(plane.name)' would be taken for colour")
      }
      planes.append(place)
    }
    components = chosen.sorted()
    let pictures = file.pictureIndices
    picturePlanes = planes.compactMap { place in
      pictures[place].map { ($0, componentCount(of: layout.planes[place])) }
    }
  }

  /// Number of the taken components of a channel.
  func componentCount(of plane: ChannelLayout.Plane) -> Int {
    guard let components else { return plane.componentCount }
    let own = plane.firstComponent..<(plane.firstComponent + plane.componentCount)
    return components.filter(own.contains).count
  }
}

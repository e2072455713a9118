import ND2

/// The part of a file that a document describes: which frames become which planes of which image.
struct OMEPart {
  /// A frame as a plane.
  struct Plane {
    var frame: Int
    var z: Int
    var t: Int
  }

  /// Number of focus planes.
  let sizeZ: Int
  /// Number of time points; further loops are unrolled into them.
  let sizeT: Int
  /// The channels that are described, by their place on the channel axis.
  let channels: Range<Int>
  /// The samples of colour pixels that are described; nil without colour.
  let samples: Range<Int>?
  /// The rows.
  let rows: Range<Int>
  /// The columns.
  let columns: Range<Int>
  /// The stage positions, one for each image.
  let positions: [Int]
  /// The frames of each image, in stored order.
  let frames: [[Plane]]

  /// - Throws: `ND2Error.Code.invalidRequest` for a part that the file does not have.
  init(of file: ND2File, _ options: OMEOptions) throws {
    let loops = file.loopLayout.axes
    let layout = file.channelLayout
    func range(_ axis: Axis, _ count: Int) throws -> Range<Int> {
      guard let range = options.selection.ranges[axis] else { return 0..<count }
      guard !range.isEmpty, range.lowerBound >= 0, range.upperBound <= count else {
        throw ND2Error(
          .invalidRequest, "axis \(axis) has \(count) elements; \(range) is not a part of them",
          at: .init(file: file.path))
      }
      return range
    }
    channels = try range(.channel, layout.channelAxisCount)
    rows = try range(.y, file.attributes.heightPx)
    columns = try range(.x, file.attributes.widthPx)
    samples = layout.hasSampleAxis ? try range(.sample, 3) : nil
    let known = options.selection.ranges.keys
    for axis in known where !axis.isInFrame && loops[axis] == nil { _ = try range(axis, 1) }

    let positionCount = loops[.position] ?? 1
    let positionRange = Array(try range(.position, positionCount))
    positions = options.positions ?? positionRange
    for position in positions where position < 0 || position >= positionCount {
      throw ND2Error(
        .invalidRequest, "there is no position \(position): the file has \(positionCount)",
        at: .init(file: file.path))
    }
    guard Set(positions).count == positions.count, !positions.isEmpty else {
      throw ND2Error(
        .invalidRequest, "each position can be described once, and there must be one",
        at: .init(file: file.path))
    }

    let ranges = try loops.map { try range($0.axis, $0.count) }
    let axes = loops.axes
    sizeZ = axes.firstIndex(of: .z).map { ranges[$0].count } ?? 1
    var imageOfPosition: [Int: Int] = [:]
    for (image, position) in positions.enumerated() { imageOfPosition[position] = image }
    var frames = positions.map { _ in [Plane]() }
    var sizeT = 1
    for (axis, range) in zip(axes, ranges) where axis != .z && axis != .position {
      sizeT *= range.count
    }
    self.sizeT = sizeT
    frameLoop: for frame in 0..<file.frameCount {
      guard let indices = file.loopLayout.coordinates(ofFrame: frame) else { break }
      var plane = Plane(frame: frame, z: 0, t: 0)
      var image = imageOfPosition[0]
      for (place, axis) in axes.enumerated() {
        let index = indices[place]
        if axis == .position {
          image = imageOfPosition[index]
          continue
        }
        guard ranges[place].contains(index) else { continue frameLoop }
        let offset = index - ranges[place].lowerBound
        if axis == .z { plane.z = offset } else { plane.t = plane.t * ranges[place].count + offset }
      }
      guard let image else { continue }
      frames[image].append(plane)
    }
    self.frames = frames
  }
}

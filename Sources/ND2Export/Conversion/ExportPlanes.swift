package import ND2

/// All planes of an export in one order, whatever the format: image by image, time by time, focus by
/// focus, channel by channel. A plane is one channel of a frame; colour pixels are whole.
package struct ExportPlanes: Sendable {
  /// Where a plane is in the ND2 file.
  package struct Address: Sendable, Hashable {
    /// Stage position.
    package var position: Int
    /// Time point; turns of further loops are counted as time points.
    package var time: Int
    /// Focus plane.
    package var z: Int
    /// Place on the channel axis.
    package var channel: Int
  }

  let part: OMEPart
  /// The number type.
  package let sampleType: SampleType
  /// The loops with the numbers of indices that are exported, outermost first.
  private let loops: [(axis: Axis, count: Int)]
  private let firstTime: Int
  private let firstZ: Int
  private let frames: [Int]

  /// - Throws: `ND2Error.Code.invalidRequest` for a part that the file does not have, or that has no
  ///   frame.
  package init(of file: ND2File, _ selection: ExportSelection) throws {
    var options = OMEOptions()
    options.selection = selection.ranges
    options.positions = selection.positions
    let part = try OMEPart(of: file, options)
    if let samples = part.samples, samples.count != 3 {
      throw ND2Error(
        .invalidRequest, "the samples of a colour pixel are exported together",
        at: .init(file: file.path))
    }
    guard part.frames.contains(where: { !$0.isEmpty }) else {
      throw ND2Error(.invalidRequest, "there is no frame to export", at: .init(file: file.path))
    }
    let axes = file.loopLayout.axes
    let ranges = selection.ranges.ranges
    loops = axes.map { element in
      let count = ranges[element.axis]?.count ?? element.count
      return (element.axis, element.axis == .position ? part.positions.count : count)
    }
    let isPlain = axes.allSatisfy { [.time, .z, .position].contains($0.axis) }
    firstTime = isPlain ? ranges[.time]?.lowerBound ?? 0 : 0
    firstZ = ranges[.z]?.lowerBound ?? 0
    let perImage = part.sizeT * part.sizeZ
    var frames = [Int](repeating: -1, count: part.positions.count * perImage)
    for (image, planes) in part.frames.enumerated() {
      for plane in planes {
        let cell = image * perImage + plane.t * part.sizeZ + plane.z
        if frames.indices.contains(cell) { frames[cell] = plane.frame }
      }
    }
    self.frames = frames
    self.part = part
    sampleType = file.sampleType
  }

  /// Number of frames, those that are not stored included.
  package var frameCount: Int { frames.count }
  /// Channels of a frame.
  package var channelCount: Int { part.channels.count }
  /// Number of planes.
  package var count: Int { frameCount * channelCount }
  /// Rows of a plane.
  package var height: Int { part.rows.count }
  /// Columns of a plane.
  package var width: Int { part.columns.count }
  /// Numbers of a pixel.
  package var samples: Int { part.sampleCount }
  /// Bytes of a row of a plane.
  package var rowByteCount: Int { width * samples * sampleType.byteCount }
  /// Bytes of a plane.
  package var planeByteCount: Int { height * rowByteCount }
  /// Bytes of all planes.
  package var byteCount: UInt64 {
    let (bytes, overflow) = UInt64(count).multipliedReportingOverflow(by: UInt64(planeByteCount))
    return overflow ? .max : bytes
  }
  /// What is read of a frame.
  var framePart: FramePart {
    FramePart(channels: part.channels, rows: part.rows, columns: part.columns)
  }

  /// Number in the ND2 file of a frame; nil when the loops end before it.
  func frame(_ index: Int) -> Int? { frames[index] >= 0 ? frames[index] : nil }

  /// Stage positions, one for each image.
  package var positions: [Int] { part.positions }

  /// Numbers of the frames of the ND2 file.
  package var numbers: [Int] { frames.filter { $0 >= 0 } }

  /// The number of a frame.
  func index(image: Int, time: Int, z: Int) -> Int {
    (image * part.sizeT + time) * part.sizeZ + z
  }

  /// The place of a frame in an array whose axes are those of the file.
  func arrayIndex(ofFrame index: Int) -> Int {
    let z = index % part.sizeZ
    var time = index / part.sizeZ % part.sizeT
    let image = index / part.sizeZ / part.sizeT
    var place = 0
    var stride = 1
    for (axis, count) in loops.reversed() {
      var coordinate = 0
      switch axis {
      case .z: coordinate = z
      case .position: coordinate = image
      default:
        coordinate = time % max(1, count)
        time /= max(1, count)
      }
      place += coordinate * stride
      stride *= count
    }
    return place
  }

  /// Where a plane is in the ND2 file.
  package func address(_ plane: Int) -> Address {
    let (frame, channel) = plane.quotientAndRemainder(dividingBy: channelCount)
    return Address(
      position: part.positions[frame / part.sizeZ / part.sizeT],
      time: firstTime + frame / part.sizeZ % part.sizeT, z: firstZ + frame % part.sizeZ,
      channel: part.channels.lowerBound + channel)
  }
}

import ND2

/// What goes into which file: pages in order, each a channel of a frame.
struct TIFFPlan: Sendable {
  /// The channels of a frame, which are pages one after the other.
  struct Frame: Sendable {
    /// Number in the ND2 file; nil for a frame that a hyperstack has and the file has not.
    var number: Int?
    /// Number of the image.
    var image: Int
    var z: Int
    var t: Int
  }

  /// A file.
  struct File: Sendable {
    var path: String
    var uuid: OME.UUID
    /// Its channels, by their place on the channel axis.
    var channels: Range<Int>
    var frames: [Frame]
    /// Number in the file of the first frame of each image that is in it.
    var firstFrames: [Int]
  }

  let part: OMEPart
  let shape: TIFFShape
  let files: [File]
  /// OME-XML, ImageJ's words, or none; never automatic.
  let metadata: TIFFOptions.Metadata
  let isBig: Bool

  /// The channels that are pages: all that are exported, or those of one file.
  private(set) var channels: Range<Int>

  /// Pages of a frame.
  var channelCount: Int { channels.count }
  /// Pages in all.
  var pageCount: Int { files.reduce(0) { $0 + $1.frames.count * $1.channels.count } }
  /// What is read of each frame.
  var framePart: FramePart {
    FramePart(channels: channels, rows: part.rows, columns: part.columns)
  }
  /// Bytes of what is read of a frame.
  var frameByteCount: Int { shape.planeByteCount * channelCount }

  init(of file: ND2File, path: String, options: TIFFOptions) throws {
    try options.check()
    var request = OMEOptions()
    request.selection = options.selection.ranges
    request.positions = options.selection.positions
    let part = try OMEPart(of: file, request)
    let loops = file.loopLayout.axes
    if let samples = part.samples, samples.count != 3 {
      throw ND2Error(
        .invalidRequest, "the samples of a colour pixel are exported together",
        at: .init(file: file.path))
    }
    let shape = try TIFFShape(
      width: part.columns.count, height: part.rows.count, samples: part.samples?.count ?? 1,
      sampleType: file.sampleType, options: options)
    self.part = part
    self.shape = shape
    channels = part.channels
    let place = TIFFFileName(path)
    let hyperstack = ImageJHyperstack(part, shape, options)
    switch options.metadata {
    case .automatic:
      metadata =
        place.saysOME ? .ome : hyperstack.obstacle(pixels: part, shape) == nil ? .imageJ : .none
    case .imageJ:
      if let obstacle = hyperstack.obstacle(pixels: part, shape) {
        throw ND2Error(.invalidRequest, "ImageJ cannot read that as a hyperstack: \(obstacle)")
      }
      metadata = .imageJ
    case .ome, .none: metadata = options.metadata
    }
    files = Self.files(
      part, place, options.division, fillsGaps: metadata == .imageJ,
      firstTime: loops.contains { $0.axis == .custom }
        ? 0 : options.selection.ranges.ranges[.time]?.lowerBound ?? 0)
    guard files.contains(where: { !$0.frames.isEmpty }) else {
      throw ND2Error(.invalidRequest, "there is no frame to export", at: .init(file: file.path))
    }
    let most = files.map { Self.mostByteCount($0, part, shape, options.compression) }.max() ?? 0
    let fits = most < 0xFFFF_0000
    switch options.bigTIFF {
    case .automatic: isBig = !fits && metadata != .imageJ
    case .always: isBig = true
    case .never: isBig = false
    }
    if !isBig, !fits, options.compression == .none || metadata == .imageJ {
      throw ND2Error(
        .invalidRequest,
        "\(most) bytes do not fit into a TIFF file of the common form, which ends at 4 GB")
    }
  }

  /// The plan as it is for one of its files.
  func narrowed(to file: File) -> TIFFPlan {
    var plan = self
    plan.channels = file.channels
    return plan
  }

  /// Files with their frames, by position, time and channel.
  private static func files(
    _ part: OMEPart, _ name: TIFFFileName, _ division: ExportDivision, fillsGaps: Bool,
    firstTime: Int
  ) -> [File] {
    let perPosition = division.contains(.timePoints) ? part.sizeT : 1
    let perTime = division.contains(.channels) ? part.channels.count : 1
    var files: [File] = []
    for position in division.contains(.positions) ? part.positions : [0] {
      for time in 0..<perPosition {
        for channel in 0..<perTime {
          var suffix = ""
          if division.contains(.positions) {
            suffix = ExportDivision.suffix(
              .position, position, most: part.positions.max() ?? 0)
          }
          if division.contains(.timePoints) {
            suffix += ExportDivision.suffix(
              .time, firstTime + time, most: firstTime + part.sizeT - 1)
          }
          var channels = part.channels
          if division.contains(.channels) {
            channels = (channels.lowerBound + channel)..<(channels.lowerBound + channel + 1)
            suffix += ExportDivision.suffix(
              .channel, channels.lowerBound, most: part.channels.upperBound - 1)
          }
          files.append(
            File(
              path: name.adding(suffix), uuid: OME.UUID(), channels: channels, frames: [],
              firstFrames: []))
        }
      }
    }
    for (image, planes) in part.frames.enumerated() {
      var frames = planes.map { Frame(number: $0.frame, image: image, z: $0.z, t: $0.t) }
      if fillsGaps { frames = filled(frames, image: image, part) }
      for frame in frames {
        let place =
          (division.contains(.positions) ? image : 0) * perPosition
          + (division.contains(.timePoints) ? frame.t : 0)
        for index in (place * perTime)..<((place + 1) * perTime)
        where files.indices.contains(index) {
          if files[index].frames.last?.image != image {
            files[index].firstFrames.append(files[index].frames.count)
          }
          files[index].frames.append(frame)
        }
      }
    }
    return files.filter { !$0.frames.isEmpty }
  }

  /// All frames that an image could have, by time and height, as hyperstacks want them.
  private static func filled(_ frames: [Frame], image: Int, _ part: OMEPart) -> [Frame] {
    var grid = (0..<(part.sizeT * part.sizeZ)).map {
      Frame(number: nil, image: image, z: $0 % part.sizeZ, t: $0 / part.sizeZ)
    }
    for frame in frames { grid[frame.t * part.sizeZ + frame.z].number = frame.number }
    return grid
  }

  /// The most that a file can take.
  private static func mostByteCount(
    _ file: File, _ part: OMEPart, _ shape: TIFFShape, _ compression: TIFFOptions.Compression
  ) -> UInt64 {
    let blocks = shape.levels.reduce(0) { $0 + $1.count }
    let pixels = Double(shape.storedByteCount)
    // What compression can add to what cannot be compressed.
    let page =
      switch compression {
      case .none: pixels
      case .lzw: pixels * 1.5
      case .deflate, .zstd: pixels * 1.01
      }
    let pages = Double(file.frames.count * file.channels.count)
    // A directory has some 400 bytes and 8 for each block; OME-XML some 600 bytes a plane.
    let all = pages * (page + Double(blocks * 64 + shape.levels.count * 512 + 1024))
    return UInt64(exactly: all.rounded(.up)) ?? .max
  }
}

/// The name of an output, to be numbered.
struct TIFFFileName {
  let path: String
  private let stem: String
  private let ending: String

  init(_ path: String) {
    self.path = path
    let start = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
    let name = path[start...].lowercased()
    let known = [".ome.tiff", ".ome.tif", ".ome.btf", ".ome.tf8", ".tiff", ".tif", ".btf", ".tf8"]
    let length = known.first { name.hasSuffix($0) }?.count ?? 0
    stem = String(path.dropLast(length))
    ending = String(path.suffix(length))
  }

  /// Whether the name promises OME-XML.
  var saysOME: Bool {
    let start = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
    return ".\(path[start...].lowercased())".contains(".ome.")
  }

  /// The path with something in addition before its ending.
  func adding(_ suffix: String) -> String { stem + suffix + ending }

  /// A name without folders.
  static func base(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}

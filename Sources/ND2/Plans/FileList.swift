import ND2Format

/// The file list of the Python reader of remote files: the chunks of a box, by their places along
/// time, channel, focus and scene.
///
/// Its JSON is read and written as that reader does, so that lists can be exchanged. It knows neither
/// the size of the file nor how far rows are apart; a ``PixelPlan`` does. Unlike that reader, this
/// library reads where the list says.
public struct FileList: Hashable, Sendable {
  /// What the Python reader says of a file.
  public struct Description: Hashable, Sendable, Codable {
    /// Path or address of the file.
    public var path: String
    /// The numbers of elements along T, C, Z, Y and X.
    public var shape: [Int]
    /// The numbers of elements by axis: T, C, Z, Y, X, and S for scenes.
    public var sizes: [String: Int]
    /// The number format, as NumPy names it.
    public var dtype: String
    /// The names of the channels.
    public var channels: [String]
    /// Size of a voxel, µm: z, y, x; nil when it is not known.
    public var voxelSizes: [Double]?
    /// Seconds between time points; nil when they are not known.
    public var timeInterval: Double?
    /// Number of scenes.
    public var sceneCount: Int
    /// Where the stage stood for each scene: x, y in µm.
    public var scenePositions: [[Double]]
    /// Rows and columns of a frame.
    public var frameShape: [Int]
    /// Stored numbers per pixel.
    public var componentCount: Int
    /// Whether pixels are coloured. The Python reader says so of every file of three components.
    public var isRGB: Bool

    enum CodingKeys: String, CodingKey {
      case path, shape, sizes, dtype, channels
      case voxelSizes = "voxel_sizes"
      case timeInterval = "time_interval"
      case sceneCount = "n_scenes"
      case scenePositions = "scene_positions"
      case frameShape = "frame_shape"
      case componentCount = "n_components"
      case isRGB = "is_rgb"
    }
  }

  /// The place of a plane.
  public struct Place: Hashable, Sendable {
    /// Time point.
    public var t: Int
    /// Channel.
    public var c: Int
    /// Focus plane.
    public var z: Int
    /// Scene: stage position.
    public var scene: Int

    /// A place.
    public init(t: Int, c: Int, z: Int, scene: Int) {
      self.t = t
      self.c = c
      self.z = z
      self.scene = scene
    }
  }

  /// Path or address of the file.
  public var path: String
  /// The box within a stack.
  public var crop: StackCrop
  /// Time points.
  public var tRange: Range<Int>
  /// Channels.
  public var cRange: Range<Int>
  /// Scenes.
  public var sRange: Range<Int>
  /// The position of the chunk that holds a plane; planes without one are not stored.
  public var chunkOffsets: [Place: UInt64]
  /// What is known of the file.
  public var metadata: Description

  /// The numbers of elements of the result along T, C, Z, Y and X.
  public var outputShape: [Int] {
    [tRange.count, cRange.count, crop.z.count, crop.y.count, crop.x.count]
  }

  /// The places of the box in their order.
  private var places: [Place] {
    tRange.flatMap { t in
      cRange.flatMap { c in
        crop.z.flatMap { z in sRange.map { Place(t: t, c: c, z: z, scene: $0) } }
      }
    }
  }

  /// The same read as a plan: axes T, Z, C, Y, X, and in front P when there are several scenes.
  ///
  /// - Throws: ``ND2Error/Code/malformed`` when the list contradicts itself.
  public func plan() throws -> PixelPlan {
    guard metadata.frameShape.count == 2, let sampleType = SampleType(rawValue: metadata.dtype)
    else { throw ND2Error(.malformed, "the file list does not say what its frames are") }
    let channelCount = max(1, metadata.channels.count)
    let isColoured = metadata.componentCount == 3 && channelCount == 1
    guard isColoured ? cRange == 0..<1 : cRange.upperBound <= metadata.componentCount else {
      throw ND2Error(.malformed, "the file list has channels that its frames do not have")
    }
    var frames: [PixelPlan.Frame] = []
    for scene in sRange {
      for t in tRange {
        for z in crop.z {
          let offset = cRange.lazy.compactMap {
            chunkOffsets[Place(t: t, c: $0, z: z, scene: scene)]
          }.first
          // The list does not say the frame's number: the chunk's name does, when it is read.
          frames.append(
            PixelPlan.Frame(
              index: frames.count,
              chunks: offset.map {
                [PixelPlan.Chunk(number: nil, offset: $0, byteCount: nil)]
              } ?? []))
        }
      }
    }
    var sizes = [
      AxisSizes.Element(.time, tRange.count), .init(.z, crop.z.count),
      .init(.channel, cRange.count), .init(.y, crop.y.count), .init(.x, crop.x.count),
    ]
    if sRange.count > 1 { sizes.insert(.init(.position, sRange.count), at: 0) }
    if isColoured { sizes.append(.init(.sample, 3)) }
    return try PixelPlan(
      name: path, identity: nil, sizes: AxisSizes(sizes), sampleType: sampleType, frames: frames,
      rows: crop.y, columns: crop.x, planes: isColoured ? [[2, 1, 0]] : cRange.map { [$0] },
      width: metadata.frameShape[1], height: metadata.frameShape[0],
      componentCount: metadata.componentCount, rowByteCount: nil,
      compression: FrameLayout.Compression.none, codestreams: nil)
  }

  /// Reads the box: T, C, Z, Y, X, and S for colour; P in front when there are several scenes.
  ///
  /// Planes that are not stored are zeros.
  ///
  /// - Throws: as reading a ``PixelPlan`` does.
  public func read(
    from source: some AsyncByteSource, maxConcurrency: Int = 64,
    progress: (@Sendable (Double) -> Void)? = nil
  ) async throws -> AnyNDArray {
    try arrange(
      try await plan().read(from: source, maxConcurrency: maxConcurrency, progress: progress))
  }

  /// Reads the box; see the asynchronous form.
  public func read(
    from source: some ByteSource, maxConcurrency: Int = 64,
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws -> AnyNDArray {
    try arrange(try plan().read(from: source, maxConcurrency: maxConcurrency, progress: progress))
  }

  private func arrange(_ array: AnyNDArray) throws -> AnyNDArray {
    let order: [Axis] = [.position, .time, .channel, .z, .y, .x, .sample]
    return try array.transposed(order.filter { array.sizes[$0] != nil }).compacted()
  }
}

extension ND2File {
  /// The list of the chunks of a box, as the Python reader of remote files makes it.
  ///
  /// - Parameters:
  ///   - crop: planes, rows and columns; nil for all.
  ///   - t: time points; nil for all.
  ///   - c: channels; nil for all.
  ///   - scenes: stage positions; nil for all.
  /// - Throws: ``ND2Error/Code/invalidRequest`` for ranges that the file does not have,
  ///   ``ND2Error/Code/unsupported`` for files of version 1.0, whose planes are several chunks.
  public func fileList(
    crop: StackCrop? = nil, t: Range<Int>? = nil, c: Range<Int>? = nil, scenes: Range<Int>? = nil
  ) throws -> FileList {
    try located {
      guard store.codestreams == nil else {
        throw ND2Error(
          .unsupported, "a file list cannot tell of the codestreams of version 1.0; use a plan")
      }
      let view = fiveAxes
      let shape = view.shape
      let crop = crop ?? StackCrop(z: 0..<shape[2], y: 0..<shape[3], x: 0..<shape[4])
      let (t, c) = (t ?? 0..<shape[0], c ?? 0..<shape[1])
      let scenes = scenes ?? 0..<view.sceneCount
      _ = try geometry.resolve(
        view.selection(t: t, c: c, z: crop.z, y: crop.y, x: crop.x).with(.position, scenes))
      var list = FileList(
        path: path, crop: crop, tRange: t, cRange: c, sRange: scenes, chunkOffsets: [:],
        metadata: view.description)
      let axes = loopLayout.axes
      for time in t {
        for z in crop.z {
          for scene in scenes {
            let places: [Axis: Int] = [.time: time, .z: z, .position: scene]
            guard let index = loopLayout.frameIndex(at: axes.map { places[$0.axis] ?? 0 }),
              let place = store.place(of: index)
            else { continue }
            for channel in c {
              list.chunkOffsets[.init(t: time, c: channel, z: z, scene: scene)] =
                place.entry.offset
            }
          }
        }
      }
      return list
    }
  }
}

extension FiveAxisView {
  /// What the Python reader of remote files says of a file.
  public var description: FileList.Description {
    let shape = shape
    let voxel = voxelSizes
    let sizes = voxel.y.flatMap { y in voxel.x.map { [voxel.z ?? 1, y, $0] } }
    return FileList.Description(
      path: file.path, shape: shape,
      sizes: [
        "T": shape[0], "C": shape[1], "Z": shape[2], "Y": shape[3], "X": shape[4], "S": sceneCount,
      ], dtype: sampleType.rawValue, channels: channels, voxelSizes: sizes,
      timeInterval: timeInterval, sceneCount: sceneCount,
      scenePositions: scenePositions.map { [$0.x, $0.y] }, frameShape: [shape[3], shape[4]],
      componentCount: file.geometry.layout.componentCount, isRGB: file.isRGB)
  }
}

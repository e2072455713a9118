import ND2

/// The axes of arrays in OME-Zarr, in the order that the specification wants.
enum ZarrAxis: Int, CaseIterable {
  case t, c, z, y, x

  /// The axis of files.
  var axis: Axis {
    switch self {
    case .t: .time
    case .c: .channel
    case .z: .z
    case .y: .y
    case .x: .x
    }
  }

  /// The name in metadata.
  var name: String { axis.rawValue.lowercased() }
}

/// How the resolution levels of an image are cut into chunks and files.
///
/// Sizes always have all five axes; those that the store does not show have one element.
struct ZarrArrayPlan: Sendable {
  /// One resolution level.
  struct Level: Sendable, Hashable {
    /// Elements along t, c, z, y, x.
    var shape: [Int]
    /// Elements of a chunk.
    var chunk: [Int]
    /// Elements of a shard, whole chunks; nil when each chunk is a file.
    var shard: [Int]?

    /// Elements of a file.
    var outer: [Int] { shard ?? chunk }
    /// Number of chunks along each axis.
    var chunkCounts: [Int] { zip(shape, chunk).map { ($0 + $1 - 1) / $1 } }
    /// Number of files along each axis.
    var outerCounts: [Int] { zip(shape, outer).map { ($0 + $1 - 1) / $1 } }
    /// Number of chunks in a file along each axis.
    var chunksPerShard: [Int] { zip(outer, chunk).map { $0 / $1 } }
    /// Rows.
    var height: Int { shape[ZarrAxis.y.rawValue] }
    /// Columns.
    var width: Int { shape[ZarrAxis.x.rawValue] }
  }

  /// The number type.
  let type: SampleType
  /// The axes that the store shows.
  let axes: [ZarrAxis]
  /// The levels, the finest first.
  let levels: [Level]

  /// What decides about the sizes.
  struct Wishes {
    /// Number of levels; nil for the usual one.
    var levelCount: Int?
    /// Wanted elements of a chunk.
    var chunkSizes: [Axis: Int] = [:]
    /// How chunks share files.
    var sharding = OMEZarrOptions.Sharding.none
  }

  /// Plans an image.
  ///
  /// - Throws: `ND2Error.Code.invalidRequest` for sizes below one, or of other axes.
  init(shape: [Int], axes: [ZarrAxis], type: SampleType, wishes: Wishes) throws {
    self.type = type
    self.axes = axes
    var sizes: [[Int]] = [shape]
    let wanted = wishes.levelCount ?? Self.usualLevelCount(shape[3], shape[4])
    guard wanted >= 1 else {
      throw ND2Error(.invalidRequest, "an image has at least one resolution level")
    }
    while sizes.count < wanted, let last = sizes.last, last[3] > 1 || last[4] > 1 {
      sizes.append([last[0], last[1], last[2], max(1, last[3] / 2), max(1, last[4] / 2)])
    }
    levels = try sizes.map { shape in
      let chunk = try Self.chunk(of: shape, type, wishes.chunkSizes)
      return Level(
        shape: shape, chunk: chunk,
        shard: try Self.shard(of: shape, chunk, type, wishes.sharding))
    }
  }

  /// Levels until rows and columns are at most 256.
  private static func usualLevelCount(_ height: Int, _ width: Int) -> Int {
    var (count, size) = (1, max(height, width))
    while size > 256 {
      size /= 2
      count += 1
    }
    return count
  }

  private static func check(_ sizes: [Axis: Int], _ what: String) throws {
    for (axis, size) in sizes.ordered(by: { $0.key.rawValue < $1.key.rawValue }) {
      guard ZarrAxis.allCases.contains(where: { $0.axis == axis }) else {
        throw ND2Error(.invalidRequest, "\(what)s have the axes T, C, Z, Y and X, not \(axis)")
      }
      guard size >= 1 else {
        throw ND2Error(.invalidRequest, "a \(what) has at least one element along \(axis)")
      }
    }
  }

  /// Planes of about a megabyte, or tiles of them.
  private static func chunk(
    of shape: [Int], _ type: SampleType, _ wanted: [Axis: Int]
  ) throws -> [Int] {
    try check(wanted, "chunk")
    let side = type.byteCount <= 2 ? 1024 : 512
    let chunk = ZarrAxis.allCases.map { axis in
      let size = wanted[axis.axis] ?? (axis == .y || axis == .x ? side : 1)
      return min(size, shape[axis.rawValue])
    }
    // Blosc and many readers count bytes of a chunk in 32 bits.
    guard let bytes = bytes(chunk, type), bytes < Int(Int32.max) - 64 else {
      throw ND2Error(.invalidRequest, "chunks of 2 GB and more cannot be written")
    }
    return chunk
  }

  private static func bytes(_ sizes: [Int], _ type: SampleType) -> Int? {
    sizes.reduce(type.byteCount as Int?) { product, size in
      guard let product else { return nil }
      let (value, overflow) = product.multipliedReportingOverflow(by: size)
      return overflow ? nil : value
    }
  }

  private static func shard(
    of shape: [Int], _ chunk: [Int], _ type: SampleType, _ sharding: OMEZarrOptions.Sharding
  ) throws -> [Int]? {
    var shard = chunk
    switch sharding {
    case .none: return nil
    case .automatic:
      // Whole planes, then as many of them as make about 64 MB: first along z, then along t.
      let target = 64 << 20
      for axis in [ZarrAxis.x, .y, .z, .t].map(\.rawValue) {
        let counts = (shape[axis] + chunk[axis] - 1) / chunk[axis]
        let size = max(1, bytes(shard, type) ?? target)
        let room = max(1, (target + size - 1) / size)
        shard[axis] = chunk[axis] * min(counts, axis >= ZarrAxis.y.rawValue ? max(room, 8) : room)
      }
      if shard == chunk { return nil }
    case .sizes(let wanted):
      try check(wanted, "shard")
      for axis in ZarrAxis.allCases {
        let place = axis.rawValue
        let counts = (shape[place] + chunk[place] - 1) / chunk[place]
        let isInPlane = axis == .y || axis == .x
        let size = wanted[axis.axis] ?? (isInPlane ? shape[place] : chunk[place])
        shard[place] = chunk[place] * min(counts, (max(size, 1) - 1) / chunk[place] + 1)
      }
    }
    return shard
  }
}

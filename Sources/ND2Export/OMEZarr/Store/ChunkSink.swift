import ND2
import ND2Codecs
import Synchronization

/// Takes the compressed chunks of one resolution level and puts them into files, each of which gets
/// its name when it is complete. May be used from several threads.
final class ChunkSink: Sendable {
  private let folder: String
  private let level: ZarrArrayPlan.Level
  private let axes: [ZarrAxis]
  private let documents: ZarrDocuments
  private let shards = Lock<[Int: Shard]>([:])
  private let written = Atomic<Int>(0)

  init(
    folder: String, level: ZarrArrayPlan.Level, axes: [ZarrAxis], documents: ZarrDocuments
  ) {
    self.folder = folder
    self.level = level
    self.axes = axes
    self.documents = documents
  }

  /// Bytes that were written.
  var byteCount: Int { written.load(ordering: .relaxed) }

  /// Takes a chunk; nil for one that is left out.
  func put(_ bytes: UnsafeRawBufferPointer?, at chunk: [Int]) throws {
    guard level.shard != nil else {
      guard let bytes else { return }
      try FileTree.write(bytes, to: path(chunk))
      written.wrappingAdd(bytes.count, ordering: .relaxed)
      return
    }
    let ratio = level.chunksPerShard
    let place = zip(chunk, ratio).map { $0 / $1 }
    let number = Self.number(place, in: level.outerCounts)
    let shard = shards.withLock { shards in
      if let shard = shards[number] { return shard }
      let shard = Shard(
        path: path(place), slotCount: ratio.reduce(1, *), chunkCount: chunkCount(ofShard: place))
      shards[number] = shard
      return shard
    }
    let inner = Self.number(zip(chunk, ratio).map { $0 % $1 }, in: ratio)
    written.wrappingAdd(try shard.put(bytes, at: inner), ordering: .relaxed)
  }

  /// Whether all files are complete that chunks of some frames go into.
  ///
  /// - Parameters:
  ///   - time: a place of chunks along t.
  ///   - focus: a place of chunks along z.
  func isComplete(time: Int, focus: Int) -> Bool {
    let (ratio, counts) = (level.chunksPerShard, level.outerCounts)
    for c in 0..<counts[1] {
      for y in 0..<counts[3] {
        for x in 0..<counts[4]
        where !FileTree.exists(path([time / ratio[0], c, focus / ratio[2], y, x])) {
          return false
        }
      }
    }
    return true
  }

  private func path(_ place: [Int]) -> String {
    "\(folder)/\(documents.key(place, axes: axes))"
  }

  /// Number of chunks of a shard that lie in the array.
  private func chunkCount(ofShard place: [Int]) -> Int {
    let (ratio, counts) = (level.chunksPerShard, level.chunkCounts)
    return place.indices.reduce(1) { product, axis in
      product * min(ratio[axis], counts[axis] - place[axis] * ratio[axis])
    }
  }

  private static func number(_ place: [Int], in counts: [Int]) -> Int {
    zip(place, counts).reduce(0) { $0 * $1.1 + $1.0 }
  }
}

/// A file of several chunks with an index at its end.
private final class Shard: Sendable {
  private struct State {
    /// Offset and size of each chunk.
    var index: [UInt64]
    var end: UInt64 = 0
    /// Chunks that have not come yet.
    var left: Int
    var isComplete: Bool
  }

  private let path: String
  private let state: Lock<State>

  init(path: String, slotCount: Int, chunkCount: Int) {
    self.path = path
    // A shard of an earlier run is kept.
    state = Lock(
      State(
        index: Array(repeating: .max, count: slotCount * 2), left: chunkCount,
        isComplete: FileTree.exists(path)))
  }

  /// Takes a chunk, and gives the number of bytes that were written.
  func put(_ bytes: UnsafeRawBufferPointer?, at slot: Int) throws -> Int {
    try state.withLock { state in
      guard !state.isComplete else { return 0 }
      var count = 0
      if let bytes {
        try FileTree.append(bytes, to: path + ".part", beginning: state.end == 0)
        state.index[slot * 2] = state.end
        state.index[slot * 2 + 1] = UInt64(bytes.count)
        state.end += UInt64(bytes.count)
        count = bytes.count
      }
      state.left -= 1
      guard state.left == 0 else { return count }
      state.isComplete = true
      // A shard without chunks is no file.
      if state.end > 0 {
        let index = ShardIndex.bytes(state.index)
        try index.withUnsafeBytes {
          try FileTree.append($0, to: path + ".part", beginning: false)
        }
        try FileTree.move(path + ".part", to: path)
        count += index.count
      }
      state.index = []
      return count
    }
  }
}

/// The index of a shard: an offset and a size in 64 bits for each chunk, and a checksum.
enum ShardIndex {
  /// The bytes; chunks that are not there have all bits set.
  static func bytes(_ entries: [UInt64]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entries.count * 8 + 4)
    for entry in entries { withUnsafeBytes(of: entry.littleEndian) { bytes += $0 } }
    withUnsafeBytes(of: CRC32C.checksum(bytes).littleEndian) { bytes += $0 }
    return bytes
  }
}

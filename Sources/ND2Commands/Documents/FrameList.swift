import ND2
import ND2Codecs

/// What is known of each frame of a file, in order.
struct FrameList {
  /// One frame.
  struct Entry: Sendable {
    var index: Int
    /// Axis and index of each loop; empty for frames beyond the loops.
    var coordinates: [(axis: Axis, index: Int)]
    /// Since the start of the acquisition, ms.
    var timeMs: Double?
    /// Where the stage stood, µm.
    var stage: StagePosition?
    /// Offset of the chunk in the file.
    var offset: UInt64?
    var isMissing: Bool
    /// SHA-256 of the stored pixels, when it was asked for.
    var checksum: String?
  }

  private let file: ND2File

  init(_ file: ND2File) { self.file = file }

  /// Number of frames to list.
  var count: Int { file.listedFrameCount }

  /// The entry of a frame.
  func entry(_ index: Int) -> Entry {
    Entry(
      index: index, coordinates: file.coordinates(ofFrame: index),
      timeMs: try? file.frameTime(index).relativeTimeMs,
      stage: try? file.framePosition(index).stagePositionUm, offset: file.frameOffset(index),
      isMissing: file.isMissing(frame: index))
  }

  /// The checksums of the stored pixels of all frames, nil for missing ones: rows, columns and
  /// components side by side, without padding, inflated.
  func checksums(progress: ProgressBar) throws -> [String?] {
    let results = Lock([String?](repeating: nil, count: count))
    // Reading and hashing of a frame go hand in hand.
    let threads = file.threadCount(forPiecesOf: file.frameLayout.frameByteCount)
    try ParallelWork.run(count: count, threads: threads) { index in
      defer { progress.advance() }
      guard !file.isMissing(frame: index) else { return }
      let hash = try file.readStoredFrame(index).withUnsafeBytes { SHA256.hexadecimal(of: $0) }
      results.withLock { $0[index] = hash }
    }
    return results.withLock { $0 }
  }
}

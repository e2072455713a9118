import ND2
import ND2Codecs
import ND2Format

/// A frame on its way into a file.
struct PendingFrame: Sendable {
  /// Number in the chunk's name.
  var number: Int
  var timeMs: Double
  /// Rows as stored, before compression.
  var rows: [UInt8]
  /// Whether the rows have the file's padding.
  var isPadded = true
  /// What is stored instead of the rows.
  var payload: [UInt8]?
  /// Size of the name field, or nil for that of real files.
  var nameFieldByteCount: Int?
  /// Bytes of no chunk in front of the frame.
  var gap: [UInt8]?
  /// Whether the frame itself is left out.
  var isOmitted = false
}

/// Compresses and reduces frames on all cores and writes them in the order in which they came.
///
/// A bounded batch of frames is gathered, worked on by a team of threads, and written.
final class FramePipeline {
  /// Frames of fewer bytes in all are not worth a thread.
  private static let leastBytesForThreads = 1 << 18

  private let file: ND2FileDescription
  private let threadCount: Int
  private let batchCount: Int
  private var batch: [PendingFrame] = []

  init(_ file: ND2FileDescription, threadCount: Int) {
    self.file = file
    self.threadCount = max(1, threadCount)
    // Some frames for each thread even out their differences; many small ones pay for the threads.
    let frame = max(1, file.rowByteCount * file.height)
    batchCount =
      file.storage.needsWork ? min(max(2 * self.threadCount, (4 << 20) / frame), 256) : 1
  }

  /// Whether frames are stored as they are, so that they need not pass through here.
  var isDirect: Bool { !file.storage.needsWork }

  /// Takes a frame; it may be written later.
  func append(_ frame: PendingFrame, to assembly: FileAssembly) throws {
    batch.append(frame)
    if batch.count >= batchCount { try drain(to: assembly) }
  }

  /// Writes the frames that were taken.
  func drain(to assembly: FileAssembly) throws {
    let frames = batch
    batch.removeAll(keepingCapacity: true)
    for (frame, stored) in zip(frames, try encode(frames)) {
      if let gap = frame.gap { try assembly.appendGap(gap) }
      if !frame.isOmitted {
        try stored.payload.withUnsafeBytes {
          try assembly.appendFrame(
            frame.number, timeMs: frame.timeMs, payload: $0,
            nameFieldByteCount: frame.nameFieldByteCount)
        }
      }
      for level in stored.levels {
        let name = "CustomDataSeq|DownsampledColorData_\(level.sizeNumber)|\(frame.number)!"
        try assembly.append(.init(name, level.rows))
      }
    }
  }

  private struct Stored: Sendable {
    var payload: [UInt8]
    var levels: [Pyramid.Level]
  }

  private func encode(_ frames: [PendingFrame]) throws -> [Stored] {
    let byteCount = frames.reduce(0) { $0 + $1.rows.count }
    let threads =
      byteCount < Self.leastBytesForThreads || !file.storage.needsWork
      ? 1 : min(threadCount, frames.count)
    let results = Lock([Stored?](repeating: nil, count: frames.count))
    let queue = WorkQueue(count: frames.count)
    let file = file
    WorkerTeam.run(count: threads) { _ in
      do {
        let deflater = try Deflater(level: file.storage.compressionLevel)
        while let index = queue.take() {
          let stored = try Self.encode(frames[index], of: file, deflater)
          results.withLock { $0[index] = stored }
        }
      } catch {
        queue.fail(error)
      }
    }
    try queue.finish()
    return results.withLock { $0.compactMap { $0 } }
  }

  private static func encode(
    _ frame: PendingFrame, of file: ND2FileDescription, _ deflater: borrowing Deflater
  ) throws -> Stored {
    var stored = Stored(payload: frame.payload ?? frame.rows, levels: [])
    if frame.payload == nil, file.storage.compression == .lossless {
      stored.payload = try deflater.deflate(frame.rows)
    }
    if file.storage.writesPyramid {
      let packed =
        frame.isPadded
        ? RowPadding.unpad(frame.rows, from: file.rowByteCount, to: file.packedRowByteCount)
        : frame.rows
      stored.levels = Pyramid(file, frame: packed).levels
    }
    return stored
  }
}

extension ND2FileDescription.Storage {
  /// Whether something is computed from frames before they are written.
  fileprivate var needsWork: Bool { compression == .lossless || writesPyramid }
}

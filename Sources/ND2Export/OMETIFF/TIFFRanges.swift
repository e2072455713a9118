import ND2

/// What is black and what is bright in each channel of a file, by the frame in the middle: taken from
/// what is written where reading it again would be dear.
final class TIFFRanges: Sendable {
  private let file: ND2File
  private let plan: TIFFPlan
  private let frame: Int
  private let number: Int?
  /// The rows that are looked at, counted within the part that is exported.
  private let rows: Range<Int>
  private let seen = Lock<[ContrastRange]?>(nil)

  init(_ file: ND2File, _ plan: TIFFPlan, _ frames: [TIFFPlan.Frame]) {
    self.file = file
    self.plan = plan
    frame = frames.count / 2
    number = frames[frame].number
    // Some rows of a large frame are enough.
    let height = plan.part.rows.count
    let rowByteCount = plan.frameByteCount / max(1, height)
    let count =
      file.hasSeparateRows ? max(1, min(height, (8 << 20) / max(1, rowByteCount))) : height
    rows = ((height - count) / 2)..<((height - count) / 2 + count)
  }

  /// Looks at rows of a frame, plane after plane.
  func see(_ frame: Int, rows: Range<Int>, _ bytes: UnsafeRawBufferPointer, isWhole: Bool) {
    guard frame == self.frame, self.rows.clamped(to: rows) == self.rows, number != nil else {
      return
    }
    let row = bytes.count / max(1, plan.channelCount * rows.count)
    let first = self.rows.lowerBound - rows.lowerBound
    let known =
      isWhole
      ? ranges(first: first * row, count: self.rows.count * row, bytes, stride: rows.count * row)
      : []
    seen.withLock { $0 = known }
  }

  /// The ranges; none when the frame is missing or damaged.
  func ranges() throws -> [ContrastRange] {
    if let known = seen.withLock({ $0 }) { return known }
    guard let number else { return [] }
    var part = plan.framePart
    let first = part.rows.lowerBound
    part.rows = (first + rows.lowerBound)..<(first + rows.upperBound)
    let size = plan.frameByteCount / max(1, plan.part.rows.count) * rows.count
    let memory = FrameMemory()
    let bytes = memory.bytes(size)
    guard try file.readFrame(number, part, into: bytes) else { return [] }
    let plane = size / max(1, plan.channelCount)
    return ranges(first: 0, count: plane, UnsafeRawBufferPointer(bytes), stride: plane)
  }

  private func ranges(
    first: Int, count: Int, _ bytes: UnsafeRawBufferPointer, stride: Int
  ) -> [ContrastRange] {
    (0..<plan.channelCount).map { channel in
      let start = channel * stride + first
      return ContrastRange.percentiles(
        of: UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)]),
        type: file.sampleType)
    }
  }
}

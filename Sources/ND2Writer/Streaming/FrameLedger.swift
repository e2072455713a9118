import ND2

/// Which frames were written, and when each was taken: about 9 bytes a frame.
struct FrameLedger {
  /// Most frames of a file: their numbers in names have up to nine digits.
  static let mostFrames = 1_000_000_000

  /// Number of frames that the loops describe; nil when the outermost is open-ended.
  let describedCount: Int?
  private var isWritten: [Bool] = []
  private var times: [Double] = []
  private var hasTimes = false
  /// Number of frames that were written.
  private(set) var writtenCount = 0
  /// The frame behind the one that was written last.
  private(set) var next = 0

  init(describedCount: Int?) { self.describedCount = describedCount }

  /// One more than the highest number of a written frame.
  var end: Int { isWritten.count }

  /// Throws when a frame cannot be written.
  func check(_ index: Int) throws {
    let count = describedCount ?? Self.mostFrames
    guard index >= 0, index < count else {
      throw ND2Error(
        .invalidRequest,
        "there is no frame \(index): the loops describe \(count)\(count == 1 ? "" : " of them")")
    }
    if index < isWritten.count, isWritten[index] {
      throw ND2Error(.invalidRequest, "frame \(index) was written already")
    }
  }

  /// Notes a frame that was checked.
  mutating func note(_ index: Int, timeMs: Double?) {
    if index >= isWritten.count {
      let missing = index + 1 - isWritten.count
      isWritten.append(contentsOf: repeatElement(false, count: missing))
      times.append(contentsOf: repeatElement(-1, count: missing))
    }
    isWritten[index] = true
    if let timeMs {
      times[index] = timeMs
      hasTimes = true
    }
    writtenCount += 1
    next = index + 1
  }

  /// The times of so many frames, -1 for unknown ones; nil when none is known.
  func times(_ count: Int) -> [Double]? {
    guard hasTimes else { return nil }
    return times + repeatElement(-1, count: max(0, count - times.count))
  }

  /// Time of the first frame, or -1.
  var firstTimeMs: Double { times.first ?? -1 }
}

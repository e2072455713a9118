import Synchronization

/// Counts the frames of a read that are done, and tells their share.
final class ReadMeter: Sendable {
  private let frameCount: Int
  private let progress: @Sendable (Double) -> Void
  private let done = Atomic<Int>(0)

  /// - Returns: nil when nobody wants to know.
  init?(frameCount: Int, _ progress: (@Sendable (Double) -> Void)?) {
    guard let progress else { return nil }
    self.frameCount = max(1, frameCount)
    self.progress = progress
  }

  /// One more frame is done.
  func advance() {
    let done = done.wrappingAdd(1, ordering: .relaxed).newValue
    progress(Double(min(done, frameCount)) / Double(frameCount))
  }
}

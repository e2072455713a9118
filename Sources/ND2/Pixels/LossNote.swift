import Synchronization

/// Notes that pixels that were read are not those of the file: frames that are missing, cut off or
/// damaged read as zeros.
final class LossNote: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Notes a loss.
  func set() { flag.store(true, ordering: .relaxed) }

  /// Whether there was a loss since this was last asked.
  func take() -> Bool { flag.exchange(false, ordering: .relaxed) }
}

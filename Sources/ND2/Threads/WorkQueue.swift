import Synchronization

/// Hands out the numbers of work items to several threads, and stops at the first error.
package final class WorkQueue: Sendable {
  private let next = Atomic<Int>(0)
  private let stopped = Atomic<Bool>(false)
  private let failure = Lock<(any Error)?>(nil)
  private let count: Int
  private let isCancelled: @Sendable () -> Bool

  /// Creates a queue of `count` items.
  package init(count: Int, isCancelled: @escaping @Sendable () -> Bool = { false }) {
    self.count = count
    self.isCancelled = isCancelled
  }

  /// The next item, or nil when there is none or the work was stopped.
  package func take() -> Int? {
    if stopped.load(ordering: .relaxed) { return nil }
    if isCancelled() {
      fail(CancellationError())
      return nil
    }
    let item = next.wrappingAdd(1, ordering: .relaxed).oldValue
    return item < count ? item : nil
  }

  /// Stops the work; the first error is the one that is kept.
  package func fail(_ error: any Error) {
    failure.withLock { if $0 == nil { $0 = error } }
    stopped.store(true, ordering: .relaxed)
  }

  /// Whether an error stopped the work.
  package var isStopped: Bool { stopped.load(ordering: .relaxed) }

  /// Throws the error that stopped the work, if one did.
  package func finish() throws {
    if let error = failure.withLock({ $0 }) { throw error }
  }
}

/// A flag by which a task's cancellation reaches threads that are not tasks.
package final class CancellationFlag: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Creates a flag that is not raised.
  package init() {}

  /// Whether ``set()`` was called.
  package var isSet: Bool { flag.load(ordering: .relaxed) }

  /// Raises the flag.
  package func set() { flag.store(true, ordering: .relaxed) }
}

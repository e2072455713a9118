import Dispatch

/// Waits for asynchronous work on a thread that may block: one of our own, or of Dispatch, never one
/// of the cooperative threads that the work runs on.
enum BlockingWait {
  private final class Failure: Sendable {
    let error = Lock<(any Error)?>(nil)
  }

  /// Runs `body` as a task and returns when it is done.
  static func run(_ body: @escaping @Sendable () async throws -> Void) throws {
    let done = DispatchSemaphore(value: 0)
    let failure = Failure()
    Task.detached {
      do {
        try await body()
      } catch {
        failure.error.withLock { $0 = error }
      }
      done.signal()
    }
    done.wait()
    if let error = failure.error.withLock({ $0 }) { throw error }
  }
}

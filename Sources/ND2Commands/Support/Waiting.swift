import Dispatch
import ND2

/// Waits for asynchronous work on the thread of the command.
enum Waiting {
  /// Runs `body` as a task and returns what it gives; the task is cancelled once `isCancelled` says
  /// so.
  static func value<Value: Sendable>(
    isCancelled: () -> Bool, _ body: @escaping @Sendable () async throws -> Value
  ) throws -> Value {
    let done = DispatchSemaphore(value: 0)
    let result = Lock<Result<Value, any Error>?>(nil)
    let task = Task.detached {
      let made: Result<Value, any Error>
      do { made = .success(try await body()) } catch { made = .failure(error) }
      result.withLock { $0 = made }
      done.signal()
    }
    while done.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
      if isCancelled() { task.cancel() }
    }
    guard let made = result.withLock({ $0 }) else { throw CancellationError() }
    return try made.get()
  }
}

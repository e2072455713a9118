import Dispatch

/// Waits for asynchronous work on the caller's thread.
///
/// The work runs on threads of its own rather than on the cooperative ones of Swift's tasks: were
/// all of those waiting here, nobody would be left to bring what they wait for.
enum BlockingWait {
  private final class Executor: TaskExecutor {
    private let queue = DispatchQueue(
      label: "ND2.waiting", qos: .userInitiated, attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
      let job = UnownedJob(job)
      let executor = asUnownedTaskExecutor()
      queue.async { job.runSynchronously(on: executor) }
    }
  }

  private static let executor = Executor()

  /// Runs `body` as a task and returns what it gives when it is done.
  static func value<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
  ) throws -> Value {
    let done = DispatchSemaphore(value: 0)
    let result = Lock<Result<Value, any Error>?>(nil)
    start {
      let made: Result<Value, any Error>
      do {
        made = .success(try await body())
      } catch {
        made = .failure(error)
      }
      result.withLock { $0 = made }
      done.signal()
    }
    done.wait()
    guard let made = result.withLock({ $0 }) else { throw CancellationError() }
    return try made.get()
  }

  /// Starts `body` as a task on those threads.
  @discardableResult
  static func start(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
    Task.detached(executorPreference: executor, operation: body)
  }

  /// Starts `body`, for which somebody may be waiting, as a task on those threads.
  static func task<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
  ) -> Task<Value, any Error> {
    Task.detached(executorPreference: executor, operation: body)
  }
}

import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A value that one thread at a time may use.
package final class Lock<Value>: Sendable {
  #if ND2_THREAD_SANITIZER
    private let guarded: VisibleMutex<Value>
  #else
    private let guarded: Mutex<Value>
  #endif

  /// Guards a value, to which nobody else has access any more.
  package init(_ value: sending Value) {
    guarded = .init(value)
  }

  /// Calls `body` with the value while no other thread has it.
  package func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    try guarded.withLock(body)
  }
}

#if ND2_THREAD_SANITIZER
  /// Swift's mutex over that of POSIX threads, which ThreadSanitizer knows.
  ///
  /// Swift's own waits in the kernel by itself on Linux, in code that is not instrumented, so that
  /// all it guards would be reported. For `scripts/test --sanitize thread` only.
  private final class VisibleMutex<Value>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private nonisolated(unsafe) var value: Value

    init(_ value: sending Value) {
      mutex = .allocate(capacity: 1)
      mutex.initialize(to: pthread_mutex_t())
      pthread_mutex_init(mutex, nil)
      self.value = value
    }

    deinit {
      pthread_mutex_destroy(mutex)
      mutex.deallocate()
    }

    func withLock<Result: ~Copyable, Failure: Error>(
      _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      return try body(&value)
    }
  }
#endif

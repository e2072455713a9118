#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The clock of time-outs and pauses: it never goes back.
package enum EngineClock {
  /// Nanoseconds since some moment.
  package static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// Seconds as nanoseconds, for additions that do not overflow.
  package static func nanoseconds(_ seconds: Double) -> UInt64 {
    guard seconds > 0 else { return 0 }
    return UInt64(min(seconds, 1e9) * 1e9)
  }
}

/// A thread of our own that never ends.
enum LastingThread {
  private final class Job {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts the thread; false when the system gives none.
  static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    let job = Unmanaged.passRetained(Job(body))
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(
        &thread, nil,
        { raw in
          Unmanaged<Job>.fromOpaque(raw).takeRetainedValue().body()
          return nil
        }, job.toOpaque())
    #else
      var thread: pthread_t? = pthread_t()
      let status = withUnsafeMutablePointer(to: &thread) { slot in
        slot.withMemoryRebound(to: pthread_t.self, capacity: 1) { slot in
          pthread_create(
            slot, nil,
            { raw in
              guard let raw else { return nil }
              Unmanaged<Job>.fromOpaque(raw).takeRetainedValue().body()
              return nil
            }, job.toOpaque())
        }
      }
    #endif
    guard status == 0, let thread else {
      job.release()
      return false
    }
    pthread_detach(thread)
    return true
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A few threads for one piece of work, started and joined within the call.
///
/// The threads are the system's own: neither Swift's tasks nor Dispatch survive a `fork()`, which
/// is how workers of other languages are started, and blocking reads must not hold their threads.
package enum WorkerTeam {
  /// Number of cores that this process may use.
  package static var coreCount: Int {
    let count = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    return max(1, Int(count))
  }

  private final class Job {
    let index: Int
    let body: @Sendable (Int) -> Void
    init(index: Int, body: @escaping @Sendable (Int) -> Void) {
      self.index = index
      self.body = body
    }
  }

  /// Calls `body` with 0, 1, … `count` − 1 on as many threads, the first being the caller's,
  /// and returns when all are done.
  ///
  /// When the system gives fewer threads, the caller's does the rest.
  package static func run(count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    var threads: [pthread_t] = []
    var left: [Int] = []
    for index in stride(from: 1, to: count, by: 1) {
      if let thread = thread(Job(index: index, body: body)) {
        threads.append(thread)
      } else {
        left.append(index)
      }
    }
    body(0)
    for index in left { body(index) }
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Calls `body` on a thread of its own, for which nobody waits; false when there is none to be had.
  static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    guard let thread = thread(Job(index: 0, body: { _ in body() })) else { return false }
    pthread_detach(thread)
    return true
  }

  /// A thread that does a job; nil when the system gives none.
  private static func thread(_ job: Job) -> pthread_t? {
    let job = Unmanaged.passRetained(job)
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(
        &thread, nil,
        { raw in
          let job = Unmanaged<Job>.fromOpaque(raw).takeRetainedValue()
          job.body(job.index)
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
              let job = Unmanaged<Job>.fromOpaque(raw).takeRetainedValue()
              job.body(job.index)
              return nil
            }, job.toOpaque())
        }
      }
    #endif
    guard status == 0 else {
      job.release()
      return nil
    }
    return thread
  }
}

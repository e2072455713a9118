#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Gives room in a file to threads in the order of their work, so that the file does not depend on
/// which of them was first.
///
/// A thread waits for its turn with its finished bytes in hand, so no more than one piece of work of
/// each thread is in memory.
final class Turnstile: @unchecked Sendable {
  // All variables are used under the mutex only.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var next = 0
  private var end: UInt64
  private var isStopped = false

  /// - Parameter start: the first free place of the file.
  init(start: UInt64) {
    end = start
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Waits until all before `number` have their places; the answer is the place of so many bytes, or
  /// nil when the work was stopped.
  func place(_ number: Int, byteCount: Int) -> UInt64? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while next != number, !isStopped { pthread_cond_wait(condition, mutex) }
    guard !isStopped else { return nil }
    let place = end
    end += UInt64(byteCount)
    next += 1
    pthread_cond_broadcast(condition)
    return place
  }

  /// Lets nobody wait any longer.
  func stop() {
    pthread_mutex_lock(mutex)
    isStopped = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// The end of what has a place.
  var endOffset: UInt64 {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return end
  }
}

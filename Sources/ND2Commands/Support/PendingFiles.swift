import ND2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files that are not complete yet, and must not stay when the process is told to end.
///
/// A signal handler may only call what is safe at any moment, so the paths lie in plain memory that
/// is set up before the first handler is.
enum PendingFiles {
  fileprivate static let capacity = 4096
  /// Written under `lock`, read by the signal handler; a slot is empty or a valid C string.
  nonisolated(unsafe) fileprivate static let slots:
    UnsafeMutablePointer<
      UnsafeMutablePointer<CChar>?
    > = {
      let slots = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: capacity)
      slots.initialize(repeating: nil, count: capacity)
      return slots
    }()
  private static let lock = Lock(false)

  /// Notes a path; the answer is for ``forget(_:)``, nil when there are too many.
  static func note(_ path: String) -> Int? {
    installHandlers()
    return lock.withLock { _ in
      guard let free = (0..<capacity).first(where: { slots[$0] == nil }) else { return nil }
      slots[free] = strdup(path)
      return free
    }
  }

  /// Forgets a path, because its file is complete or gone.
  static func forget(_ slot: Int) {
    lock.withLock { _ in
      guard (0..<capacity).contains(slot) else { return }
      let path = slots[slot]
      slots[slot] = nil
      free(path)
    }
  }

  /// Sees to it that signals remove what is pending; work that tidies up itself takes the signals
  /// over by ``StopSignal``.
  static func installHandlers() {
    lock.withLock { installed in
      guard !installed else { return }
      installed = true
      // All that the handler uses must be there before the handler is.
      _ = slots
      for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] {
        let previous = signal(number, removePendingFiles)
        // Who ignores a signal, such as nohup, goes on doing so.
        if unsafeBitCast(previous, to: Int.self) == ignored { _ = signal(number, previous) }
      }
    }
  }

  private static let ignored = 1
}

/// Removes what is pending, then lets the signal do what it does without a handler.
private func removePendingFiles(_ number: Int32) {
  for slot in 0..<PendingFiles.capacity {
    if let path = PendingFiles.slots[slot] { unlink(path) }
  }
  _ = signal(number, SIG_DFL)
  raise(number)
}

import ND2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Notes that the process was told to end, for work that tidies up before it does: folders cannot be
/// removed within a signal handler.
enum StopSignal {
  /// Written by the handler only; 0, or the number of the signal.
  nonisolated(unsafe) fileprivate static let received: UnsafeMutablePointer<sig_atomic_t> = {
    let flag = UnsafeMutablePointer<sig_atomic_t>.allocate(capacity: 1)
    flag.initialize(to: 0)
    return flag
  }()

  /// What handled signals before, while work is under way.
  private struct Handlers: @unchecked Sendable {
    var depth = 0
    var restoring: [() -> Void] = []
  }

  private static let handlers = Lock(Handlers())

  /// Whether a signal came.
  static var isReceived: Bool { received.pointee != 0 }

  /// Throws `CancellationError` when a signal came.
  static func check() throws {
    if isReceived { throw CancellationError() }
  }

  /// Catches signals while work is done, and lets one that came do what it does without a handler.
  static func watch<Result>(_ body: () throws -> Result) rethrows -> Result {
    begin()
    defer { end() }
    return try body()
  }

  private static func begin() {
    // Whoever notes the first temporary file later must not take the signals away.
    PendingFiles.installHandlers()
    handlers.withLock { state in
      state.depth += 1
      guard state.depth == 1 else { return }
      received.pointee = 0
      for number in [SIGINT, SIGTERM, SIGHUP] {
        let previous = signal(number, note)
        // Who ignores a signal, such as nohup, goes on doing so.
        if unsafeBitCast(previous, to: Int.self) == 1 {
          _ = signal(number, previous)
        } else {
          state.restoring.append { _ = signal(number, previous) }
        }
      }
    }
  }

  private static func end() {
    let number = handlers.withLock { state -> Int32 in
      state.depth -= 1
      guard state.depth == 0 else { return 0 }
      for restore in state.restoring { restore() }
      state.restoring = []
      return Int32(received.pointee)
    }
    if number != 0 { raise(number) }
  }
}

private func note(_ number: Int32) { StopSignal.received.pointee = sig_atomic_t(number) }

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

  /// Whether a signal came.
  static var isReceived: Bool { received.pointee != 0 }

  /// Catches signals while work is done, and lets one that came do what it does without a handler.
  static func watch<Result>(_ body: () throws -> Result) rethrows -> Result {
    received.pointee = 0
    var restoring: [() -> Void] = []
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let previous = signal(number, note)
      // Who ignores a signal, such as nohup, goes on doing so.
      if unsafeBitCast(previous, to: Int.self) == 1 {
        _ = signal(number, previous)
      } else {
        restoring.append { _ = signal(number, previous) }
      }
    }
    defer {
      for restore in restoring { restore() }
      let number = received.pointee
      if number != 0 { raise(Int32(number)) }
    }
    return try body()
  }
}

private func note(_ number: Int32) { StopSignal.received.pointee = sig_atomic_t(number) }

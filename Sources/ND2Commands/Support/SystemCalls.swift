#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few calls of the operating system that the command needs, by names that cannot clash.
enum SystemCalls {
  /// The value of an environment variable.
  static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// Waits.
  static func sleep(seconds: Double) {
    let whole = Int(exactly: seconds.rounded(.down)) ?? 0
    let part = Int(exactly: ((seconds - Double(whole)) * 1e9).rounded(.down)) ?? 0
    var span = timespec(tv_sec: whole, tv_nsec: part)
    // Signals that are handled end the waiting early, which does no harm.
    nanosleep(&span, nil)
  }

  /// `vsnprintf` for one number; `format` is ours, never a user's.
  static func format(_ format: StaticString, _ arguments: any CVarArg...) -> String {
    let pattern = String(describing: format)
    return withVaList(arguments) { list in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
        buffer.initialize(repeating: 0)
        vsnprintf(buffer.baseAddress, buffer.count, pattern, list)
        return buffer.baseAddress.map { String(cString: $0) } ?? ""
      }
    }
  }
}

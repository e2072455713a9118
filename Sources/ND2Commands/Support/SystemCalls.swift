#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few calls of the operating system that the command needs, by names that cannot clash.
enum SystemCalls {
  /// Writes, again after an interruption; the number of bytes, or a negative error number.
  static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    while true {
      #if canImport(Glibc)
        let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
      #elseif canImport(Musl)
        let count = Musl.write(descriptor, bytes.baseAddress, bytes.count)
      #else
        let count = Darwin.write(descriptor, bytes.baseAddress, bytes.count)
      #endif
      if count >= 0 { return count }
      if errno != EINTR { return -Int(errno) }
    }
  }

  /// The value of an environment variable.
  static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// The words of the operating system for an error number.
  static func message(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
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

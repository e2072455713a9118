#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the operating system says about a failure.
package enum SystemFailure {
  /// The words of the operating system for an error number.
  package static func message(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }

  /// The error for a call on a file that failed with an error number.
  package static func error(
    _ action: String, _ code: Int32, file: String, offset: UInt64? = nil
  ) -> ND2Error {
    ND2Error(.io, "\(action): \(message(code))", at: .init(file: file, offset: offset))
  }
}

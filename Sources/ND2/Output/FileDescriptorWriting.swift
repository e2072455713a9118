#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writing to a file descriptor.
package enum FileDescriptorWriting {
  /// macOS refuses more than 2 GiB at once.
  private static let mostBytes = 1 << 30

  /// Writes all bytes, again after interruptions.
  ///
  /// - Returns: zero, or the error number of the call that failed.
  package static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var rest = bytes
    while let base = rest.baseAddress, !rest.isEmpty {
      let count = systemWrite(descriptor, base, min(rest.count, mostBytes))
      if count > 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      } else if count == 0 {
        return EIO
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
}

/// The system's `write`, out of reach of the method of the same name.
private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(file, bytes, count)
}

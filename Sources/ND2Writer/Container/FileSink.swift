import ND2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A sink that writes a local file: under a temporary name first, and renamed when it is complete.
///
/// A sink that is dropped before ``commit()`` leaves nothing behind.
package final class FileSink: ByteSink {
  private static let bufferByteCount = 256 << 10

  package private(set) var position: UInt64 = 0
  private let path: String
  private let temporaryPath: String
  private let overwrites: Bool
  private var descriptor: Int32
  private var buffer: [UInt8] = []

  /// Creates the temporary file beside `path`.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when `path` exists and must not be overwritten,
  ///   ``ND2Error/Code/io`` when no file can be created there.
  package init(path: String, overwrite: Bool) throws {
    var status = stat()
    if !overwrite, lstat(path, &status) == 0 {
      throw ND2Error(
        .invalidRequest, "the file exists already; allow overwriting to replace it",
        at: .init(file: path))
    }
    let suffix = String(UInt32.random(in: .min ... .max), radix: 36)
    temporaryPath = "\(path).\(suffix).part"
    descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    self.path = path
    overwrites = overwrite
    guard descriptor >= 0 else { throw Self.error("cannot create the file", errno, path) }
    buffer.reserveCapacity(Self.bufferByteCount)
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      unlink(temporaryPath)
    }
  }

  package func append(_ bytes: UnsafeRawBufferPointer) throws {
    position += UInt64(bytes.count)
    if buffer.count + bytes.count > Self.bufferByteCount { try flush() }
    if bytes.count >= Self.bufferByteCount {
      try write(bytes)
    } else {
      buffer.append(contentsOf: bytes)
    }
  }

  package func commit() throws {
    try flush()
    let file = descriptor
    descriptor = -1
    guard close(file) == 0 else {
      let code = errno
      unlink(temporaryPath)
      throw Self.error("cannot finish the file", code, path)
    }
    if overwrites {
      guard rename(temporaryPath, path) == 0 else { throw removeAndReport(errno) }
      return
    }
    // A hard link fails where a file has appeared meanwhile; renaming would replace it.
    if link(temporaryPath, path) == 0 {
      unlink(temporaryPath)
      return
    }
    let code = errno
    guard code != EEXIST, rename(temporaryPath, path) == 0 else { throw removeAndReport(code) }
  }

  private func removeAndReport(_ code: Int32) -> ND2Error {
    unlink(temporaryPath)
    return Self.error("cannot finish the file", code, path)
  }

  private func flush() throws {
    try buffer.withUnsafeBytes { try write($0) }
    buffer.removeAll(keepingCapacity: true)
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while let base = rest.baseAddress, !rest.isEmpty {
      let count = systemWrite(descriptor, base, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw Self.error("cannot write", errno, path)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  private static func error(_ action: String, _ code: Int32, _ path: String) -> ND2Error {
    let reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
    return ND2Error(.io, "\(action): \(reason)", at: .init(file: path))
  }
}

/// The system's `write`, out of reach of the method of the same name.
private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(file, bytes, count)
}

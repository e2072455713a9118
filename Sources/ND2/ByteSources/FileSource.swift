#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A local file, read by positional reads: no cursor, no lock, no memory map.
///
/// A file that shrinks or a network drive that goes away gives an error, never a crash.
public final class FileSource: ByteSource {
  /// The absolute path.
  public let name: String
  private let descriptor: Int32
  private let size: UInt64
  /// macOS refuses more than 2 GiB at once.
  private static let mostBytes = 1 << 30

  /// Opens a file for reading.
  ///
  /// - Parameter path: a path; `~` and `~user` are not expanded, that is the shell's work.
  /// - Throws: ``ND2Error/Code/io`` when the path cannot be opened or is not a regular file.
  public init(path: String) throws {
    let absolute = Self.absolutePath(path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw SystemFailure.error("cannot open the file", errno, file: absolute)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw SystemFailure.error("cannot examine the file", code, file: absolute)
    }
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFREG else {
      close(descriptor)
      throw ND2Error(
        .io, kind == S_IFDIR ? "this is a directory, not a file" : "this is not a regular file",
        at: .init(file: absolute))
    }
    self.descriptor = descriptor
    name = absolute
    size = UInt64(max(0, Int64(status.st_size)))
  }

  deinit { close(descriptor) }

  /// Number of bytes when the file was opened.
  public func byteCount() -> UInt64 { size }

  /// The file of that path as it is now.
  public func reopened() throws -> any ByteSource { try FileSource(path: name) }

  /// Fills `buffer` with the bytes from `offset` on, or throws ``ND2Error/Code/io``.
  public func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws {
    guard var position = off_t(exactly: offset) else {
      throw ND2Error(.io, "offset out of range", at: .init(file: name, offset: offset))
    }
    var rest = buffer
    while let base = rest.baseAddress, !rest.isEmpty {
      let count = pread(descriptor, base, min(rest.count, Self.mostBytes), position)
      if count < 0 {
        if errno == EINTR { continue }
        throw SystemFailure.error("cannot read", errno, file: name, offset: offset)
      }
      guard count > 0 else {
        throw ND2Error(
          .io, "the file ends at byte \(position), before the end of what was to be read",
          at: .init(file: name, offset: offset))
      }
      position += off_t(count)
      rest = UnsafeMutableRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// The path from the root, so that it stays right when the process changes its directory.
  private static func absolutePath(_ path: String) -> String {
    guard !path.hasPrefix("/") else { return path }
    guard let directory = getcwd(nil, 0) else { return path }
    defer { free(directory) }
    let relative = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    return String(cString: directory) + "/" + relative
  }
}

import ND2
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An output that appears whole or not at all.
///
/// It is written under a temporary name in the same folder and renamed by ``commit()``. Without a
/// commit nothing stays: not after an error, and not after SIGINT or SIGTERM. Devices and pipes are
/// written directly, there being nothing to rename.
final class OutputFile {
  /// The path that was asked for.
  let path: String
  private var descriptor: Int32 = -1
  private var temporary: (path: String, slot: Int?)?
  private let overwrites: Bool
  private static let counter = Atomic<Int>(0)

  /// Begins an output.
  ///
  /// - Parameters:
  ///   - path: where the output shall appear.
  ///   - overwrite: whether a file that is there may be replaced.
  ///   - inputs: files that are being read, which the output must not replace.
  /// - Throws: ``ND2Error`` when the path is taken or cannot be written.
  init(path: String, overwrite: Bool, inputs: [String] = []) throws {
    self.path = path
    overwrites = overwrite
    var status = stat()
    if stat(path, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFDIR: throw Self.refusal("the output is a directory", path)
      case S_IFREG:
        try Self.check(status, isNoneOf: inputs, path)
        if !overwrite { throw Self.exists(path) }
      default:
        descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("cannot write", errno, path) }
        return
      }
    }
    try openTemporary()
  }

  deinit { discard() }

  /// Appends bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = SystemCalls.write(descriptor, rest)
      guard count > 0 else { throw Self.failure("cannot write", Int32(-count), path) }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Appends bytes.
  func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }

  /// Completes the output: from now on it is there.
  func commit() throws {
    let closed = close(descriptor)
    let code = errno
    descriptor = -1
    guard closed == 0 else { throw Self.failure("cannot write", code, path) }
    guard let temporary else { return }
    if overwrites {
      guard rename(temporary.path, path) == 0 else {
        throw Self.failure("cannot write", errno, path)
      }
    } else {
      try moveWithoutReplacing(temporary.path)
    }
    if let slot = temporary.slot { PendingFiles.forget(slot) }
    self.temporary = nil
  }

  /// Gives the output up; nothing stays.
  func discard() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    guard let temporary else { return }
    unlink(temporary.path)
    if let slot = temporary.slot { PendingFiles.forget(slot) }
    self.temporary = nil
  }

  // MARK: - Names

  private func openTemporary() throws {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    for _ in 0..<100 {
      let number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
      let candidate = "\(folder).nd2-\(getpid())-\(number).part"
      // Noted first: a signal between the two calls must find it.
      let slot = PendingFiles.note(candidate)
      descriptor = open(candidate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 {
        temporary = (candidate, slot)
        return
      }
      let code = errno
      if let slot { PendingFiles.forget(slot) }
      guard code == EEXIST else { throw Self.failure("cannot write", code, path) }
    }
    throw Self.failure("cannot write", EEXIST, path)
  }

  /// A second name fails when the path was taken in the meantime, which a rename would not.
  private func moveWithoutReplacing(_ temporaryPath: String) throws {
    if link(temporaryPath, path) == 0 {
      unlink(temporaryPath)
      return
    }
    if errno == EEXIST { throw Self.exists(path) }
    // Some file systems have no second names.
    var status = stat()
    if stat(path, &status) == 0 { throw Self.exists(path) }
    guard rename(temporaryPath, path) == 0 else {
      throw Self.failure("cannot write", errno, path)
    }
  }

  private static func check(
    _ status: stat, isNoneOf inputs: [String], _ path: String
  ) throws {
    for input in inputs {
      var other = stat()
      guard stat(input, &other) == 0 else { continue }
      if other.st_dev == status.st_dev, other.st_ino == status.st_ino {
        throw refusal("the output is the file that is being read", path)
      }
    }
  }

  private static func exists(_ path: String) -> ND2Error {
    refusal("the output exists already; --overwrite replaces it", path)
  }

  private static func refusal(_ message: String, _ path: String) -> ND2Error {
    ND2Error(.invalidRequest, message, at: .init(file: path))
  }

  private static func failure(_ action: String, _ code: Int32, _ path: String) -> ND2Error {
    ND2Error(.io, "\(action): \(SystemCalls.message(code))", at: .init(file: path))
  }
}

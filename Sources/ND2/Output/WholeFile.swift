#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Who wants to know which temporary files there are, so that none stays when the process ends.
package protocol TemporaryFileWatcher: Sendable {
  /// Notes a path that is about to be created; the answer is for ``forget(_:)``.
  func note(_ path: String) -> Int?
  /// Forgets a path, because its file is complete or gone.
  func forget(_ number: Int)
}

/// An output that appears whole or not at all: the one way in which files are written here.
///
/// It is written under a temporary name in the same folder, and gets its name by ``commit()``.
/// Without a commit nothing stays. Devices and pipes are written directly, there being nothing to
/// rename.
package final class WholeFile {
  /// How an output is written.
  package struct Options {
    /// Whether a file that is there may be replaced.
    package var overwriting: Bool
    /// Files that are being read, which the output must not replace.
    package var inputs: [String] = []
    /// What to do about a file that is there, for the message.
    package var advice = "allow overwriting to replace it"
    /// Whether what was written is read again and places are chosen: only for files that are renamed.
    package var needsPlaces = false
    /// Who wants to know of the temporary file.
    package var watcher: (any TemporaryFileWatcher)?

    package init(overwriting: Bool) { self.overwriting = overwriting }
  }

  /// The path that was asked for.
  package let path: String
  private let options: Options
  private(set) var descriptor: Int32 = -1
  private var temporary: (path: String, number: Int?)?

  /// Begins an output.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when the path is a directory, is one of the inputs,
  ///   or is taken and must not be overwritten; ``ND2Error/Code/io`` when it cannot be written.
  package init(path: String, options: Options) throws {
    self.path = path
    self.options = options
    var status = stat()
    if stat(path, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFDIR: throw refusal("the output is a directory")
      case S_IFREG:
        try checkIsNoInput(status)
        if !options.overwriting { throw taken() }
      default:
        if options.needsPlaces {
          throw refusal("this kind of output cannot be written to a device or a pipe")
        }
        descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno) }
        return
      }
    } else if !options.overwriting, lstat(path, &status) == 0 {
      // A link to nothing.
      throw taken()
    }
    try openTemporary()
  }

  deinit { discard() }

  /// Appends bytes.
  package func write(_ bytes: UnsafeRawBufferPointer) throws {
    let code = FileDescriptorWriting.write(bytes, to: descriptor)
    guard code == 0 else { throw failure(code) }
  }

  /// Appends bytes.
  package func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }

  /// Completes the output: from now on it is there. After an error nothing stays.
  package func commit() throws {
    do {
      try finish()
    } catch {
      discard()
      throw error
    }
  }

  /// Gives the output up; nothing stays.
  package func discard() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    guard let temporary else { return }
    unlink(temporary.path)
    forget()
  }

  // MARK: - Names

  /// Ends the writing without giving the output its name, which ``commit()`` does later: many outputs
  /// can appear together without all being open.
  package func seal() throws {
    guard descriptor >= 0 else { return }
    let closed = close(descriptor)
    let code = errno
    descriptor = -1
    guard closed == 0 else { throw failure(code) }
  }

  private func finish() throws {
    try seal()
    guard let temporary else { return }
    if options.overwriting {
      guard rename(temporary.path, path) == 0 else { throw failure(errno) }
    } else {
      try moveWithoutReplacing(temporary.path)
    }
    forget()
  }

  private func forget() {
    if let number = temporary?.number { options.watcher?.forget(number) }
    temporary = nil
  }

  private func openTemporary() throws {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    for _ in 0..<100 {
      let suffix = String(UInt32.random(in: .min ... .max), radix: 36)
      let candidate = "\(folder).nd2-\(getpid())-\(suffix).part"
      // Noted first: a signal between the two calls must find it.
      let number = options.watcher?.note(candidate)
      let access = options.needsPlaces ? O_RDWR : O_WRONLY
      descriptor = open(candidate, access | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 {
        temporary = (candidate, number)
        return
      }
      let code = errno
      if let number { options.watcher?.forget(number) }
      guard code == EEXIST else { throw failure(code) }
    }
    throw failure(EEXIST)
  }

  /// A second name fails when the path was taken in the meantime, which a rename would not.
  private func moveWithoutReplacing(_ temporaryPath: String) throws {
    if link(temporaryPath, path) == 0 {
      unlink(temporaryPath)
      return
    }
    if errno == EEXIST { throw taken() }
    // Some file systems have no second names.
    var status = stat()
    if lstat(path, &status) == 0 { throw taken() }
    guard rename(temporaryPath, path) == 0 else { throw failure(errno) }
  }

  private func checkIsNoInput(_ status: stat) throws {
    for input in options.inputs {
      var other = stat()
      guard stat(input, &other) == 0 else { continue }
      if other.st_dev == status.st_dev, other.st_ino == status.st_ino {
        throw refusal("the output is the file that is being read")
      }
    }
  }

  private func taken() -> ND2Error { refusal("the output exists already; \(options.advice)") }

  private func refusal(_ message: String) -> ND2Error {
    ND2Error(.invalidRequest, message, at: .init(file: path))
  }

  func failure(_ code: Int32) -> ND2Error {
    SystemFailure.error("cannot write", code, file: path)
  }
}

import ND2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder of files that appear together: a new folder when all are written, those in a folder that
/// is there already at the end of the work.
///
/// They are written into a hidden folder beside (or in) it, whose files are numbered, and get their
/// names by ``commit()``. Without a commit nothing stays; work on one is done within
/// ``StopSignal/watch(_:)``, as a signal handler cannot remove folders.
final class OutputFolder {
  private let path: String
  private let overwrite: Bool
  private let exists: Bool
  private var temporary: String?
  private var names: [String] = []

  /// Begins a folder.
  ///
  /// - Throws: ``ND2Error`` when the path is a file, or no folder can be made there.
  init(path: String, overwrite: Bool) throws {
    let trimmed = String(path.reversed().drop { $0 == "/" }.reversed())
    self.path = trimmed.isEmpty ? path : trimmed
    self.overwrite = overwrite
    var status = stat()
    exists = stat(self.path, &status) == 0
    if exists, status.st_mode & S_IFMT != S_IFDIR {
      throw ND2Error(.invalidRequest, "the output is not a folder", at: .init(file: path))
    }
    let suffix = String(UInt32.random(in: .min ... .max), radix: 36)
    let hidden = ".nd2-\(getpid())-\(suffix).part"
    let parent = self.path.lastIndex(of: "/").map { String(self.path[...$0]) } ?? ""
    let folder = exists ? "\(self.path)/\(hidden)" : parent + hidden
    guard mkdir(folder, 0o777) == 0 else {
      throw SystemFailure.error("cannot make the folder", errno, file: path)
    }
    temporary = folder
  }

  deinit { discard() }

  /// Sees to it that no file of these names is there, unless it may be replaced.
  func check(_ names: [String]) throws {
    guard exists else { return }
    for name in names {
      var status = stat()
      guard lstat("\(path)/\(name)", &status) == 0 else { continue }
      guard overwrite, status.st_mode & S_IFMT == S_IFREG else {
        throw ND2Error(
          .invalidRequest,
          overwrite
            ? "there is something that is no file"
            : "the file exists already; --overwrite replaces it",
          at: .init(file: "\(path)/\(name)"))
      }
    }
  }

  /// Writes a file; it gets its name at the end.
  func write(_ bytes: [UInt8], as name: String) throws {
    try StopSignal.check()
    guard let temporary else { return }
    let file = "\(temporary)/\(names.count)"
    // Counted first: it is removed also when it cannot be written.
    names.append(name)
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw SystemFailure.error("cannot write", errno, file: path) }
    let code = bytes.withUnsafeBytes { FileDescriptorWriting.write($0, to: descriptor) }
    let closed = close(descriptor)
    let closeCode = errno
    guard code == 0, closed == 0 else {
      throw SystemFailure.error("cannot write", code != 0 ? code : closeCode, file: path)
    }
  }

  /// Gives the files their names: from now on they are there.
  func commit() throws {
    guard let temporary else { return }
    try check(names)
    // Within a new folder first, which then appears with all of them.
    let target = exists ? path : temporary
    for (index, name) in names.enumerated() {
      guard rename("\(temporary)/\(index)", "\(target)/\(name)") == 0 else {
        let code = errno
        if !exists { for done in names[..<index] { unlink("\(target)/\(done)") } }
        throw SystemFailure.error("cannot write", code, file: "\(path)/\(name)")
      }
    }
    if exists {
      rmdir(temporary)
    } else if rename(temporary, path) != 0 {
      let code = errno
      for name in names { unlink("\(temporary)/\(name)") }
      throw SystemFailure.error("cannot write", code, file: path)
    }
    self.temporary = nil
  }

  /// Gives the files up; nothing stays.
  func discard() {
    guard let temporary else { return }
    for index in names.indices { unlink("\(temporary)/\(index)") }
    rmdir(temporary)
    self.temporary = nil
  }
}

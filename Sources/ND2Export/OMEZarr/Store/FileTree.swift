import ND2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files and folders of a store.
enum FileTree {
  /// Whether something is there.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether a folder is there; a link to one is none.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Makes a folder and those above it that are missing; one that is there is fine.
  static func makeFolder(_ path: String) throws {
    if mkdir(path, 0o777) == 0 { return }
    let code = errno
    if code == EEXIST { return }
    if code == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      try makeFolder(String(path[..<slash]))
      if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
    }
    throw SystemFailure.error("cannot make the folder", code, file: path)
  }

  /// Writes a file at once, under another name until it is complete, in a folder that may be missing.
  ///
  /// - Parameter suffix: what the name has in addition until the file is complete.
  static func write(
    _ bytes: UnsafeRawBufferPointer, to path: String, suffix: String = ".part"
  ) throws {
    let temporary = path + suffix
    var file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    if file < 0, errno == ENOENT, let slash = path.lastIndex(of: "/") {
      try makeFolder(String(path[..<slash]))
      file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    }
    guard file >= 0 else { throw SystemFailure.error("cannot write", errno, file: path) }
    let code = FileDescriptorWriting.write(bytes, to: file)
    let closed = close(file)
    guard code == 0, closed == 0 else {
      let reason = code == 0 ? errno : code
      unlink(temporary)
      throw SystemFailure.error("cannot write", reason, file: path)
    }
    try move(temporary, to: path)
  }

  /// Writes a text file at once.
  static func write(_ text: String, to path: String) throws {
    var text = text
    try text.withUTF8 { try write(UnsafeRawBufferPointer($0), to: path) }
  }

  /// Gives a file another name, in place of one that has it.
  static func move(_ old: String, to new: String) throws {
    guard rename(old, new) == 0 else {
      throw SystemFailure.error("cannot write", errno, file: new)
    }
  }

  /// Appends bytes to a file, or begins it anew.
  static func append(
    _ bytes: UnsafeRawBufferPointer, to path: String, beginning: Bool
  ) throws {
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (beginning ? O_TRUNC : 0)
    var file = open(path, flags, 0o666)
    if file < 0, errno == ENOENT, let slash = path.lastIndex(of: "/") {
      try makeFolder(String(path[..<slash]))
      file = open(path, flags, 0o666)
    }
    guard file >= 0 else { throw SystemFailure.error("cannot write", errno, file: path) }
    let code = FileDescriptorWriting.write(bytes, to: file)
    let closed = close(file)
    guard code == 0, closed == 0 else {
      throw SystemFailure.error("cannot write", code == 0 ? errno : code, file: path)
    }
  }

  /// The bytes of a small file; nil when it cannot be read.
  static func read(_ path: String) -> [UInt8]? {
    try? FileSource(path: path).read(0..<FileSource(path: path).byteCount())
  }

  /// Names in a folder.
  static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Removes a file, or a folder with all that is in it; links are not followed.
  static func remove(_ path: String) {
    if isFolder(path) {
      for name in names(in: path) { remove("\(path)/\(name)") }
      rmdir(path)
    } else {
      unlink(path)
    }
  }

  /// Whether a file lies in a folder or below it.
  static func contains(_ folder: String, file: String) -> Bool {
    guard let folder = resolved(folder), let file = resolved(file) else { return false }
    return file == folder || file.hasPrefix(folder + "/")
  }

  private static func resolved(_ path: String) -> String? {
    guard let name = realpath(path, nil) else { return nil }
    defer { free(name) }
    return String(cString: name)
  }

  /// When a file was changed, in ns since 1970; nil when there is none.
  static func modificationTime(_ path: String) -> Int64? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}

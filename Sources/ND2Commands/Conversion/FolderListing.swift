import ND2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The ND2 files of a folder, and what else the conversion of folders wants of the file system.
enum FolderListing {
  private static let mostDepth = 256

  /// Whether a path leads to a folder.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether something has that name.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// The files whose names end in `.nd2`, relative to the folder, in order; hidden ones and links to
  /// folders are passed over.
  ///
  /// - Throws: `ND2Error.Code.io` when the folder cannot be read.
  static func files(in root: String, recursively: Bool) throws -> [String] {
    var found: [String] = []
    try collect(root, "", recursively ? mostDepth : 0, &found)
    return found.sorted()
  }

  private static func collect(
    _ root: String, _ folder: String, _ depth: Int, _ found: inout [String]
  ) throws {
    let path = folder.isEmpty ? root : "\(root)/\(folder)"
    guard let listing = opendir(path) else {
      throw SystemFailure.error("cannot read the folder", errno, file: path)
    }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    closedir(listing)
    for name in names {
      let relative = folder.isEmpty ? name : "\(folder)/\(name)"
      var status = stat()
      guard lstat("\(root)/\(relative)", &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        if depth > 0 { try collect(root, relative, depth - 1, &found) }
      } else if name.lowercased().hasSuffix(".nd2"), !isFolder("\(root)/\(relative)") {
        found.append(relative)
      }
    }
  }

  /// Makes a folder and those above it.
  ///
  /// - Returns: the folders that were not there, the outermost first.
  static func make(_ path: String) throws -> [String] {
    if path.isEmpty || isFolder(path) { return [] }
    var made: [String] = []
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      made = try make(String(path[..<slash]))
    }
    guard mkdir(path, 0o777) == 0 else {
      let code = errno
      if code == EEXIST, isFolder(path) { return made }
      throw SystemFailure.error("cannot make the folder", code, file: path)
    }
    return made + [path]
  }

  /// Removes folders that are empty.
  static func removeEmpty(_ folders: [String]) {
    for folder in folders.reversed() { rmdir(folder) }
  }
}

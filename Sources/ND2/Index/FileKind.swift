#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What stands in a folder under a name.
enum FileKind: Sendable {
  case file
  case folder
  case link
  /// A pipe, a device, a socket.
  case other

  init(mode: mode_t) {
    switch mode & S_IFMT {
    case S_IFREG: self = .file
    case S_IFDIR: self = .folder
    case S_IFLNK: self = .link
    default: self = .other
    }
  }

  /// What a path leads to, links followed; nil when it leads nowhere.
  static func following(_ path: String) -> FileKind? {
    var status = stat()
    return stat(path, &status) == 0 ? FileKind(mode: status.st_mode) : nil
  }

  /// What the path itself is.
  fileprivate static func itself(_ path: String) -> FileKind? {
    var status = stat()
    return lstat(path, &status) == 0 ? FileKind(mode: status.st_mode) : nil
  }
}

/// Which folder it is, whatever path leads to it.
struct FolderIdentity: Hashable {
  private let device: UInt64
  private let number: UInt64

  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    number = UInt64(truncatingIfNeeded: status.st_ino)
  }
}

/// The names in a folder.
struct FolderListing {
  /// A name and what stands under it; links are not followed.
  struct Entry {
    let name: String
    let kind: FileKind
  }

  /// The entries in the order of the bytes of their names.
  let entries: [Entry]

  /// Reads a folder.
  ///
  /// - Throws: ``ND2Error/Code/io`` when it cannot be read.
  init(of folder: String) throws {
    guard let stream = opendir(folder) else {
      throw SystemFailure.error("cannot open the folder", errno, file: folder)
    }
    defer { closedir(stream) }
    var entries: [Entry] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else {
          throw SystemFailure.error("cannot read the folder", errno, file: folder)
        }
        break
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name == "." || name == ".." { continue }
      let kind: FileKind? =
        switch Int(entry.pointee.d_type) {
        case Int(DT_REG): .file
        case Int(DT_DIR): .folder
        case Int(DT_LNK): .link
        // Some file systems do not say it.
        case Int(DT_UNKNOWN): FileKind.itself(PathText.joined(folder, name))
        default: .other
        }
      entries.append(Entry(name: name, kind: kind ?? .other))
    }
    self.entries = entries.ordered { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}

/// Paths as text.
package enum PathText {
  /// Whether a text is an address rather than a path: a scheme of two letters or more, and `://`.
  package static func isAddress(_ text: String) -> Bool {
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
      return false
    }
    let scheme = text[..<colon]
    return scheme.count >= 2
      && scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
  }

  /// The path of a name in a folder.
  static func joined(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }
}

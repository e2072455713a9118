#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether outputs fit where they shall go.
package enum DiskSpace {
  /// Bytes that are free for the user in the file system of a path; nil when that is not known.
  package static func free(at path: String) -> UInt64? {
    var trimmed = path[...]
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    let folder = trimmed.lastIndex(of: "/").map { String(trimmed[...$0]) } ?? "."
    var facts = statvfs()
    guard statvfs(folder, &facts) == 0 else { return nil }
    let unit = UInt64(facts.f_frsize)
    let (bytes, overflow) = UInt64(facts.f_bavail).multipliedReportingOverflow(by: unit)
    // File systems that have no notion of it say that they have no blocks.
    return facts.f_blocks == 0 || overflow ? nil : bytes
  }

  /// - Throws: ``ND2Error/Code/io`` when so many bytes do not fit.
  package static func check(_ byteCount: UInt64, for path: String) throws {
    guard let free = free(at: path), byteCount > free else { return }
    throw ND2Error(
      .io, "the output needs \(byteCount) bytes, and the disk has \(free) free",
      at: .init(file: path))
  }
}

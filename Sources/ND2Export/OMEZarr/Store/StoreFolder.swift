import ND2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder that appears whole or not at all: it is filled under a temporary name beside its place.
final class StoreFolder: Sendable {
  /// The path that was asked for, without slashes at its end.
  let path: String
  /// Where the folder is filled.
  let temporary: String
  private let isOverwriting: Bool
  private let keepsParts: Bool

  /// Begins a folder.
  ///
  /// - Parameter keepsParts: whether what is written stays when the export fails, and an earlier
  ///   part is taken up.
  /// - Throws: `ND2Error.Code.invalidRequest` when the path is taken, `ND2Error.Code.io`.
  init(path: String, input: String, isOverwriting: Bool, keepsParts: Bool) throws {
    var trimmed = path[...]
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    self.path = String(trimmed)
    self.isOverwriting = isOverwriting
    self.keepsParts = keepsParts
    let cut = trimmed.lastIndex(of: "/").map { trimmed.index(after: $0) } ?? trimmed.startIndex
    let (parent, name) = (trimmed[..<cut], trimmed[cut...])
    guard !name.isEmpty, name != ".", name != ".." else {
      throw Self.refusal("the output needs a name", path)
    }
    let suffix =
      keepsParts
      ? "nd2-part" : "nd2-\(getpid())-\(String(UInt32.random(in: 0 ... .max), radix: 36)).part"
    temporary = "\(parent).\(name).\(suffix)"
    try checkPlace(input: input)
    if !keepsParts || !FileTree.isFolder(temporary) { try FileTree.makeFolder(temporary) }
  }

  private func checkPlace(input: String) throws {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard isOverwriting else {
      throw Self.refusal("the output exists already; allow overwriting to replace it", path)
    }
    // Only what looks like a store is replaced: a slip of the pen must not cost a folder of data.
    let marks = ["zarr.json", ".zgroup", ".zattrs", ".zarray"]
    let isEmpty = FileTree.names(in: path).isEmpty
    guard FileTree.isFolder(path),
      isEmpty || marks.contains(where: { FileTree.exists("\(path)/\($0)") })
    else { throw Self.refusal("the output exists and is no Zarr store; it is not replaced", path) }
    if FileTree.contains(path, file: input) {
      throw Self.refusal("the file that is being read lies in the output", path)
    }
  }

  /// Gives the folder its name; a folder that had it before goes only then.
  func commit() throws {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      return try Self.check(rename(temporary, path), path)
    }
    guard isOverwriting else {
      throw Self.refusal("the output exists already; allow overwriting to replace it", path)
    }
    let old = temporary + ".old"
    try Self.check(rename(path, old), path)
    if rename(temporary, path) != 0 {
      let code = errno
      _ = rename(old, path)
      throw SystemFailure.error("cannot write", code, file: path)
    }
    FileTree.remove(old)
  }

  /// After a failure: nothing stays, unless it is to be taken up later.
  func discard() {
    if !keepsParts { FileTree.remove(temporary) }
  }

  private static func check(_ result: Int32, _ path: String) throws {
    guard result == 0 else { throw SystemFailure.error("cannot write", errno, file: path) }
  }

  private static func refusal(_ message: String, _ path: String) -> ND2Error {
    ND2Error(.invalidRequest, message, at: .init(file: path))
  }
}

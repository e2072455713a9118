import ND2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder for one test, removed with everything in it afterwards.
final class TemporaryFolder {
  let root: String

  init() throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/nd2-tests-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw ND2Error(.io, "no temporary folder") }
    root = template.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { String(cString: $0) } ?? ""
    }
  }

  deinit { Self.remove(root) }

  /// Removes a file, or a folder with everything in it.
  static func remove(_ path: String) {
    if unlink(path) == 0 { return }
    for name in names(in: path) { remove("\(path)/\(name)") }
    rmdir(path)
  }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  /// The names of the files in the folder, sorted.
  func names() -> [String] { Self.names(in: root) }

  private static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func bytes(_ name: String) throws -> [UInt8] {
    let source = try FileSource(path: path(name))
    return try source.read(0..<source.byteCount())
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    guard let file = fopen(path(name), "wb") else { throw ND2Error(.io, "cannot write \(name)") }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw ND2Error(.io, "cannot write \(name)")
    }
  }
}

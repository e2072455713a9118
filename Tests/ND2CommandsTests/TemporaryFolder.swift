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

  deinit {
    for name in names() where unlink(path(name)) != 0 { Self.removeFiles(of: path(name)) }
    rmdir(root)
  }

  /// Removes a folder within, with its files.
  static func removeFiles(of folder: String) {
    guard let open = opendir(folder) else { return }
    var names: [String] = []
    while let entry = readdir(open) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      names.append(name)
    }
    closedir(open)
    for name in names { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  /// The names of the files in the folder, sorted.
  func names() -> [String] {
    guard let folder = opendir(root) else { return [] }
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

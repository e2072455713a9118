import ND2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file beside the tests that says what an output must be.
struct GoldenFile {
  private let path: String

  init(_ name: String, file: StaticString = #filePath) throws {
    path = Repository.folder(of: "\(file)") + "/Golden/" + name
  }

  /// Whether the text is that of the file; with `ND2_UPDATE_GOLDEN` set the file is written first.
  func matches(_ text: String) throws -> Bool {
    if getenv("ND2_UPDATE_GOLDEN") != nil {
      guard let file = fopen(path, "wb") else { throw ND2Error(.io, "cannot write \(path)") }
      defer { fclose(file) }
      let bytes = Array(text.utf8)
      fwrite(bytes, 1, bytes.count, file)
    }
    return try Repository.text(of: path) == text
  }
}

/// The files of the repository, found from the place of this one.
enum Repository {
  static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  /// The folder with `Package.swift`.
  static var root: String { folder(of: folder(of: folder(of: #filePath))) }

  static func text(of path: String) throws -> String {
    let source = try FileSource(path: path)
    return String(decoding: try source.read(0..<source.byteCount()), as: UTF8.self)
  }
}

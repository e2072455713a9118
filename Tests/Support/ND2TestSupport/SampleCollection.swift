#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The collection of sample files beside the package, for tests that are skipped without it.
package enum SampleCollection {
  /// Its directory: the environment's `ND2_SAMPLES`, or `../shared/samples` beside the package;
  /// nil when neither is there.
  package static let directory: String? = {
    var candidates: [String] = []
    if let value = getenv("ND2_SAMPLES") { candidates.append(String(cString: value)) }
    // This file lies in Tests/Support/ND2TestSupport of the package.
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count > 4 {
      let root = parts.dropLast(4).joined(separator: "/")
      candidates.append("\(root)/../shared/samples")
      candidates.append("\(root)/../../shared/samples")
    }
    return candidates.first { access($0, R_OK) == 0 && !TemporaryDirectory.names(in: $0).isEmpty }
  }()

  /// Whether the collection is there.
  package static var isPresent: Bool { directory != nil }

  /// Names of the ND2 files, sorted; empty without the collection.
  package static var names: [String] {
    directory.map { TemporaryDirectory.names(in: $0).filter { $0.hasSuffix(".nd2") } } ?? []
  }

  /// The path of a file of the collection, or nil when it is not there.
  package static func path(_ name: String) -> String? {
    guard let directory else { return nil }
    let path = "\(directory)/\(name)"
    return access(path, R_OK) == 0 ? path : nil
  }
}

import ArgumentParser
import ND2
import ND2Remote

/// The file that a verb reads.
struct FileArgument: ParsableArguments {
  @Argument(
    help: "The ND2 file: a path, or an address (http, https, s3, gs, az, abfs).",
    completion: .file(extensions: ["nd2"]))
  var file: String
}

extension Session {
  /// Whether a text is an address rather than a path: a scheme of two letters or more, and `://`.
  static func isAddress(_ text: String) -> Bool {
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
      return false
    }
    let scheme = text[..<colon]
    return scheme.count >= 2
      && scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
  }

  /// The bytes at an address; what is sent for them is counted.
  func remoteSource(_ address: String) throws -> RemoteSource {
    let source = try RemoteSource(address, options: try remote.options())
    remoteSources.append(source)
    return source
  }

  /// The bytes of a file; what is read of them is counted.
  func source(_ path: String) throws -> any ByteSource {
    if Self.isAddress(path) { return BlockingSource(try remoteSource(path)) }
    return CountingSource(source: try FileSource(path: path), counters: counters)
  }

  /// Opens a file; what is read from it is counted.
  func open(_ path: String) throws -> ND2File {
    if Self.isAddress(path) {
      return try ND2File(reading: BlockingSource(try remoteSource(path)))
    }
    return try ND2File(
      reading: CountingSource(source: try FileSource(path: path), counters: counters))
  }
}

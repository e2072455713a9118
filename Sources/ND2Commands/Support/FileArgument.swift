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
  static func isAddress(_ text: String) -> Bool { PathText.isAddress(text) }

  /// The bytes at an address; what is sent for them is counted.
  func remoteSource(_ address: String) throws -> RemoteSource {
    let source = try RemoteSource(address, options: try remote.options())
    count(source)
    return source
  }

  /// The bytes of a file; what is read of them is counted.
  func source(_ path: String) throws -> any ByteSource { try opener()(path) }

  /// Opens a file; what is read from it is counted.
  func open(_ path: String) throws -> ND2File {
    try open(try source(path), try savedIndex())
  }

  private func open(_ source: some ByteSource, _ index: SavedIndex?) throws -> ND2File {
    guard let index else { return try ND2File(reading: source) }
    return try ND2File(reading: source, index: index)
  }

  /// The index that `--saved-index` names; at an address one request brings it, unless it is large.
  private func savedIndex() throws -> SavedIndex? {
    guard let place = remote.savedIndex else { return nil }
    guard Self.isAddress(place) else { return try SavedIndex(contentsOf: place) }
    var options = try remote.options()
    options.headByteCount = 1 << 20
    options.tailByteCount = 0
    let source = try RemoteSource(place, options: options)
    count(source)
    return try SavedIndex(reading: BlockingSource(source))
  }
}

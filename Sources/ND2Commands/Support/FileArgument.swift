import ArgumentParser
import ND2

/// The file that a verb reads.
struct FileArgument: ParsableArguments {
  @Argument(help: "The ND2 file.", completion: .file(extensions: ["nd2"]))
  var file: String
}

extension Session {
  /// The bytes of a file; what is read of them is counted.
  func source(_ path: String) throws -> CountingSource {
    CountingSource(source: try FileSource(path: path), counters: counters)
  }

  /// Opens a file; what is read from it is counted.
  func open(_ path: String) throws -> ND2File {
    try ND2File(reading: try source(path))
  }
}

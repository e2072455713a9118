import ArgumentParser
import ND2

/// The file that a verb reads.
struct FileArgument: ParsableArguments {
  @Argument(help: "The ND2 file.", completion: .file(extensions: ["nd2"]))
  var file: String
}

extension Session {
  /// Opens a file; what is read from it is counted.
  func open(_ path: String) throws -> ND2File {
    try ND2File(reading: CountingSource(source: FileSource(path: path), counters: counters))
  }
}

import ND2

/// An output of the command: it appears whole or not at all, also when a signal ends the process.
final class OutputFile {
  /// The file beneath.
  let file: WholeFile

  /// What to do about a file that is there.
  static let advice = "--overwrite replaces it"

  /// Begins an output.
  ///
  /// - Parameters:
  ///   - path: where the output shall appear; devices and pipes are written directly.
  ///   - overwrite: whether a file that is there may be replaced.
  ///   - inputs: files that are being read, which the output must not replace.
  /// - Throws: ``ND2Error`` when the path is taken or cannot be written.
  init(path: String, overwrite: Bool, inputs: [String] = []) throws {
    var options = WholeFile.Options(overwriting: overwrite)
    options.inputs = inputs
    options.advice = Self.advice
    options.watcher = PendingFileWatcher()
    file = try WholeFile(path: path, options: options)
  }

  /// The path that was asked for.
  var path: String { file.path }

  /// Appends bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws { try file.write(bytes) }

  /// Appends bytes.
  func write(_ bytes: [UInt8]) throws { try file.write(bytes) }

  /// Completes the output: from now on it is there.
  func commit() throws { try file.commit() }

  /// Gives the output up; nothing stays.
  func discard() { file.discard() }
}

/// Sees to it that signals remove the temporary file.
struct PendingFileWatcher: TemporaryFileWatcher {
  func note(_ path: String) -> Int? { PendingFiles.note(path) }
  func forget(_ number: Int) { PendingFiles.forget(number) }
}

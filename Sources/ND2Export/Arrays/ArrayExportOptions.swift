public import ND2

/// How pixels are written as one array.
public struct ArrayExportOptions: Sendable {
  /// The form of the file.
  public enum Form: String, Sendable, CaseIterable {
    /// A NumPy array.
    case npy
    /// A NumPy archive with one array, `pixels`.
    case npz
    /// Numbers only; a description in JSON is beside it, under the name of the file and `.json`.
    case raw
  }

  /// The form of the file.
  public var form = Form.npy
  /// What is exported.
  public var selection = ExportSelection.all
  /// Whether a file that is there is replaced.
  public var overwrites = false
  /// Whether a frame that is missing or damaged is an error; else it becomes zeros and is reported.
  public var isStrict = false
  /// Threads; nil for one on each core.
  public var threadCount: Int?
  /// Asked now and then whether to stop, which becomes a `CancellationError`.
  public var isCancelled: @Sendable () -> Bool = { false }
  /// What to do about a file that is there, for the message.
  package var advice: String?
  /// Who wants to know of temporary files.
  package var watcher: (any TemporaryFileWatcher)?

  /// Writes everything as a NumPy array.
  public init() {}
}

extension ND2File {
  /// Writes the file, or a part of it, as one array: little-endian numbers, row-major, with the axes
  /// of ``ND2File/sizes``; colour is red, green, blue.
  ///
  /// Frames are read and written on all cores in bounded memory. The output appears whole or not at
  /// all.
  ///
  /// - Throws: `ND2Error.Code.invalidRequest` for a part that the file does not have, and for an
  ///   output that exists; `ND2Error.Code.io`; `ND2Error.Code.missingFrame` for damage where that is
  ///   an error; `CancellationError`.
  @discardableResult
  public func writeArray(
    to path: String, options: ArrayExportOptions = ArrayExportOptions(),
    progress: (@Sendable (ExportProgress) -> Void)? = nil
  ) throws -> ExportReport {
    let staged = try stageArray(to: path, options: options, progress: progress)
    try staged.commit()
    return staged.report
  }

  /// Writes the file, or a part of it, as one array; see the blocking form.
  @discardableResult
  public func writeArray(
    to path: String, options: ArrayExportOptions = ArrayExportOptions(),
    progress: (@Sendable (ExportProgress) -> Void)? = nil
  ) async throws -> ExportReport {
    let flag = CancellationFlag()
    var options = options
    let isCancelled = options.isCancelled
    options.isCancelled = { flag.isSet || isCancelled() }
    let request = options
    return try await withTaskCancellationHandler {
      try await Offload.run {
        try self.writeArray(to: path, options: request, progress: progress)
      }
    } onCancel: {
      flag.set()
    }
  }

  /// Writes an array that gets its name later.
  package func stageArray(
    to path: String, options: ArrayExportOptions = ArrayExportOptions(),
    progress: (@Sendable (ExportProgress) -> Void)? = nil
  ) throws -> StagedExport {
    try ArrayExport(of: self, path: path, options: options, progress: progress).stage()
  }
}

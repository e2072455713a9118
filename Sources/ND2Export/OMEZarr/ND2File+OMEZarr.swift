public import ND2

extension ND2File {
  /// Writes the file, or a part of it, as an OME-Zarr store: a folder.
  ///
  /// Arrays have the axes t, c, z, y, x, as far as the file has them; loops that users defined are
  /// unrolled into t. The samples of coloured channels become channels: red, green, blue. Each image
  /// has resolution levels, its channels' colours and sensible contrast; positions that are wells
  /// become a plate; masks become label images.
  ///
  /// The store appears whole or not at all; with ``OMEZarrOptions/isResumable`` what an interrupted
  /// export wrote stays beside it, and is taken up by the next one. Frames are read once and in
  /// order, and held only until their chunks are written.
  ///
  /// ```swift
  /// var options = OMEZarrOptions()
  /// options.compression = .blosc(.zstd, level: 5, shuffle: .bits)
  /// try file.writeOMEZarr(to: "cells.ome.zarr", options: options)
  /// ```
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - options: what is written and how.
  ///   - isCancelled: asked between frames; when it says true the export ends.
  ///   - progress: told of the progress, by one thread at a time.
  /// - Returns: what was written, and which frames were not whole.
  /// - Throws: `ND2Error.Code.invalidRequest` when the path is taken or the options do not fit the
  ///   file, `ND2Error.Code.io`, `ND2Error.Code.missingFrame` with ``OMEZarrOptions/isStrict``,
  ///   `CancellationError`.
  @discardableResult
  public func writeOMEZarr(
    to path: String, options: OMEZarrOptions = OMEZarrOptions(),
    isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: (@Sendable (ExportProgress) -> Void)? = nil
  ) throws -> ExportReport {
    let staged = try stageOMEZarr(
      to: path, options: options, isCancelled: isCancelled, progress: progress)
    try staged.commit()
    return staged.report
  }

  /// Writes a store that gets its name later.
  package func stageOMEZarr(
    to path: String, options: OMEZarrOptions = OMEZarrOptions(),
    isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: (@Sendable (ExportProgress) -> Void)? = nil
  ) throws -> StagedExport {
    let writer = try OMEZarrWriter(self, options, isCancelled: isCancelled, progress: progress)
    let folder = try StoreFolder(
      path: path, input: self.path, isOverwriting: options.overwrites,
      keepsParts: options.isResumable)
    do {
      if options.compression == .none, !options.isResumable {
        try DiskSpace.check(writer.pixelByteCount, for: path)
      }
      if options.isResumable {
        try OMEZarrJournal(of: self, options).begin(in: folder.temporary)
      }
      var report = try writer.write(into: folder.temporary)
      report.paths = [folder.path]
      return StagedExport(
        report,
        commit: {
          OMEZarrJournal.end(in: folder.temporary)
          try folder.commit()
        }, discard: { folder.discard() })
    } catch {
      folder.discard()
      throw error
    }
  }

  /// Writes the file, or a part of it, as an OME-Zarr store; see the blocking form.
  ///
  /// Cancelling the task ends the export between two frames with `CancellationError`.
  @discardableResult
  public func writeOMEZarr(
    to path: String, options: OMEZarrOptions = OMEZarrOptions(),
    progress: (@Sendable (ExportProgress) -> Void)? = nil
  ) async throws -> ExportReport {
    let flag = CancellationFlag()
    return try await withTaskCancellationHandler {
      try await Offload.run {
        try self.writeOMEZarr(
          to: path, options: options, isCancelled: { flag.isSet }, progress: progress)
      }
    } onCancel: {
      flag.set()
    }
  }
}

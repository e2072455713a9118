public import ND2

extension ND2File {
  /// Writes the file, or a part of it, as TIFF: as OME-TIFF when the name contains `.ome.`, else for
  /// ImageJ when that can read it, else as plain pages.
  ///
  /// There is a page for each channel of each frame, image by image (one for each stage position),
  /// frame by frame in stored order, channel by channel; colour is red, green, blue. Pages know their
  /// scale. Pixels are read, compressed and written on all cores in bounded memory; directories follow
  /// behind all pixels, so that uncompressed pixels are one piece. The output appears whole or not at
  /// all; the files of a divided one appear when all are complete.
  ///
  /// ```swift
  /// var options = TIFFOptions()
  /// options.compression = .zstd()
  /// options.hasPyramid = true
  /// let report = try file.writeTIFF(to: "cells.ome.tif", options: options)
  /// ```
  ///
  /// - Parameters:
  ///   - path: the file to write; divided outputs get names made from it.
  ///   - options: what is written, and how.
  ///   - progress: told how far the export is, by one thread at a time.
  /// - Throws: `ND2Error.Code.invalidRequest` for a part that the file does not have, for options
  ///   that do not go together, and for an output that exists; `ND2Error.Code.io` when reading or
  ///   writing fails; `ND2Error.Code.missingFrame` for damage where that is an error;
  ///   `CancellationError`.
  @discardableResult
  public func writeTIFF(
    to path: String, options: TIFFOptions = TIFFOptions(),
    progress: (@Sendable (ExportProgress) -> Void)? = nil
  ) throws -> ExportReport {
    let export = try TIFFExport(of: self, path: path, options: options, progress: progress)
    return try export.run(try OMEDocument(of: self, options: export.documentOptions))
  }

  /// Writes the file, or a part of it, as TIFF; see the blocking form.
  ///
  /// Cancelling the task ends the export with `CancellationError`; nothing stays.
  @discardableResult
  public func writeTIFF(
    to path: String, options: TIFFOptions = TIFFOptions(),
    progress: (@Sendable (ExportProgress) -> Void)? = nil
  ) async throws -> ExportReport {
    let flag = CancellationFlag()
    var options = options
    let isCancelled = options.isCancelled
    options.isCancelled = { flag.isSet || isCancelled() }
    let export = try TIFFExport(of: self, path: path, options: options, progress: progress)
    return try await withTaskCancellationHandler {
      let document = try await OMEDocument(of: self, options: export.documentOptions)
      return try await Offload.run { try export.run(document) }
    } onCancel: {
      flag.set()
    }
  }
}

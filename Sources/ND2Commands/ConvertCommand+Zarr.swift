import ND2
import ND2Export

extension ConvertCommand {
  /// Writes an OME-Zarr store and says what was written.
  func writeZarr(_ file: ND2File, in session: Session) throws {
    var options = zarr.options
    options.selection = ExportSelection(try part.selection(in: file))
    options.includesAllMetadata = unstructured
    options.isStrict = strict
    options.overwrites = overwriting.overwrite
    let progress = session.progress("Writing")
    let report = try StopSignal.watch {
      try file.writeOMEZarr(
        to: output, options: options, isCancelled: { StopSignal.isReceived },
        progress: { progress.show(share: $0.share) })
    }
    progress.finish()
    if format.json {
      session.print([
        "paths": .array(report.paths.map { .string($0) }),
        "bytes": .unsigned(report.byteCount),
        "images": .integer(Int64(report.imageCount)),
        "planes": .integer(Int64(report.planeCount)),
        "incompleteFrames": .array(report.incompleteFrames.map { .integer(Int64($0)) }),
      ])
    } else {
      session.say(
        "Wrote \(output): \(HumanText.count(report.imageCount, "image")), "
          + "\(HumanText.count(report.planeCount, "plane")), \(HumanText.bytes(report.byteCount))")
    }
  }
}

import ArgumentParser
import ND2
import ND2Export

/// `nd2 convert`: a file, or a part of it, in another format.
struct ConvertCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Writes a file, or a part of it, as OME-TIFF, TIFF or OME-Zarr.",
    discussion: """
      The name of the output says the format: .ome.tif and .ome.tiff are OME-TIFF; .tif and .tiff are \
      hyperstacks of ImageJ where it can read them, else plain pages; .ome.zarr and .zarr are \
      OME-Zarr. Stage positions are separate images; wells make up a plate of OME-Zarr. Missing \
      frames are zeros, and said, unless --strict.
      """)

  @OptionGroup var input: FileArgument

  @Argument(help: "What to write.", completion: .file(extensions: ["tif", "tiff", "zarr"]))
  var output: String

  @OptionGroup(title: "Part") var part: SelectionOptions

  @OptionGroup(title: "TIFF") var tiff: ConvertTIFFOptions

  @OptionGroup(title: "OME-Zarr") var zarr: ConvertZarrOptions

  @Flag(help: "Include everything that the file says.")
  var unstructured = false

  @Flag(help: "Stop at missing or damaged frames instead of writing zeros.")
  var strict = false

  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var format: JSONOption
  @OptionGroup var common: CommonOptions

  var wantsJSON: Bool { format.json }

  func validate() throws {
    if ConvertZarrOptions.isName(output) {
      guard tiff.isEmpty else { throw ValidationError("an OME-Zarr takes no options of TIFF") }
    } else if ConvertTIFFOptions.isName(output) {
      guard zarr.isEmpty else { throw ValidationError("a TIFF file takes no options of OME-Zarr") }
    } else {
      throw ValidationError(
        "the name of the output must end in .ome.tif, .ome.tiff, .tif, .tiff, .ome.zarr or .zarr")
    }
  }

  func perform(in session: Session) throws {
    let file = try session.open(input.file)
    let progress = session.progress("Writing")
    let report =
      ConvertZarrOptions.isName(output)
      ? try writeZarr(file, progress) : try writeTIFF(file, progress)
    progress.finish()
    tell(report, in: session)
    session.report(file.diagnostics)
  }

  private func writeTIFF(_ file: ND2File, _ progress: ProgressBar) throws -> ExportReport {
    var options = tiff.options
    options.selection = ExportSelection(try part.selection(in: file))
    options.includesUnstructuredMetadata = unstructured
    options.isStrict = strict
    options.overwrites = overwriting.overwrite
    return try file.writeTIFF(to: output, options: options) { progress.show(share: $0.share) }
  }

  private func writeZarr(_ file: ND2File, _ progress: ProgressBar) throws -> ExportReport {
    var options = zarr.options
    options.selection = ExportSelection(try part.selection(in: file))
    options.includesAllMetadata = unstructured
    options.isStrict = strict
    options.overwrites = overwriting.overwrite
    return try StopSignal.watch {
      try file.writeOMEZarr(
        to: output, options: options, isCancelled: { StopSignal.isReceived },
        progress: { progress.show(share: $0.share) })
    }
  }

  private func tell(_ report: ExportReport, in session: Session) {
    if format.json {
      session.print([
        "paths": .array(report.paths.map { .string($0) }),
        "bytes": .unsigned(report.byteCount),
        "images": .integer(Int64(report.imageCount)),
        "planes": .integer(Int64(report.planeCount)),
        "incompleteFrames": .array(report.incompleteFrames.map { .integer(Int64($0)) }),
      ])
      return
    }
    let files = report.paths.count > 1 ? HumanText.count(report.paths.count, "file") : output
    session.say(
      "Wrote \(files): \(HumanText.count(report.imageCount, "image")), "
        + "\(HumanText.count(report.planeCount, "plane")), \(HumanText.bytes(report.byteCount))")
  }
}

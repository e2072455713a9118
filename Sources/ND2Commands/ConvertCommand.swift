import ArgumentParser
import ND2
import ND2Export

/// `nd2 convert`: a file, or a part of it, in another format.
struct ConvertCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Writes a file, or a part of it, as OME-TIFF or TIFF.",
    discussion: """
      The name of the output says the format: .ome.tif and .ome.tiff are OME-TIFF; .tif and .tiff are \
      hyperstacks of ImageJ where it can read them, else plain pages. Stage positions are separate \
      images. Missing frames are zeros, and said, unless --strict.
      """)

  @OptionGroup var input: FileArgument

  @Argument(help: "The file to write.", completion: .file(extensions: ["tif", "tiff"]))
  var output: String

  @OptionGroup(title: "Part") var part: SelectionOptions

  @OptionGroup(title: "TIFF") var tiff: ConvertTIFFOptions

  @Flag(help: "Put everything that the file says into the OME-XML.")
  var unstructured = false

  @Flag(help: "Stop at missing or damaged frames instead of writing zeros.")
  var strict = false

  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var format: JSONOption
  @OptionGroup var common: CommonOptions

  var wantsJSON: Bool { format.json }

  func validate() throws {
    let name = output.lowercased()
    guard [".tif", ".tiff", ".btf", ".tf8"].contains(where: { name.hasSuffix($0) }) else {
      throw ValidationError("the name of the output must end in .ome.tif, .ome.tiff, .tif or .tiff")
    }
  }

  func perform(in session: Session) throws {
    let file = try session.open(input.file)
    var options = tiff.options
    options.selection = ExportSelection(try part.selection(in: file))
    options.includesUnstructuredMetadata = unstructured
    options.isStrict = strict
    options.overwrites = overwriting.overwrite
    let progress = session.progress("Writing")
    let report = try file.writeTIFF(to: output, options: options) {
      progress.show(share: $0.share)
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
      let files = report.paths.count > 1 ? "\(HumanText.count(report.paths.count, "file"))" : output
      session.say(
        "Wrote \(files): \(HumanText.count(report.imageCount, "image")), "
          + "\(HumanText.count(report.planeCount, "plane")), \(HumanText.bytes(report.byteCount))")
    }
    session.report(file.diagnostics)
  }
}

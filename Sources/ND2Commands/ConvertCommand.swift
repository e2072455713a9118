import ArgumentParser
import ND2
import ND2Export

/// `nd2 convert`: a file, or a part of it, in another format.
struct ConvertCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Writes a file, or a part of it, as OME-Zarr.",
    discussion: """
      The name of the output says the format: .ome.zarr and .zarr are OME-Zarr. Stage positions are \
      separate images; wells make up a plate. Missing frames are zeros, and said, unless --strict.
      """)

  @OptionGroup var input: FileArgument

  @Argument(help: "What to write.", completion: .file(extensions: ["zarr"]))
  var output: String

  @OptionGroup(title: "Part") var part: SelectionOptions

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
    guard ConvertZarrOptions.isName(output) else {
      throw ValidationError("the name of the output must end in .ome.zarr or .zarr")
    }
  }

  func perform(in session: Session) throws {
    let file = try session.open(input.file)
    try writeZarr(file, in: session)
    session.report(file.diagnostics)
  }
}

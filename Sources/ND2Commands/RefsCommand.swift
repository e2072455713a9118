import ArgumentParser
import ND2
import ND2Export

/// How stage positions are shown.
enum ReferenceLayout: String, ExpressibleByArgument, CaseIterable {
  case positions, array

  var layout: ZarrReferenceOptions.Layout {
    switch self {
    case .positions: .positions
    case .array: .array
    }
  }
}

/// `nd2 refs`: references by which Zarr clients read a file in place.
struct RefsCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "refs",
    abstract: "Writes references by which Zarr clients read a file in place.",
    discussion: """
      The output is JSON in the form of kerchunk's version 1, for fsspec, zarr-python, xarray and dask; \
      the pixels stay where they are. Each stage position is an array with the axes T, Z, Y, X as far \
      as the file has them; the components of a pixel are a last axis C, as they are stored: colour is \
      blue, green, red.

      Compressed frames whose rows have fill that is no whole number of pixels cannot be referred to, \
      nor can files of version 1.0; `nd2 convert` takes them.
      """)

  @OptionGroup var input: FileArgument

  @Option(
    name: [.short, .long], help: .init("Write to a file instead of stdout.", valueName: "file"))
  var output: String?

  @Option(
    help: .init(
      "The address in the references instead of the file's own; without credentials.",
      valueName: "text"))
  var url: String?

  @Option(
    help: .init(
      "positions: an array for each position, 0/0, 1/0, …; array: one, with an axis P."))
  var layout = ReferenceLayout.positions

  @Flag(help: "Write the address once, as a template, so that it is easily changed.")
  var template = false

  @Option(help: .init("The most references that are written.", valueName: "number"))
  var limit = 1_000_000

  @Flag(help: "Stop at damaged frames instead of leaving them out.")
  var strict = false

  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit is at least 1") }
  }

  func perform(in session: Session) throws {
    let target = try output.map {
      try OutputFile(path: $0, overwrite: overwriting.overwrite, inputs: [input.file])
    }
    let file = try session.open(input.file)
    var options = ZarrReferenceOptions()
    options.layout = layout.layout
    options.address = url
    options.usesTemplate = template
    options.keyLimit = limit
    options.isStrict = strict
    let progress = session.progress("Looking for frames")
    let references = try file.zarrReferences(
      options: options, progress: { progress.show(share: $0) })
    progress.finish()
    if let target {
      try references.write { try target.write($0) }
      try target.commit()
      session.say(
        "Wrote \(target.path): \(HumanText.count(references.arrayCount, "array")), "
          + HumanText.count(references.rangeCount, "reference"))
    } else {
      references.write { session.console.output.write($0) }
    }
    if references.missingFrameCount > 0 {
      session.say(
        "nd2: \(HumanText.count(references.missingFrameCount, "frame")) not stored; zeros are read")
    }
    session.report(file.diagnostics)
    session.report(
      references.incompleteFrames.prefix(20).map {
        Diagnostic(.damage, "frame \($0) is damaged; what is missing of it is read as zeros")
      })
    if !references.incompleteFrames.isEmpty { session.noteDamage() }
  }
}

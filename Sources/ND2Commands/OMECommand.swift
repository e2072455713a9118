import ArgumentParser
import ND2
import ND2Export

/// `nd2 ome`: a description by the data model of the Open Microscopy Environment.
struct OMECommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "ome",
    abstract: "Describes a file as OME-XML.",
    discussion: """
      There is an image for each stage position. The document follows the schema 2016-06; it says \
      nothing of where the pixels are.
      """)

  @OptionGroup var input: FileArgument

  @Option(
    name: [.short, .long], help: .init("Write to a file instead of stdout.", valueName: "file"))
  var output: String?

  @Option(help: .init("Range of stage positions, or the name of one.", valueName: "a:b"))
  var position: String?

  @Flag(inversion: .prefixedNo, help: "Say of every plane when and where it was taken.")
  var planes = true

  @Flag(inversion: .prefixedNo, help: "Include the regions of interest.")
  var rois = true

  @Flag(help: "Include everything else that the file says, as JSON.")
  var unstructured = false

  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var common: CommonOptions

  func perform(in session: Session) throws {
    let target = try output.map {
      try OutputFile(path: $0, overwrite: overwriting.overwrite, inputs: [input.file])
    }
    let file = try session.open(input.file)
    var options = OMEOptions()
    options.includesPlanes = planes
    options.includesROIs = rois
    options.includesUnstructuredMetadata = unstructured
    options.creator = "swift-nd2 \(ToolVersion.text)"
    if let position { options.positions = try positions(position, in: file) }
    let document = try OMEDocument(of: file, options: options)
    if let target {
      try document.write { try target.write($0) }
      try target.commit()
      session.say("Wrote \(target.path)")
    } else {
      try document.write { session.console.output.write($0) }
    }
    session.report(file.diagnostics)
  }

  /// The stage positions of a range, or the one of a name.
  private func positions(_ text: String, in file: ND2File) throws -> [Int] {
    let range =
      try IndexRange(argument: text) ?? IndexRange(index: file.positionIndex(named: text))
    let count = file.loopLayout.axes[.position] ?? 1
    return Array(try range.resolved(count: count, axis: .position))
  }
}

import ND2
import ND2Export
import ND2TestSupport
import Testing

@testable import ND2Commands

/// Holds what `nd2 ome` says of the samples to the published schema, and to Python nd2.
@Suite(
  .enabled(
    if: SampleFiles.folder != nil && PeerPython.isPresent,
    "needs the sample files and the programs of scripts/setup-peers"))
struct OMEConformanceTests {
  /// The documents of all samples that can be opened, by the path of the sample.
  private func documents(
    in directory: TemporaryDirectory, _ options: String...
  ) throws -> [(sample: String, xml: String)] {
    var result: [(sample: String, xml: String)] = []
    for name in SampleFiles.names {
      let sample = "\(SampleFiles.folder ?? "")/\(name)"
      // Two characters of a name are not ASCII; what a shell makes of them is of no interest here.
      let xml = directory.file("\(result.count).xml")
      let status = CommandLineTool.run(
        ["ome", sample, "-o", xml] + options, console: .memory())
      #expect(status == .done || status == .damaged, "\(name)")
      result.append((sample, xml))
    }
    return result
  }

  @Test("Documents of all samples are valid")
  func schema() throws {
    let directory = try TemporaryDirectory()
    let paths = try documents(in: directory, "--unstructured").map(\.xml)
    let outcome = try #require(PeerPython.shared).run(
      script: "validate_ome.py", arguments: paths)
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(paths.count == SampleFiles.names.count)
  }

  @Test("Fields are those of nd2, or differ for a reason")
  func fields() throws {
    let directory = try TemporaryDirectory()
    let pairs = try documents(in: directory).flatMap { [$0.sample, $0.xml] }
    let outcome = try #require(PeerPython.shared).run(
      script: "compare_ome.py", arguments: pairs)
    #expect(outcome.status == 0, "\(outcome.output)")
  }
}

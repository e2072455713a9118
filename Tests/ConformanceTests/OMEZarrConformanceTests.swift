import ND2
import ND2TestSupport
import Testing

@testable import ND2Export

/// Reads stores of the samples with Python programs.
@Suite(
  .enabled(
    if: SampleFiles.folder != nil && PeerPython.isPresent,
    "needs the sample files and the programs of scripts/setup-peers"))
struct OMEZarrConformanceTests {
  @Test("Stores of all samples have their pixels", arguments: OMEZarrOptions.Version.allCases)
  func samples(version: OMEZarrOptions.Version) throws {
    let directory = try TemporaryDirectory()
    var comparison = ZarrComparison(in: directory)
    for (number, name) in SampleFiles.names.enumerated() {
      let file = try SampleFiles.open(name)
      var options = OMEZarrOptions()
      options.version = version
      options.levelCount = 3
      let store = directory.file("\(number).ome.zarr")
      try file.writeOMEZarr(to: store, options: options)
      let labels = try file.binaryLayers().enumerated().map {
        (name: LabelGroup.name($0, $1.name), layer: $1)
      }
      try comparison.add(
        name, store: store, version: version.rawValue, of: file, labels: labels)
    }
    let outcome = try comparison.run(try #require(PeerPython.shared))
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(comparison.count == SampleFiles.names.count)
  }
}

import ND2
import ND2TestSupport
import Testing

@testable import ND2Export

/// Reads the samples in place with Python programs.
@Suite(
  .enabled(
    if: SampleFiles.folder != nil && PeerPython.isPresent,
    "needs the sample files and the programs of scripts/setup-peers"))
struct ReferenceConformanceTests {
  @Test("All samples are read in place by references, or refused with a reason")
  func samples() throws {
    let directory = try TemporaryDirectory()
    var comparison = ReferenceComparison(in: directory)
    var refused: [String] = []
    for (number, name) in SampleFiles.names.enumerated() {
      let file = try SampleFiles.open(name)
      let path = directory.file("\(number).json")
      let damaged: [Int]
      do {
        let references = try file.zarrReferences()
        try references.write(to: path)
        damaged = references.incompleteFrames
      } catch let error as ND2Error where error.code == .unsupported {
        refused.append("\(name): \(error.message)")
        #expect(name.hasPrefix("v1_"), "\(error)")
        continue
      }
      try comparison.add(
        name, references: path, template: nil, of: file, damaged: damaged, hasPositionAxis: false)
    }
    let outcome = try comparison.run(try #require(PeerPython.shared))
    print("references: \(comparison.count) samples read, \(refused.count) refused")
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(comparison.count + refused.count == SampleFiles.names.count)
  }
}

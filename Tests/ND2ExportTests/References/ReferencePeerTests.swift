import ND2
import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2Export

@Suite(
  "Virtual Zarr references, read by Python programs",
  .enabled(if: PeerPython.isPresent, "needs the programs of scripts/setup-peers"))
struct ReferencePeerTests {
  private func check(
    _ samples: [String: SampleFile], layout: ZarrReferenceOptions.Layout
  ) throws {
    let directory = try TemporaryDirectory()
    var comparison = ReferenceComparison(in: directory)
    for (name, sample) in samples.sorted(by: { $0.key < $1.key }) {
      let path = directory.file("\(name) é.nd2")
      try sample.write(to: path)
      let file = try ND2File(path: path)
      var options = ZarrReferenceOptions()
      options.layout = layout
      let references = directory.file("\(name).json")
      let template = directory.file("\(name).template.json")
      try file.zarrReferences(options: options).write(to: references)
      options.usesTemplate = true
      try file.zarrReferences(options: options).write(to: template)
      try comparison.add(
        name, references: references, template: template, of: file, damaged: [],
        hasPositionAxis: layout == .array)
    }
    let outcome = try comparison.run(try #require(PeerPython.shared))
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(outcome.output.contains("\(samples.count) files, 0 mismatches"), "\(outcome.output)")
  }

  @Test(
    "Files of every kind have their pixels, local and over HTTP",
    arguments: ZarrReferenceOptions.Layout.allCases)
  func gallery(layout: ZarrReferenceOptions.Layout) throws {
    var samples = Gallery.all.filter { !$0.key.hasPrefix("v1_") }
    let loops: [SampleFile.Loop] = [.time(count: 2), .positions(count: 2), .zStack(count: 3)]
    var gap = SampleFile(width: 21, height: 9, loops: loops)
    gap.missingFrames = [3, 8]
    samples["missing_frames"] = gap
    for count in 1...3 {
      var sample = SampleFile(
        width: 301, height: 203, channels: (0..<count).map { .init("c\($0)") }, loops: loops)
      samples["plain_\(count)"] = sample
      sample.storage.compression = .lossless
      if count < 3 { samples["lossless_\(count)"] = sample }
      sample.sampleType = .float32
      samples["lossless_float_\(count)"] = sample
    }
    try check(samples, layout: layout)
  }
}

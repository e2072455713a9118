import ND2
import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2Export

@Suite(
  "OME-Zarr stores, read by Python programs",
  .enabled(if: PeerPython.isPresent, "needs the programs of scripts/setup-peers"))
struct OMEZarrPeerTests {
  private func check(
    _ samples: [String: SampleFile], _ change: (inout OMEZarrOptions, Int) -> Void
  ) throws {
    let directory = try TemporaryDirectory()
    var comparison = ZarrComparison(in: directory)
    for (number, item) in samples.sorted(by: { $0.key < $1.key }).enumerated() {
      let file = try ND2File(reading: item.value.source())
      var options = OMEZarrOptions()
      change(&options, number)
      let store = directory.file("\(item.key).ome.zarr")
      try file.writeOMEZarr(to: store, options: options)
      let labels = try file.binaryLayers().enumerated().map {
        (name: LabelGroup.name($0, $1.name), layer: $1)
      }
      try comparison.add(
        item.key, store: store, version: options.version.rawValue, of: file, labels: labels)
    }
    let outcome = try comparison.run(try #require(PeerPython.shared))
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(outcome.output.contains("\(samples.count) stores, 0 mismatches"))
  }

  @Test("Files of every kind have their pixels, labels and valid metadata in version 0.5")
  func gallery() throws {
    try check(Gallery.all) { options, number in
      options.levelCount = 3
      options.keepsSingletonAxes = number % 2 == 0
      if number % 3 == 0 { options.chunkSizes = [.z: 2, .y: 5, .x: 7, .channel: 2, .time: 2] }
    }
  }

  @Test("Files of every kind have their pixels, labels and valid metadata in version 0.4")
  func oldGallery() throws {
    try check(Gallery.all) { options, number in
      options.version = .v0_4
      options.levelCount = 3
      options.keepsSingletonAxes = number % 2 == 1
      options.omittedChunks = number % 2 == 0 ? .allZero : .ofMissingFrames
      if number % 3 == 0 { options.chunkSizes = [.z: 2, .y: 5, .x: 7] }
      options.includesAllMetadata = true
    }
  }

  @Test("Every compression is understood, with shards and without", arguments: [false, true])
  func compressions(isSharded: Bool) throws {
    var codecs: [OMEZarrCompression] = [.none, .zstd(level: 1), .zstd(level: 9), .gzip(level: 6)]
    for shuffle in OMEZarrCompression.BloscShuffle.allCases {
      codecs += [
        .blosc(.lz4, level: 5, shuffle: shuffle), .blosc(.zstd, level: 3, shuffle: shuffle),
      ]
    }
    let sample = SampleFile(
      width: 330, height: 270, channels: [.init("a"), .init("b")], loops: [.zStack(count: 5)])
    let samples = Dictionary(
      uniqueKeysWithValues: codecs.indices.map { ("codec-\($0 + 10)", sample) })
    for version in OMEZarrOptions.Version.allCases where !isSharded || version == .v0_5 {
      try check(samples) { options, number in
        options.version = version
        options.compression = codecs[number]
        options.chunkSizes = [.y: 100, .x: 100, .z: number % 3 + 1]
        options.sharding = isSharded ? .sizes([.z: 4, .y: 200]) : .none
      }
    }
  }

  @Test("Positions in wells become a plate of several fields")
  func plate() throws {
    var sample = SampleFile(
      width: 20, height: 12,
      loops: [
        .positions(
          .init([
            .init(x: 1, y: 2, name: "A01"), .init(x: 3, y: 4, name: "B03"),
            .init(x: 5, y: 6, name: "A01"),
          ])), .zStack(count: 2),
      ])
    sample.channels = [.init("DAPI"), .init("GFP")]
    for version in OMEZarrOptions.Version.allCases {
      try check(["plate": sample]) { options, _ in options.version = version }
    }
    let directory = try TemporaryDirectory()
    let file = try ND2File(reading: sample.source())
    try file.writeOMEZarr(to: directory.file("p.zarr"))
    #expect(TemporaryDirectory.names(in: directory.file("p.zarr/A/1")) == ["0", "1", "zarr.json"])
    #expect(TemporaryDirectory.names(in: directory.file("p.zarr/B/3")) == ["0", "zarr.json"])
  }
}

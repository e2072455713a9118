import ND2
import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2Export

@Suite(
  "TIFF files and tifffile",
  .enabled(if: PeerPython.isPresent, "needs the programs of scripts/setup-peers"))
struct TIFFPeerTests {
  /// Writes files and lists what a reader must find in them.
  private final class Checks {
    let directory: TemporaryDirectory
    private(set) var lines: [String] = []

    init() throws { directory = try TemporaryDirectory() }

    /// Writes a file and lists its series.
    func add(_ name: String, _ file: ND2File, _ options: TIFFOptions = TIFFOptions()) throws {
      let path = directory.file(name)
      let plan = try TIFFPlan(of: file, path: path, options: options)
      try file.writeTIFF(to: path, options: options)
      let kind = plan.metadata == .ome ? "ome" : plan.metadata == .imageJ ? "imagej" : "plain"
      let part = plan.part
      let compression =
        switch options.compression {
        case .none: "NONE"
        case .lzw: "LZW"
        case .deflate: "ADOBE_DEFLATE"
        case .zstd: "ZSTD"
        }
      var all: [UInt8] = []
      for image in part.positions.indices {
        let pixels = try expected(file, part, image)
        all += pixels
        if kind == "plain" { continue }
        let dump = try directory.write(pixels, as: "\(name)-\(image).bin")
        lines.append(
          line(
            kind, plan.files[0].path, image, dump, file, plan, part.positions.count, compression))
      }
      if kind == "plain" {
        let dump = try directory.write(all, as: "\(name).bin")
        lines.append(line(kind, plan.files[0].path, 0, dump, file, plan, 1, compression))
      }
    }

    private func line(
      _ kind: String, _ path: String, _ series: Int, _ dump: String, _ file: ND2File,
      _ plan: TIFFPlan, _ count: Int, _ compression: String
    ) -> String {
      let part = plan.part
      // Plain pages are one after the other, those of all images.
      let times = kind == "plain" ? plan.pageCount / part.channels.count / part.sizeZ : part.sizeT
      let shape = [
        times, part.sizeZ, part.channels.count, part.rows.count, part.columns.count,
        plan.shape.samples,
      ].map(String.init).joined(separator: ",")
      return [
        kind, path, String(series), dump, file.sampleType.numpyDescription, shape, String(count),
        String(plan.shape.levels.count), compression,
      ].joined(separator: "\t")
    }

    /// The pixels of an image: times, heights, channels, rows, columns, samples.
    private func expected(_ file: ND2File, _ part: OMEPart, _ image: Int) throws -> [UInt8] {
      let size = try file.plane(part.frames[image].first?.frame ?? 0, 0).count
      var pixels = [UInt8](
        repeating: 0, count: size * part.sizeT * part.sizeZ * part.channels.count)
      for frame in part.frames[image] {
        for channel in part.channels {
          let start =
            ((frame.t * part.sizeZ + frame.z) * part.channels.count + channel) * size
          pixels.replaceSubrange(
            start..<(start + size), with: try file.plane(frame.frame, channel))
        }
      }
      return pixels
    }

    func run() throws {
      let list = try directory.write(
        Array(lines.joined(separator: "\n").utf8), as: "list.txt")
      let outcome = try #require(PeerPython.shared).run(
        script: "check_tiff.py", arguments: [list])
      #expect(outcome.status == 0, "\(outcome.output)")
      #expect(outcome.output.contains("\(lines.count) series, 0 wrong"), "\(outcome.output)")
    }
  }

  @Test("Files of every kind are read alike, as OME-TIFF and as TIFF")
  func gallery() throws {
    let checks = try Checks()
    for (name, sample) in Gallery.all.sorted(by: { $0.key < $1.key }) {
      let file = try ND2File(reading: sample.source())
      try checks.add("\(name).ome.tif", file)
      try checks.add("\(name).tif", file)
    }
    try checks.run()
  }

  @Test("Every compression, with strips, tiles and pyramids")
  func compressions() throws {
    let checks = try Checks()
    for type in SampleType.allCases {
      let file = try ND2File(
        reading: SampleFile(
          width: 555, height: 301, sampleType: type, channels: [.init("a"), .init("b")]
        ).source())
      for (number, compression) in [TIFFOptions.Compression.none, .lzw, .deflate(), .zstd()]
        .enumerated()
      {
        var options = TIFFOptions()
        options.compression = compression
        try checks.add("\(type)-\(number)-strips.ome.tif", file, options)
        options.tileSide = 64
        try checks.add("\(type)-\(number)-tiles.ome.tif", file, options)
        options.hasPyramid = true
        options.bigTIFF = .always
        try checks.add("\(type)-\(number)-pyramid.ome.tif", file, options)
      }
    }
    let colour = try ND2File(
      reading: SampleFile(width: 400, height: 301, sampleType: .uint8, channels: [.rgb()])
        .source())
    var options = TIFFOptions()
    options.compression = .lzw
    options.hasPyramid = true
    try checks.add("rgb.ome.tif", colour, options)
    try checks.run()
  }

  @Test("Divided files are one whole, each of them")
  func divided() throws {
    let file = try ND2File(
      reading: SampleFile(
        width: 12, height: 6, loops: [.time(count: 2), .positions(count: 3), .zStack(count: 4)]
      ).source())
    let checks = try Checks()
    var options = TIFFOptions()
    options.division = .positions
    try checks.add("p.ome.tif", file, options)
    options.division = .timePoints
    try checks.add("t.ome.tif", file, options)
    try checks.run()
  }

  @Test(
    "The samples are read alike",
    .enabled(if: SampleCollection.isPresent, "needs the sample files"))
  func samples() throws {
    let checks = try Checks()
    var count = 0
    for name in SampleCollection.names {
      guard let path = SampleCollection.path(name), let file = try? ND2File(path: path),
        file.frameCount > 0, (try? file.readFrame(0)) != nil
      else { continue }
      count += 1
      try checks.add("\(count).ome.tif", file)
      var options = TIFFOptions()
      options.compression = .deflate()
      options.hasPyramid = true
      try checks.add("\(count)-p.ome.tif", file, options)
    }
    #expect(count > 50)
    try checks.run()
  }
}

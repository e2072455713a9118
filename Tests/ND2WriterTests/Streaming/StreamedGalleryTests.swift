import ND2
import ND2TestSupport
import ND2Writer
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files that were written frame by frame, for other readers to be compared with.
@Suite("Gallery of streamed files")
struct StreamedGalleryTests {
  private static let loops: [(name: String, loops: [ND2FileDescription.Loop])] = [
    ("one", []),
    ("t", [.time(count: 3, periodMs: 50)]),
    ("tpz", [.time(count: 2), .positions(count: 2), .zStack(count: 3, stepUm: 0.4)]),
    ("open", [.openEndedTime(periodMs: 20), .zStack(count: 2)]),
  ]

  private func description(
    _ test: FrameLayoutTests.Case, _ loops: [ND2FileDescription.Loop]
  ) -> ND2FileDescription {
    var description = test.description
    description.loops = loops
    description.microscope.pixelSizeUm = 0.25
    description.textInfo = [.author: "Author", .info1: "µ <&> \"q\""]
    description.recordedColumns = [
      .init(id: "CameraTemp1", description: "Temperature", unit: "°C"),
      .init(id: "PFS_STATUS", description: "PFS Status", kind: .integers),
      .init(id: "Note", description: "Note", kind: .strings),
    ]
    description.maskLayers = [.init(id: 1, name: "cells", masks: [:])]
    return description
  }

  private func write(_ test: FrameLayoutTests.Case, _ writer: ND2FileWriter) throws {
    let description = writer.description
    // An open-ended loop describes no frames beforehand.
    let frames = description.frameCount == 0 ? 6 : description.frameCount
    // From the last to the first: the order of chunks says nothing.
    for index in (0..<frames).reversed() {
      try writer.append(
        FrameLayoutTests.frame(index, description), at: index,
        record: FrameRecord(
          timeMs: Double(index) * 12.5, xUm: 10 + Double(index), yUm: -5, zUm: 0.5 * Double(index),
          values: [
            "CameraTemp1": .double(-20 - Double(index)), "PFS_STATUS": .integer(Int32(index % 3)),
            "Note": .string("n\(index)"),
          ]))
      try writer.append(
        ND2FileDescription.Mask(width: description.width, height: description.height) { x, y in
          UInt32(x + y) % 3 == UInt32(index % 3) ? UInt32(index + 1) : 0
        }, toLayer: 1, frame: index)
    }
    try writer.append(ND2FileDescription.Event(timeMs: 6, meaning: 7, id: 1, description: "event"))
    var region = ND2FileDescription.Region(
      id: 5, shape: 3, centerX: 0.25, centerY: -0.5, sizeX: 0.5, sizeY: 0.25)
    region.label = "box"
    try writer.append(region)
    try writer.update { $0.textInfo[.conclusion] = "done" }
  }

  @Test(
    "The streamed gallery is written to the directory that ND2_STREAMED_GALLERY names",
    .enabled(if: getenv("ND2_STREAMED_GALLERY") != nil))
  func writeGallery() throws {
    let directory = String(cString: try #require(getenv("ND2_STREAMED_GALLERY")))
    for test in FrameLayoutTests.cases {
      for (name, loops) in Self.loops {
        var options = ND2FileWriter.Options()
        options.compressesMetadata = name == "t"
        let channels = test.components.map(String.init).joined()
        let file =
          "v\(test.version.major)\(test.version.minor)_\(test.type)_\(channels)_\(test.width)"
          + "_\(test.isCompressed ? "zlib" : "raw")_\(name).nd2"
        let writer = try ND2FileWriter(
          path: "\(directory)/\(file)", overwriting: true, description: description(test, loops),
          options: options)
        try write(test, writer)
        try writer.finish()
      }
    }
  }
}

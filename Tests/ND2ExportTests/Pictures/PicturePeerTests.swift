import ND2
import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2Export

/// What other programs read from our pictures must be the samples that we wrote.
@Suite(
  "Pictures in other programs",
  .enabled(if: PeerPython.isPresent, "needs the programs of scripts/setup-peers"))
struct PicturePeerTests {
  @Test("Samples, sizes, resolutions and animations are read alike")
  func files() throws {
    let folder = try TemporaryDirectory()
    var arguments: [String] = []
    for (layout, name) in [
      (Picture.Layout.grey8, "grey8"), (.grey16, "grey16"), (.rgb8, "rgb8"), (.rgb16, "rgb16"),
    ] {
      let bytes = (0..<(37 * 2900 * layout.bytesPerPixel)).map {
        UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 97)
      }
      let picture = try #require(
        Picture(width: 37, height: 2900, layout: layout, bytes: bytes))
      var tiff = TIFFEncoder()
      tiff.pixelSize = (0.5, 0.25)
      arguments.append(try folder.write(try tiff.encode(picture), as: "\(name).tif"))
      arguments.append(try folder.write(PNGEncoder().encode(picture), as: "\(name).png"))
      _ = try folder.write(bytes, as: "\(name).raw")
    }
    let file = try ND2File(
      reading: SampleFile(width: 30, height: 20, loops: [.time(count: 4)]).source())
    var bytes: [UInt8] = []
    try PictureRenderer(file).writeAnimation(
      of: PictureView().along(.time, of: file), options: .init(delayMs: 120, loopCount: 2)
    ) { bytes += $0 }
    arguments.append(try folder.write(bytes, as: "animation.png"))
    let outcome = try #require(PeerPython.shared).run(
      script: "compare_pictures.py", arguments: arguments)
    #expect(outcome.status == 0, "\(outcome.output)")
  }
}
